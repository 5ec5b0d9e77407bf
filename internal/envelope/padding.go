package envelope

import (
	"encoding/binary"
	"math/bits"

	"varco/internal/fault"
)

// MinPadded is the floor of padding, in bytes: whatever is shorter looks the same.
const MinPadded = 1 << 10

// lengthBytes is the size of the big-endian length in front of padded data.
const lengthBytes = 8

// Padded returns the size in bytes of n bytes of data once padded: 8 bytes of length, the
// data, and zeros up to the next size of Padmé, at least MinPadded. Padmé (Nikitin et al.,
// "Reducing Metadata Leakage from Encrypted Files and Communication with PURBs", 2019, §4)
// lets a size of up to 2^k show O(log k) bits and costs at most 12 %, here at most 6 %.
func Padded(n int) int { return padme(lengthBytes + n) }

// padme rounds size up so that only its leading bits may differ from zero.
func padme(size int) int {
	if size <= MinPadded {
		return MinPadded
	}
	exponent := bits.Len(uint(size)) - 1
	free := exponent - bits.Len(uint(exponent))
	mask := 1<<free - 1
	return (size + mask) &^ mask
}

// Pad returns data with its length in front and zeros behind. It refuses (class size) data
// that would take more than limit bytes.
func Pad(data []byte, limit int) ([]byte, error) {
	size := Padded(len(data))
	if size > limit {
		return nil, fault.Refuse(fault.ClassSize, "padding: %d bytes once padded, at most %d", size, limit)
	}
	padded := make([]byte, size)
	binary.BigEndian.PutUint64(padded, uint64(len(data)))
	copy(padded[lengthBytes:], data)
	return padded, nil
}

// Unpad returns the data inside padded, which it does not copy. It refuses (class padding)
// a length that would have been padded to another size and a padding that is not all zeros:
// each data has one padded form, and nothing travels in the rest.
func Unpad(padded []byte) ([]byte, error) {
	if len(padded) < MinPadded {
		return nil, fault.Refuse(fault.ClassPadding, "removing padding: %d bytes, at least %d", len(padded), MinPadded)
	}
	stated := binary.BigEndian.Uint64(padded)
	if stated >= uint64(len(padded)) {
		return nil, fault.Refuse(fault.ClassPadding, "removing padding: the length is beyond the end")
	}
	length := int(stated) //nolint:gosec // less than len(padded), by the line above
	if Padded(length) != len(padded) {
		return nil, fault.Refuse(fault.ClassPadding, "removing padding: the length does not belong to this size")
	}
	end := lengthBytes + length
	for _, b := range padded[end:] {
		if b != 0 {
			return nil, fault.Refuse(fault.ClassPadding, "removing padding: not all zeros")
		}
	}
	return padded[lengthBytes:end:end], nil
}
