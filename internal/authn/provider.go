package authn

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	jsonv2 "github.com/go-json-experiment/json"
	"golang.org/x/oauth2"

	"varco/internal/session"
)

const (
	metadataAge = time.Hour        // how long a discovery document is believed
	metadataGap = 10 * time.Second // between two tries to fetch it
)

// algorithms are the signatures that are accepted: the one that OpenID Connect demands
// (RS256) and the two of FAPI 2.0.
var algorithms = []string{oidc.RS256, oidc.PS256, oidc.ES256}

// provider is one issuer at work.
type provider struct {
	issuer      Issuer
	redirectURL string
	client      *http.Client
	now         func() time.Time
	rand        io.Reader
	document    *fetched[metadata]
	keys        *fetched[keySet]
	pushes      chan struct{} // requests that are being pushed
}

func newProvider(issuer Issuer, client *http.Client, c Config) *provider {
	p := &provider{pushes: make(chan struct{}, pushesAtOnce), issuer: issuer, redirectURL: c.RedirectURL, client: client, now: c.Now, rand: c.Rand}
	p.document = &fetched[metadata]{fetch: p.discover, age: metadataAge, gap: metadataGap}
	p.keys = &fetched[keySet]{fetch: p.fetchKeys, age: keysAge, gap: keysGap}
	return p
}

// metadata is what matters of a discovery document (OpenID Connect Discovery 1.0, section 3).
type metadata struct {
	Issuer        string   `json:"issuer"`
	Authorization string   `json:"authorization_endpoint"`
	Token         string   `json:"token_endpoint"`
	Keys          string   `json:"jwks_uri"`
	Requests      string   `json:"pushed_authorization_request_endpoint"` // RFC 9126; "" where it is not offered
	MustPush      bool     `json:"require_pushed_authorization_requests"`
	Algorithms    []string `json:"id_token_signing_alg_values_supported"`
	Challenges    []string `json:"code_challenge_methods_supported"`
	SendsIssuer   bool     `json:"authorization_response_iss_parameter_supported"`
}

// metadata returns the provider's discovery document, fetched when it is needed. Its error
// is a *refusal.
func (p *provider) metadata(ctx context.Context) (metadata, error) {
	return p.document.get(ctx, p.now(), false)
}

// discover fetches the document through go-oidc, which compares the issuer, and checks
// what go-oidc does not: one spelling of each name, endpoints on the issuer's own host, S256.
func (p *provider) discover(ctx context.Context) (metadata, error) {
	known, err := oidc.NewProvider(oidc.ClientContext(ctx, p.client), p.issuer.URL)
	if err != nil {
		return metadata{}, refused(session.ReasonUnavailable, "discovering the provider: %.200q", err.Error())
	}
	var raw json.RawMessage
	if err := known.Claims(&raw); err != nil {
		return metadata{}, refused(session.ReasonUnavailable, "discovering the provider: no document")
	}
	var m metadata
	if err := jsonv2.Unmarshal(raw, &m); err != nil {
		return metadata{}, refused(session.ReasonUnavailable, "discovering the provider: malformed document")
	}
	m.Algorithms = slices.DeleteFunc(m.Algorithms, func(alg string) bool { return !slices.Contains(algorithms, alg) })
	switch {
	case m.Issuer != p.issuer.URL:
		return metadata{}, refused(session.ReasonUnavailable, "discovering the provider: another issuer")
	case m.Requests != "" && !p.onOwnHost(m.Requests) || m.Requests == "" && m.MustPush:
		return metadata{}, refused(session.ReasonUnavailable, "discovering the provider: where it takes requests is on another host or unsaid")
	case !p.onOwnHost(m.Authorization) || !p.onOwnHost(m.Token) || !p.onOwnHost(m.Keys):
		return metadata{}, refused(session.ReasonUnavailable, "discovering the provider: an endpoint is on another host")
	case !slices.Contains(m.Challenges, "S256"):
		return metadata{}, refused(session.ReasonUnavailable, "discovering the provider: no PKCE with S256")
	case len(m.Algorithms) == 0:
		return metadata{}, refused(session.ReasonUnavailable, "discovering the provider: no signature that we accept")
	}
	return m, nil
}

// onOwnHost reports whether an endpoint has the issuer's scheme and host, and so its
// certificate: a document that was tampered with can send neither people nor codes elsewhere.
func (p *provider) onOwnHost(endpoint string) bool {
	own, err := url.Parse(p.issuer.URL)
	if err != nil {
		return false
	}
	u, err := url.Parse(endpoint)
	return err == nil && u.Scheme == own.Scheme && u.Host == own.Host && u.User == nil && u.Opaque == "" &&
		!strings.Contains(endpoint, "#")
}

// oauth is the client as golang.org/x/oauth2 wants it.
func (p *provider) oauth(m metadata) *oauth2.Config {
	c := &oauth2.Config{
		ClientID:    p.issuer.ClientID,
		RedirectURL: p.redirectURL,
		Scopes:      []string{oidc.ScopeOpenID},
		Endpoint:    oauth2.Endpoint{AuthURL: m.Authorization, TokenURL: m.Token, AuthStyle: oauth2.AuthStyleInParams},
	}
	if p.issuer.ClientKey == nil {
		c.ClientSecret = p.issuer.ClientSecret.Reveal()
		c.Endpoint.AuthStyle = oauth2.AuthStyleInHeader
	}
	return c
}

// wanted is the rule as acr_values asks for it.
func (f SecondFactor) wanted() string { return strings.Join(f.ACR, " ") }
