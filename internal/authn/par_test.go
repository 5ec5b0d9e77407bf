package authn_test

import (
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"varco/internal/authn"
	"varco/internal/fault"
)

// offers is a provider that takes requests from us directly.
func offers(doc map[string]any) {
	doc["pushed_authorization_request_endpoint"], _ = strings.CutSuffix(doc["token_endpoint"].(string), "/token")
	doc["pushed_authorization_request_endpoint"] = doc["pushed_authorization_request_endpoint"].(string) + "/par"
}

// Where requests can be pushed, the browser carries a name and nothing that it could change.
func TestPushedRequest(t *testing.T) {
	d := newDesk(t, lie{discovery: offers}, func(c *authn.Config) { c.Issuers[0].Prompt = "login" })
	d.signIn(t)
	for _, request := range d.provider.pushed {
		if request.Get("prompt") != "login" || request.Get("redirect_uri") != redirectURL || request.Get("code_challenge_method") != "S256" {
			t.Errorf("pushed %v", request)
		}
	}
	if len(d.provider.pushed) != 1 {
		t.Errorf("%d requests were pushed", len(d.provider.pushed))
	}
}

// What goes wrong there is not got round.
func TestLyingPush(t *testing.T) {
	for name, l := range map[string]lie{
		"no name":          {discovery: offers, pushed: drop("request_uri")},
		"an empty name":    {discovery: offers, pushed: set("request_uri", "")},
		"a name with more": {discovery: offers, pushed: set("request_uri", "urn:x &prompt=none")},
		"a long name":      {discovery: offers, pushed: set("request_uri", strings.Repeat("x", 513))},
		"a number":         {discovery: offers, pushed: set("request_uri", 1)},
		"a name twice":     {discovery: offers, pushed: set("REQUEST_URI", "urn:x")},
		"refused":          {discovery: offers, serve: at("/par", status(http.StatusBadRequest))},
		"broken":           {discovery: offers, serve: at("/par", status(http.StatusBadGateway))},
		"200":              {discovery: offers, serve: at("/par", func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, `{"request_uri":"urn:x"}`) })},
		"by a redirect": {discovery: offers, serve: at("/par", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
		})},
		"without end":                  {discovery: offers, serve: at("/par", endless)},
		"never ends":                   {discovery: offers, serve: at("/par", stall)},
		"on another host":              {discovery: set("pushed_authorization_request_endpoint", "https://elsewhere.example/par")},
		"required, and not said where": {discovery: set("require_pushed_authorization_requests", true)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t, l, func(c *authn.Config) { c.ProviderTimeout = patience(name) })
			if to, err := d.begin(t); to != "" || fault.KindOf(err) != fault.Unavailable || len(d.store.pending) != 0 {
				t.Errorf("Begin = %q, %v, with %d pending", to, err, len(d.store.pending))
			}
		})
	}
}

// However many begin a sign-in at once, a provider is sent a few requests at a time, and all of them
// in the end.
func TestPushesAtOnce(t *testing.T) {
	const begun, most = 64, 16
	var now, peak atomic.Int64
	d := newDesk(t, lie{discovery: offers, serve: at("/par", func(w http.ResponseWriter, _ *http.Request) {
		n := now.Add(1)
		defer now.Add(-1)
		for p := peak.Load(); n > p && !peak.CompareAndSwap(p, n); p = peak.Load() {
		}
		time.Sleep(5 * time.Millisecond)
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusCreated)
		_, _ = io.WriteString(w, `{"request_uri":"urn:x","expires_in":60}`)
	})}, nil)
	var all sync.WaitGroup
	for range begun {
		all.Go(func() {
			if _, err := d.Begin(t.Context(), authn.BeginRequest{Issuer: d.issuer, Port: 40123, Challenge: strings.Repeat("A", 43), State: loopbackState}); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if got := peak.Load(); got > most {
		t.Errorf("%d at once, want at most %d", got, most)
	}
	if got := len(d.store.pending); got != begun {
		t.Errorf("%d have begun, want %d", got, begun)
	}
}
