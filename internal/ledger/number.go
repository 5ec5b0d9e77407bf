package ledger

import (
	"fmt"
	"strconv"
	"strings"

	"varco/internal/fault"
)

const modulus = 97

// Number prints the index of a leaf as the number that people quote: "R-1234-82". Its last
// two digits check the others (ISO/IEC 7064, MOD 97-10): every single wrong digit and
// every swap of two neighbours is found. The index is from 0 to MaxSize-1.
func Number(leaf int64) string { return fmt.Sprintf("R-%d-%02d", leaf, checkDigits(leaf)) }

// ParseNumber reads what Number prints, and nothing else.
func ParseNumber(s string) (int64, error) {
	rest, begins := strings.CutPrefix(s, "R-")
	digits, _, ends := strings.Cut(rest, "-")
	leaf, err := strconv.ParseInt(digits, 10, 64)
	if !begins || !ends || err != nil || !within(0, leaf, MaxSize-1) {
		return 0, fault.Refuse(fault.ClassForm, "reading the number of a receipt: want R-<digits>-<two digits>")
	}
	if Number(leaf) != s {
		return 0, fault.Refuse(fault.ClassForm, "reading the number of a receipt: a digit is wrong or two are swapped")
	}
	return leaf, nil
}

// checkDigits are the two, from 02 to 98, that make the whole number 1 modulo 97.
func checkDigits(leaf int64) int64 { return modulus + 1 - leaf%modulus*100%modulus }
