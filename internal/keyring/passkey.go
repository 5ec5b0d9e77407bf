package keyring

import (
	"bytes"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/base64"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"varco/internal/envelope"
	"varco/internal/fault"
	"varco/internal/hybrid"
	"varco/internal/ids"
	"varco/internal/note"
	"varco/internal/secret"
)

// KindPasskey is the kind of a lock that a passkey opens: a WebAuthn credential with the
// extension prf (https://www.w3.org/TR/webauthn-3/#prf-extension).
const KindPasskey = "passkey"

// Sizes in bytes of what a passkey lock is made of. A credential's id has at most 1023 bytes
// (WebAuthn 3, 4, "Credential ID").
const (
	PRFSize       = 32
	SaltSize      = envelope.SaltSize
	MaxCredential = envelope.MaxCredential
	MaxName       = 80 // of a passkey, as she calls it, in UTF-8
)

// passkeyUse separates seeds of passkey locks from every other use of the same output.
const passkeyUse = "varco/v1 passkey-lock" //nolint:gosec // G101: a label, nobody's secret

// Passkey is what a browser gives of a credential that was just made or asked.
type Passkey struct {
	Credential []byte       // its id, by which the browser finds it again
	Salt       []byte       // that the extension was evaluated with, drawn for this lock
	Output     secret.Bytes // of the extension, PRFSize bytes
	Added      time.Time    // for telling one passkey from another
	Name       string       // so too: 1 to MaxName bytes on one line, sealed with the keyring
}

// Held is a passkey lock as the sealed keyring knows it.
type Held struct {
	ID         ids.Lock
	Added      time.Time
	Name       string
	Credential []byte
	Salt       []byte

	recipient string // of the identity that the passkey gives; its private half is kept nowhere
}

// Passkeys are the passkeys that open the keyring, in order of their locks' ids.
func (k *Keyring) Passkeys() []Held { return slices.Clone(k.passkeys) }

// AddPasskey makes a lock that a passkey opens, behind which and the other locks the keyring
// is sealed to the same K. It refuses a keyring that was never sealed (class missing), more
// than MaxLocks (size), a passkey that has a lock already (duplicate), and parts of a wrong
// size or a name that is none (form). The id is drawn by the caller (ids.NewLock).
func AddPasskey(k *Keyring, id ids.Lock, p Passkey) (Sealed, error) {
	if k.key.IsZero() {
		return Sealed{}, fault.Refuse(fault.ClassMissing, "adding a passkey: the keyring has no lock yet")
	}
	if len(k.locks) >= MaxLocks {
		return Sealed{}, fault.Refuse(fault.ClassSize, "adding a passkey: %d locks already", len(k.locks))
	}
	identity, err := fromOutput(p.Output)
	if err != nil {
		return Sealed{}, err
	}
	h := Held{ID: id, Added: p.Added.UTC().Truncate(time.Millisecond), Name: p.Name, Credential: slices.Clone(p.Credential), Salt: slices.Clone(p.Salt),
		recipient: identity.Recipient()}
	if err := h.check(); err != nil {
		return Sealed{}, err
	}
	if slices.ContainsFunc(k.passkeys, func(o Held) bool { return o.ID == id || bytes.Equal(o.Credential, p.Credential) }) {
		return Sealed{}, fault.Refuse(fault.ClassDuplicate, "adding a passkey: it has a lock already")
	}
	lock, err := h.lock(k)
	if err != nil {
		return Sealed{}, err
	}
	k.passkeys = append(slices.Clone(k.passkeys), h)
	slices.SortFunc(k.passkeys, byLock)
	k.locks = append(slices.Clone(k.locks), lock)
	return Update(k)
}

// OpenPasskeyLock opens a lock with what its passkey gave for its salt. It refuses (class
// lock) a lock that is not there or not made by this package, and an output that does not
// open it.
func OpenPasskeyLock(locks []Lock, id ids.Lock, output secret.Bytes) (Key, error) {
	i := slices.IndexFunc(locks, func(l Lock) bool { return l.Kind == KindPasskey && l.ID == id })
	if i < 0 || len(locks) > MaxLocks {
		return Key{}, fault.Refuse(fault.ClassLock, "choosing a lock: no passkey lock %s, or too many locks", id)
	}
	if err := envelope.CheckPasskeyLock(locks[i].File, locks[i].Credential, locks[i].Salt); err != nil {
		return Key{}, err
	}
	identity, err := fromOutput(output)
	if err != nil {
		return Key{}, err
	}
	plain, err := identity.Open(locks[i].File)
	if err != nil {
		return Key{}, fault.Refuse(fault.ClassLock, "opening a passkey lock: changed, or of another passkey")
	}
	return scanLock(string(plain), id)
}

// Forget takes a passkey off. Nothing more is sealed to the K that it could open: the keyring
// must then be sealed anew (Seal, SealWith), until when Update refuses. It refuses a lock that
// is not a passkey's (class missing): the phrase is changed by sealing anew.
func (k *Keyring) Forget(id ids.Lock) error {
	i := slices.IndexFunc(k.passkeys, func(h Held) bool { return h.ID == id })
	if i < 0 {
		return fault.Refuse(fault.ClassMissing, "taking off a passkey: the keyring has no passkey lock %s", id)
	}
	k.passkeys = slices.Delete(slices.Clone(k.passkeys), i, i+1)
	k.key, k.locks = hybrid.Identity{}, nil
	return nil
}

// fromOutput derives the identity that a passkey lock is sealed to: HKDF with SHA-256
// (RFC 5869), without salt, since the output is uniform and was made with one.
func fromOutput(output secret.Bytes) (hybrid.Identity, error) {
	if len(output.Reveal()) != PRFSize {
		return hybrid.Identity{}, fault.Refuse(fault.ClassForm, "deriving a passkey's identity: want an output of %d bytes", PRFSize)
	}
	seed, err := hkdf.Key(sha256.New, output.Reveal(), nil, passkeyUse, PRFSize)
	if err != nil {
		return hybrid.Identity{}, fault.Wrap(fault.Internal, err, "deriving a passkey's identity")
	}
	return hybrid.FromSeed(secret.NewBytes(seed))
}

// lock seals the keyring's K to the passkey.
func (h *Held) lock(k *Keyring) (Lock, error) {
	file, err := hybrid.Seal(h.recipient, []byte(lockText(h.ID, k.person, k.key)), envelope.LockSize)
	return Lock{ID: h.ID, Kind: KindPasskey, File: file, Credential: h.Credential, Salt: h.Salt}, err
}

func (h *Held) check() error {
	if _, err := ids.ParseLock(string(h.ID)); err != nil {
		return fault.Refuse(fault.ClassForm, "reading a passkey: its lock has no id")
	}
	if len(h.Name) > MaxName || strings.TrimSpace(h.Name) == "" || !utf8.ValidString(h.Name) || strings.ContainsFunc(h.Name, unicode.IsControl) {
		return fault.Refuse(fault.ClassForm, "reading a passkey: its name is not of 1 to %d bytes on one line", MaxName)
	}
	if err := envelope.CheckPasskey(h.Credential, h.Salt); err != nil {
		return fault.Refuse(fault.ClassForm, "reading a passkey: %s", err)
	}
	return envelope.CheckRecipient(h.recipient)
}

func byLock(a, b Held) int { return strings.Compare(string(a.ID), string(b.ID)) }

// values are those of a passkey's line in the form of a keyring.
func (h *Held) values() []string {
	return []string{string(h.ID), note.FormatTime(h.Added), base64.StdEncoding.EncodeToString([]byte(h.Name)), base64.StdEncoding.EncodeToString(h.Credential),
		base64.StdEncoding.EncodeToString(h.Salt), h.recipient}
}

// scanHeld reads values; that they are in their one spelling, who printed them tells.
func scanHeld(s *note.Scanner, values []string) Held {
	h := Held{ID: note.Parsed(s, values[0], ids.ParseLock), Added: s.Time(values[1]),
		Name:       string(note.Parsed(s, values[2], base64.StdEncoding.DecodeString)),
		Credential: note.Parsed(s, values[3], base64.StdEncoding.DecodeString),
		Salt:       note.Parsed(s, values[4], base64.StdEncoding.DecodeString), recipient: values[5]}
	return h
}
