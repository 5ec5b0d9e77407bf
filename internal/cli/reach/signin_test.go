package reach_test

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"varco/internal/cli/reach"
	"varco/internal/session"
)

// begin starts a sign-in and returns what the service would learn of it.
func begin(t *testing.T) (*reach.SignIn, url.Values) {
	t.Helper()
	s, err := reach.Listen(t.Context(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	at, err := url.Parse(s.Address("https://varco.example/", "https://issuer.example"))
	if err != nil {
		t.Fatal(err)
	}
	query := at.Query()
	if at.Host != "varco.example" || at.Path != "/v1/login" || query.Get("issuer") != "https://issuer.example" || len(query) != 4 {
		t.Errorf("Address = %s", at)
	}
	return s, query
}

// visit goes to an address as a browser does.
func visit(t *testing.T, address string, change func(*http.Request)) (int, http.Header, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	if change != nil {
		change(req)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	page, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, resp.Header, string(page)
}

func TestSignIn(t *testing.T) {
	s, query := begin(t)
	back := "http://127.0.0.1:" + query.Get("port") + "/?"
	status, header, page := visit(t, back+url.Values{"code": {"the-code"}, "state": query["state"]}.Encode(), nil)
	if status != 200 || !strings.Contains(page, "Puoi chiudere questa pagina") || !strings.Contains(page, "<title>Agenda</title>") ||
		strings.Contains(page, "the-code") || header.Get("Cache-Control") != "no-store" {
		t.Errorf("the page: %d %v\n%s", status, header, page)
	}
	code, verifier, err := s.Wait(t.Context())
	if err != nil || code.Reveal() != "the-code" {
		t.Errorf("Wait = %q, %v", code.Reveal(), err)
	}
	sum := sha256.Sum256([]byte(verifier.Reveal()))
	if s.Compare() != session.Compare(query.Get("challenge")) {
		t.Errorf("the code to compare is %s", s.Compare())
	}
	if got := base64.RawURLEncoding.EncodeToString(sum[:]); got != query.Get("challenge") {
		t.Errorf("the challenge %s is not of the verifier, %s", query.Get("challenge"), got)
	}
}

func TestSignInRefused(t *testing.T) {
	s, query := begin(t)
	back := "http://127.0.0.1:" + query.Get("port") + "/?"
	if status, _, page := visit(t, back+url.Values{"error": {"second-factor"}, "state": query["state"]}.Encode(), nil); status != 200 ||
		!strings.Contains(page, "non è riuscito") {
		t.Errorf("the page: %d %s", status, page)
	}
	_, _, err := s.Wait(t.Context())
	var refused *reach.RefusedError
	if !errors.As(err, &refused) || refused.Reason != session.ReasonSecondFactor {
		t.Errorf("Wait = %v", err)
	}
}

func TestSignInHeedsNobodyElse(t *testing.T) {
	s, query := begin(t)
	port := query.Get("port")
	right := url.Values{"code": {"c"}, "state": query["state"]}
	for name, c := range map[string]struct {
		address string
		change  func(*http.Request)
	}{
		"another state":    {"/?code=c&state=" + strings.Repeat("A", 43), nil},
		"no state":         {"/?code=c", nil},
		"nothing else":     {"/?state=" + query.Get("state"), nil},
		"another path":     {"/x?" + right.Encode(), nil},
		"another host":     {"/?" + right.Encode(), func(r *http.Request) { r.Host = "varco.example:" + port }},
		"another method":   {"/?" + right.Encode(), func(r *http.Request) { r.Method = http.MethodPost }},
		"the icon":         {"/favicon.ico", nil},
		"nothing to speak": {"/", nil},
	} {
		if status, _, _ := visit(t, "http://127.0.0.1:"+port+c.address, c.change); status != http.StatusNotFound {
			t.Errorf("%s: %d", name, status)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	if _, _, err := s.Wait(ctx); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("Wait = %v", err)
	}
}
