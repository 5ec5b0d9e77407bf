package note

import (
	"bytes"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"strings"

	"filippo.io/edwards25519"
	"golang.org/x/mod/sumdb/note"

	"varco/internal/fault"
)

// Signer signs notes under a name.
type Signer = note.Signer

// Verifier verifies the signatures of a Signer.
type Verifier = note.Verifier

// algEd25519 is the signature type of C2SP signed-note for Ed25519.
const algEd25519 = 1

// PublicKey is an Ed25519 public key that was checked: its point decodes, encodes again to
// the same bytes, and is not of small order.
type PublicKey struct{ raw string }

// ParsePublicKey reads canonical standard base64 of a public key and checks it.
func ParsePublicKey(s string) (PublicKey, error) {
	raw, err := base64.StdEncoding.Strict().DecodeString(s)
	if err != nil || base64.StdEncoding.EncodeToString(raw) != s {
		return PublicKey{}, fault.Refuse(fault.ClassKey, "reading a public key: not canonical base64")
	}
	return NewPublicKey(raw)
}

// NewPublicKey checks the 32 bytes of a public key.
func NewPublicKey(raw []byte) (PublicKey, error) {
	if len(raw) != ed25519.PublicKeySize {
		return PublicKey{}, fault.Refuse(fault.ClassKey, "reading a public key: %d bytes, want %d", len(raw),
			ed25519.PublicKeySize)
	}
	point, err := new(edwards25519.Point).SetBytes(raw)
	if err != nil || !bytes.Equal(point.Bytes(), raw) {
		return PublicKey{}, fault.Refuse(fault.ClassKey, "reading a public key: not a canonical point")
	}
	if new(edwards25519.Point).MultByCofactor(point).Equal(edwards25519.NewIdentityPoint()) == 1 {
		return PublicKey{}, fault.Refuse(fault.ClassKey, "reading a public key: a point of small order")
	}
	return PublicKey{string(raw)}, nil
}

// String prints the key in standard base64.
func (k PublicKey) String() string { return base64.StdEncoding.EncodeToString([]byte(k.raw)) }

// IsZero reports whether the key was never set.
func (k PublicKey) IsZero() bool { return k.raw == "" }

// Verifier verifies signatures by the key under a name.
func (k PublicKey) Verifier(name string) Verifier { return verifier{name, k} }

// NewSigner signs with a private key under a name.
func NewSigner(name string, key ed25519.PrivateKey) Signer {
	public := key.Public().(ed25519.PublicKey) //nolint:forcetypeassert // crypto/ed25519 promises it
	return signer{name, keyHash(algEd25519, name, string(public)), func(msg []byte) []byte { return ed25519.Sign(key, msg) }}
}

// ParseVerifier reads a C2SP verifier key, "<name>+<hash>+<base64>", and checks the key in it.
func ParseVerifier(vkey string) (Verifier, error) {
	if _, err := note.NewVerifier(vkey); err != nil {
		return nil, fault.Refuse(fault.ClassKey, "reading a verifier key: malformed")
	}
	name, rest, _ := strings.Cut(vkey, "+")
	if !printable(name) {
		return nil, fault.Refuse(fault.ClassKey, "reading a verifier key: its name is not printable ASCII")
	}
	_, b64, _ := strings.Cut(rest, "+")
	raw, err := base64.StdEncoding.Strict().DecodeString(b64)
	if err != nil || len(raw) == 0 || raw[0] != algEd25519 {
		return nil, fault.Refuse(fault.ClassKey, "reading a verifier key: not an Ed25519 key")
	}
	key, err := NewPublicKey(raw[1:])
	if err != nil {
		return nil, err
	}
	v := key.Verifier(name)
	if VerifierKey(name, key) != vkey {
		return nil, fault.Refuse(fault.ClassKey, "reading a verifier key: not its one spelling")
	}
	return v, nil
}

// VerifierKey prints a C2SP verifier key.
func VerifierKey(name string, key PublicKey) string { return printKey(algEd25519, name, key) }

func printKey(alg byte, name string, key PublicKey) string {
	return fmt.Sprintf("%s+%08x+%s", name, keyHash(alg, name, key.raw),
		base64.StdEncoding.EncodeToString(append([]byte{alg}, key.raw...)))
}

type verifier struct {
	name string
	key  PublicKey
}

func (v verifier) Name() string    { return v.name }
func (v verifier) KeyHash() uint32 { return keyHash(algEd25519, v.name, v.key.raw) }
func (v verifier) Verify(msg, sig []byte) bool {
	return len(v.key.raw) == ed25519.PublicKeySize && ed25519.Verify(ed25519.PublicKey(v.key.raw), msg, sig)
}

// signer keeps the private key behind a function, so that no format verb prints it.
type signer struct {
	name string
	hash uint32
	sign func(msg []byte) []byte
}

func (s signer) Name() string                    { return s.name }
func (s signer) KeyHash() uint32                 { return s.hash }
func (s signer) Sign(msg []byte) ([]byte, error) { return s.sign(msg), nil }

// keyHash is the key ID of C2SP signed-note for a signature type with Ed25519 keys.
func keyHash(alg byte, name, public string) uint32 {
	sum := sha256.Sum256([]byte(name + "\n" + string([]byte{alg}) + public))
	return binary.BigEndian.Uint32(sum[:])
}
