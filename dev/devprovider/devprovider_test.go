package devprovider_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"varco/dev/devprovider"
	"varco/internal/secret"
)

func config() devprovider.Config {
	return devprovider.Config{
		Clients: []devprovider.Client{{ID: "varcod", Secret: secret.NewString("0123456789abcdef0123456789abcdef"),
			RedirectURIs: []string{"http://127.0.0.1:9/callback"}}},
		Accounts: []devprovider.Account{{Subject: "operator-a", Label: "Operatrice, Centro A", AMR: []string{"pwd", "otp"}}},
	}
}

func TestStart(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	p, err := devprovider.Start(ctx, config())
	if err != nil {
		t.Fatal(err)
	}
	cancel() // it bounded the start only
	var doc struct {
		Issuer     string   `json:"issuer"`
		Scopes     []string `json:"scopes_supported"`
		Challenges []string `json:"code_challenge_methods_supported"`
	}
	if err := discover(t, p.Issuer(), &doc); err != nil {
		t.Fatal(err)
	}
	if doc.Issuer != p.Issuer() || !strings.HasPrefix(doc.Issuer, "http://127.0.0.1:") ||
		strings.Join(doc.Scopes, " ") != "openid" || strings.Join(doc.Challenges, " ") != "S256" {
		t.Errorf("the discovery document is %+v", doc)
	}
	if err := p.Close(); err != nil {
		t.Fatal(err)
	}
	if err := discover(t, p.Issuer(), &doc); err == nil {
		t.Error("it still answers after Close")
	}
}

func TestStartFails(t *testing.T) {
	c := config()
	c.Port = 65536
	if p, err := devprovider.Start(t.Context(), c); err == nil || !strings.Contains(err.Error(), "65536") {
		t.Errorf("with a bad port: %v, %v, want node's own complaint", p, err)
	}
	t.Setenv("PATH", t.TempDir())
	if p, err := devprovider.Start(t.Context(), config()); err == nil || !strings.Contains(err.Error(), "Debian package") {
		t.Errorf("without node: %v, %v, want what to install", p, err)
	}
	t.Chdir(t.TempDir())
	if p, err := devprovider.Start(t.Context(), config()); err == nil || !strings.Contains(err.Error(), "dev/provider") {
		t.Errorf("outside the tree: %v, %v", p, err)
	}
}

func discover(t *testing.T, issuer string, doc any) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, issuer+"/.well-known/openid-configuration", nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	return json.NewDecoder(resp.Body).Decode(doc)
}
