package reach_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"varco/internal/cli/reach"
	"varco/internal/secret"
)

func TestDo(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		if r.Method != "POST" || r.URL.RequestURI() != "/v1/x?n=1" || string(body) != `{"a":1}` ||
			r.Header.Get("Authorization") != "Bearer token" || r.Header.Get("Content-Type") != "application/json" {
			t.Errorf("got %s %s %q %v", r.Method, r.URL, body, r.Header)
		}
		w.WriteHeader(http.StatusConflict)
		_, _ = io.WriteString(w, "answer")
	}))
	defer server.Close()
	status, answer, err := reach.New(server.URL+"/").Do(t.Context(), secret.NewString("token"), "POST", "/v1/x?n=1", []byte(`{"a":1}`))
	if err != nil || status != http.StatusConflict || string(answer) != "answer" {
		t.Errorf("Do = %d, %q, %v", status, answer, err)
	}
}

func TestDoWithoutToken(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "" || r.Header.Get("Content-Type") != "" {
			t.Errorf("got %v", r.Header)
		}
	}))
	defer server.Close()
	if status, _, err := reach.New(server.URL).Do(t.Context(), secret.String{}, "GET", "/", nil); err != nil || status != 200 {
		t.Errorf("Do = %d, %v", status, err)
	}
}

func TestDoFollowsNoRedirect(t *testing.T) {
	asked := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked++
		http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
	}))
	defer server.Close()
	status, _, err := reach.New(server.URL).Do(t.Context(), secret.NewString("token"), "GET", "/", nil)
	if err != nil || status != http.StatusTemporaryRedirect || asked != 1 {
		t.Errorf("Do = %d, %v after %d requests", status, err, asked)
	}
}

func TestDoRefusesTooMuch(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		part := []byte(strings.Repeat("x", 1<<20))
		for range 65 {
			if _, err := w.Write(part); err != nil {
				return
			}
		}
	}))
	defer server.Close()
	if _, _, err := reach.New(server.URL).Do(t.Context(), secret.String{}, "GET", "/", nil); err == nil {
		t.Error("an answer without end was taken")
	}
}

// Plain HTTP reaches this machine only, also under a name that looks like it.
func TestDoStaysOnThisMachine(t *testing.T) {
	if _, _, err := reach.New("http://192.0.2.1").Do(t.Context(), secret.String{}, "GET", "/", nil); err == nil ||
		!strings.Contains(err.Error(), "plain HTTP") {
		t.Errorf("Do = %v", err)
	}
}
