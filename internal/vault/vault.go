// Package vault seals columns: the few values that the service itself must read, such as
// names and mail addresses, and must not lose to a thief of its disk or of a backup.
//
// Values are sealed with Tink (XChaCha20-Poly1305, whose nonces are long enough to be drawn
// at random for ever) for one column of one row, so that a sealed value moved to another
// place does not open. Where the service must find a row by such a value, it keeps a
// look-up beside it (Tink PRF, HMAC-SHA-256): equal values of a column have equal look-ups.
// The key set is in an age file, opened at the start with an identity given as a
// credential; the file may lie beside the database, the credential may not.
//
// It is not for what people write, which the service can't open at all (package seal), and
// it protects from nobody who is root while the service runs. Nothing here makes a key by
// accident: without its key-set file or its credential the service does not start.
package vault

import (
	"encoding/base64"
	"encoding/binary"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/keyset"
	"github.com/tink-crypto/tink-go/v2/prf"
	"github.com/tink-crypto/tink-go/v2/tink"

	"varco/internal/fault"
)

const (
	// MaxPlainBytes is the size limit of a value before it is sealed.
	MaxPlainBytes = 64 << 10

	// LookupChars is the length of a look-up.
	LookupChars = 43

	lookupBytes = 32

	columnLabel = "varco/v1 column"
	lookupLabel = "varco/v1 lookup"
)

// Vault seals and opens columns. It is safe for concurrent use.
type Vault struct {
	columns tink.AEAD
	lookups *prf.Set
	newest  uint32
}

func newVault(columns, lookups *keyset.Handle) (*Vault, error) {
	sealer, err := aead.New(columns)
	if err != nil {
		return nil, fault.Wrap(fault.Internal, err, "reading the keys of the columns")
	}
	set, err := prf.NewPRFSet(lookups)
	if err != nil {
		return nil, fault.Wrap(fault.Internal, err, "reading the key of the look-ups")
	}
	return &Vault{sealer, set, columns.KeysetInfo().GetPrimaryKeyId()}, nil
}

// Seal seals a value for a column, named "table.column", of the row with a key. Neither is
// empty. Sealing the same value twice gives different bytes. The sealed bytes tell the
// value's length in steps of 64 bytes only.
func (v *Vault) Seal(column, row string, plain []byte) ([]byte, error) {
	if column == "" || row == "" {
		return nil, fault.New(fault.Internal, "sealing a value: for no column or no row")
	}
	if len(plain) > MaxPlainBytes {
		return nil, fault.Refuse(fault.ClassSize, "sealing a value of %s: %d bytes, at most %d", column, len(plain),
			MaxPlainBytes)
	}
	sealed, err := v.columns.Encrypt(pad(plain), join(columnLabel, column, row))
	if err != nil {
		return nil, fault.Wrap(fault.Internal, err, "sealing a value of %s", column)
	}
	return sealed, nil
}

// Open opens what Seal sealed for the same column of the same row.
func (v *Vault) Open(column, row string, sealed []byte) ([]byte, error) {
	padded, err := v.columns.Decrypt(sealed, join(columnLabel, column, row))
	if err != nil {
		return nil, fault.Wrap(fault.Internal, err, "opening the value of %s in the row %s", column, row)
	}
	plain, ok := unpad(padded)
	if !ok {
		return nil, fault.New(fault.Internal, "opening the value of %s in the row %s: its padding does not check",
			column, row)
	}
	return plain, nil
}

// Lookup blinds the values of a row, such as an issuer and a subject, for finding the row
// by all of them. Its text has LookupChars characters of base64url. It stays the same when
// the key set is rotated.
func (v *Vault) Lookup(column string, values ...string) string {
	out, err := v.lookups.ComputePrimaryPRF(join(lookupLabel, append([]string{column}, values...)...), lookupBytes)
	if err != nil {
		panic("internal error: blinding a look-up: " + err.Error())
	}
	return base64.RawURLEncoding.EncodeToString(out)
}

// Fingerprint tells key sets apart and says nothing about their keys. It stays the same
// when the key set is rotated, so a database can name the key set that it needs: with
// another one every look-up would miss in silence.
func (v *Vault) Fingerprint() string { return v.Lookup("") }

// Newest is the number of the key that everything is sealed with, another one after each
// rotation. It was drawn, says nothing about the key, and stands before each sealed value.
func (v *Vault) Newest() uint32 { return v.newest }

// join writes parts after a label with their lengths, so that no two lists give the same bytes.
func join(label string, parts ...string) []byte {
	out := []byte(label)
	for _, part := range parts {
		out = binary.BigEndian.AppendUint64(out, uint64(len(part)))
		out = append(out, part...)
	}
	return out
}
