package httpapi

import (
	"context"
	"net/url"

	"github.com/danielgtaylor/huma/v2"

	"varco/internal/api"
	"varco/internal/authn"
	"varco/internal/caller"
	"varco/internal/secret"
	"varco/internal/session"
)

// CallbackPath is where providers send browsers back to: the service's URL with this path is
// registered at each of them.
const CallbackPath = "/v1/login/callback"

func (s *server) begin(ctx context.Context, _ session.From, in *struct {
	Issuer    string `query:"issuer" required:"true" doc:"one of the service's"`
	Port      int    `query:"port" required:"true" doc:"of 127.0.0.1, where the command line listens"`
	Challenge string `query:"challenge" required:"true" doc:"S256 of the command line's verifier"`
	State     string `query:"state" required:"true" doc:"drawn by the command line, 22 to 128 characters of base64url"`
}) (*redirect, error) {
	to, err := s.Authn.Begin(ctx, authn.BeginRequest{Issuer: in.Issuer, Port: in.Port, Challenge: in.Challenge, State: in.State})
	return &redirect{to}, err
}

// returned is what a provider sends a browser back with. Authn reads all of it as it came:
// a parameter that is there twice must be seen twice.
type returned struct {
	State string `query:"state"`
	Code  string `query:"code"`
	Iss   string `query:"iss"`
	Error string `query:"error"`

	query url.Values
}

// Resolve keeps the query as it came.
func (r *returned) Resolve(ctx huma.Context) []error {
	u := ctx.URL()
	r.query = u.Query()
	return nil
}

// callback sends the browser on even when the sign-in was refused, if it is known where to:
// the command line tells the person why.
func (s *server) callback(ctx context.Context, from session.From, in *returned) (*redirect, error) {
	to, err := s.Authn.Callback(ctx, from, in.query)
	if err != nil && to != "" {
		s.report(ctx, err)
		err = nil
	}
	return &redirect{to}, err
}

func (s *server) redeem(ctx context.Context, from session.From, in *body[api.Redeem]) (*answer[api.Session], error) {
	signed, err := s.Authn.Redeem(ctx, from, authn.RedeemRequest{Code: secret.NewString(in.Body.Code),
		Verifier: secret.NewString(in.Body.Verifier), Invitation: secret.NewString(in.Body.Invitation)})
	return said(api.Session{Token: signed.Token.Reveal(), Expires: signed.Expires}, err)
}

func (s *server) end(ctx context.Context, who caller.Caller, _ *none) (*none, error) {
	return nil, s.Authn.End(ctx, who)
}
