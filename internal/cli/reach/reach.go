// Package reach is how the command line reaches the service: requests over HTTPS, and a
// sign-in through the person's browser that comes back to this machine.
//
// It passes bytes on and believes none of them; that is package client's business.
package reach

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"syscall"
	"time"

	"varco/internal/secret"
)

const (
	dialLimit    = 10 * time.Second
	requestLimit = 2 * time.Minute // a page of sealed bodies over a slow line
	// maxAnswerBytes is above every answer there is: a page of 32 bodies of a mebibyte.
	maxAnswerBytes = 64 << 20
	maxHeaderBytes = 64 << 10
)

// Transport reaches one service. It follows no redirect, gives up after requestLimit, reads
// no answer over maxAnswerBytes, and over plain HTTP it reaches loopback addresses only,
// whatever a name resolves to.
type Transport struct {
	service string // without a slash at the end
	client  *http.Client
}

// New reaches the service at an address, "https://host" or, on this machine, "http://host".
func New(service string) *Transport {
	own := http.DefaultTransport.(*http.Transport).Clone() //nolint:forcetypeassert // net/http promises it
	own.MaxResponseHeaderBytes = maxHeaderBytes
	dialer := &net.Dialer{Timeout: dialLimit}
	if !strings.HasPrefix(service, "https://") {
		dialer.Control = loopbackOnly
		own.Proxy = nil
	}
	own.DialContext = dialer.DialContext
	return &Transport{strings.TrimSuffix(service, "/"), &http.Client{
		Transport:     own,
		Timeout:       requestLimit,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

var errRemote = errors.New("plain HTTP to another machine")

func loopbackOnly(_, address string, _ syscall.RawConn) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil || !at.Addr().IsLoopback() {
		return errRemote
	}
	return nil
}

// Do sends one request; see client.Transport.
func (t *Transport) Do(ctx context.Context, token secret.String, method, path string, body []byte) (int, []byte, error) {
	req, err := http.NewRequestWithContext(ctx, method, t.service+path, bytes.NewReader(body))
	if err != nil {
		return 0, nil, fmt.Errorf("asking the service: %w", err)
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", "varco")
	if len(body) > 0 {
		req.Header.Set("Content-Type", "application/json")
	}
	if !token.IsZero() {
		req.Header.Set("Authorization", "Bearer "+token.Reveal())
	}
	resp, err := t.client.Do(req)
	if err != nil {
		return 0, nil, fmt.Errorf("asking the service: %w", err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswerBytes+1))
	if err != nil {
		return 0, nil, fmt.Errorf("reading the service's answer: %w", err)
	}
	if len(answer) > maxAnswerBytes {
		return 0, nil, fmt.Errorf("reading the service's answer: over %d bytes", maxAnswerBytes)
	}
	return resp.StatusCode, answer, nil
}
