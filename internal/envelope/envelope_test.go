package envelope_test

import (
	"bytes"
	"strings"
	"testing"

	"filippo.io/age"
	"filippo.io/age/armor"

	"varco/internal/envelope"
	"varco/internal/fault"
)

// classic hides from age that a recipient must stay alone, as another implementation might.
type classic struct{ age.Recipient }

func hybridRecipient(t testing.TB) *age.HybridRecipient {
	t.Helper()
	identity, err := age.GenerateHybridIdentity()
	if err != nil {
		t.Fatal(err)
	}
	return identity.Recipient()
}

func x25519Recipient(t testing.TB) age.Recipient {
	t.Helper()
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	return identity.Recipient()
}

func scryptRecipient(t testing.TB, work int) age.Recipient {
	t.Helper()
	recipient, err := age.NewScryptRecipient("abaco")
	if err != nil {
		t.Fatal(err)
	}
	recipient.SetWorkFactor(work)
	return recipient
}

// sealed is an age file of size bytes, padded or not.
func sealed(t testing.TB, size int, to ...age.Recipient) []byte {
	t.Helper()
	var file bytes.Buffer
	w, err := age.Encrypt(&file, to...)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(make([]byte, size)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

// greasy adds a stanza of an unknown type, as age's specification lets anybody do.
type greasy struct{ age.Recipient }

func (g greasy) Wrap(key []byte) ([]*age.Stanza, error) {
	stanzas, err := g.Recipient.Wrap(key)
	return append(stanzas, &age.Stanza{Type: "x-grease", Args: []string{"a"}, Body: []byte("b")}), err
}

// bent changes the stanza that age makes.
type bent struct {
	age.Recipient
	bend func(*age.Stanza)
}

func (b bent) Wrap(key []byte) ([]*age.Stanza, error) {
	stanzas, err := b.Recipient.Wrap(key)
	for _, s := range stanzas {
		b.bend(s)
	}
	return stanzas, err
}

func TestSealedSize(t *testing.T) {
	to := hybridRecipient(t)
	for _, size := range []int{0, 1, 1024, 65535, 65536, 65537, 131072, 131073, envelope.MaxBody} {
		if got, want := envelope.SealedSize(int64(size)), int64(len(sealed(t, size, to))); got != want {
			t.Errorf("SealedSize(%d) = %d, want %d", size, got, want)
		}
	}
}

func TestCheckAccepts(t *testing.T) {
	to := hybridRecipient(t)
	for _, data := range []int{0, 1016, 1017, 65528, 65529, 131064, 131065, envelope.MaxBody - 8} {
		if err := envelope.Check(sealed(t, envelope.Padded(data), to)); err != nil {
			t.Errorf("%d bytes of data: %v", data, err)
		}
	}
	if err := envelope.CheckGrant(sealed(t, envelope.GrantSize, to)); err != nil {
		t.Errorf("grant: %v", err)
	}
	if err := envelope.CheckKeyring(sealed(t, envelope.MaxKeyring, to)); err != nil {
		t.Errorf("keyring: %v", err)
	}
}

func TestCheckRefuses(t *testing.T) {
	to := hybridRecipient(t)
	good := sealed(t, 1024, to)
	two := sealed(t, 131072, to)
	header := good[:envelope.SealedSize(1024)-1024-16-16]
	replace := func(old, new string) []byte {
		if !bytes.Contains(good, []byte(old)) {
			t.Fatalf("nothing to replace: %q", old)
		}
		return bytes.Replace(good, []byte(old), []byte(new), 1)
	}
	for name, file := range map[string][]byte{
		"empty":                   nil,
		"text":                    []byte("ciao"),
		"X25519":                  sealed(t, 1024, x25519Recipient(t)),
		"scrypt":                  sealed(t, 1024, scryptRecipient(t, 1)),
		"P-256":                   sealed(t, 1024, bent{to, func(s *age.Stanza) { s.Type = "mlkem768p256tag" }}),
		"two hybrid":              sealed(t, 1024, to, hybridRecipient(t)),
		"the same twice":          sealed(t, 1024, to, to),
		"hybrid and X25519":       sealed(t, 1024, classic{to}, x25519Recipient(t)),
		"X25519 and hybrid":       sealed(t, 1024, x25519Recipient(t), classic{to}),
		"grease":                  sealed(t, 1024, greasy{to}),
		"two arguments":           sealed(t, 1024, bent{to, func(s *age.Stanza) { s.Args = append(s.Args, "x") }}),
		"no argument":             sealed(t, 1024, bent{to, func(s *age.Stanza) { s.Args = nil }}),
		"short share":             sealed(t, 1024, bent{to, func(s *age.Stanza) { s.Args[0] = s.Args[0][4:] }}),
		"other spelling of share": sealed(t, 1024, bent{to, func(s *age.Stanza) { s.Args[0] = lax(s.Args[0]) }}),
		"long body":               sealed(t, 1024, bent{to, func(s *age.Stanza) { s.Body = append(s.Body, 0) }}),
		"plugin type":             sealed(t, 1024, bent{to, func(s *age.Stanza) { s.Type = "mlkem768x25519x" }}),
		"armored":                 armored(t, good),
		"before":                  append([]byte("\n"), good...),
		"byte order mark":         append([]byte("\xef\xbb\xbf"), good...),
		"after":                   append(bytes.Clone(good), 0),
		"another file after":      append(bytes.Clone(good), good...),
		"cut by one":              good[:len(good)-1],
		"cut before the tag":      good[:len(good)-16],
		"header only":             header,
		"header and nonce":        good[:len(header)+16],
		"one empty chunk":         good[:len(header)+32],
		"cut inside the header":   header[:len(header)-1],
		"cut by a chunk":          two[:len(two)-65536],
		"an empty last chunk":     append(bytes.Clone(two), make([]byte, 16)...),
		"not padded":              sealed(t, 1025, to),
		"under the floor":         sealed(t, 1023, to),
		"half the floor":          sealed(t, 512, to),
		"not a size of Padmé":     sealed(t, 66560-1, to),
		"CRLF":                    bytes.ReplaceAll(good, []byte("\n"), []byte("\r\n")),
		"CR in the intro":         replace("v1\n", "v1\r\n"),
		"version 2":               replace("org/v1", "org/v2"),
		"double space":            replace("-> ", "->  "),
		"space at the end":        replace("\n--- ", " \n--- "),
		"long MAC":                replace("\n--- ", "\n--- A"),
		"padded MAC":              replace(string(header[len(header)-44:]), string(header[len(header)-44:len(header)-1])+"=\n"),
	} {
		if err := envelope.Check(file); fault.ClassOf(err) != fault.ClassEnvelope {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestCheckLimits(t *testing.T) {
	to := hybridRecipient(t)
	over := sealed(t, envelope.Padded(envelope.MaxBody-7), to)
	for name, err := range map[string]error{
		"body":           envelope.Check(over),
		"grant":          envelope.CheckGrant(sealed(t, 1088, to)),
		"keyring":        envelope.CheckKeyring(sealed(t, envelope.Padded(envelope.MaxKeyring-7), to)),
		"no age file":    envelope.Check(make([]byte, 2<<20)),
		"a huge stanza":  envelope.Check([]byte("age-encryption.org/v1\n-> " + strings.Repeat("a", 2<<20))),
		"many stanzas":   envelope.Check([]byte("age-encryption.org/v1\n" + strings.Repeat("-> a\n\n", 1<<19))),
		"grant a body":   envelope.CheckGrant(over),
		"keyring a body": envelope.CheckKeyring(over),
	} {
		if fault.ClassOf(err) != fault.ClassSize {
			t.Errorf("%s: %v", name, err)
		}
	}
	// As many stanzas as fit: refused as an envelope, and soon.
	many := "age-encryption.org/v1\n" + strings.Repeat("-> a\n\n", 150_000) + "--- " + strings.Repeat("A", 43) + "\n"
	if err := envelope.Check([]byte(many)); fault.ClassOf(err) != fault.ClassEnvelope {
		t.Errorf("many stanzas: %v", err)
	}
}

func TestPhraseWork(t *testing.T) {
	for _, work := range []int{1, 9, 10} {
		got, err := envelope.PhraseWork(sealed(t, envelope.LockSize, scryptRecipient(t, work)))
		if err != nil || got != work {
			t.Errorf("PhraseWork = %d, %v, want %d", got, err, work)
		}
	}
	to := scryptRecipient(t, 1)
	good := sealed(t, envelope.LockSize, to)
	work := func(text string) []byte {
		return sealed(t, envelope.LockSize, bent{classic{to}, func(s *age.Stanza) { s.Args[1] = text }})
	}
	if got, err := envelope.PhraseWork(work("99")); err != nil || got != 99 {
		t.Errorf("PhraseWork = %d, %v, want 99", got, err) // whether it is too much is the opener's to say
	}
	for name, file := range map[string][]byte{
		"empty":           nil,
		"hybrid":          sealed(t, envelope.LockSize, hybridRecipient(t)),
		"X25519":          sealed(t, envelope.LockSize, x25519Recipient(t)),
		"two":             sealed(t, envelope.LockSize, classic{to}, classic{to}),
		"scrypt and more": sealed(t, envelope.LockSize, classic{to}, x25519Recipient(t)),
		"grease":          sealed(t, envelope.LockSize, greasy{classic{to}}),
		"no work":         sealed(t, envelope.LockSize, bent{classic{to}, func(s *age.Stanza) { s.Args = s.Args[:1] }}),
		"short salt":      sealed(t, envelope.LockSize, bent{classic{to}, func(s *age.Stanza) { s.Args[0] = s.Args[0][4:] }}),
		"long body":       sealed(t, envelope.LockSize, bent{classic{to}, func(s *age.Stanza) { s.Body = append(s.Body, 0) }}),
		"work 0":          work("0"),
		"work 01":         work("01"),
		"work +1":         work("+1"),
		"work -1":         work("-1"),
		"work 0x12":       work("0x12"),
		"a long number":   work("18446744073709551634"),
		"armored":         armored(t, good),
		"after":           append(bytes.Clone(good), 0),
		"cut":             good[:len(good)-1],
		"not padded":      sealed(t, 300, to),
		"larger":          sealed(t, 1088, to),
		"much larger":     sealed(t, 1<<20, to),
	} {
		if got, err := envelope.PhraseWork(file); fault.ClassOf(err) != fault.ClassLock {
			t.Errorf("%s: %d, %v", name, got, err)
		}
	}
}

// What is accepted is a file that stock age reads the same way, of a size that we give.
func FuzzCheck(f *testing.F) {
	to := hybridRecipient(f)
	f.Add(sealed(f, 1024, to))
	f.Add(sealed(f, 1088, to))
	f.Add(sealed(f, 1024, to, to))
	f.Add(sealed(f, 1024, x25519Recipient(f)))
	f.Add(sealed(f, 1024, scryptRecipient(f, 1)))
	f.Fuzz(func(t *testing.T, file []byte) {
		err := envelope.Check(file)
		if err != nil && (envelope.CheckGrant(file) == nil || envelope.CheckKeyring(file) == nil) {
			t.Fatal("a grant or keyring, and no body")
		}
		_, lockErr := envelope.PhraseWork(file)
		if err == nil && envelope.CheckBlob(file, int64(len(file))) != nil {
			t.Fatal("a body, and not an attachment of the same size")
		}
		if err == nil && lockErr == nil {
			t.Fatal("both a body and a phrase lock")
		}
		if err != nil {
			if c := fault.ClassOf(err); c != fault.ClassEnvelope && c != fault.ClassSize {
				t.Fatalf("class %q", c)
			}
			return
		}
		if !bytes.HasPrefix(file, []byte("age-encryption.org/v1\n-> mlkem768x25519 ")) ||
			bytes.Count(file[:1627], []byte("-> ")) != 1 || file[1626] != '\n' {
			t.Fatalf("accepted %q", file)
		}
	})
}

// armored is the text form of an age file.
func armored(t testing.TB, file []byte) []byte {
	t.Helper()
	var text bytes.Buffer
	w := armor.NewWriter(&text)
	if _, err := w.Write(file); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return text.Bytes()
}

// lax sets a bit that base64 leaves unused at the end.
func lax(s string) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	last := strings.IndexByte(alphabet, s[len(s)-1])
	return s[:len(s)-1] + string(alphabet[last|1])
}

// What is taken for a passkey's lock has the one size of locks, and is no phrase's.
func FuzzPasskeyLock(f *testing.F) {
	to := hybridRecipient(f)
	f.Add(sealed(f, 1024, to), make([]byte, 16), make([]byte, 32))
	f.Add(sealed(f, 1088, to), make([]byte, 16), make([]byte, 32))
	f.Add(sealed(f, 1024, to), make([]byte, 1024), make([]byte, 31))
	f.Add(sealed(f, 1024, scryptRecipient(f, 1)), []byte{}, []byte{})
	f.Fuzz(func(t *testing.T, file, credential, salt []byte) {
		err := envelope.CheckPasskeyLock(file, credential, salt)
		if err != nil {
			if c := fault.ClassOf(err); c != fault.ClassLock {
				t.Fatalf("class %q", c)
			}
			return
		}
		if envelope.CheckPasskey(credential, salt) != nil || int64(len(file)) != envelope.SealedSize(envelope.LockSize) {
			t.Fatalf("%d bytes, a credential of %d, a salt of %d", len(file), len(credential), len(salt))
		}
		if _, err := envelope.PhraseWork(file); err == nil {
			t.Fatal("both a passkey's lock and a phrase's")
		}
	})
}
