// Package note is the one form of everything that is signed: cards, rosters, entries,
// receipts. It is the signed note of C2SP (https://c2sp.org/signed-note) made strict,
// since golang.org/x/mod/sumdb/note accepts more than one spelling of the same note.
//
// A note is text, a blank line, and signature lines. The text is printable ASCII in
// lines that end with LF, none of them empty. The signatures are exactly the expected ones
// in the expected order, and printing again what was read gives the same bytes. Notes are
// at most MaxBytes. What Sign and Cosign make, Open accepts.
//
// In a form, which a Printer writes and a Scanner reads, the first line is
// "varco/v1 <kind>" and every other "<key> <value>".
//
// Only a checkpoint has more signatures than those that its kind names: below the log's stand
// the cosignatures of its witnesses, in the one order of their names. OpenCosigned reads those
// and nothing else does.
//
// The package knows no kind of note and holds no trust: who must sign is the caller's.
package note

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"varco/internal/fault"
)

// MaxBytes is the size limit of a whole note.
const MaxBytes = 64 << 10

// maxSignatures is more than any note of the protocol has.
const maxSignatures = 4

// Hash is the SHA-256 of a whole note, signatures included, or of any other bytes.
type Hash [sha256.Size]byte

// Sum hashes b.
func Sum(b []byte) Hash { return sha256.Sum256(b) }

// String prints the hash in standard base64, as notes do.
func (h Hash) String() string { return base64.StdEncoding.EncodeToString(h[:]) }

// IsZero reports whether the hash was never set.
func (h Hash) IsZero() bool { return h == Hash{} }

// MarshalText prints the hash in standard base64.
func (h Hash) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// UnmarshalText reads canonical standard base64.
func (h *Hash) UnmarshalText(b []byte) (err error) { *h, err = ParseHash(string(b)); return err }

// ParseHash reads canonical standard base64 of 32 bytes.
func ParseHash(s string) (Hash, error) {
	raw, err := base64.StdEncoding.Strict().DecodeString(s)
	if err != nil || len(raw) != len(Hash{}) || base64.StdEncoding.EncodeToString(raw) != s {
		return Hash{}, fault.Refuse(fault.ClassForm, "reading a hash: not 32 bytes of base64")
	}
	return Hash(raw), nil
}

// Sign prints text with one signature line for each signer, in order. Text must have the
// strict form; a Printer makes it.
func Sign(text string, signers ...Signer) ([]byte, error) {
	if err := checkText(text); err != nil {
		return nil, err
	}
	return sign(&note.Note{Text: text}, signers)
}

// Cosign appends a signature to a note that has the strict form. It refuses a signer who
// has signed it already.
func Cosign(msg []byte, signer Signer) ([]byte, error) {
	n, err := split(msg)
	if err != nil {
		return nil, err
	}
	for _, sig := range n.UnverifiedSigs {
		if sig.Name == signer.Name() && sig.Hash == signer.KeyHash() {
			return nil, fault.Refuse(fault.ClassDuplicate, "signing a note: %s has signed it already", sig.Name)
		}
	}
	return sign(n, []Signer{signer})
}

func sign(n *note.Note, signers []Signer) ([]byte, error) {
	msg, err := note.Sign(n, signers...)
	if err != nil {
		return nil, fault.Wrap(fault.Internal, err, "signing a note")
	}
	// A name that is not printable, or one signer twice, would make a note that nobody opens.
	if _, err := split(msg); err != nil {
		return nil, err
	}
	return msg, nil
}

// Text returns the text of a note that has the strict form, without verifying who signed
// it: for finding out which verifiers Open needs. Nothing may be believed because of it.
func Text(msg []byte) (string, error) {
	n, err := split(msg)
	if err != nil {
		return "", err
	}
	return n.Text, nil
}

// Open returns the text of msg if it has the strict form and is signed by exactly the
// given verifiers in the given order.
func Open(msg []byte, verifiers ...Verifier) (string, error) {
	n, err := split(msg)
	if err != nil {
		return "", err
	}
	if len(n.UnverifiedSigs) != len(verifiers) {
		return "", fault.Refuse(fault.ClassSignature, "opening a note: %d signatures, want %d",
			len(n.UnverifiedSigs), len(verifiers))
	}
	for i, sig := range n.UnverifiedSigs {
		v := verifiers[i]
		raw, err := base64.StdEncoding.DecodeString(sig.Base64)
		if err != nil || sig.Name != v.Name() || sig.Hash != v.KeyHash() || !v.Verify([]byte(n.Text), raw[4:]) {
			return "", fault.Refuse(fault.ClassSignature, "opening a note: signature %d is not a good one by %s",
				i+1, v.Name())
		}
	}
	return n.Text, nil
}

// split parses msg and refuses every spelling but one. What is wrong with the text is told
// before what is wrong with the signatures.
func split(msg []byte) (*note.Note, error) { return splitUpTo(msg, maxSignatures) }

func splitUpTo(msg []byte, limit int) (*note.Note, error) {
	if len(msg) > MaxBytes {
		return nil, fault.Refuse(fault.ClassSize, "reading a note: %d bytes, at most %d", len(msg), MaxBytes)
	}
	text, signatures := string(msg), ""
	if end := strings.LastIndex(text, "\n\n"); end >= 0 {
		text, signatures = text[:end+1], text[end+2:]
	}
	if err := checkText(text); err != nil {
		return nil, err
	}
	if signatures == "" {
		return nil, fault.Refuse(fault.ClassSignature, "reading a note: it has no signature")
	}
	_, err := note.Open(msg, note.VerifierList())
	var unverified *note.UnverifiedNoteError
	if !errors.As(err, &unverified) {
		return nil, fault.Refuse(fault.ClassSignature, "reading a note: a signature line is malformed")
	}
	n := unverified.Note
	if len(n.UnverifiedSigs) > limit {
		return nil, fault.Refuse(fault.ClassSignature, "reading a note: %d signatures", len(n.UnverifiedSigs))
	}
	var again bytes.Buffer
	again.WriteString(n.Text + "\n")
	for _, sig := range n.UnverifiedSigs {
		raw, err := base64.StdEncoding.Strict().DecodeString(sig.Base64)
		if err != nil || len(raw) <= 4 || base64.StdEncoding.EncodeToString(raw) != sig.Base64 || !printable(sig.Name) {
			return nil, fault.Refuse(fault.ClassSignature, "reading a note: a signature line is malformed")
		}
		again.WriteString("— " + sig.Name + " " + sig.Base64 + "\n")
	}
	if !bytes.Equal(again.Bytes(), msg) {
		return nil, fault.Refuse(fault.ClassSignature, "reading a note: signature lines repeat or are malformed")
	}
	return n, nil
}

// checkText refuses all but printable ASCII lines, none of them empty.
func checkText(text string) error {
	if !strings.HasSuffix(text, "\n") || text == "\n" {
		return fault.Refuse(fault.ClassForm, "reading a note: the text has no last line end")
	}
	for line := range strings.SplitSeq(strings.TrimSuffix(text, "\n"), "\n") {
		if line == "" {
			return fault.Refuse(fault.ClassForm, "reading a note: an empty line in the text")
		}
		if !printable(line) {
			return fault.Refuse(fault.ClassForm, "reading a note: a character that is not printable ASCII")
		}
	}
	return nil
}

func printable(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}
