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
			RedirectURIs: []string{a.URL() + httpapi.CallbackPath}}},
		Accounts: []devprovider.Account{{Subject: "CANARY-anna", Label: "Anna", AMR: []string{"pwd", "otp"}},
			{Subject: "careless", Label: "Senza secondo fattore", AMR: []string{"pwd"}}},
	})
	must(t, err)
	t.Cleanup(func() { must(t, provider.Close()) })
	must(t, os.WriteFile(filepath.Join(p.folder, app.SecretFile(provider.Issuer())), []byte("CANARY-secret\n"), 0o600))
	person, organisation := ids.NewPerson(rand.Reader), ids.NewOrganisation(rand.Reader)
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
`, organisation, provider.Issuer(), ids.NewInvitation(rand.Reader), person, organisation))
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
	must(t, a.Stop(t.Context()))
	counts := map[act.Act]int{}
	for _, one := range p.acts(t) {
		counts[one]++
	}
	if counts[act.InvitationUse] != 1 || counts[act.SessionBegin] != 3 || counts[act.SessionEnd] != 2 {
		t.Errorf("recorded %v", counts)
	}
	p.sweep(t, "CANARY", code)
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
