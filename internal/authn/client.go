package authn

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"net/netip"
	"syscall"
	"time"
)

const (
	maxResponseBytes = 1 << 20
	maxHeaderBytes   = 64 << 10
)

// What a provider did that its responses may not do. They are seen through *url.Error.
var (
	errResponse = errors.New("not a response that a provider may give")
	errAddress  = errors.New("not an address that a provider has")
	errRedirect = errors.New("a redirect where none may be")
)

// newClient makes the one client that talks to providers: it follows no redirect, ends
// within limit, and lets only strict responses through.
func newClient(base http.RoundTripper, limit time.Duration) *http.Client {
	if base == nil {
		// The default transport of net/http is always a *http.Transport.
		own := http.DefaultTransport.(*http.Transport).Clone()
		own.MaxResponseHeaderBytes = maxHeaderBytes
		own.DialContext = (&net.Dialer{Timeout: limit, Control: notNowhere}).DialContext
		base = own
	}
	return &http.Client{
		Transport:     strictTransport{base},
		Timeout:       limit,
		CheckRedirect: func(*http.Request, []*http.Request) error { return errRedirect },
	}
}

// notNowhere refuses addresses that no provider has, whatever its name resolves to: of this link
// (169.254.169.254 hands out the credentials of rented machines), of many, of none. Private
// addresses are an institute's own provider's, which proves itself by its certificate.
func notNowhere(_, address string, _ syscall.RawConn) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("%w: %.60q", errAddress, address)
	}
	ip := at.Addr().Unmap()
	if ip.IsLinkLocalUnicast() || ip.IsMulticast() || ip.IsUnspecified() {
		return fmt.Errorf("%w: %s", errAddress, ip)
	}
	return nil
}

// strictTransport reads each response whole, up to the limit, before anybody parses it.
// A success must be one strict JSON object. Of a failure only the status is kept: what a
// provider writes there is for nobody's log.
type strictTransport struct{ base http.RoundTripper }

func (t strictTransport) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := t.base.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxResponseBytes+1))
	if closed := resp.Body.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return nil, fmt.Errorf("reading the response: %w", err)
	}
	if resp.StatusCode == http.StatusOK || resp.StatusCode == http.StatusCreated {
		err = checkResponse(resp.Header.Get("Content-Type"), body)
	} else {
		body = nil
	}
	if err != nil {
		return nil, err
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	resp.ContentLength = int64(len(body))
	return resp, nil
}

func checkResponse(contentType string, body []byte) error {
	if len(body) > maxResponseBytes {
		return fmt.Errorf("%w: over %d bytes", errResponse, maxResponseBytes)
	}
	media, _, err := mime.ParseMediaType(contentType)
	if err != nil || media != "application/json" && media != "application/jwk-set+json" {
		return fmt.Errorf("%w: not JSON", errResponse)
	}
	if err := checkObject(body); err != nil {
		return fmt.Errorf("%w: %w", errResponse, err)
	}
	return nil
}
