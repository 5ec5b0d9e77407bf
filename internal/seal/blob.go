package seal

import (
	"errors"
	"io"

	"varco/internal/envelope"
	"varco/internal/fault"
	"varco/internal/hybrid"
	"varco/internal/secret"
)

// BlobKey is the private key of one attachment, drawn for it alone. It stands in the sealed
// body of the entry that carries the attachment, whose signed header has the hash of the file:
// that binds the two, so a blob says nothing of where it belongs. It prints as "[secret]";
// Reveal gives the text. The zero BlobKey opens nothing.
type BlobKey struct{ hybrid.Identity }

// NewBlobKey draws a new BlobKey.
func NewBlobKey() (BlobKey, error) {
	i, err := hybrid.NewIdentity()
	return BlobKey{i}, err
}

// ParseBlobKey reads the one spelling of a BlobKey, as Reveal gives it (class key).
func ParseBlobKey(text secret.String) (BlobKey, error) {
	i, err := hybrid.ParseIdentity(text)
	return BlobKey{i}, err
}

// BlobSize returns the size in bytes of the sealed file of an attachment of size bytes. It
// refuses one that is too large (class size).
func BlobSize(size int64) (int64, error) {
	if size < 0 || size > envelope.MaxBlob {
		return 0, fault.Refuse(fault.ClassSize, "sealing a blob: %d bytes, at most %d", size, envelope.MaxBlob)
	}
	sealed := envelope.SealedSize(int64(envelope.Padded(int(size))))
	return sealed, envelope.CheckBlobSize(sealed)
}

// Blob seals an attachment of size bytes, padded, as it reads it: memory does not depend on
// the size. It writes BlobSize bytes. It fails with envelope.ErrSize when data has not size
// bytes, and then what was written is good for nothing.
func Blob(w io.Writer, key BlobKey, data io.Reader, size int64) error {
	if _, err := BlobSize(size); err != nil {
		return err
	}
	return hybrid.SealTo(w, key.Recipient(), data, size, envelope.MaxBlob)
}

// OpenBlob opens an attachment of size bytes in a file of sealed bytes, as it reads it.
//
// What it writes to w was authenticated piece by piece, and counts only when there is no
// error: a file that was cut or changed towards its end is found there. So w is something that
// can be thrown away, as a file under another name.
//
// It refuses a file that is not sealed to exactly one post-quantum recipient, was changed, or
// is longer or shorter (class envelope), padding that does not check or another size inside
// (padding), and a file that was sealed with another key (binding).
func OpenBlob(w io.Writer, key BlobKey, file io.Reader, sealed, size int64) error {
	n, err := key.OpenTo(&bounded{w, size}, file, sealed)
	if errors.Is(err, hybrid.ErrOther) {
		return fault.Refuse(fault.ClassBinding, "opening a blob: sealed with another key")
	}
	if err == nil && n != size {
		return errBlobSize
	}
	return err
}

var errBlobSize = fault.Refuse(fault.ClassPadding, "opening a blob: another size inside than was stated")

// bounded takes no more than was stated.
type bounded struct {
	w    io.Writer
	left int64
}

func (b *bounded) Write(p []byte) (int, error) {
	if b.left -= int64(len(p)); b.left < 0 {
		return 0, errBlobSize
	}
	return b.w.Write(p)
}
