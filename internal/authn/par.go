package authn

import (
	"context"
	"io"
	"net/http"
	"net/url"
	"strings"

	jsonv2 "github.com/go-json-experiment/json"

	"varco/internal/session"
)

// maxRequestURIChars is the length limit of the name that a provider gives to a request.
const maxRequestURIChars = 512

// pushesAtOnce is how many requests are pushed to one provider at once; others wait. Anybody can begin
// a sign-in, and a provider that is asked without measure may refuse us all.
const pushesAtOnce = 16

// authorize returns the provider's URL for a sign-in, and whether the request was pushed. Where the provider takes requests from us
// directly (RFC 9126) the browser carries the name of the request only, and can change none of
// it: not the prompt, not the age that is asked for. It is always done where it is offered, and
// a failure is never got round by sending the browser with everything.
func (p *provider) authorize(ctx context.Context, m metadata, state, nonce, verifier string) (to string, pushed bool, err error) {
	whole := p.authorizationURL(m, state, nonce, verifier)
	if m.Requests == "" {
		return whole, false, nil
	}
	u, err := url.Parse(whole)
	if err != nil {
		return "", false, refused(session.ReasonUnavailable, "pushing the request: bad address")
	}
	name, err := p.push(ctx, m, u.Query())
	if err != nil {
		return "", false, err
	}
	u.RawQuery = url.Values{"client_id": {p.issuer.ClientID}, "request_uri": {name}}.Encode()
	return u.String(), true, nil
}

// push gives the provider the parameters of a request and returns the name that it gives them.
func (p *provider) push(ctx context.Context, m metadata, params url.Values) (name string, err error) {
	if p.issuer.ClientKey != nil {
		assertion, err := p.assertion()
		if err != nil {
			return "", err
		}
		params.Set("client_assertion_type", assertionType)
		params.Set("client_assertion", assertion)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, m.Requests, strings.NewReader(params.Encode()))
	if err != nil {
		return "", refused(session.ReasonUnavailable, "pushing the request: bad address")
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if p.issuer.ClientKey == nil {
		// RFC 6749, section 2.3.1: both are form-encoded first.
		req.SetBasicAuth(url.QueryEscape(p.issuer.ClientID), url.QueryEscape(p.issuer.ClientSecret.Reveal()))
	}
	select {
	case p.pushes <- struct{}{}:
		defer func() { <-p.pushes }()
	case <-ctx.Done():
		return "", refused(session.ReasonUnavailable, "pushing the request: too many are pushed at once")
	}
	resp, err := p.client.Do(req)
	if err != nil {
		return "", refused(session.ReasonUnavailable, "pushing the request: %.200q", err.Error())
	}
	body, err := io.ReadAll(resp.Body)
	_ = resp.Body.Close() // it was read whole
	if err != nil || resp.StatusCode != http.StatusCreated {
		return "", refused(session.ReasonUnavailable, "pushing the request: status %d", resp.StatusCode)
	}
	var pushed struct {
		Name string `json:"request_uri"`
	}
	strange := func(r rune) bool { return r <= ' ' || r > '~' }
	if err := jsonv2.Unmarshal(body, &pushed); err != nil || pushed.Name == "" || len(pushed.Name) > maxRequestURIChars ||
		strings.ContainsFunc(pushed.Name, strange) {
		return "", refused(session.ReasonUnavailable, "pushing the request: it has no name that can be used")
	}
	return pushed.Name, nil
}
