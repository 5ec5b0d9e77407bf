package hybrid_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"filippo.io/age"

	"varco/internal/envelope"
	"varco/internal/fault"
	"varco/internal/hybrid"
	"varco/internal/secret"
)

func newIdentity(t testing.TB) hybrid.Identity {
	t.Helper()
	i, err := hybrid.NewIdentity()
	if err != nil {
		t.Fatal(err)
	}
	return i
}

func TestSealOpen(t *testing.T) {
	i := newIdentity(t)
	for _, n := range []int{0, 1, 1016, 1017, 65528, 65529, 300_000, envelope.MaxBody - 8} {
		data := bytes.Repeat([]byte{'x'}, n)
		file, err := hybrid.Seal(i.Recipient(), data, envelope.MaxBody)
		if err != nil {
			t.Fatal(err)
		}
		if want := envelope.SealedSize(int64(envelope.Padded(n))); int64(len(file)) != want {
			t.Errorf("%d bytes were sealed in %d, want %d", n, len(file), want)
		}
		got, err := i.Open(file)
		if err != nil || !bytes.Equal(got, data) {
			t.Errorf("%d bytes came back as %d, %v", n, len(got), err)
		}
	}
}

func TestParseIdentity(t *testing.T) {
	i := newIdentity(t)
	again, err := hybrid.ParseIdentity(secret.NewString(i.Reveal()))
	if err != nil || again.Recipient() != i.Recipient() || again.Reveal() != i.Reveal() {
		t.Fatalf("%v", err)
	}
	old, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"empty":       "",
		"lower case":  strings.ToLower(i.Reveal()),
		"mixed case":  i.Reveal()[:30] + strings.ToLower(i.Reveal()[30:]),
		"space":       i.Reveal() + " ",
		"line end":    i.Reveal() + "\n",
		"changed":     i.Reveal()[:40] + swap(i.Reveal()[40]) + i.Reveal()[41:],
		"X25519":      old.String(),
		"a recipient": i.Recipient(),
	} {
		_, err := hybrid.ParseIdentity(secret.NewString(text))
		if fault.ClassOf(err) != fault.ClassKey {
			t.Errorf("%s: %v", name, err)
		}
		if text != "" && strings.Contains(fmt.Sprint(err), text[:20]) {
			t.Errorf("%s: the error quotes the key: %v", name, err)
		}
	}
}

func swap(c byte) string {
	if c == 'Q' {
		return "P"
	}
	return "Q"
}

func TestNothingPrints(t *testing.T) {
	i := newIdentity(t)
	var out bytes.Buffer
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		fmt.Fprintf(&out, verb, i)
		fmt.Fprintf(&out, verb, &i)
		fmt.Fprintf(&out, verb, struct{ I hybrid.Identity }{i})
		fmt.Fprintf(&out, verb, struct{ i hybrid.Identity }{i})
		fmt.Fprintf(&out, verb, []any{&struct{ i *hybrid.Identity }{&i}})
	}
	doc, err := json.Marshal(i)
	if err != nil {
		t.Fatal(err)
	}
	out.Write(doc)
	slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "i", i)
	slog.New(slog.NewTextHandler(&out, nil)).Info("x", "i", i)
	text := i.Reveal()[20:]
	for _, canary := range []string{text, fmt.Sprintf("%x", text), fmt.Sprintf("%d", []byte(text[:4]))} {
		if strings.Contains(out.String(), canary) {
			t.Fatalf("the private key was printed: %s", out.String())
		}
	}
	if i.String() != "[secret]" || i.IsZero() || !(hybrid.Identity{}).IsZero() {
		t.Error("the identity doesn't say what it is")
	}
}

func TestSealRefuses(t *testing.T) {
	i := newIdentity(t)
	x25519, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	for name, tt := range map[string]struct {
		recipient string
		size      int
		want      fault.Class
	}{
		"none":       {"", 1, fault.ClassKey},
		"X25519":     {x25519.Recipient().String(), 1, fault.ClassKey},
		"over limit": {i.Recipient(), 1017, fault.ClassSize},
	} {
		if _, err := hybrid.Seal(tt.recipient, make([]byte, tt.size), 1024); fault.ClassOf(err) != tt.want {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestOpenRefuses(t *testing.T) {
	i := newIdentity(t)
	file, err := hybrid.Seal(i.Recipient(), bytes.Repeat([]byte("x"), 200_000), envelope.MaxBody)
	if err != nil {
		t.Fatal(err)
	}
	const header, chunk = 1627 + 16, 64<<10 + 16
	flip := func(at int) []byte {
		b := bytes.Clone(file)
		b[at] ^= 1
		return b
	}
	exchanged := bytes.Clone(file)
	copy(exchanged[header:], file[header+chunk:header+2*chunk])
	copy(exchanged[header+chunk:], file[header:header+chunk])
	twice := bytes.Clone(file)
	copy(twice[header+chunk:], file[header:header+chunk])
	// Two whole chunks are a size that padding gives, so only opening tells that some are missing.
	short := file[:header+2*chunk]
	if err := envelope.Check(short); err != nil {
		t.Fatalf("the test cuts at a wrong place: %v", err)
	}
	for name, b := range map[string][]byte{
		"first chunk":        flip(header),
		"last chunk":         flip(len(file) - 20),
		"last tag":           flip(len(file) - 1),
		"nonce":              flip(header - 1),
		"MAC":                flip(1627 - 10),
		"cut by chunks":      short,
		"chunks exchanged":   exchanged,
		"a chunk twice":      twice,
		"not for the sealed": []byte("ciao"),
	} {
		got, err := i.Open(b)
		if fault.ClassOf(err) != fault.ClassEnvelope || got != nil {
			t.Errorf("%s: %d bytes, %v", name, len(got), err)
		}
	}
	for name, b := range map[string][]byte{"the share": flip(100), "the file key": flip(1570)} {
		if got, err := i.Open(b); !errors.Is(err, hybrid.ErrOther) && fault.ClassOf(err) != fault.ClassEnvelope || got != nil {
			t.Errorf("%s: %d bytes, %v", name, len(got), err)
		}
	}
	for name, other := range map[string]hybrid.Identity{"another": newIdentity(t), "none": {}} {
		if got, err := other.Open(file); !errors.Is(err, hybrid.ErrOther) || got != nil {
			t.Errorf("%s identity: %d bytes, %v", name, len(got), err)
		}
	}
}

// Any plaintext that somebody else sealed to us either has the one padding or is refused.
func FuzzOpen(f *testing.F) {
	i := newIdentity(f)
	to, err := age.ParseHybridRecipient(i.Recipient())
	if err != nil {
		f.Fatal(err)
	}
	padded, err := envelope.Pad([]byte("ciao"), envelope.MaxBody)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(padded)
	f.Add(make([]byte, 1024))
	f.Add(make([]byte, 1088))
	f.Fuzz(func(t *testing.T, plain []byte) {
		var file bytes.Buffer
		w, err := age.Encrypt(&file, to)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write(plain); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		data, err := i.Open(file.Bytes())
		var streamed bytes.Buffer
		if _, other := i.OpenTo(&streamed, bytes.NewReader(file.Bytes()), int64(file.Len())); (err == nil) != (other == nil) {
			t.Fatalf("%x: Open says %v, OpenTo %v", plain, err, other)
		}
		if err != nil {
			return
		}
		if !bytes.Equal(streamed.Bytes(), data) {
			t.Fatalf("%x was opened as %x and as %x", plain, data, streamed.Bytes())
		}
		again, err := envelope.Pad(data, len(plain))
		if err != nil || !bytes.Equal(again, plain) {
			t.Fatalf("%x was opened as %x", plain, data)
		}
	})
}

// A private key has one spelling, and a refusal doesn't repeat it.
func FuzzParseIdentity(f *testing.F) {
	good := newIdentity(f).Reveal()
	f.Add(good)
	f.Add(strings.ToLower(good))
	f.Add(good[:len(good)-1])
	f.Fuzz(func(t *testing.T, text string) {
		i, err := hybrid.ParseIdentity(secret.NewString(text))
		if err != nil {
			if fault.ClassOf(err) != fault.ClassKey || len(text) > 40 && strings.Contains(err.Error(), text) {
				t.Fatalf("refused: %v", err)
			}
			return
		}
		if i.Reveal() != text {
			t.Fatal("an identity is printed differently")
		}
	})
}
