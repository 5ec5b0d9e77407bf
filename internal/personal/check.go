package personal

import "strings"

// codiceLength is how many characters a codice fiscale has.
const codiceLength = 16

// checks reports whether a find has a check character or digits that are right.
func (f Found) checks() bool {
	s := strings.ToUpper(separators.Replace(f.Text))
	switch f.Kind {
	case CodiceFiscale:
		return len(s) == codiceLength && controlled(s)
	case IBAN:
		return divides(s)
	case Mail, Phone, Street:
	}
	return false
}

// oddPlace is what the characters 0 to 9 or A to J, and K to Z, count for in an odd place of a codice
// fiscale (D.M. 23-12-1976, table of the odd characters); in an even one they count for themselves.
var oddPlace = [26]int{1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23}

// controlled reports whether the last character of a codice fiscale is the one that the first
// fifteen give.
func controlled(s string) bool {
	sum := 0
	for i, c := range []byte(s[:len(s)-1]) {
		value := int(c - '0')
		if c >= 'A' {
			value = int(c - 'A')
		}
		if i%2 == 0 { // the first place is odd
			value = oddPlace[value]
		}
		sum += value
	}
	return s[len(s)-1] == byte('A'+sum%26)
}
