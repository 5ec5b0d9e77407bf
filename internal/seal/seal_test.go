package seal_test

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"strings"
	"testing"

	"filippo.io/age"

	"varco/internal/envelope"
	"varco/internal/fault"
	"varco/internal/hybrid"
	"varco/internal/ids"
	"varco/internal/note"
	"varco/internal/seal"
	"varco/internal/secret"
)

func newEpoch(t testing.TB) seal.Epoch {
	t.Helper()
	e, err := seal.NewEpoch()
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func newIdentity(t testing.TB) hybrid.Identity {
	t.Helper()
	i, err := hybrid.NewIdentity()
	if err != nil {
		t.Fatal(err)
	}
	return i
}

func newBinding() seal.Binding {
	return seal.Binding{Thread: ids.NewThread(rand.Reader), Entry: ids.NewEntry(rand.Reader), Epoch: 3,
		Author: ids.NewPerson(rand.Reader), Kind: "message"}
}

func newGrantBinding() seal.GrantBinding {
	return seal.GrantBinding{Thread: ids.NewThread(rand.Reader), Epoch: 3, Card: note.Sum([]byte("a card"))}
}

// raw seals plain as it is, to any recipients.
func raw(t testing.TB, plain []byte, to ...age.Recipient) []byte {
	t.Helper()
	var file bytes.Buffer
	w, err := age.Encrypt(&file, to...)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(plain); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

func parsed(t testing.TB, recipient string) age.Recipient {
	t.Helper()
	r, err := age.ParseHybridRecipient(recipient)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func padded(t testing.TB, plain string) []byte {
	t.Helper()
	b, err := envelope.Pad([]byte(plain), 2*envelope.MaxBody)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestBody(t *testing.T) {
	e, b := newEpoch(t), newBinding()
	for _, content := range []string{"", "\n", "\n\n", "Buongiorno, è qui?", "varco/v1 body\n", strings.Repeat("x", 100_000),
		"\x00\xff"} {
		file, err := seal.Body(e.Recipient(), b, []byte(content))
		if err != nil {
			t.Fatal(err)
		}
		if err := envelope.Check(file); err != nil {
			t.Errorf("the service would not take it: %v", err)
		}
		got, err := seal.OpenBody(e, b, file)
		if err != nil || string(got) != content {
			t.Errorf("%.20q came back as %.20q, %v", content, got, err)
		}
	}
}

// What is inside is what docs/protocol.md says, so that stock age is enough to read it.
func TestBodyForm(t *testing.T) {
	e, b := newEpoch(t), newBinding()
	file, err := seal.Body(e.Recipient(), b, []byte("ciao"))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := e.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	want := fmt.Sprintf("varco/v1 body\nthread %s\nentry %s\nepoch 3\nauthor %s\nkind message\n\nciao", b.Thread, b.Entry,
		b.Author)
	if string(plain) != want {
		t.Errorf("got %q, want %q", plain, want)
	}
}

func TestBodyLimit(t *testing.T) {
	e, b := newEpoch(t), newBinding()
	file, err := seal.Body(e.Recipient(), b, nil)
	if err != nil {
		t.Fatal(err)
	}
	plain, err := e.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	most := envelope.MaxBody - 8 - len(plain)
	if _, err := seal.Body(e.Recipient(), b, make([]byte, most)); err != nil {
		t.Errorf("%d bytes: %v", most, err)
	}
	if _, err := seal.Body(e.Recipient(), b, make([]byte, most+1)); fault.ClassOf(err) != fault.ClassSize {
		t.Errorf("%d bytes: %v", most+1, err)
	}
	over := raw(t, padded(t, strings.Repeat("x", envelope.MaxBody)), parsed(t, e.Recipient()))
	if got, err := seal.OpenBody(e, b, over); fault.ClassOf(err) != fault.ClassSize || got != nil {
		t.Errorf("opening over the limit: %d bytes, %v", len(got), err)
	}
}

func TestBindingsThatNoHeaderHas(t *testing.T) {
	e := newEpoch(t)
	for name, change := range map[string]func(*seal.Binding){
		"no thread":    func(b *seal.Binding) { b.Thread = "" },
		"thread":       func(b *seal.Binding) { b.Thread += "\n" },
		"no entry":     func(b *seal.Binding) { b.Entry = "" },
		"entry":        func(b *seal.Binding) { b.Entry = ids.Entry(b.Thread) },
		"no author":    func(b *seal.Binding) { b.Author = "" },
		"epoch 0":      func(b *seal.Binding) { b.Epoch = 0 },
		"epoch -1":     func(b *seal.Binding) { b.Epoch = -1 },
		"no kind":      func(b *seal.Binding) { b.Kind = "" },
		"long kind":    func(b *seal.Binding) { b.Kind = strings.Repeat("a", seal.MaxKind+1) },
		"kind of two":  func(b *seal.Binding) { b.Kind = "message\n\nx" },
		"kind of case": func(b *seal.Binding) { b.Kind = "Message" },
	} {
		b := newBinding()
		change(&b)
		if _, err := seal.Body(e.Recipient(), b, nil); fault.ClassOf(err) != fault.ClassForm {
			t.Errorf("%s: sealing: %v", name, err)
		}
		if _, err := seal.OpenBody(e, b, nil); fault.ClassOf(err) != fault.ClassForm {
			t.Errorf("%s: opening: %v", name, err)
		}
	}
	for name, change := range map[string]func(*seal.GrantBinding){
		"no thread": func(g *seal.GrantBinding) { g.Thread = "" },
		"epoch 0":   func(g *seal.GrantBinding) { g.Epoch = 0 },
		"no card":   func(g *seal.GrantBinding) { g.Card = note.Hash{} },
	} {
		g := newGrantBinding()
		change(&g)
		if _, err := seal.Grant(e.Recipient(), g, e); fault.ClassOf(err) != fault.ClassForm {
			t.Errorf("%s: granting: %v", name, err)
		}
		if _, err := seal.OpenGrant(e.Identity, g, e.Recipient(), nil); fault.ClassOf(err) != fault.ClassForm {
			t.Errorf("%s: opening a grant: %v", name, err)
		}
	}
}

// A message names the line, so that a person can be told what was exchanged.
func TestBindingNamesTheLine(t *testing.T) {
	e, b := newEpoch(t), newBinding()
	file, err := seal.Body(e.Recipient(), b, nil)
	if err != nil {
		t.Fatal(err)
	}
	for key, change := range map[string]func(*seal.Binding){
		"thread": func(b *seal.Binding) { b.Thread = ids.NewThread(rand.Reader) },
		"entry":  func(b *seal.Binding) { b.Entry = ids.NewEntry(rand.Reader) },
		"epoch":  func(b *seal.Binding) { b.Epoch = 33 },
		"author": func(b *seal.Binding) { b.Author = ids.NewPerson(rand.Reader) },
		"kind":   func(b *seal.Binding) { b.Kind = "messag" },
	} {
		other := b
		change(&other)
		_, err := seal.OpenBody(e, other, file)
		if fault.ClassOf(err) != fault.ClassBinding || !strings.Contains(err.Error(), `"`+key+`"`) {
			t.Errorf("%s: %v", key, err)
		}
	}
}

func TestGrant(t *testing.T) {
	e, g, member := newEpoch(t), newGrantBinding(), newIdentity(t)
	file, err := seal.Grant(member.Recipient(), g, e)
	if err != nil {
		t.Fatal(err)
	}
	if err := envelope.CheckGrant(file); err != nil {
		t.Errorf("the service would not take it: %v", err)
	}
	got, err := seal.OpenGrant(member, g, e.Recipient(), file)
	if err != nil || got.Reveal() != e.Reveal() {
		t.Fatalf("%v", err)
	}
	plain, err := member.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	want := fmt.Sprintf("varco/v1 grant\nthread %s\nepoch 3\ncard %s\nidentity %s\n", g.Thread, g.Card, e.Reveal())
	if string(plain) != want {
		t.Error("what is inside is not what docs/protocol.md says")
	}
	if _, err := seal.Grant(member.Recipient(), g, seal.Epoch{}); fault.KindOf(err) != fault.Internal {
		t.Errorf("no epoch: %v", err)
	}
}

// All of Body, Grant and NewEpoch refuse a recipient that nobody can open.
func TestRecipientIsChecked(t *testing.T) {
	e := newEpoch(t)
	if _, err := seal.Body(e.Recipient()+"x", newBinding(), nil); fault.ClassOf(err) != fault.ClassKey {
		t.Errorf("body: %v", err)
	}
	if _, err := seal.Grant("age1", newGrantBinding(), e); fault.ClassOf(err) != fault.ClassKey {
		t.Errorf("grant: %v", err)
	}
}

func TestParseEpoch(t *testing.T) {
	e := newEpoch(t)
	again, err := seal.ParseEpoch(secret.NewString(e.Reveal()))
	if err != nil || again.Recipient() != e.Recipient() {
		t.Errorf("%v", err)
	}
	if _, err := seal.ParseEpoch(secret.NewString("x")); fault.ClassOf(err) != fault.ClassKey {
		t.Errorf("%v", err)
	}
	if s := fmt.Sprintf("%v %+v %#v %s", e, e, &e, struct{ E seal.Epoch }{e}); strings.Contains(s, e.Reveal()[20:]) {
		t.Error("the epoch printed itself")
	}
}

// Whatever plaintext a member seals: it is refused, or it is the one spelling of a body.
func FuzzOpenBody(f *testing.F) {
	e, b := newEpoch(f), newBinding()
	to := parsed(f, e.Recipient())
	file, err := seal.Body(e.Recipient(), b, []byte("ciao"))
	if err != nil {
		f.Fatal(err)
	}
	plain, err := e.Open(file)
	if err != nil {
		f.Fatal(err)
	}
	head := strings.TrimSuffix(string(plain), "ciao")
	f.Add(plain)
	f.Add([]byte(head))
	f.Add([]byte(strings.TrimSuffix(head, "\n")))
	f.Add([]byte(strings.ReplaceAll(head, "\n", "\r\n")))
	f.Fuzz(func(t *testing.T, plain []byte) {
		got, err := seal.OpenBody(e, b, raw(t, padded(t, string(plain)), to))
		if err != nil {
			if c := fault.ClassOf(err); c != fault.ClassBinding && c != fault.ClassSize {
				t.Fatalf("class %q", c)
			}
			return
		}
		if head+string(got) != string(plain) {
			t.Fatalf("%q was opened as %q", plain, got)
		}
	})
}

// Whatever plaintext a member seals: it is refused, or it is the one spelling of a grant.
func FuzzOpenGrant(f *testing.F) {
	e, g, member := newEpoch(f), newGrantBinding(), newIdentity(f)
	to := parsed(f, member.Recipient())
	file, err := seal.Grant(member.Recipient(), g, e)
	if err != nil {
		f.Fatal(err)
	}
	want, err := member.Open(file)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(want)
	f.Add(append(bytes.Clone(want), '\n'))
	f.Add(bytes.TrimSuffix(want, []byte("\n")))
	f.Add(bytes.Replace(want, []byte("AGE-SECRET"), []byte("age-secret"), 1))
	f.Fuzz(func(t *testing.T, plain []byte) {
		_, err := seal.OpenGrant(member, g, e.Recipient(), raw(t, padded(t, string(plain)), to))
		if err != nil {
			if c := fault.ClassOf(err); c != fault.ClassBinding && c != fault.ClassGrant && c != fault.ClassSize {
				t.Fatalf("class %q", c)
			}
			return
		}
		if !bytes.Equal(plain, want) {
			t.Fatalf("%q was accepted", plain)
		}
	})
}
