package httpapi_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"varco/internal/authn"
	"varco/internal/caller"
	"varco/internal/fault"
	"varco/internal/httpapi"
	"varco/internal/ids"
	"varco/internal/secret"
	"varco/internal/session"
)

// asPage sends a world's token as the page does, and changes the request's headers.
func asPage(token string, headers ...string) func(*http.Request) {
	return func(r *http.Request) {
		r.Header.Set("Cookie", "__Host-session="+token)
		for i := 0; i < len(headers); i += 2 {
			r.Header.Add(headers[i], headers[i+1])
		}
	}
}

// page signs somebody in as the page does.
func (w *world) page(t *testing.T, name string) string {
	t.Helper()
	return w.enter(t, name+" in the page", name, secret.String{}, session.DeviceFirefox)
}

// What a browser sends for the page is known by its cookie, if it is the page that made it
// send it.
func TestCookie(t *testing.T) {
	w := newWorld(t)
	token := w.page(t, "anna")
	const ours = "http://localhost"
	for name, c := range map[string]struct {
		method  string
		headers []string
		status  int
	}{
		"a reading":                        {http.MethodGet, nil, 200},
		"a reading of the page":            {http.MethodGet, []string{"Sec-Fetch-Site", "same-origin"}, 200},
		"a reading typed into the bar":     {http.MethodGet, []string{"Sec-Fetch-Site", "none"}, 400},
		"a reading of another site":        {http.MethodGet, []string{"Sec-Fetch-Site", "cross-site"}, 400},
		"a reading of a neighbour":         {http.MethodGet, []string{"Sec-Fetch-Site", "same-site"}, 400},
		"a change of the page":             {http.MethodPost, []string{"Sec-Fetch-Site", "same-origin"}, 200},
		"a change by an old browser":       {http.MethodPost, []string{"Origin", ours}, 200},
		"a change that says nothing":       {http.MethodPost, nil, 400},
		"a change that says it twice":      {http.MethodPost, []string{"Sec-Fetch-Site", "same-origin", "Sec-Fetch-Site", "none"}, 400},
		"a change of another site":         {http.MethodPost, []string{"Sec-Fetch-Site", "cross-site", "Origin", "https://elsewhere.example"}, 400},
		"a change of a neighbour":          {http.MethodPost, []string{"Sec-Fetch-Site", "same-site", "Origin", "http://localhost:1"}, 400},
		"a change typed into the bar":      {http.MethodPost, []string{"Sec-Fetch-Site", "none"}, 400},
		"a change of another scheme":       {http.MethodPost, []string{"Origin", "https://localhost"}, 400},
		"a change of another port":         {http.MethodPost, []string{"Origin", "http://localhost:1"}, 400},
		"a change of nowhere":              {http.MethodPost, []string{"Origin", "null"}, 400},
		"a change as a form":               {http.MethodPost, []string{"Sec-Fetch-Site", "same-origin", "Content-Type", "text/plain"}, 400},
		"a change as another form":         {http.MethodPost, []string{"Sec-Fetch-Site", "same-origin", "Content-Type", "application/x-www-form-urlencoded"}, 400},
		"a change as no type":              {http.MethodPost, []string{"Sec-Fetch-Site", "same-origin", "Content-Type", ""}, 400},
		"with a bearer's token beside it":  {http.MethodGet, []string{"Authorization", "Bearer " + w.tokens["anna"]}, 401},
		"with an empty header beside it":   {http.MethodGet, []string{"Authorization", ""}, 401},
		"with its own token beside it":     {http.MethodGet, []string{"Authorization", "Bearer " + token}, 401},
		"with another cookie of that name": {http.MethodGet, []string{"Cookie", "__Host-session=" + token}, 401},
		"with other cookies":               {http.MethodGet, []string{"Cookie", "session=x"}, 200},
	} {
		path, body := "/v1/me", ""
		if c.method == http.MethodPost {
			path, body = "/v1/threads/"+string(w.thread.State.Thread)+"/readings", `{"from":0,"limit":10}`
		}
		a := w.ask(t, "", c.method, path, body, func(r *http.Request) {
			for i := 0; i < len(c.headers); i += 2 {
				if c.headers[i] == "Content-Type" {
					r.Header.Del("Content-Type")
				}
			}
			asPage(token, c.headers...)(r)
		})
		if a.status != c.status {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
	if a := w.ask(t, "", http.MethodGet, "/v1/me", "", asPage(w.tokens["anna"])); a.status != http.StatusUnauthorized {
		t.Errorf("a bearer's token as cookie: %d %s", a.status, a.body)
	}
	w.tokens["page"] = token
	if a := w.ask(t, "page", http.MethodGet, "/v1/me", ""); a.status != http.StatusUnauthorized {
		t.Errorf("a cookie as bearer's token: %d %s", a.status, a.body)
	}
}

// Who signs out in the page leaves nothing in the browser.
func TestSignOut(t *testing.T) {
	w := newWorld(t)
	token := w.page(t, "anna")
	json := []string{"Sec-Fetch-Site", "same-origin", "Content-Type", "application/json"}
	a := w.ask(t, "", http.MethodDelete, "/v1/session", "", asPage(token, json...))
	if a.status != http.StatusNoContent || a.header.Get("Clear-Site-Data") != `"cache", "cookies"` {
		t.Errorf("signing out: %d %v", a.status, a.header)
	}
	want := []string{"__Host-session=; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=Strict"}
	if diff := cmp.Diff(want, a.header.Values("Set-Cookie")); diff != "" {
		t.Errorf("cookies (-want +got):\n%s", diff)
	}
	if a := w.ask(t, "", http.MethodGet, "/v1/me", "", asPage(token)); a.status != http.StatusUnauthorized {
		t.Errorf("after signing out: %d", a.status)
	}
	a = w.ask(t, "anna", http.MethodDelete, "/v1/session", "")
	if a.status != http.StatusNoContent || a.header.Get("Clear-Site-Data") != "" || a.header.Get("Set-Cookie") != "" {
		t.Errorf("a command line signs out: %d %v", a.status, a.header)
	}
}

// returns is an Authn that answers as it is told, so that each end of a sign-in can be seen.
type returns struct {
	httpapi.Authn
	back     authn.Return
	err      error
	flow     string
	replaces ids.Session
	ticket   string
}

func (r *returns) Callback(_ context.Context, _ session.From, _ url.Values, flow secret.String) (authn.Return, error) {
	r.flow = flow.Reveal()
	return r.back, r.err
}

func (r *returns) BeginPage(_ context.Context, _ string, replaces ids.Session) (authn.Begun, error) {
	r.replaces = replaces
	return authn.Begun{RedirectURL: "https://login.example/auth", Flow: secret.NewString("the-flow"),
		Expires: clock().Add(10 * time.Minute)}, r.err
}

func (r *returns) RedeemInvitation(_ context.Context, _ session.From, ticket, _ secret.String) (authn.SignedIn, error) {
	r.ticket = ticket.Reveal()
	return authn.SignedIn{Token: secret.NewString("the-token"), Expires: clock().Add(time.Hour)}, r.err
}

func (r *returns) PageCaller(context.Context, session.From, secret.String) (caller.Caller, error) {
	return caller.Caller{Person: "p-1", Session: "s-1"}, nil
}

// Every end of a sign-in in a browser: where it goes, which cookies it has, what it says.
func TestCallbackEnds(t *testing.T) {
	own := &returns{}
	w := newWorld(t, func(c *httpapi.Config) { c.Authn = own })
	denied := fault.New(fault.Unauthenticated, "signing in: refused")
	const forgotten = "__Host-signin=; Path=/; Max-Age=0; HttpOnly; Secure; SameSite=Strict"
	for name, c := range map[string]struct {
		back     authn.Return
		err      error
		status   int
		location string
		cookies  []string
		says     string
	}{
		"the page is signed in": {back: authn.Return{Page: true, SignedIn: authn.SignedIn{Token: secret.NewString("the-token")}},
			status: 303, location: "/", cookies: []string{"__Host-session=the-token; Path=/; HttpOnly; Secure; SameSite=Strict", forgotten}},
		"an invitation is needed": {back: authn.Return{Page: true, Ticket: secret.NewString("the-ticket"), Expires: clock().Add(time.Minute)},
			status: 303, location: "/#invito", cookies: []string{"__Host-signin=the-ticket; Path=/; Max-Age=60; HttpOnly; Secure; SameSite=Strict"}},
		"a command line's": {back: authn.Return{Loopback: "http://127.0.0.1:40123/?code=x&state=y", Compare: "482 107"},
			status: 200, says: `<p class="code">482 107</p>`},
		"a command line's that was refused": {back: authn.Return{Loopback: "http://127.0.0.1:40123/?error=nonce&state=y", Reason: "nonce"},
			err: denied, status: 303, location: "http://127.0.0.1:40123/?error=nonce&state=y"},
		"the page's that was refused": {back: authn.Return{Page: true, Reason: session.ReasonSecondFactor}, err: denied,
			status: 401, cookies: []string{forgotten}, says: "secondo passaggio"},
		"another browser's": {back: authn.Return{Page: true, Reason: session.ReasonVerifier}, err: denied,
			status: 401, cookies: []string{forgotten}, says: "un altro browser"},
		"nobody's": {back: authn.Return{Reason: session.ReasonState}, err: denied, status: 401, cookies: []string{forgotten},
			says: "troppo tempo"},
		"a provider that is down": {back: authn.Return{Page: true, Reason: session.ReasonUnavailable},
			err: fault.New(fault.Unavailable, "x"), status: 503, cookies: []string{forgotten}, says: "non risponde"},
	} {
		own.back, own.err = c.back, c.err
		a := w.ask(t, "", http.MethodGet, "/v1/login/callback?state=x", "", func(r *http.Request) {
			r.Header.Set("Cookie", "__Host-signin=the-flow")
			r.Header.Set("Sec-Fetch-Site", "cross-site")
		})
		if a.status != c.status || a.header.Get("Location") != c.location || !strings.Contains(a.body, c.says) || own.flow != "the-flow" {
			t.Errorf("%s: %d to %q, flow %q\n%s", name, a.status, a.header.Get("Location"), own.flow, a.body)
		}
		if diff := cmp.Diff(c.cookies, a.header.Values("Set-Cookie")); diff != "" && len(c.cookies)+len(a.header.Values("Set-Cookie")) > 0 {
			t.Errorf("%s: cookies (-want +got):\n%s", name, diff)
		}
		if a.header.Get("Cache-Control") != "no-store" || a.header.Get("Referrer-Policy") != "no-referrer" || strings.Contains(a.body, "<script") {
			t.Errorf("%s: %v\n%s", name, a.header, a.body)
		}
		if policy := a.header.Values("Content-Security-Policy"); a.body != "" && (len(policy) != 1 ||
			!strings.HasPrefix(policy[0], "default-src 'none'; style-src 'sha256-") || !strings.Contains(a.body, "<title>Agenda</title>") ||
			a.header.Get("Content-Type") != "text/html; charset=utf-8") {
			t.Errorf("%s: %v\n%s", name, a.header, a.body)
		}
	}
	if strings.Contains(w.log.String(), "the-") || strings.Contains(w.log.String(), "482 107") {
		t.Errorf("the log holds what it must not:\n%s", w.log)
	}
}

// A sign-in of the page begins in the page, which may have a session already.
func TestBeginPage(t *testing.T) {
	own := &returns{}
	w := newWorld(t, func(c *httpapi.Config) { c.Authn = own })
	for site, replaces := range map[string]ids.Session{"same-origin": "s-1", "cross-site": ""} {
		a := w.ask(t, "", http.MethodGet, "/v1/login/page?issuer=https://login.example", "", asPage("x", "Sec-Fetch-Site", site))
		want := []string{"__Host-signin=the-flow; Path=/; Max-Age=600; HttpOnly; Secure; SameSite=Lax"}
		if diff := cmp.Diff(want, a.header.Values("Set-Cookie")); diff != "" || a.status != 303 ||
			a.header.Get("Location") != "https://login.example/auth" || own.replaces != replaces {
			t.Errorf("from %s: %d %v, replaces %q\n%s", site, a.status, a.header, own.replaces, diff)
		}
	}
}

// strange is an Authn that knows no token, and counts how often it is asked.
type strange struct {
	returns
	asked int
}

func (s *strange) PageCaller(context.Context, session.From, secret.String) (caller.Caller, error) {
	s.asked++
	return caller.Caller{}, fault.New(fault.Unauthenticated, "finding the session")
}

// A cookie that was wrong a moment ago is not looked up again when its browser signs in, and counts
// among what was wrong.
func TestBeginPageWithWrongCookie(t *testing.T) {
	own := &strange{}
	w := newWorld(t, func(c *httpapi.Config) { c.Authn, c.Limits = own, httpapi.Limits{FailuresPerMinute: 6} })
	for range 3 {
		if a := w.ask(t, "", http.MethodGet, "/v1/login/page?issuer=https://login.example", "", asPage("x", "Sec-Fetch-Site", "same-origin")); a.status != 303 {
			t.Errorf("signing in: %d %s", a.status, a.body)
		}
	}
	if own.asked != 1 {
		t.Errorf("looked up %d times", own.asked)
	}
	if a := w.ask(t, "", http.MethodGet, "/v1/me", "", asPage("y")); a.status != http.StatusTooManyRequests {
		t.Errorf("another wrong one: %d", a.status)
	}
}

// An invitation is redeemed by the page itself, with the ticket that its browser has.
func TestRedeemInvitation(t *testing.T) {
	own := &returns{}
	w := newWorld(t, func(c *httpapi.Config) { c.Authn = own })
	for site, status := range map[string]int{"same-origin": http.StatusCreated, "same-site": 400, "": 400} {
		a := w.ask(t, "", http.MethodPost, "/v1/login/invitation", `{"invitation":"x"}`, func(r *http.Request) {
			r.Header.Set("Cookie", "__Host-signin=the-ticket")
			if site != "" {
				r.Header.Set("Sec-Fetch-Site", site)
			}
		})
		if a.status != status || strings.Contains(a.body, "the-token") {
			t.Errorf("from %q: %d %s", site, a.status, a.body)
		}
		if status == http.StatusCreated && (own.ticket != "the-ticket" || len(a.header.Values("Set-Cookie")) != 2) {
			t.Errorf("from %q: ticket %q, cookies %v", site, own.ticket, a.header.Values("Set-Cookie"))
		}
	}
	own.err = fault.New(fault.Invalid, "x")
	a := w.ask(t, "", http.MethodPost, "/v1/login/invitation", `{"invitation":"x"}`,
		func(r *http.Request) { r.Header.Set("Sec-Fetch-Site", "same-origin") })
	if a.problem(t).Type != "/problems/invalid" || a.header.Get("Set-Cookie") != "" {
		t.Errorf("an invitation that can't be used: %d %v", a.status, a.header)
	}
}
