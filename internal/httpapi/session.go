package httpapi

import (
	"context"
	"html/template"
	"mime"
	"net/http"
	"net/url"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humachi"

	"varco/internal/api"
	"varco/internal/authn"
	"varco/internal/caller"
	"varco/internal/fault"
	"varco/internal/secret"
	"varco/internal/session"
)

// CallbackPath is where providers send browsers back to: the service's URL with this path is
// registered at each of them.
const CallbackPath = "/v1/login/callback"

// LogoutPath is where a provider says that somebody has signed out there (OpenID Connect
// Back-Channel Logout 1.0): the service's URL with this path may be registered at each.
const LogoutPath = "/v1/login/logout"

func (s *server) begin(ctx context.Context, _ session.From, in *struct {
	Issuer    string `query:"issuer" required:"true" doc:"one of the service's"`
	Port      int    `query:"port" required:"true" doc:"of 127.0.0.1, where the command line listens"`
	Challenge string `query:"challenge" required:"true" doc:"S256 of the command line's verifier"`
	State     string `query:"state" required:"true" doc:"drawn by the command line, 22 to 128 characters of base64url"`
}) (*redirect, error) {
	to, err := s.Authn.Begin(ctx, authn.BeginRequest{Issuer: in.Issuer, Port: in.Port, Challenge: in.Challenge, State: in.State})
	return &redirect{to}, err
}

// browser is what a browser has of a sign-in and of a session.
type browser struct {
	request *http.Request
}

// Resolve keeps the request as it came.
func (b *browser) Resolve(ctx huma.Context) []error {
	b.request, _ = humachi.Unwrap(ctx)
	return nil
}

// beginPage is where the page sends its browser to sign in. The session that it has already is
// only looked up, to be ended when the new one begins: who has none just signs in.
func (s *server) beginPage(ctx context.Context, _ session.From, in *struct {
	browser
	Issuer string `query:"issuer" required:"true" doc:"one of the service's"`
}) (*landing, error) {
	who, err := s.limits.known.caller(in.request, s.limits.now(), s.caller)
	if _, one := credential(in.request); one {
		// Counted among those that are wrong, and no reason not to sign in.
		s.limits.wrong(ctx, err)
	}
	begun, err := s.Authn.BeginPage(ctx, in.Issuer, who.Session)
	if err != nil {
		return nil, err
	}
	return goTo(begun.RedirectURL, cookie(signInCookie, begun.Flow, http.SameSiteLaxMode, begun.Expires, s.Now())), nil
}

// returned is what a provider sends a browser back with. Authn reads all of it as it came:
// a parameter that is there twice must be seen twice.
type returned struct {
	browser
	State string `query:"state"`
	Code  string `query:"code"`
	Iss   string `query:"iss"`
	Error string `query:"error"`
}

// invitationFragment tells the page to ask for an invitation; browsers send it nowhere.
const invitationFragment = "invito"

// callback ends a sign-in in the browser: in the page, in the page's question for an invitation,
// in a code to compare, or in words that say why not. A refused sign-in of a command line goes
// on to it, which tells the person why.
func (s *server) callback(ctx context.Context, from session.From, in *returned) (*landing, error) {
	back, err := s.Authn.Callback(ctx, from, in.request.URL.Query(), theCookie(in.request, signInCookie))
	if back.Loopback == "" { // what goes on to a command line was begun here
		err = s.limits.failed(ctx, err)
	}
	switch {
	case err != nil && (back.Reason == "" || fault.KindOf(err) == fault.Limited):
		return nil, err
	case err != nil:
		s.report(ctx, err)
		if back.Loopback != "" {
			return goTo(back.Loopback), nil
		}
		return page(problemOf(ctx, fault.KindOf(err)).Status, landed{Says: refusedWords(back.Reason)}, forgotten(signInCookie))
	case !back.Page:
		return page(http.StatusOK, landed{Compare: back.Compare, Continue: template.URL(back.Loopback)}) //nolint:gosec // authn made it
	case !back.Ticket.IsZero():
		return goTo(pageOf(invitationFragment), cookie(signInCookie, back.Ticket, http.SameSiteStrictMode, back.Expires, s.Now())), nil
	}
	return goTo(pageOf(""), s.entered(back.SignedIn)...), nil
}

// entered gives a browser its session, which it forgets when it is closed.
func (s *server) entered(signed authn.SignedIn) []string {
	return []string{cookie(sessionCookie, signed.Token, http.SameSiteStrictMode, time.Time{}, s.Now()), forgotten(signInCookie)}
}

// redeemInvitation is the page's own request, with the ticket in its cookie.
func (s *server) redeemInvitation(ctx context.Context, from session.From, in *struct {
	browser
	Body api.Invitation
}) (*struct {
	SetCookie []string `header:"Set-Cookie"`
	Body      api.PageSession
}, error) {
	if err := s.sameOrigin(in.request); err != nil {
		return nil, err
	}
	signed, err := s.Authn.RedeemInvitation(ctx, from, theCookie(in.request, signInCookie), secret.NewString(in.Body.Invitation))
	if err != nil {
		return nil, err
	}
	return &struct {
		SetCookie []string `header:"Set-Cookie"`
		Body      api.PageSession
	}{s.entered(signed), api.PageSession{Expires: signed.Expires}}, nil
}

func (s *server) redeem(ctx context.Context, from session.From, in *body[api.Redeem]) (*answer[api.Session], error) {
	signed, err := s.Authn.Redeem(ctx, from, authn.RedeemRequest{Code: secret.NewString(in.Body.Code),
		Verifier: secret.NewString(in.Body.Verifier), Invitation: secret.NewString(in.Body.Invitation)})
	return said(api.Session{Token: signed.Token.Reveal(), Expires: signed.Expires}, err)
}

// left is the answer to who has signed out in the page: nothing of it stays in the browser.
type left struct {
	SetCookie []string `header:"Set-Cookie"`
	Clear     string   `header:"Clear-Site-Data"`
}

func (s *server) end(ctx context.Context, who caller.Caller, in *browser) (*left, error) {
	if err := s.Authn.End(ctx, who); err != nil {
		return nil, err
	}
	if len(in.request.CookiesNamed(sessionCookie)) == 0 {
		return &left{}, nil
	}
	return &left{[]string{forgotten(sessionCookie)}, `"cache", "cookies"`}, nil
}

// providerLogout takes a provider's word that somebody has signed out. It has no session and no
// cookie: the token that it brings is signed.
func (s *server) providerLogout(ctx context.Context, from session.From, in *struct {
	ContentType string `header:"Content-Type"`
	RawBody     []byte `contentType:"application/x-www-form-urlencoded"`
}) (*none, error) {
	media, _, err := mime.ParseMediaType(in.ContentType)
	if err != nil || media != "application/x-www-form-urlencoded" {
		return nil, fault.New(fault.Invalid, "reading a logout token: not a form")
	}
	form, err := url.ParseQuery(string(in.RawBody))
	if err != nil || len(form["logout_token"]) != 1 {
		return nil, fault.New(fault.Invalid, "reading a logout token: none, or several")
	}
	err = s.limits.failed(ctx, s.Authn.Logout(ctx, from, secret.NewString(form.Get("logout_token"))))
	if fault.KindOf(err) == fault.Unauthenticated {
		err = fault.Wrap(fault.Invalid, err, "reading a logout token") // section 2.8 wants 400
	}
	return nil, err
}
