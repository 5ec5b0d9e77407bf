package client_test

import (
	"crypto/ed25519"
	"strings"
	"testing"

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

// Witnesses stand in the anchors with their quorum, or not at all.
func TestAnchorsWithWitnesses(t *testing.T) {
	w := client.Witnesses{Keys: []string{cosignerKey(t, "a.example"), cosignerKey(t, "b.example")}, Quorum: 2}
	text := client.PrintAnchors(origin, vkey(t, origin), vkey(t, "root.example"), w)
	a, err := client.ParseAnchors(text)
	if err != nil || a.Quorum.IsNone() || len(a.Quorum.Keys()) != 2 {
		t.Errorf("%+v, %v", a.Quorum, err)
	}
	for name, text := range map[string]string{
		"no quorum":    strings.Replace(text, "quorum 2\n", "", 1),
		"too many":     strings.Replace(text, "quorum 2", "quorum 3", 1),
		"zero before":  strings.Replace(text, "quorum 2", "quorum 02", 1),
		"no witnesses": client.PrintAnchors(origin, vkey(t, origin), vkey(t, "root.example"), client.Witnesses{}) + "quorum 0\n",
		"a log's key":  strings.Replace(text, w.Keys[0], vkey(t, "a.example"), 1),
	} {
		if _, err := client.ParseAnchors(text); fault.ClassOf(err) == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestAnchors(t *testing.T) {
	log, root := vkey(t, origin), vkey(t, "root.example")
	text := client.PrintAnchors(origin, log, root, client.Witnesses{})
	given, err := client.ParseAnchors(text)
	if err != nil || !given.Demonstration || given.Origin != origin || given.Root.Name() != "root.example" {
		t.Fatalf("anchors given at run time: %+v, %v", given, err)
	}
	compiled, err := client.NewAnchors(origin, log, root)
	if err != nil || compiled.Demonstration {
		t.Fatalf("anchors compiled in: %+v, %v", compiled, err)
	}
	for name, c := range map[string]struct {
		text  string
		class fault.Class
	}{
		"nothing":            {"", fault.ClassForm},
		"another kind":       {strings.Replace(text, "anchors", "card", 1), fault.ClassForm},
		"no root":            {text[:strings.Index(text, "root ")], fault.ClassForm},
		"a line more":        {text + "more x\n", fault.ClassForm},
		"no last line end":   {strings.TrimSuffix(text, "\n"), fault.ClassForm},
		"a log under a name": {client.PrintAnchors("other.example", log, root, client.Witnesses{}), fault.ClassKey},
		"no key":             {client.PrintAnchors(origin, "x", root, client.Witnesses{}), fault.ClassKey},
		"a small-order key":  {client.PrintAnchors(origin, log, "root.example+00000000+AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", client.Witnesses{}), fault.ClassKey},
	} {
		if _, err := client.ParseAnchors(c.text); fault.ClassOf(err) != c.class {
			t.Errorf("%s: got %v, want class %s", name, err, c.class)
		}
	}
}

func TestCheckService(t *testing.T) {
	log, root := vkey(t, origin), vkey(t, "root.example")
	alone, err := client.NewAnchors(origin, log, root)
	if err != nil {
		t.Fatal(err)
	}
	compiled, err := alone.WithWitnesses([]string{cosignerKey(t, "w.example")}, 1)
	if err != nil {
		t.Fatal(err)
	}
	wantClass(t, "without witnesses", alone.CheckService("https://varco.example"), fault.ClassUntrusted)
	if err := alone.CheckService("http://localhost:8080"); err != nil {
		t.Error(err)
	}
	given := compiled
	given.Demonstration = true
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

func FuzzParseAnchors(f *testing.F) {
	f.Add(client.PrintAnchors(origin, vkey(f, origin), vkey(f, "root.example"), client.Witnesses{}))
	f.Add("varco/v1 anchors\norigin x\nlog y\nroot z\n")
	f.Fuzz(func(t *testing.T, text string) {
		a, err := client.ParseAnchors(text)
		if err == nil && (!a.Demonstration || a.Log.Name() != a.Origin || a.CheckService("https://varco.example") == nil) {
			t.Fatalf("ParseAnchors(%q) = %+v", text, a)
		}
	})
}
