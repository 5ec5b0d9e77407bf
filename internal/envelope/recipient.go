package envelope

import (
	"crypto/ecdh"
	"strings"

	"filippo.io/age"

	"varco/internal/fault"
)

// A recipient is bech32 (BIP 173) of an ML-KEM-768 encapsulation key and an X25519 key.
const (
	recipientPrefix   = "age1pq1"
	recipientLength   = 1959 // characters
	recipientChecksum = 6    // characters
	latticeKeySize    = 1184 // bytes
	curveKeySize      = 32   // bytes
	bech32Alphabet    = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
)

// CheckRecipient refuses (class key) what is not the one spelling of a post-quantum
// recipient, "age1pq1…", with two good halves: an ML-KEM key in canonical form, and an
// X25519 key that is canonical and not of small order. age checks the first only; with a
// bad second half every sealing would fail, or nobody could open what was sealed.
func CheckRecipient(s string) error {
	if len(s) != recipientLength || !strings.HasPrefix(s, recipientPrefix) {
		return fault.Refuse(fault.ClassKey, "reading a recipient: not a post-quantum one")
	}
	recipient, err := age.ParseHybridRecipient(s)
	if err != nil {
		return fault.Refuse(fault.ClassKey, "reading a recipient: malformed")
	}
	if recipient.String() != s {
		return fault.Refuse(fault.ClassKey, "reading a recipient: not its one spelling")
	}
	raw := fromBech32(s[len(recipientPrefix) : len(s)-recipientChecksum])
	return checkCurveKey(raw[latticeKeySize:])
}

// fromBech32 decodes characters that age has already found to be good.
func fromBech32(s string) []byte {
	raw := make([]byte, 0, latticeKeySize+curveKeySize)
	var pending, bits uint
	for i := range len(s) {
		pending = pending<<5 | uint(strings.IndexByte(bech32Alphabet, s[i]))
		bits += 5
		if bits >= 8 {
			bits -= 8
			raw = append(raw, byte(pending>>bits&0xff))
		}
		pending &= 1<<bits - 1
	}
	return raw
}

func checkCurveKey(raw []byte) error {
	if !isReduced(raw) {
		return fault.Refuse(fault.ClassKey, "reading a recipient: its X25519 key is not canonical")
	}
	key, err := ecdh.X25519().NewPublicKey(raw)
	if err != nil {
		return fault.Refuse(fault.ClassKey, "reading a recipient: its X25519 key is malformed")
	}
	// ECDH fails with every private key when the public one is of small order, so this one tells.
	private, err := ecdh.X25519().NewPrivateKey(make([]byte, curveKeySize))
	if err != nil {
		return fault.Wrap(fault.Internal, err, "reading a recipient")
	}
	if _, err := private.ECDH(key); err != nil {
		return fault.Refuse(fault.ClassKey, "reading a recipient: its X25519 key is of small order")
	}
	return nil
}

// isReduced reports whether a little-endian u-coordinate is less than 2^255 − 19.
func isReduced(raw []byte) bool {
	if raw[31] != 0x7f {
		return raw[31] < 0x7f
	}
	for _, b := range raw[1:31] {
		if b != 0xff {
			return true
		}
	}
	return raw[0] < 0xed
}
