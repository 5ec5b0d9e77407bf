package keyring

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"fmt"

	"varco/internal/fault"
	"varco/internal/note"
	"varco/internal/secret"
)

// Root is the network's root key, open: it signs the cards of stewards. It prints nothing
// of the key. It is made and used at ceremonies only, on a machine without a network.
type Root struct {
	name string
	seed secret.Bytes // of Ed25519, RFC 8032, 32 bytes
}

// Halves are the two phrases, of six words each, that open a root together. Each is known to
// one of the two people who hold the root, so that neither can use it alone.
type Halves [2]secret.String

// NewRoot draws a root from crypto/rand. Its name stands in every signature of it, such as
// "root.example.org"; one that can't is fault.Invalid.
func NewRoot(name string) (Root, error) {
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return Root{}, fault.Wrap(fault.Internal, err, "drawing a root")
	}
	r := Root{name, secret.NewBytes(private.Seed())}
	if _, err := r.VerifierKey(); err != nil {
		return Root{}, fault.Wrap(fault.Invalid, err, "naming a root")
	}
	return r, nil
}

// SealRoot locks a root with both halves: one age file with a scrypt stanza, as a phrase
// lock, whose phrase is the twelve words. It refuses halves that are not phrases (class
// phrase).
func SealRoot(r Root, halves Halves, work Work) ([]byte, error) {
	if err := work.check(); err != nil {
		return nil, err
	}
	phrase, err := halves.join()
	if err != nil {
		return nil, err
	}
	return sealWithPhrase(r.text(), phrase, work)
}

// OpenRoot opens a root with both halves, in the order in which it was locked. It refuses
// what SealRoot does not make (class lock), and halves that do not open it (class phrase).
func OpenRoot(file []byte, halves Halves, work Work) (Root, error) {
	if err := work.check(); err != nil {
		return Root{}, err
	}
	phrase, err := halves.join()
	if err != nil {
		return Root{}, err
	}
	text, err := openWithPhrase(file, phrase, work)
	if err != nil {
		return Root{}, err
	}
	return scanRoot(text)
}

// text is the form of a root:
//
//	varco/v1 root
//	name root.example.org
//	seed <base64 of the Ed25519 seed>
func (r Root) text() string {
	return note.Print("root").
		Line("name", r.name).
		Line("seed", base64.StdEncoding.EncodeToString(r.seed.Reveal())).
		String()
}

// scanRoot reads the form of a root. Its errors quote nothing.
func scanRoot(text string) (Root, error) {
	s := note.Scan(text, "root")
	r := Root{name: s.One("name"), seed: note.Parsed(s, s.One("seed"), parseSeed)}
	if s.Done() != nil || r.text() != text {
		return Root{}, fault.Refuse(fault.ClassLock, "opening a root: the file does not hold one")
	}
	_, err := r.VerifierKey()
	return r, err
}

// join makes the phrase of twelve words.
func (h Halves) join() (secret.String, error) {
	first, err := ParsePhrase(h[0].Reveal())
	if err != nil {
		return secret.String{}, err
	}
	second, err := ParsePhrase(h[1].Reveal())
	if err != nil {
		return secret.String{}, err
	}
	return secret.NewString(first.Reveal() + "-" + second.Reveal()), nil
}

// VerifierKey prints what everybody verifies the root's signatures with (C2SP signed-note).
// It refuses (class key) a name that can't be in one.
func (r Root) VerifierKey() (string, error) {
	public, _ := r.private().Public().(ed25519.PublicKey)
	key, err := note.NewPublicKey(public)
	if err != nil {
		return "", err
	}
	vkey := note.VerifierKey(r.name, key)
	_, err = note.ParseVerifier(vkey)
	return vkey, err
}

// Signer signs as the root.
func (r Root) Signer() note.Signer { return note.NewSigner(r.name, r.private()) }

// Format hides the key from every verb of fmt.
func (Root) Format(f fmt.State, verb rune) { secret.Bytes{}.Format(f, verb) }

// MarshalText hides the key from JSON and TOML.
func (Root) MarshalText() ([]byte, error) { return secret.Bytes{}.MarshalText() }

func (r Root) private() ed25519.PrivateKey { return ed25519.NewKeyFromSeed(r.seed.Reveal()) }
