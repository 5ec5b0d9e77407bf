package client_test

import (
	"crypto/ed25519"
	"testing"

	"varco/internal/anchors"
	"varco/internal/client"
	"varco/internal/fault"
	"varco/internal/note"
)

const origin = "log.example"

func vkey(t testing.TB, name string) string {
	t.Helper()
	public, _, err := ed25519.GenerateKey(rng(name))
	if err != nil {
		t.Fatal(err)
	}
	key, err := note.NewPublicKey(public)
	if err != nil {
		t.Fatal(err)
	}
	return note.VerifierKey(name, key)
}

func cosignerKey(t testing.TB, name string) string {
	t.Helper()
	public, _, err := ed25519.GenerateKey(rng(name))
	if err != nil {
		t.Fatal(err)
	}
	key, err := note.NewPublicKey(public)
	if err != nil {
		t.Fatal(err)
	}
	return note.CosignerKey(name, key)
}

func TestCheckService(t *testing.T) {
	texts := anchors.Anchors{Origin: origin, Log: vkey(t, origin), Root: vkey(t, "root.example")}
	alone, err := client.NewAnchors(texts)
	if err != nil {
		t.Fatal(err)
	}
	texts.Witnesses, texts.Quorum = []string{cosignerKey(t, "w.example")}, 1
	compiled, err := client.NewAnchors(texts)
	if err != nil {
		t.Fatal(err)
	}
	wantClass(t, "without witnesses", alone.CheckService("https://varco.example"), fault.ClassUntrusted)
	if err := alone.CheckService("http://localhost:8080"); err != nil {
		t.Error(err)
	}
	given, err := client.GivenAnchors(texts)
	if err != nil || compiled.Demonstration || !given.Demonstration {
		t.Fatal(given, err)
	}
	for address, want := range map[string]struct{ compiled, given bool }{
		"https://varco.example":           {true, false},
		"https://varco.example/":          {true, false},
		"https://varco.example:8443":      {true, false},
		"http://varco.example":            {false, false},
		"http://localhost:8080":           {true, true},
		"https://localhost":               {true, true},
		"http://127.0.0.1:8080":           {true, true},
		"http://[::1]:8080":               {true, true},
		"http://127.1":                    {false, false},
		"http://localhost.example":        {false, false},
		"http://localhost@varco.example":  {false, false},
		"https://user@localhost":          {false, false},
		"https://varco.example/elsewhere": {false, false},
		"https://varco.example?x":         {false, false},
		"https://varco.example#x":         {false, false},
		"ftp://localhost":                 {false, false},
		"localhost:8080":                  {false, false},
		"//localhost":                     {false, false},
		"":                                {false, false},
	} {
		if got := compiled.CheckService(address) == nil; got != want.compiled {
			t.Errorf("compiled anchors with %q: %v", address, got)
		}
		if got := given.CheckService(address) == nil; got != want.given {
			t.Errorf("anchors given at run time with %q: %v", address, got)
		}
	}
	wantClass(t, "a root given at run time", given.CheckService("https://varco.example"), fault.ClassUntrusted)
}
