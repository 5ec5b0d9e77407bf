// Package envelope is the outside of everything that is sealed: what can be checked of an
// age file (https://age-encryption.org/v1) without a key, by the service when it takes one
// and by a client before it opens one.
//
// A sealed file is a binary age file whose header is the one spelling of exactly one stanza
// of the native post-quantum type, mlkem768x25519, and whose payload has the size of a
// padded plaintext. So nobody can add a second reader, lower a file to X25519 or to a
// password, or hang anything on it, and a size says little. A phrase lock is the same with
// one scrypt stanza.
//
// The package opens nothing and holds no private key: it is linked into the service. That a
// file is authentic, and for whom it is, only who opens it can tell.
package envelope

import (
	"varco/internal/fault"
)

// Limits in bytes of what is inside a sealed file, padding included. Each is a size that
// padding gives.
const (
	MaxBody    = 1 << 20   // the body of an entry
	MaxBlob    = 256 << 20 // an attachment
	MaxKeyring = 64 << 10  // a keyring
	GrantSize  = MinPadded // a grant, always: it has no content of variable size
	LockSize   = MinPadded // a lock, always
)

// MaxLocks is how many ways there may be to open one keyring.
const MaxLocks = 16

// Sizes in bytes of what stands in clear beside a passkey's lock: a credential's id has at
// most MaxCredential, the salt of its extension prf SaltSize.
const (
	MaxCredential = 1023
	SaltSize      = 32
)

// CheckPasskeyLock refuses (class lock) what can't be a passkey's lock: a file that is not
// sealed to exactly one post-quantum recipient or has not the one size of locks, and a
// credential's id or salt of a wrong size.
func CheckPasskeyLock(file, credential, salt []byte) error {
	if check(file, LockSize) != nil {
		return fault.Refuse(fault.ClassLock, "checking a passkey lock: not sealed as one")
	}
	return CheckPasskey(credential, salt)
}

// CheckPasskey is CheckPasskeyLock without the file.
func CheckPasskey(credential, salt []byte) error {
	if len(credential) < 1 || len(credential) > MaxCredential || len(salt) != SaltSize {
		return fault.Refuse(fault.ClassLock, "checking a passkey lock: %d bytes of a credential, %d of a salt",
			len(credential), len(salt))
	}
	return nil
}

// Check refuses a file that is not sealed to exactly one post-quantum recipient (class
// envelope) or holds more than MaxBody (class size).
func Check(file []byte) error { return check(file, MaxBody) }

// CheckGrant is Check for a grant, which has one size.
func CheckGrant(file []byte) error { return check(file, GrantSize) }

// CheckKeyring is Check for a keyring, of at most MaxKeyring.
func CheckKeyring(file []byte) error { return check(file, MaxKeyring) }

// SealedSize returns the size in bytes of a file sealed to one post-quantum recipient that
// holds plain bytes: the header, a nonce of 16, and 16 for each chunk of 64 KiB, of which
// an age file has at least one.
func SealedSize(plain int64) int64 { return hybridHeaderSize + payloadSize(plain) }

func check(file []byte, limit int64) error {
	if size, most := int64(len(file)), SealedSize(MaxBody); size > most {
		return fault.Refuse(fault.ClassSize, "checking a sealed file: %d bytes, at most %d", size, most)
	}
	stanza, payload, err := inspect(file)
	if err != nil {
		return fault.Refuse(fault.ClassEnvelope, "checking a sealed file: %s", err)
	}
	if !isHybrid(stanza) {
		return fault.Refuse(fault.ClassEnvelope, "checking a sealed file: its stanza is not %s", hybridType)
	}
	if !holdsPadded(payload) {
		return fault.Refuse(fault.ClassEnvelope, "checking a sealed file: %d bytes after the header, "+
			"which nothing padded has", payload)
	}
	if payload > payloadSize(limit) {
		return fault.Refuse(fault.ClassSize, "checking a sealed file: %d bytes after the header, at most %d", payload,
			payloadSize(limit))
	}
	return nil
}

// The chunks of an age payload (age-encryption.org/v1, "Payload").
const (
	nonceSize = 16
	chunkSize = 64 << 10
	tagSize   = 16
)

func payloadSize(plain int64) int64 {
	chunks := max(1, (plain+chunkSize-1)/chunkSize)
	return nonceSize + plain + chunks*tagSize
}

// holdsPadded reports whether a payload of size bytes can hold a padded plaintext.
func holdsPadded(size int64) bool {
	chunks := (size - nonceSize + chunkSize + tagSize - 1) / (chunkSize + tagSize)
	plain := size - nonceSize - chunks*tagSize
	return plain >= MinPadded && payloadSize(plain) == size && int64(padme(int(plain))) == plain
}
