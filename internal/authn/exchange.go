package authn

import (
	"context"
	"crypto"
	"encoding/base64"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"github.com/go-jose/go-jose/v4"
	jsonv2 "github.com/go-json-experiment/json"
	"golang.org/x/oauth2"

	"varco/internal/session"
)

// assertionLimit is how long a client assertion is good: one request.
const assertionLimit = time.Minute

const assertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer" // RFC 7523

// tokens are what the provider gave for a code. The access token serves only to be
// compared with at_hash; it is used for nothing and kept nowhere.
type tokens struct{ id, access string }

// exchange gives the provider its code and gets tokens. Its error is a *refusal.
func (p *provider) exchange(ctx context.Context, m metadata, code, verifier string) (tokens, error) {
	options := []oauth2.AuthCodeOption{oauth2.VerifierOption(verifier)}
	if p.issuer.ClientKey != nil {
		assertion, err := p.assertion()
		if err != nil {
			return tokens{}, err
		}
		options = append(options, oauth2.SetAuthURLParam("client_assertion_type", assertionType),
			oauth2.SetAuthURLParam("client_assertion", assertion))
	}
	got, err := p.oauth(m).Exchange(oidc.ClientContext(ctx, p.client), code, options...)
	if err != nil {
		return tokens{}, exchangeRefusal(err)
	}
	id, ok := got.Extra("id_token").(string)
	if !ok || !strings.EqualFold(got.TokenType, "Bearer") {
		return tokens{}, refused(session.ReasonForm, "the token response has no ID token, or no bearer token")
	}
	return tokens{id: id, access: got.AccessToken}, nil
}

// exchangeRefusal tells a provider that said no from one that could not say anything.
func exchangeRefusal(err error) *refusal {
	var said *oauth2.RetrieveError
	var failed *url.Error
	switch {
	case errors.As(err, &said) && said.Response.StatusCode < http.StatusInternalServerError:
		return refused(session.ReasonProvider, "exchanging the code: status %d", said.Response.StatusCode)
	case errors.As(err, &said):
		return refused(session.ReasonUnavailable, "exchanging the code: status %d", said.Response.StatusCode)
	case errors.Is(err, errResponse) || !errors.As(err, &failed):
		return refused(session.ReasonForm, "exchanging the code: %.200q", err.Error())
	default:
		return refused(session.ReasonUnavailable, "exchanging the code: %.200q", err.Error())
	}
}

// assertion proves the client by its key (RFC 7523; FAPI 2.0: the audience is the issuer).
func (p *provider) assertion() (string, error) {
	key := jose.JSONWebKey{Key: p.issuer.ClientKey}
	thumb, err := key.Thumbprint(crypto.SHA256)
	if err != nil {
		return "", errors.New("internal error: the client key has no thumbprint")
	}
	key.KeyID = base64.RawURLEncoding.EncodeToString(thumb)
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: key}, (&jose.SignerOptions{}).WithType("JWT"))
	if err != nil {
		return "", errors.New("internal error: the client key does not sign")
	}
	now := p.now()
	claims, err := jsonv2.Marshal(map[string]any{
		"iss": p.issuer.ClientID, "sub": p.issuer.ClientID, "aud": p.issuer.URL,
		"jti": draw(p.rand), "iat": now.Unix(), "exp": now.Add(assertionLimit).Unix(),
	})
	if err != nil {
		return "", errors.New("internal error: printing a client assertion")
	}
	jws, err := signer.Sign(claims)
	if err != nil {
		return "", errors.New("internal error: signing a client assertion")
	}
	return jws.CompactSerialize()
}
