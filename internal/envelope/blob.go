package envelope

import (
	"encoding/binary"
	"errors"
	"io"

	"varco/internal/fault"
)

// BlobHead is how many bytes of an attachment CheckBlob wants to see: its header.
const BlobHead = hybridHeaderSize

// MaxPart is the size limit in bytes of a part in which an attachment travels.
const MaxPart = 4 << 20

// CheckBlob is Check for an attachment of size bytes, of which only the first are at hand, at
// least BlobHead of them.
func CheckBlob(head []byte, size int64) error {
	if err := CheckBlobSize(size); err != nil {
		return err
	}
	if len(head) < BlobHead {
		return fault.Refuse(fault.ClassEnvelope, "checking a blob: %d bytes of its header, want %d", len(head), BlobHead)
	}
	stanza, payload, err := inspect(head[:BlobHead])
	if err != nil {
		return fault.Refuse(fault.ClassEnvelope, "checking a blob: %s", err)
	}
	if !isHybrid(stanza) || payload != 0 {
		return fault.Refuse(fault.ClassEnvelope, "checking a blob: its stanza is not %s", hybridType)
	}
	return nil
}

// CheckBlobSize refuses a number of bytes that no attachment has: over the limit (class size),
// or not that of anything padded (class envelope).
func CheckBlobSize(size int64) error {
	if most := SealedSize(MaxBlob); size > most {
		return fault.Refuse(fault.ClassSize, "checking a blob: %d bytes, at most %d", size, most)
	}
	if !holdsPadded(size - hybridHeaderSize) {
		return fault.Refuse(fault.ClassEnvelope, "checking a blob: %d bytes, which nothing padded has", size)
	}
	return nil
}

// ErrSize says that data has not the number of bytes that was stated before.
var ErrSize = errors.New("another number of bytes than was stated")

// PadTo is Pad for size bytes of data that are not in memory. It fails with ErrSize when there
// are fewer or more of them; then what was written is good for nothing.
func PadTo(w io.Writer, data io.Reader, size, limit int64) error {
	padded := int64(Padded(int(size)))
	if size < 0 || padded > limit {
		return fault.Refuse(fault.ClassSize, "padding: %d bytes once padded, at most %d", padded, limit)
	}
	length := make([]byte, lengthBytes)
	binary.BigEndian.PutUint64(length, uint64(size))
	if _, err := w.Write(length); err != nil {
		return err
	}
	n, err := io.Copy(w, io.LimitReader(data, size+1))
	if err != nil {
		return err
	}
	if n != size {
		return ErrSize
	}
	_, err = io.CopyN(w, zeros{}, padded-lengthBytes-size)
	return err
}

// UnpadTo is Unpad for a file of which padded is the size that the outside shows. It writes the
// data and returns their number. Data count only when there is no error: the padding comes last.
func UnpadTo(w io.Writer, file io.Reader, padded int64) (int64, error) {
	length := make([]byte, lengthBytes)
	if _, err := io.ReadFull(file, length); err != nil {
		return 0, err
	}
	stated := binary.BigEndian.Uint64(length)
	if stated >= uint64(max(padded, 0)) || int64(Padded(int(stated))) != padded { //nolint:gosec // less than padded
		return 0, fault.Refuse(fault.ClassPadding, "removing padding: the length does not belong to this size")
	}
	size := int64(stated) //nolint:gosec // less than padded, by the line above
	if _, err := io.CopyN(w, file, size); err != nil {
		return 0, err
	}
	n, err := io.Copy(onlyZeros{}, file)
	if err != nil {
		return 0, err
	}
	if n != padded-lengthBytes-size {
		return 0, fault.Refuse(fault.ClassPadding, "removing padding: not as long as the outside shows")
	}
	return size, nil
}

// zeros has no end.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// onlyZeros takes nothing else.
type onlyZeros struct{}

func (onlyZeros) Write(p []byte) (int, error) {
	for _, b := range p {
		if b != 0 {
			return 0, fault.Refuse(fault.ClassPadding, "removing padding: not all zeros")
		}
	}
	return len(p), nil
}

// PlainSize returns the number of bytes, padding included, in a sealed file of size bytes.
func PlainSize(size int64) int64 {
	payload := size - hybridHeaderSize - nonceSize
	chunks := (payload + chunkSize + tagSize - 1) / (chunkSize + tagSize)
	return payload - chunks*tagSize
}
