package note_test

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"
	"testing"

	"varco/internal/fault"
	"varco/internal/note"
)

// person is somebody who signs.
type person struct {
	note.Signer
	verifier note.Verifier
	public   note.PublicKey
	private  ed25519.PrivateKey
}

func newPerson(name string) person { return newPersonAs(name, name) }

// newPersonAs makes a person with the key that belongs to one name and another name.
func newPersonAs(name, key string) person {
	seed := sha256.Sum256([]byte(key))
	private := ed25519.NewKeyFromSeed(seed[:])
	public, err := note.NewPublicKey(private[32:])
	if err != nil {
		panic(err)
	}
	return person{note.NewSigner(name, private), public.Verifier(name), public, private}
}

func (p person) vkey() string { return note.VerifierKey(p.Name(), p.public) }

// badPoints are 32 bytes that are no good public key, in hexadecimal, and why.
var badPoints = map[string]string{
	// The eight points of small order, RFC 7748 §7 and "Taming the many EdDSAs" (2020), table 4.
	"order 1":      "0100000000000000000000000000000000000000000000000000000000000000",
	"order 2":      "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	"order 4":      "0000000000000000000000000000000000000000000000000000000000000000",
	"order 4 sign": "0000000000000000000000000000000000000000000000000000000000000080",
	"order 8 a":    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
	"order 8 b":    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
	"order 8 c":    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
	"order 8 d":    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
	// y not reduced modulo p = 2^255 − 19, or the sign of an x that is zero.
	"y is p":              "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	"y is p+1":            "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	"y is p+3":            "f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	"y is p+18":           "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
	"sign of zero":        "0100000000000000000000000000000000000000000000000000000000000080",
	"sign of zero, other": "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
	// No x belongs to y.
	"no point": "0200000000000000000000000000000000000000000000000000000000000000",
}

func TestPublicKeyRefuses(t *testing.T) {
	good := newPerson("anna").public
	bad := map[string]string{
		"empty":               "",
		"31 bytes":            base64.StdEncoding.EncodeToString(make([]byte, 31)),
		"33 bytes":            base64.StdEncoding.EncodeToString(make([]byte, 33)),
		"no padding":          strings.TrimSuffix(good.String(), "="),
		"line end":            good.String() + "\n",
		"line end inside":     good.String()[:8] + "\n" + good.String()[8:],
		"URL alphabet":        strings.Repeat("_", 43) + "=",
		"bits after the last": loose(good.String()),
	}
	for name, point := range badPoints {
		raw, err := hex.DecodeString(point)
		if err != nil {
			t.Fatal(err)
		}
		bad[name] = base64.StdEncoding.EncodeToString(raw)
	}
	for name, text := range bad {
		t.Run(name, func(t *testing.T) {
			got, err := note.ParsePublicKey(text)
			if fault.ClassOf(err) != fault.ClassKey {
				t.Errorf("got %v, want class key", err)
			}
			if !got.IsZero() {
				t.Errorf("got a key beside the error")
			}
		})
	}
}

// loose sets a bit of base64 that decoders drop: another spelling of the same bytes.
func loose(b64 string) string {
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	last := len(strings.TrimRight(b64, "=")) - 1
	if last == len(b64)-1 {
		panic("no bit of this base64 is dropped")
	}
	return b64[:last] + string(alphabet[strings.IndexByte(alphabet, b64[last])|1]) + b64[last+1:]
}

func TestPublicKeyRoundTrip(t *testing.T) {
	want := newPerson("anna").public
	got, err := note.ParsePublicKey(want.String())
	if err != nil || got != want || got.IsZero() {
		t.Errorf("got %v, %v, want %v", got, err, want)
	}
}

// TestZeroPublicKey: a key that was never set verifies nothing and does not panic.
func TestZeroPublicKey(t *testing.T) {
	anna := newPerson("anna")
	msg, err := note.Sign("varco/v1 example\n", anna)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := note.Open(msg, note.PublicKey{}.Verifier("anna")); fault.ClassOf(err) != fault.ClassSignature {
		t.Errorf("got %v, want class signature", err)
	}
}

func TestVerifierKey(t *testing.T) {
	anna := newPerson("anna")
	v, err := note.ParseVerifier(anna.vkey())
	if err != nil {
		t.Fatal(err)
	}
	msg, err := note.Sign("varco/v1 example\n", anna)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := note.Open(msg, v); err != nil {
		t.Error(err)
	}
}

func TestVerifierKeyRefuses(t *testing.T) {
	good := newPerson("anna").vkey()
	name, rest, _ := strings.Cut(good, "+")
	hash, key, _ := strings.Cut(rest, "+")
	order4, err := hex.DecodeString(badPoints["order 4"])
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"empty":             "",
		"no name":           "+" + rest,
		"name with a space": "an na+" + rest,
		"another name":      "anne+" + rest,
		"name not ASCII":    newPerson("ànna").vkey(),
		"upper-case hash":   name + "+" + strings.ToUpper(hash) + "+" + key,
		"another hash":      name + "+00000000+" + key,
		"no hash":           name + "+" + key,
		"line end inside":   name + "+" + hash + "+" + key[:8] + "\n" + key[8:],
		"line end":          good + "\n",
		"another algorithm": newPersonWithAlgorithm(2),
		"small order":       vkeyOf("anna", 1, order4),
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := note.ParseVerifier(text); fault.ClassOf(err) != fault.ClassKey {
				t.Errorf("got %v, want class key", err)
			}
		})
	}
}

func newPersonWithAlgorithm(algorithm byte) string {
	return vkeyOf("anna", algorithm, newPerson("anna").private[32:])
}

// vkeyOf prints a verifier key that nobody has checked, as C2SP signed-note says.
func vkeyOf(name string, algorithm byte, public []byte) string {
	key := append([]byte{algorithm}, public...)
	id := sha256.Sum256(append([]byte(name+"\n"), key...))
	return name + "+" + hex.EncodeToString(id[:4]) + "+" + base64.StdEncoding.EncodeToString(key)
}

func FuzzParsePublicKey(f *testing.F) {
	f.Add(newPerson("anna").public.String())
	for _, point := range badPoints {
		raw, err := hex.DecodeString(point)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(base64.StdEncoding.EncodeToString(raw))
	}
	f.Fuzz(func(t *testing.T, text string) {
		if key, err := note.ParsePublicKey(text); err == nil && key.String() != text {
			t.Fatalf("%q is printed as %q", text, key)
		}
	})
}

func FuzzParseVerifier(f *testing.F) {
	f.Add(newPerson("anna").vkey())
	f.Add(newPerson("ànna").vkey())
	f.Fuzz(func(t *testing.T, text string) {
		v, err := note.ParseVerifier(text)
		if err != nil {
			return
		}
		_, rest, _ := strings.Cut(text, "+")
		_, b64, _ := strings.Cut(rest, "+")
		raw, err := base64.StdEncoding.DecodeString(b64)
		if err != nil {
			t.Fatal(err)
		}
		if again := vkeyOf(v.Name(), 1, raw[1:]); again != text {
			t.Fatalf("%q is printed as %q", text, again)
		}
	})
}

// TestSignerDoesNotPrint: no verb prints the private key of a signer.
func TestSignerDoesNotPrint(t *testing.T) {
	anna := newPerson("anna")
	var out strings.Builder
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		fmt.Fprintf(&out, verb+"\n", anna.Signer)
	}
	seed := anna.private.Seed()
	for _, leak := range []string{hex.EncodeToString(seed[:8]), base64.StdEncoding.EncodeToString(seed)[:8],
		fmt.Sprintf("%d %d %d", seed[0], seed[1], seed[2]), string(seed[:8])} {
		if strings.Contains(out.String(), leak) {
			t.Errorf("the key was printed: %s", out.String())
		}
	}
}
