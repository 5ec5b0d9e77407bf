package vault

import "encoding/binary"

// Lists of centres and offices are public: by its exact length a sealed name could be
// found in one. So a value is padded to a multiple of step, its own length in front.
const (
	step   = 64
	prefix = 4
)

func pad(plain []byte) []byte {
	padded := make([]byte, (prefix+len(plain)+step-1)/step*step)
	binary.BigEndian.PutUint32(padded, uint32(len(plain))) //nolint:gosec // at most MaxPlainBytes
	copy(padded[prefix:], plain)
	return padded
}

// unpad returns the value if pad gives the same bytes for it.
func unpad(padded []byte) ([]byte, bool) {
	if len(padded) < step {
		return nil, false
	}
	n := int(binary.BigEndian.Uint32(padded))
	if n > MaxPlainBytes || (prefix+n+step-1)/step*step != len(padded) {
		return nil, false
	}
	for _, b := range padded[prefix+n:] {
		if b != 0 {
			return nil, false
		}
	}
	return padded[prefix : prefix+n : prefix+n], true
}
