package envelope

import (
	"bytes"
	"encoding/base64"
	"errors"
	"strconv"

	"filippo.io/age"

	"varco/internal/fault"
)

// The native post-quantum stanza: one argument, the encapsulated key of ML-KEM-768 and
// X25519 (1,088 and 32 bytes), and a body, the file key with its tag.
const (
	hybridType       = "mlkem768x25519"
	hybridShareSize  = 1088 + 32
	wrappedKeySize   = 16 + tagSize
	hybridHeaderSize = 1627
)

// The scrypt stanza: a salt and the work factor, and the file key with its tag.
const (
	scryptType     = "scrypt"
	scryptSaltSize = 16
)

// maxLockFile is more than any phrase lock has, in bytes.
const maxLockFile = 2 * LockSize

// PhraseWork returns the work factor (the logarithm of scrypt's N) that a phrase lock asks
// for, so that the lock can be refused before the work is done. It refuses (class lock) a
// file that is not a lock with exactly one scrypt stanza.
func PhraseWork(file []byte) (int, error) {
	if len(file) > maxLockFile {
		return 0, fault.Refuse(fault.ClassLock, "checking a phrase lock: %d bytes", len(file))
	}
	stanza, payload, err := inspect(file)
	if err != nil {
		return 0, fault.Refuse(fault.ClassLock, "checking a phrase lock: %s", err)
	}
	if stanza.Type != scryptType || len(stanza.Args) != 2 || len(stanza.Body) != wrappedKeySize ||
		!isBase64(stanza.Args[0], scryptSaltSize) {
		return 0, fault.Refuse(fault.ClassLock, "checking a phrase lock: its stanza is not %s", scryptType)
	}
	work, err := strconv.Atoi(stanza.Args[1])
	if err != nil || work < 1 || strconv.Itoa(work) != stanza.Args[1] {
		return 0, fault.Refuse(fault.ClassLock, "checking a phrase lock: its work factor is no number")
	}
	if payload != payloadSize(LockSize) {
		return 0, fault.Refuse(fault.ClassLock, "checking a phrase lock: %d bytes after the header", payload)
	}
	return work, nil
}

// inspect returns the only stanza of an age file and the number of bytes after its header.
func inspect(file []byte) (*age.Stanza, int64, error) {
	// age's own errors quote what they read, so they are not passed on.
	header, err := age.ExtractHeader(bytes.NewReader(file))
	if err != nil {
		return nil, 0, errors.New("not a binary age file")
	}
	if !bytes.HasPrefix(file, header) {
		return nil, 0, errors.New("the header is not in its one spelling")
	}
	var seen onlooker
	// It opens nothing, so the error is always that no identity matched.
	_, _ = age.DecryptHeader(header, &seen)
	if len(seen.stanzas) != 1 {
		return nil, 0, errors.New(strconv.Itoa(len(seen.stanzas)) + " stanzas, want 1")
	}
	return seen.stanzas[0], int64(len(file) - len(header)), nil
}

func isHybrid(stanza *age.Stanza) bool {
	return stanza.Type == hybridType && len(stanza.Args) == 1 && len(stanza.Body) == wrappedKeySize &&
		isBase64(stanza.Args[0], hybridShareSize)
}

// isBase64 reports whether s is the one spelling of size bytes in age's base64.
func isBase64(s string, size int) bool {
	raw, err := base64.RawStdEncoding.Strict().DecodeString(s)
	return err == nil && len(raw) == size && base64.RawStdEncoding.EncodeToString(raw) == s
}

// onlooker is an age.Identity that opens nothing and remembers which stanzas it was shown.
type onlooker struct{ stanzas []*age.Stanza }

// Unwrap never gives a file key.
func (o *onlooker) Unwrap(stanzas []*age.Stanza) ([]byte, error) {
	o.stanzas = stanzas
	return nil, age.ErrIncorrectIdentity
}
