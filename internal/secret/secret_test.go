package secret_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"varco/internal/secret"
)

func TestNothingPrints(t *testing.T) {
	const canary = "CANARY"
	type holder struct {
		S secret.String
		B secret.Bytes
		P *secret.String
		s secret.String
		b secret.Bytes
	}
	s := secret.NewString(canary)
	h := holder{s, secret.NewBytes([]byte(canary)), &s, s, secret.NewBytes([]byte(canary))}
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%p"} {
		fmt.Fprintf(&out, verb, h)
		fmt.Fprintf(&out, verb, &h)
		fmt.Fprintf(&out, verb, h.S)
		fmt.Fprintf(&out, verb, h.B)
	}
	doc, err := json.Marshal(h)
	if err != nil {
		t.Fatal(err)
	}
	out.Write(doc)
	for _, handler := range []slog.Handler{slog.NewJSONHandler(&out, nil), slog.NewTextHandler(&out, nil)} {
		slog.New(handler).InfoContext(t.Context(), "x", slog.Any("h", h), slog.Any("s", h.S), slog.Any("b", h.B))
	}
	if strings.Contains(out.String(), canary) || strings.Contains(out.String(), fmt.Sprintf("%x", canary)) {
		t.Fatalf("the secret was printed: %s", out.String())
	}
	if h.S.Reveal() != canary || string(h.B.Reveal()) != canary {
		t.Fatal("Reveal does not return what was kept")
	}
}
