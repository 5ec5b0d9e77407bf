package anchors_test

import (
	"crypto/ed25519"
	"crypto/sha256"
	"reflect"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"

	"varco/internal/anchors"
	"varco/internal/fault"
	"varco/internal/note"
	"varco/keys"
)

const origin = "log.example"

func public(t testing.TB, name string) note.PublicKey {
	t.Helper()
	seed := sha256.Sum256([]byte(name))
	key, err := note.NewPublicKey(ed25519.NewKeyFromSeed(seed[:]).Public().(ed25519.PublicKey))
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func vkey(t testing.TB, name string) string { return note.VerifierKey(name, public(t, name)) }

func text(t testing.TB) string {
	return "# the network\norigin = \"" + origin + "\"\nlog = \"" + vkey(t, origin) + "\"\n\nroot = \"" + vkey(t, "root.example") +
		"\"\nwitnesses = [\"" + note.CosignerKey("a.example", public(t, "a")) + "\", \"" + note.CosignerKey("b.example", public(t, "b")) + "\"]\nquorum = 2\n"
}

// What is read is what TOML says is there.
func TestParse(t *testing.T) {
	alone, _, _ := strings.Cut(text(t), "witnesses")
	for _, text := range []string{"", keys.Network(), text(t), alone, alone + "witnesses = []\nquorum = 0\n"} {
		got, err := anchors.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		var want anchors.Anchors
		if _, err := toml.Decode(text, &want); err != nil {
			t.Fatal(err)
		}
		if len(want.Witnesses) == 0 {
			want.Witnesses = nil
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%+v, want %+v", got, want)
		}
	}
	if a, err := anchors.Parse(keys.Network()); err != nil || !a.IsZero() {
		t.Errorf("before the first ceremony: %+v, %v", a, err)
	}
	a, err := anchors.Parse(text(t))
	if err != nil {
		t.Fatal(err)
	}
	trust, err := a.Trust()
	if err != nil || trust.Log.Name() != origin || trust.Root.Name() != "root.example" || len(trust.Quorum.Keys()) != 2 {
		t.Errorf("%+v, %v", trust, err)
	}
}

func TestParseRefuses(t *testing.T) {
	good := text(t)
	replace := func(old, with string) string {
		if !strings.Contains(good, old) {
			t.Fatalf("nothing to replace: %q", old)
		}
		return strings.Replace(good, old, with, 1)
	}
	for name, text := range map[string]string{
		"a line more":          good + "more = 1\n",
		"no text":              good + "# \x00\n",
		"a line twice":         good + "quorum = 2\n",
		"no root":              replace("root = ", "# root = "),
		"no quorum":            replace("quorum = 2\n", ""),
		"no witnesses":         replace("witnesses", "# witnesses"),
		"another case":         replace("root", "Root"),
		"two spaces":           replace("log = ", "log =  "),
		"a zero before":        replace("quorum = 2", "quorum = 02"),
		"a number as a string": replace("quorum = 2", "quorum = \"2\""),
		"a string as a list":   replace("origin = \""+origin+"\"", "origin = [\""+origin+"\"]"),
		"an escape":            replace(origin+"\"", origin+"\\u0041\""),
		"a carriage return":    replace("quorum = 2", "quorum = 2\r"),
		"a note's form":        "varco/v1 anchors\norigin x\nlog y\nroot z\n",
	} {
		if _, err := anchors.Parse(text); fault.ClassOf(err) != fault.ClassForm {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestTrustRefuses(t *testing.T) {
	for name, c := range map[string]struct{ old, with string }{
		"a log under another name": {"\"" + origin + "\"", "\"other.example\""},
		"no key":                   {vkey(t, "root.example"), "x"},
		"a small-order key":        {vkey(t, "root.example"), "root.example+00000000+AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"},
		"more than there are":      {"quorum = 2", "quorum = 3"},
		"a log's key":              {note.CosignerKey("a.example", public(t, "a")), vkey(t, "a.example")},
	} {
		a, err := anchors.Parse(strings.Replace(text(t), c.old, c.with, 1))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if _, err := a.Trust(); fault.ClassOf(err) == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add(text(f))
	f.Add(keys.Network())
	f.Add("#\x00")
	f.Add("# \xff\n")
	f.Fuzz(func(t *testing.T, text string) {
		a, err := anchors.Parse(text)
		var want anchors.Anchors
		if err != nil {
			return
		}
		if _, err := toml.Decode(text, &want); err != nil || want.Origin != a.Origin || want.Log != a.Log || want.Root != a.Root ||
			want.Quorum != a.Quorum || len(want.Witnesses) != len(a.Witnesses) {
			t.Fatalf("%q is read as %+v, and TOML says %+v, %v", text, a, want, err)
		}
	})
}
