package app_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"varco/dev/browser/agent"
	"varco/dev/devprovider"
	"varco/internal/act"
	"varco/internal/api"
	"varco/internal/app"
	"varco/internal/httpapi"
	"varco/internal/ids"
	"varco/internal/secret"
)

const (
	verifier      = "verifier-that-only-the-command-line-knows-0123456789"
	loopbackState = "state-of-the-command-line"
)

// A person signs in through a provider that others wrote, with an invitation, from the first
// request of her browser to the end of her session.
func TestSignIn(t *testing.T) {
	p := newPlace(t)
	must(t, p.Migrate(t.Context()))
	a := p.start(t)
	provider, err := devprovider.Start(t.Context(), devprovider.Config{
		Clients: []devprovider.Client{{ID: "varco", Secret: secret.NewString("CANARY-secret"),
			RedirectURIs: []string{a.URL() + httpapi.CallbackPath}, LogoutURI: a.URL() + httpapi.LogoutPath}},
		Accounts: []devprovider.Account{{Subject: "CANARY-anna", Label: "Anna", AMR: []string{"pwd", "otp"}},
			{Subject: "CANARY-berta", Label: "Berta", AMR: []string{"pwd", "otp"}},
			{Subject: "careless", Label: "Senza secondo fattore", AMR: []string{"pwd"}}},
	})
	must(t, err)
	t.Cleanup(func() { must(t, provider.Close()) })
	must(t, os.WriteFile(filepath.Join(p.folder, app.SecretFile(provider.Issuer())), []byte("CANARY-secret\n"), 0o600))
	person, other, organisation := ids.NewPerson(rand.Reader), ids.NewPerson(rand.Reader), ids.NewOrganisation(rand.Reader)
	applied, err := p.ApplyNetwork(t.Context(), fmt.Appendf(nil, `
[[organisation]]
id = %q
kind = "centre"
name = "CANARY-Centro"
[[issuer]]
url = %q
client_id = "varco"
label = "Prova"
amr = ["otp"]
[[invitation]]
id = %q
person = %q
organisation = %q
until = 2099-12-31
[[invitation]]
id = %q
person = %q
organisation = %q
until = 2099-12-31
`, organisation, provider.Issuer(), ids.NewInvitation(rand.Reader), person, organisation, ids.NewInvitation(rand.Reader), other, organisation))
	must(t, err)
	code := applied.Invitations[0].Code.Reveal()

	if q := visit(t, a, provider.Issuer(), "careless"); q.Get("error") != "second-factor" || q.Get("state") != loopbackState {
		t.Errorf("without a second factor she comes back with %v", q)
	}
	for _, invitation := range []string{code, ""} { // the second time she is known
		q := visit(t, a, provider.Issuer(), "CANARY-anna")
		status, text := ask(t, http.MethodPost, a.URL()+"/v1/session", "", api.Redeem{Code: q.Get("code"), Verifier: verifier, Invitation: invitation})
		var session api.Session
		must(t, json.Unmarshal(text, &session, json.RejectUnknownMembers(true)))
		if status != http.StatusCreated || session.Token == "" {
			t.Fatalf("redeeming: %d %s", status, text)
		}
		status, text = ask(t, http.MethodGet, a.URL()+"/v1/me", session.Token, nil)
		var me api.Me
		must(t, json.Unmarshal(text, &me, json.RejectUnknownMembers(true)))
		if status != http.StatusOK || me.Person != person || me.Organisation != organisation || me.Name != "CANARY-Centro" {
			t.Errorf("me: %d %s", status, text)
		}
		if status, text := ask(t, http.MethodDelete, a.URL()+"/v1/session", session.Token, nil); status != http.StatusNoContent {
			t.Errorf("signing out: %d %s", status, text)
		}
		if status, _ := ask(t, http.MethodGet, a.URL()+"/v1/me", session.Token, nil); status != http.StatusUnauthorized {
			t.Errorf("after signing out: %d", status)
		}
	}
	code2 := applied.Invitations[1].Code.Reveal()
	inPage(t, a, provider.Issuer(), code2, other)
	must(t, a.Stop(t.Context()))
	counts := map[act.Act]int{}
	for _, one := range p.acts(t) {
		counts[one]++
	}
	// One was refused, two begun by a command line; in the page one mistyped an invitation, two begun.
	if counts[act.InvitationUse] != 2 || counts[act.SessionBegin] != 7 || counts[act.SessionEnd] != 4 ||
		counts[act.SessionLogout] != 1 {
		t.Errorf("recorded %v", counts)
	}
	p.sweep(t, "CANARY", code, code2)
}

// inPage signs somebody in to the page: first with an invitation, then, with the session that she
// has, once more, and out.
func inPage(t *testing.T, a *app.App, issuer, invitation string, person ids.Person) {
	t.Helper()
	browser, err := agent.New("CANARY-berta")
	must(t, err)
	enter := func() string {
		start, err := url.Parse(a.URL() + "/v1/login/page?issuer=" + url.QueryEscape(issuer))
		must(t, err)
		at, err := browser.Visit(t.Context(), start, func(u *url.URL) bool { return u.Path == "/" })
		must(t, err)
		return strings.TrimPrefix(at.String(), a.URL())
	}
	if at := enter(); at != "/#invito" {
		t.Fatalf("nobody ends at %s", at)
	}
	for _, c := range []struct {
		code   string
		status int
	}{{"wrong", 400}, {invitation, 201}} {
		if status, text := byPage(t, browser, http.MethodPost, a.URL(), "/v1/login/invitation", api.Invitation{Invitation: c.code}); status != c.status {
			t.Fatalf("with the invitation %s: %d %s", c.code, status, text)
		}
	}
	if at := enter(); at != "/" {
		t.Fatalf("she ends at %s", at)
	}
	status, text := byPage(t, browser, http.MethodGet, a.URL(), "/v1/me", nil)
	var me api.Me
	must(t, json.Unmarshal(text, &me, json.RejectUnknownMembers(true)))
	if status != http.StatusOK || me.Person != person {
		t.Errorf("me: %d %s", status, text)
	}
	if status, text := byPage(t, browser, http.MethodDelete, a.URL(), "/v1/session", nil); status != http.StatusNoContent {
		t.Errorf("signing out: %d %s", status, text)
	}
	if status, _ := byPage(t, browser, http.MethodGet, a.URL(), "/v1/me", nil); status != http.StatusUnauthorized {
		t.Errorf("after signing out: %d", status)
	}
	// Who signs out at the provider is signed out here.
	if at := enter(); at != "/" {
		t.Fatalf("she ends at %s", at)
	}
	out, err := url.Parse(issuer + "/session/end?client_id=varco")
	must(t, err)
	_, err = browser.Visit(t.Context(), out, nil)
	must(t, err)
	if status, _ := byPage(t, browser, http.MethodGet, a.URL(), "/v1/me", nil); status != http.StatusUnauthorized {
		t.Errorf("after signing out at the provider: %d", status)
	}
}

// byPage asks as the page does, with its browser's cookies.
func byPage(t *testing.T, browser *agent.Agent, method, service, path string, body any) (int, []byte) {
	t.Helper()
	text, err := json.Marshal(body)
	must(t, err)
	r, err := http.NewRequestWithContext(t.Context(), method, service+path, bytes.NewReader(text))
	must(t, err)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Origin", service)
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	resp, err := browser.Do(r)
	must(t, err)
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	must(t, err)
	return resp.StatusCode, answer
}

// visit signs in with a browser and returns with what it comes back to the command line.
func visit(t *testing.T, a *app.App, issuer, account string) url.Values {
	t.Helper()
	sum := sha256.Sum256([]byte(verifier))
	start, err := url.Parse(a.URL() + "/v1/login?" + url.Values{"issuer": {issuer}, "port": {"40123"}, "state": {loopbackState},
		"challenge": {base64.RawURLEncoding.EncodeToString(sum[:])}}.Encode())
	must(t, err)
	browser, err := agent.New(account)
	must(t, err)
	at, err := browser.Visit(t.Context(), start, func(u *url.URL) bool { return u.Host == "127.0.0.1:40123" })
	must(t, err)
	return at.Query()
}

func ask(t *testing.T, method, to, token string, body any) (int, []byte) {
	t.Helper()
	var text []byte
	if body != nil {
		var err error
		text, err = json.Marshal(body)
		must(t, err)
	}
	r, err := http.NewRequestWithContext(context.WithoutCancel(t.Context()), method, to, bytes.NewReader(text))
	must(t, err)
	r.Header.Set("Content-Type", "application/json")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := http.DefaultClient.Do(r)
	must(t, err)
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	must(t, err)
	return resp.StatusCode, answer
}

// sweep looks for what must be in no file of the service and in no line of its log.
func (p *place) sweep(t *testing.T, canaries ...string) {
	t.Helper()
	for _, canary := range canaries {
		if strings.Contains(p.log.String(), canary) {
			t.Errorf("the log holds %s", canary)
		}
		for _, suffix := range []string{"", "-wal"} {
			raw, err := os.ReadFile(p.Database + suffix)
			if err != nil && suffix == "" {
				t.Fatal(err)
			}
			if bytes.Contains(raw, []byte(canary)) {
				t.Errorf("varco.db%s holds %s", suffix, canary)
			}
		}
	}
}
