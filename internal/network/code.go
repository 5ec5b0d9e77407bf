package network

import (
	"encoding/base32"
	"fmt"
	"io"
	"slices"
	"strings"

	"varco/internal/secret"
)

// codes are spelt with digits and letters that are not taken for each other.
var codes = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

const (
	codeChars = 28 // of five bits: 140
	codeGroup = 4
)

// drawCode draws the code of an invitation: seven groups of four characters. Who has it can
// take the seat, so it is shown once, and only its hash is kept.
func drawCode(rand io.Reader) (secret.String, error) {
	raw := make([]byte, codes.DecodedLen(codeChars)+1)
	if _, err := io.ReadFull(rand, raw); err != nil {
		return secret.String{}, fmt.Errorf("drawing the code of an invitation: %w", err)
	}
	var groups []string
	for group := range slices.Chunk([]byte(codes.EncodeToString(raw)[:codeChars]), codeGroup) {
		groups = append(groups, string(group))
	}
	return secret.NewString(strings.Join(groups, "-")), nil
}
