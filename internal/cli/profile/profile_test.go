package profile_test

import (
	"crypto/ed25519"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"varco/internal/cli/profile"
	"varco/internal/client"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/note"
	"varco/internal/secret"
)

const (
	empty  = "origin = \"\"\nlog = \"\"\nroot = \"\"\n"
	local  = "http://localhost:8440"
	remote = "https://varco.example"
)

// anchors is a file of anchors whose keys are drawn from a name.
func anchors(t testing.TB, name string) string {
	t.Helper()
	key := func(signer string) string {
		seed := sha256.Sum256([]byte(name + signer))
		public, err := note.NewPublicKey(ed25519.NewKeyFromSeed(seed[:]).Public().(ed25519.PublicKey)) //nolint:forcetypeassert // it is one
		if err != nil {
			t.Fatal(err)
		}
		return note.VerifierKey(signer, public)
	}
	seed := sha256.Sum256([]byte(name + "witness"))
	public, err := note.NewPublicKey(ed25519.NewKeyFromSeed(seed[:])[ed25519.SeedSize:])
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("# of a test\norigin = %q\nlog = %q\nroot = %q\nwitnesses = [%q]\nquorum = 1\n", "log.example",
		key("log.example"), key("root.example"), note.CosignerKey("w.example", public))
}

func TestSetup(t *testing.T) {
	one, other := anchors(t, "one"), anchors(t, "other")
	for name, c := range map[string]struct {
		service, given, network string
		demonstration           bool
		wrong                   bool
	}{
		"given, on this machine":   {local, one, empty, true, false},
		"given, elsewhere":         {remote, one, empty, false, true},
		"compiled":                 {remote, "", one, false, false},
		"given and compiled":       {remote, one, one, false, false},
		"another than compiled":    {remote, other, one, false, true},
		"another, on this machine": {local, other, one, true, false},
		"none":                     {local, "", empty, false, true},
		"plain http":               {"http://varco.example", "", one, false, true},
		"an extra field":           {local, one + "extra = 1\n", empty, false, true},
		"another case":             {local, strings.Replace(one, "root", "Root", 1), empty, false, true},
		"a key is missing":         {local, "origin = \"log.example\"\n", empty, false, true},
		"not a file of anchors":    {local, "varco/v1 anchors\n", empty, false, true},
	} {
		t.Run(name, func(t *testing.T) {
			folder := filepath.Join(t.TempDir(), "new")
			p, err := profile.Setup(folder, c.service, c.given, c.network)
			if (err != nil) != c.wrong {
				t.Fatalf("Setup = %v", err)
			}
			if c.wrong {
				if _, err := profile.Open(folder, c.network); !errors.Is(err, profile.ErrAbsent) {
					t.Errorf("a profile was left behind: %v", err)
				}
				return
			}
			again, err := profile.Open(folder, c.network)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(again.Anchors, p.Anchors) || again.Service != c.service || again.Anchors.Demonstration != c.demonstration {
				t.Errorf("Open = %+v, Setup = %+v", again, p)
			}
		})
	}
}

func TestSetupOfAnotherNetwork(t *testing.T) {
	folder := t.TempDir()
	if _, err := profile.Setup(folder, local, anchors(t, "one"), empty); err != nil {
		t.Fatal(err)
	}
	if _, err := profile.Setup(folder, local, anchors(t, "other"), empty); !errors.Is(err, profile.ErrOther) {
		t.Errorf("another network: %v", err)
	}
	p, err := profile.Setup(folder, "http://127.0.0.1:1", anchors(t, "one"), empty)
	if err != nil || p.Service != "http://127.0.0.1:1" {
		t.Errorf("another address of the same network: %v", err)
	}
}

// A program whose anchors were changed believes none that it was once set up with by default.
func TestOpenChecksAgain(t *testing.T) {
	folder := t.TempDir()
	if _, err := profile.Setup(folder, remote, "", anchors(t, "one")); err != nil {
		t.Fatal(err)
	}
	if _, err := profile.Open(folder, empty); !errors.Is(err, profile.ErrNoAnchors) {
		t.Errorf("Open = %v", err)
	}
	if err := os.WriteFile(filepath.Join(folder, "profile.json"), []byte(`{"service":"https://varco.example","trust":1}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := profile.Open(folder, anchors(t, "one")); err == nil {
		t.Error("a member that nobody knows was passed over")
	}
}

func TestSessionAndMemory(t *testing.T) {
	folder := t.TempDir()
	p, err := profile.Setup(folder, local, anchors(t, "one"), empty)
	if err != nil {
		t.Fatal(err)
	}
	if s, err := p.Session(); err != nil || !s.Token.IsZero() {
		t.Errorf("nobody: %v, %v", s, err)
	}
	who := ids.NewPerson(constant{})
	until := time.Date(2026, time.November, 24, 18, 0, 0, 0, time.UTC)
	if err := p.Begin(profile.Session{Person: who, Token: secret.NewString("token"), Expires: until}); err != nil {
		t.Fatal(err)
	}
	s, err := p.Session()
	if err != nil || s.Person != who || s.Token.Reveal() != "token" || !s.Expires.Equal(until) {
		t.Errorf("Session = %v, %v", s, err)
	}
	keeper := p.Memory(who)
	want := client.Memory{Origin: "log.example", Person: who, Keyring: 3}
	if m, err := keeper.Load(t.Context()); err != nil || m.Person != "" {
		t.Errorf("before: %v, %v", m, err)
	}
	if err := keeper.Save(t.Context(), want); err != nil {
		t.Fatal(err)
	}
	got, err := keeper.Load(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("memory (-want +got):\n%s", diff)
	}
	if people, err := p.People(); err != nil || !cmp.Equal(people, []ids.Person{who}) {
		t.Errorf("People = %v, %v", people, err)
	}
	checkModes(t, folder)
	if err := p.End(); err != nil {
		t.Fatal(err)
	}
	if err := p.End(); err != nil {
		t.Errorf("ending twice: %v", err)
	}
	if s, err := p.Session(); err != nil || !s.Token.IsZero() {
		t.Errorf("after the end: %v, %v", s, err)
	}
}

// checkModes checks that nobody else reads what is below a folder, and that nothing
// half-written was left.
func checkModes(t *testing.T, folder string) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, d fs.DirEntry, err error) error {
		if err != nil || path == folder {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		want := fs.FileMode(0o600)
		if d.IsDir() {
			want = 0o700
		}
		if info.Mode().Perm() != want || filepath.Ext(path) != ".json" && !d.IsDir() {
			t.Errorf("%s has mode %v", path, info.Mode())
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func TestWriteFileWholeOrNot(t *testing.T) {
	path := filepath.Join(t.TempDir(), "file")
	broken := errors.New("broken")
	if err := profile.WriteFile(path, func(io.Writer) error { return broken }); !errors.Is(err, broken) {
		t.Errorf("WriteFile = %v", err)
	}
	if left, err := os.ReadDir(filepath.Dir(path)); err != nil || len(left) != 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestFolder(t *testing.T) {
	folder, err := profile.Folder(func(string) string { return "/x" })
	if err != nil || folder != "/x" {
		t.Errorf("Folder = %q, %v", folder, err)
	}
}

func TestForgedMemory(t *testing.T) {
	folder := t.TempDir()
	p, err := profile.Setup(folder, local, anchors(t, "one"), empty)
	if err != nil {
		t.Fatal(err)
	}
	who := ids.NewPerson(constant{})
	if err := os.WriteFile(filepath.Join(folder, "people", string(who)+".json"), []byte(`{"newer":1}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Memory(who).Load(t.Context()); fault.ClassOf(err) != fault.ClassForm {
		t.Errorf("a memory of another program: %v", err)
	}
}

// constant is a source of zeros.
type constant struct{}

func (constant) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

func FuzzSetup(f *testing.F) {
	for _, seed := range []string{anchors(f, "one"), empty, "", "origin = 1", "[root]\nroot = 1"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, given string) {
		p, err := profile.Setup(t.TempDir(), local, given, empty)
		if err == nil && (!p.Anchors.Demonstration || p.Anchors.Root == nil) {
			t.Errorf("Setup took %q for %+v", given, p.Anchors)
		}
	})
}
