package httpapi

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"varco/internal/caller"
	"varco/internal/fault"
	"varco/internal/secret"
)

// The page's cookies. Their names say nothing of what they are for, and their prefix binds
// each to this host, whole and by https alone (RFC 6265bis, section 4.1.3.2); browsers count
// http://localhost as that.
const (
	// sessionCookie is a session of the page. It is Strict: no request that another site
	// starts has it.
	sessionCookie = "__Host-session"
	// signInCookie is a sign-in under way. Until the provider sends the browser back it is
	// Lax, since that is another site's doing: it opens nothing by itself. Afterwards it may be
	// a ticket for an invitation, and is Strict.
	signInCookie = "__Host-signin"
)

// cookie prints a cookie for Set-Cookie. Without an end it is forgotten with the browser.
func cookie(name string, value secret.String, sameSite http.SameSite, until, now time.Time) string {
	c := http.Cookie{Name: name, Value: value.Reveal(), Path: "/", Secure: true, HttpOnly: true, //nolint:gosec // sameSite is Lax or Strict
		SameSite: sameSite}
	if !until.IsZero() {
		c.MaxAge = int(until.Sub(now).Seconds())
	}
	return c.String()
}

// forgotten makes a browser forget a cookie.
func forgotten(name string) string {
	c := http.Cookie{Name: name, Path: "/", MaxAge: -1, Secure: true, HttpOnly: true, SameSite: http.SameSiteStrictMode}
	return c.String()
}

// theCookie returns the one cookie of a name, zero when there is none or there are several.
func theCookie(r *http.Request, name string) secret.String {
	if named := r.CookiesNamed(name); len(named) == 1 {
		return secret.NewString(named[0].Value)
	}
	return secret.String{}
}

// caller finds who asks: by the one Authorization header, or by the page's cookie. A request
// that has both is nobody's: neither ever stands in for the other.
func (s *server) caller(r *http.Request) (caller.Caller, error) {
	values, cookies := r.Header.Values("Authorization"), r.CookiesNamed(sessionCookie)
	from := fromOf(r.Context())
	switch {
	case len(values) == 1 && len(cookies) == 0:
		token, ok := strings.CutPrefix(values[0], "Bearer ")
		if !ok {
			return caller.Caller{}, fault.New(fault.Unauthenticated, "reading the session's token: not a bearer token")
		}
		return s.Authn.Caller(r.Context(), from, secret.NewString(token))
	case len(values) == 0 && len(cookies) == 1:
		if err := s.sameOrigin(r); err != nil {
			return caller.Caller{}, err
		}
		return s.Authn.PageCaller(r.Context(), from, secret.NewString(cookies[0].Value))
	}
	return caller.Caller{}, fault.New(fault.Unauthenticated, "reading the session's token: no header or cookie, or several")
}

// sameOrigin refuses a request with the page's cookie that is not the page's own.
// http.CrossOriginProtection, which every request went through, lets through one that says
// nothing of where it comes from, and reads. Here a reading must not say that it comes from
// elsewhere; a change must say that it comes from us, and bring what no form can send.
func (s *server) sameOrigin(r *http.Request) error {
	site := r.Header.Values("Sec-Fetch-Site")
	ours := len(site) == 1 && site[0] == "same-origin"
	if !ours && len(site) > 0 {
		return fault.New(fault.Invalid, "checking a request with a cookie: another site's")
	}
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		return nil
	}
	if origin := r.Header.Values("Origin"); !ours && (len(origin) != 1 || origin[0] != s.URL) {
		return fault.New(fault.Invalid, "checking a request with a cookie: it does not say that it is ours")
	}
	switch r.Header.Get("Content-Type") {
	case "application/json", "application/octet-stream":
		return nil
	}
	return fault.New(fault.Invalid, "checking a request with a cookie: a form could have sent it")
}

// pageOf is where the page is.
func pageOf(fragment string) string { return (&url.URL{Path: "/", Fragment: fragment}).String() }
