package varcotest

import (
	"context"
	"crypto/rand"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"testing"

	"varco/internal/api"
	"varco/internal/authn"
	"varco/internal/cli/reach"
	"varco/internal/client"
	"varco/internal/httpapi"
)

// Listen puts the service behind a listener on loopback, with all that a request goes through
// in production but limits, and returns its address.
func (n *Network) Listen() string {
	n.t.Helper()
	signIns, err := authn.New(authn.Config{RedirectURL: Service + httpapi.CallbackPath, Sessions: n.Gate, Now: n.Clock.Now, Rand: rand.Reader})
	must(n.t, err)
	handler, err := httpapi.New(httpapi.Config{Gate: n.Gate, Authn: signIns, Now: n.Clock.Now, Rand: rand.Reader,
		Limits: httpapi.Limits{PersonPerMinute: 1e9, AddressPerMinute: 1e9},
		Log:    slog.New(slog.NewJSONHandler(io.Discard, nil)), Ready: func(context.Context) error { return nil }, URL: Service,
		Service: func(context.Context) (api.Service, error) {
			return api.Service{Origin: Origin, Log: n.Anchors.LogKey}, nil
		}})
	must(n.t, err)
	return Serve(n.t, handler)
}

// Serve puts a handler behind a listener on loopback until the test ends, and returns its address.
func Serve(t testing.TB, handler http.Handler) string {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.URL
}

// NewDeviceAt signs somebody in on a device that remembers nothing and reaches the service over
// HTTP, at an address, as the command line does. It has no Wire.
func (n *Network) NewDeviceAt(name, address string) *Device {
	n.t.Helper()
	d := &Device{Memory: &client.Volatile{}, transport: reach.New(address)}
	d.Client = n.client(d, n.signIn(n.Resident(name)))
	return d
}
