// Package agent is a browser without a screen, for signing in where nobody clicks.
//
// It keeps cookies, follows redirects, and reads each page's real forms: it presses the
// button of the account that it was made for, or the only button that there is; on a page
// without forms it follows the link that is marked as the next one. It knows
// no address of any provider and runs no script. It goes to loopback only, so that a
// mistaken address in a test never leaves the machine.
package agent

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"time"
)

const (
	maxSteps     = 25
	maxPageBytes = 1 << 20
	stepLimit    = 20 * time.Second
)

// Agent is a browser window of one person.
type Agent struct {
	account string
	client  *http.Client
}

// New opens a window, without cookies, for the account with this subject or label.
func New(account string) (*Agent, error) {
	jar, err := cookiejar.New(nil)
	if err != nil {
		return nil, fmt.Errorf("opening a browser: %w", err)
	}
	return &Agent{account: account, client: &http.Client{
		Jar:     jar,
		Timeout: stepLimit,
		// Each redirect is a step of Visit, which may want to stop there.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}, nil
}

// Visit goes to start and on, until a page has nothing that it would submit or follow, and returns
// that page's address. An address for which stop answers true is returned without being
// visited; stop may be nil. A page with a status over 399 is an error.
func (a *Agent) Visit(ctx context.Context, start *url.URL, stop func(*url.URL) bool) (*url.URL, error) {
	at, form := start, url.Values(nil)
	for range maxSteps {
		if stop != nil && stop(at) {
			return at, nil
		}
		next, err := a.step(ctx, at, form)
		if err != nil {
			return nil, fmt.Errorf("visiting %s: %w", place(at), err)
		}
		if next.at == nil {
			return at, nil
		}
		at, form = next.at, next.form
	}
	return nil, fmt.Errorf("visiting %s: no end after %d steps", place(start), maxSteps)
}

// Do sends one request with the window's cookies and keeps those that come back, as a script of
// the page would. The caller closes the body.
func (a *Agent) Do(req *http.Request) (*http.Response, error) {
	if !loopback(req.URL) {
		return nil, errors.New("asking: not a loopback address")
	}
	return a.client.Do(req) //nolint:gosec // only to loopback, just checked
}

// move is where a page leads: at is nil at the end, form is nil when it is only followed.
type move struct {
	at   *url.URL
	form url.Values
}

func (a *Agent) step(ctx context.Context, at *url.URL, form url.Values) (move, error) {
	if !loopback(at) {
		return move{}, errors.New("not a loopback address")
	}
	resp, err := a.request(ctx, at, form)
	if err != nil {
		return move{}, err
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode >= 300 && resp.StatusCode < 400 {
		next, err := resp.Location()
		if resp.StatusCode != http.StatusTemporaryRedirect && resp.StatusCode != http.StatusPermanentRedirect {
			form = nil // those two ask for the same request again
		}
		return move{at: next, form: form}, err
	}
	page, err := io.ReadAll(io.LimitReader(resp.Body, maxPageBytes))
	if err != nil {
		return move{}, err
	}
	if resp.StatusCode > 399 {
		return move{}, fmt.Errorf("%s: %.300s", resp.Status, page)
	}
	if !strings.HasPrefix(resp.Header.Get("Content-Type"), "text/html") {
		return move{}, nil
	}
	return choose(page, at, a.account)
}

func (a *Agent) request(ctx context.Context, at *url.URL, form url.Values) (*http.Response, error) {
	method, body := http.MethodGet, io.Reader(http.NoBody)
	if form != nil {
		method, body = http.MethodPost, strings.NewReader(form.Encode())
	}
	req, err := http.NewRequestWithContext(ctx, method, at.String(), body)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept", "text/html")
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	return a.client.Do(req)
}

func loopback(u *url.URL) bool {
	if u.Scheme != "http" && u.Scheme != "https" {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
}

// place is an address without its query, which holds codes.
func place(u *url.URL) string { return u.Scheme + "://" + u.Host + u.Path }
