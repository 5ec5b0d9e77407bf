// Package hybrid seals bytes to one post-quantum recipient and opens them: bodies, grants
// and keyrings are what seal and keyring put inside. Every file is padded, and has exactly
// one stanza, of ML-KEM-768 and X25519 (age's HybridRecipient).
//
// It opens sealed bytes, so it is never linked into the service, which knows the outside
// only (package envelope). It binds nothing: for which thread, entry or person a file was
// sealed stands inside, and is compared by its callers. age authenticates no sender.
//
// All keys and nonces are drawn by age from crypto/rand; age takes no other source, so
// sealing the same twice gives different files and nothing here can be made repeatable.
package hybrid

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"filippo.io/age"
	"github.com/btcsuite/btcd/btcutil/bech32"

	"varco/internal/envelope"
	"varco/internal/fault"
	"varco/internal/secret"
)

// ErrOther says that a good file was sealed to another identity. The caller knows what that
// means there, and gives it a class.
var ErrOther = errors.New("sealed to another identity")

// Identity is a private key and its recipient, the public one. The zero Identity opens
// nothing; it prints as "[secret]", and Reveal gives the text "AGE-SECRET-KEY-PQ-1…".
type Identity struct {
	// Behind a pointer, since fmt prints the fields of a struct that holds an Identity in an
	// unexported field without asking their methods; of a pointer it prints the address.
	key *age.HybridIdentity
}

// NewIdentity draws a new Identity.
func NewIdentity() (Identity, error) {
	key, err := age.GenerateHybridIdentity()
	if err != nil {
		return Identity{}, fault.Wrap(fault.Internal, err, "drawing an identity")
	}
	return Identity{key}, nil
}

// seedSize is that of the private key of age's hybrid, whole, in bytes (C2SP age, mlkem768x25519).
const seedSize = 32

// FromSeed makes the Identity whose private key is a seed of 32 secret bytes (class key): the
// same seed makes the same Identity. It is for seeds that come out of a key derivation;
// everything else is drawn (NewIdentity).
func FromSeed(seed secret.Bytes) (Identity, error) {
	if len(seed.Reveal()) != seedSize {
		return Identity{}, fault.Refuse(fault.ClassKey, "making an identity: a seed has %d bytes", seedSize)
	}
	// age has no other way in than the text of an identity.
	text, err := bech32.EncodeFromBase256("age-secret-key-pq-", seed.Reveal())
	if err != nil {
		return Identity{}, fault.New(fault.Internal, "making an identity: its text")
	}
	return ParseIdentity(secret.NewString(strings.ToUpper(text)))
}

// ParseIdentity reads the one spelling of an Identity's private key (class key).
func ParseIdentity(text secret.String) (Identity, error) {
	// age's own errors quote what they read, so they are not passed on.
	key, err := age.ParseHybridIdentity(text.Reveal())
	if err != nil || key.String() != text.Reveal() {
		return Identity{}, fault.Refuse(fault.ClassKey, "reading an identity: not a post-quantum one in its one spelling")
	}
	return Identity{key}, nil
}

// Recipient returns the public half, "age1pq1…", and "" for the zero Identity.
func (i Identity) Recipient() string {
	if i.key == nil {
		return ""
	}
	return i.key.Recipient().String()
}

// Reveal returns the text of the private key, and "" for the zero Identity.
func (i Identity) Reveal() string {
	if i.key == nil {
		return ""
	}
	return i.key.String()
}

// IsZero reports whether there is no key inside.
func (i Identity) IsZero() bool { return i.key == nil }

// String hides the key.
func (Identity) String() string { return secret.String{}.String() }

// Format hides the key from every verb of fmt.
func (Identity) Format(f fmt.State, verb rune) { secret.String{}.Format(f, verb) }

// MarshalText hides the key from JSON and TOML.
func (Identity) MarshalText() ([]byte, error) { return secret.String{}.MarshalText() }

// Seal pads data and seals it to recipient. It refuses a recipient that is not a good one
// (class key) and data that takes more than limit bytes once padded (class size).
func Seal(recipient string, data []byte, limit int) ([]byte, error) {
	if err := envelope.CheckRecipient(recipient); err != nil {
		return nil, err
	}
	to, err := age.ParseHybridRecipient(recipient)
	if err != nil {
		return nil, fault.Wrap(fault.Internal, err, "sealing")
	}
	padded, err := envelope.Pad(data, limit)
	if err != nil {
		return nil, err
	}
	var file bytes.Buffer
	file.Grow(int(envelope.SealedSize(int64(len(padded)))))
	w, err := age.Encrypt(&file, to)
	if err != nil {
		return nil, fault.Wrap(fault.Internal, err, "sealing")
	}
	if _, err := w.Write(padded); err != nil {
		return nil, fault.Wrap(fault.Internal, err, "sealing")
	}
	if err := w.Close(); err != nil {
		return nil, fault.Wrap(fault.Internal, err, "sealing")
	}
	return file.Bytes(), nil
}

// Open checks the envelope of a file, opens it and removes the padding. It returns nothing
// before the last chunk has been authenticated. It refuses a file that envelope.Check
// refuses or that was damaged (class envelope), one that was badly padded (class padding),
// and, with ErrOther, one that was sealed to another identity.
func (i Identity) Open(file []byte) ([]byte, error) {
	if err := envelope.Check(file); err != nil {
		return nil, err
	}
	if i.key == nil {
		return nil, ErrOther
	}
	r, err := age.Decrypt(bytes.NewReader(file), i.key)
	if _, ok := errors.AsType[*age.NoIdentityMatchError](err); ok {
		return nil, ErrOther
	}
	if err != nil {
		return nil, fault.Refuse(fault.ClassEnvelope, "opening a sealed file: its header was changed")
	}
	padded, err := io.ReadAll(r)
	if err != nil {
		return nil, fault.Refuse(fault.ClassEnvelope, "opening a sealed file: changed or cut short")
	}
	return envelope.Unpad(padded)
}
