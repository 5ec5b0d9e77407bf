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
	streams *http.Client // without a limit for the whole
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
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &Transport{strings.TrimSuffix(service, "/"),
		&http.Client{Transport: own, Timeout: requestLimit, CheckRedirect: stay},
		&http.Client{Transport: own, CheckRedirect: stay}}
}

var errRemote = errors.New("plain HTTP to another machine")

func loopbackOnly(_, address string, _ syscall.RawConn) error {
	at, err := netip.ParseAddrPort(address)
	if err != nil || !at.Addr().IsLoopback() {
		return errRemote
	}
	return nil
}

const (
	partLimit = 10 * time.Minute // to send a part of an attachment and be answered
	idleLimit = time.Minute      // between two pieces of an answer
)

// Stream sends one request and returns its answer as it comes; see client.Transport.
func (t *Transport) Stream(ctx context.Context, token secret.String, method, path string, body []byte) (int, io.ReadCloser, error) {
	ctx, cancel := context.WithCancel(ctx)
	req, err := t.request(ctx, token, method, path, body, "application/octet-stream")
	if err != nil {
		cancel()
		return 0, nil, err
	}
	timer := time.AfterFunc(partLimit, cancel)
	resp, err := t.streams.Do(req)
	if err != nil {
		timer.Stop()
		cancel()
		return 0, nil, fmt.Errorf("asking the service: %w", err)
	}
	timer.Reset(idleLimit)
	return resp.StatusCode, &flowing{resp.Body, timer, cancel}, nil
}

// flowing is an answer that is cut when nothing comes any more.
type flowing struct {
	body   io.ReadCloser
	timer  *time.Timer
	cancel context.CancelFunc
}

func (f *flowing) Read(p []byte) (int, error) {
	n, err := f.body.Read(p)
	if err == nil {
		f.timer.Reset(idleLimit)
	}
	return n, err
}

func (f *flowing) Close() error {
	f.timer.Stop()
	f.cancel()
	return f.body.Close()
}

// Do sends one request; see client.Transport.
func (t *Transport) Do(ctx context.Context, token secret.String, method, path string, body []byte) (int, []byte, error) {
	req, err := t.request(ctx, token, method, path, body, "application/json")
	if err != nil {
		return 0, nil, err
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

func (t *Transport) request(ctx context.Context, token secret.String, method, path string, body []byte, kind string) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, method, t.service+path, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("asking the service: %w", err)
	}
	req.Header.Set("Accept", kind)
	req.Header.Set("User-Agent", "varco")
	if len(body) > 0 {
		req.Header.Set("Content-Type", kind)
	}
	if !token.IsZero() {
		req.Header.Set("Authorization", "Bearer "+token.Reveal())
	}
	return req, nil
}
