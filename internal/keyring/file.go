package keyring

import (
	"encoding/base64"
	"errors"
	"strconv"

	"varco/internal/envelope"
	"varco/internal/fault"
	"varco/internal/hybrid"
	"varco/internal/ids"
	"varco/internal/note"
	"varco/internal/secret"
)

// seedSize of Ed25519 in bytes (RFC 8032, 5.1.5).
const seedSize = 32

// Sealed is a keyring as the service keeps it.
type Sealed struct {
	File  []byte // sealed to K
	Locks []Lock // each holds K
}

// Update seals the keyring as it is now to the same K, behind the same locks: after Renew,
// when no phrase is at hand. It refuses a keyring that was never sealed (class missing).
func Update(k *Keyring) (Sealed, error) {
	if k.key.IsZero() {
		return Sealed{}, fault.Refuse(fault.ClassMissing, "sealing a keyring: it has no lock yet")
	}
	file, err := hybrid.Seal(k.key.Recipient(), []byte(k.text()), envelope.MaxKeyring)
	if err != nil {
		return Sealed{}, err
	}
	return Sealed{File: file, Locks: k.Locks()}, nil
}

// text is the form of a keyring:
//
//	varco/v1 keyring
//	person p-…
//	key 1 AGE-SECRET-KEY-PQ-1… <base64 of the Ed25519 seed>
//	key 2 …
//	passkey l-… <when it was added> <base64 of its name> <base64 of the credential's id> <base64 of the salt> age1pq1…
func (k *Keyring) text() string {
	p := note.Print("keyring").Line("person", string(k.person))
	for _, pair := range k.pairs {
		p.Line("key", strconv.FormatInt(pair.serial, 10), pair.identity.Reveal(),
			base64.StdEncoding.EncodeToString(pair.seed.Reveal()))
	}
	for _, h := range k.passkeys {
		p.Line("passkey", h.values()...)
	}
	return p.String()
}

// openFile opens a stored keyring with K.
func openFile(key hybrid.Identity, file []byte) (*Keyring, error) {
	plain, err := key.Open(file)
	if errors.Is(err, hybrid.ErrOther) {
		return nil, fault.Refuse(fault.ClassLock, "opening a keyring: the lock is of another one")
	}
	if err != nil {
		return nil, err
	}
	return scan(string(plain))
}

// scan reads the form of a keyring. Its errors quote nothing: all of it is private.
func scan(text string) (*Keyring, error) {
	s := note.Scan(text, "keyring")
	k := &Keyring{person: note.Parsed(s, s.One("person"), ids.ParsePerson)}
	for _, values := range s.Many("key", 3, MaxSerials) {
		k.pairs = append(k.pairs, &pair{
			serial:   s.Int(values[0]),
			identity: note.Parsed(s, values[1], parseIdentity),
			seed:     note.Parsed(s, values[2], parseSeed),
		})
	}
	for _, values := range s.Many("passkey", 6, MaxLocks-1) {
		k.passkeys = append(k.passkeys, scanHeld(s, values))
	}
	if s.Done() != nil || !k.inOrder() || k.text() != text {
		return nil, fault.Refuse(fault.ClassForm, "reading a keyring: not its one form")
	}
	return k, nil
}

// inOrder reports whether there is a key at all, and serials and passkeys' locks only grow.
func (k *Keyring) inOrder() bool {
	last := int64(0)
	for _, p := range k.pairs {
		if p.serial <= last {
			return false
		}
		last = p.serial
	}
	for i := range k.passkeys {
		if k.passkeys[i].check() != nil || i > 0 && k.passkeys[i-1].ID >= k.passkeys[i].ID {
			return false
		}
	}
	return last > 0
}

func parseIdentity(text string) (hybrid.Identity, error) {
	return hybrid.ParseIdentity(secret.NewString(text))
}

func parseSeed(text string) (secret.Bytes, error) {
	raw, err := base64.StdEncoding.Strict().DecodeString(text)
	if err != nil || len(raw) != seedSize {
		return secret.Bytes{}, fault.Refuse(fault.ClassForm, "reading a seed: not %d bytes of base64", seedSize)
	}
	return secret.NewBytes(raw), nil
}
