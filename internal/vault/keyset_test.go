package vault_test

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"filippo.io/age"

	"varco/internal/fault"
	"varco/internal/secret"
	"varco/internal/vault"
)

func TestCredential(t *testing.T) {
	k := create(t)
	if !strings.HasPrefix(k.identity.Reveal(), "AGE-SECRET-KEY-PQ-1") || !strings.HasPrefix(k.recipient, "age1pq1") {
		t.Fatalf("NewCredential = %.20q…, %.10q…, want a post-quantum one", k.identity.Reveal(), k.recipient)
	}
	v := open(t, k)
	sealed := seal(t, v, []byte(canary))
	k.identity = secret.NewString("\n " + k.identity.Reveal() + "\r\n")
	wantOpens(t, open(t, k), sealed, []byte(canary))
}

func TestCreateRefuses(t *testing.T) {
	classic, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	k := create(t)
	for name, recipient := range map[string]string{
		"nothing": "", "classic": classic.Recipient().String(), "cut": k.recipient[:100],
		// Somebody mistakes one half of the credential for the other.
		"identity": k.identity.Reveal(), "mistyped identity": k.identity.Reveal()[1:],
	} {
		t.Run(name, func(t *testing.T) {
			file, err := vault.Create(recipient)
			if fault.KindOf(err) != fault.Invalid || file != nil {
				t.Fatalf("Create = %d bytes, %v", len(file), err)
			}
			wantNoSecret(t, err, recipient)
		})
	}
}

// wantNoSecret looks for words that are long enough to be a key: an error may say which form it expected.
func wantNoSecret(t *testing.T, err error, text string) {
	t.Helper()
	for word := range strings.FieldsSeq(text) {
		if len(word) > 40 && strings.Contains(err.Error(), word[20:30]) {
			t.Errorf("the error repeats what it was given: %v", err)
		}
	}
}

func TestOpenRefusesCredential(t *testing.T) {
	k, other := create(t), create(t)
	classic, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	for name, identity := range map[string]string{
		"nothing": "", "another": other.identity.Reveal(), "classic": classic.String(), "recipient": k.recipient,
		"cut": k.identity.Reveal()[:60], "two": k.identity.Reveal() + "\n" + other.identity.Reveal(),
		"mistyped": k.identity.Reveal()[:30] + "!" + k.identity.Reveal()[31:],
	} {
		t.Run(name, func(t *testing.T) {
			v, err := vault.Open(k.file, secret.NewString(identity))
			if fault.KindOf(err) != fault.Invalid || v != nil {
				t.Fatalf("Open: %v", err)
			}
			wantNoSecret(t, err, identity)
			if file, err := vault.Rotate(k.file, secret.NewString(identity)); err == nil || file != nil {
				t.Fatalf("Rotate: %v", err)
			}
		})
	}
}

// plain wraps a recipient so that age mixes it with classic ones, as other programs may.
type plain struct{ age.Recipient }

// sealFile makes an age file that is well formed by age's own rules.
func sealFile(t testing.TB, text string, to ...age.Recipient) []byte {
	t.Helper()
	var file bytes.Buffer
	w, err := age.Encrypt(&file, to...)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

// unseal opens a key-set file as stock age does.
func unseal(t testing.TB, k keyset) string {
	t.Helper()
	identity, err := age.ParseHybridIdentity(k.identity.Reveal())
	if err != nil {
		t.Fatal(err)
	}
	r, err := age.Decrypt(bytes.NewReader(k.file), identity)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func TestOpenRefusesFile(t *testing.T) {
	k := create(t)
	to, err := age.ParseHybridRecipient(k.recipient)
	if err != nil {
		t.Fatal(err)
	}
	classic, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	text := unseal(t, k)
	lines := strings.SplitAfter(text, "\n")
	columns, lookups := strings.Fields(lines[1])[1], strings.Fields(lines[2])[1]
	form := func(columns, lookups string) []byte {
		return sealFile(t, "varco/v1 keyset\ncolumns "+columns+"\nlookups "+lookups+"\n", to)
	}
	for name, test := range map[string]struct {
		file  []byte
		class fault.Class
	}{
		"empty":           {nil, fault.ClassEnvelope},
		"no age file":     {[]byte(text), fault.ClassEnvelope},
		"cut":             {k.file[:len(k.file)-1], fault.ClassEnvelope},
		"longer":          {append(bytes.Clone(k.file), 0), fault.ClassEnvelope},
		"changed":         {change(k.file, len(k.file)-1), fault.ClassEnvelope},
		"over the limit":  {append(bytes.Clone(k.file), make([]byte, vault.MaxFileBytes)...), fault.ClassSize},
		"also classic":    {sealFile(t, text, plain{to}, classic.Recipient()), fault.ClassEnvelope},
		"two recipients":  {sealFile(t, text, to, to), fault.ClassEnvelope},
		"nothing inside":  {sealFile(t, "", to), fault.ClassForm},
		"another kind":    {sealFile(t, strings.Replace(text, "keyset", "keyring", 1), to), fault.ClassForm},
		"line missing":    {sealFile(t, lines[0]+lines[1], to), fault.ClassForm},
		"lines reordered": {sealFile(t, lines[0]+lines[2]+lines[1], to), fault.ClassForm},
		"line twice":      {sealFile(t, text+lines[1], to), fault.ClassForm},
		"line more":       {sealFile(t, text+"more 1\n", to), fault.ClassForm},
		"no base64":       {form("!", lookups), fault.ClassForm},
		"line end inside": {form(columns[:4]+"\r"+columns[4:], lookups), fault.ClassForm},
		"no key set":      {form("AAAA", lookups), ""},
		"keys exchanged":  {form(lookups, columns), ""},
	} {
		t.Run(name, func(t *testing.T) {
			v, err := vault.Open(test.file, k.identity)
			if err == nil || v != nil || fault.ClassOf(err) != test.class {
				t.Fatalf("Open: class %q (%v), want %q", fault.ClassOf(err), err, test.class)
			}
			wantNoSecret(t, err, columns)
		})
	}
	if v, err := vault.Open(sealFile(t, text, to), k.identity); err != nil || v.Fingerprint() != open(t, k).Fingerprint() {
		t.Fatalf("Open of the same text sealed again: %v", err)
	}
}

func change(b []byte, i int) []byte {
	changed := bytes.Clone(b)
	changed[i] ^= 1
	return changed
}

func TestRotate(t *testing.T) {
	k := create(t)
	old := open(t, k)
	lookup, fingerprint := old.Lookup(column, canary), old.Fingerprint()
	history := [][]byte{seal(t, old, []byte(canary))}
	for range 5 {
		before := k
		file, err := vault.Rotate(k.file, k.identity)
		if err != nil {
			t.Fatal(err)
		}
		k.file = file
		v := open(t, k)
		if newest := open(t, k).Newest(); newest != v.Newest() || newest == open(t, before).Newest() {
			t.Fatal("the number of the newest key is not the rotated key set's own")
		}
		history = append(history, seal(t, v, []byte(canary)))
		for _, sealed := range history {
			wantOpens(t, v, sealed, []byte(canary))
		}
		if _, err := open(t, before).Open(column, row, history[len(history)-1]); err == nil {
			t.Fatal("what the new key sealed opens with the file before the rotation")
		}
		if v.Lookup(column, canary) != lookup || v.Fingerprint() != fingerprint {
			t.Fatal("a rotation changed the look-ups")
		}
	}
	if another := create(t); open(t, another).Fingerprint() == fingerprint {
		t.Fatal("two key sets have the same fingerprint")
	}
}

func TestFileTellsNothing(t *testing.T) {
	k := create(t)
	text := unseal(t, k)
	if !strings.HasPrefix(text, "varco/v1 keyset\ncolumns ") {
		t.Fatalf("a key-set file holds %.30q…", text)
	}
	for word := range strings.FieldsSeq(text) {
		if bytes.Contains(k.file, []byte(word)) {
			t.Fatal("the file shows what it seals")
		}
	}
	again, err := vault.Create(k.recipient)
	if err != nil {
		t.Fatal(err)
	}
	if unseal(t, keyset{file: again, identity: k.identity}) == text {
		t.Fatal("two key sets have the same keys")
	}
}

// A file that would grow over the limit is refused when it is rotated, not at the next start.
func TestRotateFullFile(t *testing.T) {
	k := create(t)
	for rotations := 0; ; rotations++ {
		file, err := vault.Rotate(k.file, k.identity)
		if err == nil {
			k.file = file
			continue
		}
		if fault.ClassOf(err) != fault.ClassSize || rotations < 300 {
			t.Fatalf("Rotate after %d rotations: %v", rotations, err)
		}
		open(t, k)
		return
	}
}

// Whatever is sealed to the credential in the place of a key set: it is refused and not
// repeated, or it opens what it seals.
func FuzzOpen(f *testing.F) {
	k := create(f)
	to, err := age.ParseHybridRecipient(k.recipient)
	if err != nil {
		f.Fatal(err)
	}
	text := unseal(f, k)
	f.Add(text)
	f.Add(text[:len(text)-1])
	f.Add(strings.ReplaceAll(text, "\n", "\r\n"))
	f.Add("something before " + text)
	f.Add(text + strings.SplitAfter(text, "\n")[1])
	f.Fuzz(func(t *testing.T, text string) {
		changed := keyset{file: sealFile(t, text, to), identity: k.identity}
		v, err := vault.Open(changed.file, changed.identity)
		if err != nil {
			wantNoSecret(t, err, text)
			return
		}
		wantOpens(t, v, seal(t, v, []byte(canary)), []byte(canary))
	})
}
