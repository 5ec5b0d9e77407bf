// Package personal finds in a text what would tell who somebody is or where she lives: a
// codice fiscale, an IBAN, a mail address, a telephone number, a street with its number.
//
// It is for the device on which a text is written, which shows what was found and asks
// before anything is sealed and sent; the service never sees the text. It recognises shapes,
// not people: it says too much now and then, and a name or a story that tells who somebody
// is it can't find. It promises no more than a second look.
package personal

import (
	"regexp"
	"slices"
	"strings"
)

// Kind is what a part of a text looks like.
type Kind string

// The kinds, as the page's translations name them.
const (
	CodiceFiscale Kind = "codice-fiscale"
	IBAN          Kind = "iban"
	Mail          Kind = "mail"
	Phone         Kind = "phone"
	Street        Kind = "street"
)

// Kinds lists every kind.
var Kinds = []Kind{CodiceFiscale, IBAN, Mail, Phone, Street}

// Found is a part of a text.
type Found struct {
	Kind Kind
	Text string
	At   int // where it begins, in bytes
	// Checked: its check character or digits are right, so it is one and no accident of letters.
	// What was mistyped tells as much, and is found too.
	Checked bool
}

// pattern finds candidates of a kind; is, when there is one, has the last word.
type pattern struct {
	kind  Kind
	shape *regexp.Regexp
	is    func(candidate string) bool
}

// In this order: what is part of an earlier find is not found again as something else.
var patterns = []pattern{
	{Mail, regexp.MustCompile(`[\pL0-9._%+-]+@[\pL0-9-]+(?:\.[\pL0-9-]+)+`), nil},
	// D.M. 23-12-1976; letters LMNPQRSTUV stand for digits where two people would share one.
	{CodiceFiscale, regexp.MustCompile(`(?i)\b[A-Z]{3}[ -]?[A-Z]{3}[ -]?[0-9L-NP-V]{2}[A-EHLMPRST][0-9L-NP-V]{2}[ -]?[A-Z][0-9L-NP-V]{3}[ -]?[A-Z]\b`), nil},
	{IBAN, regexp.MustCompile(`(?i)\b[A-Z]{2}[0-9]{2}(?:[ -]?[0-9A-Z]){11,30}\b`), isIBAN},
	{Street, regexp.MustCompile(`\b(?:[Vv]ia|[Vv]iale|[Vv]\.le|[Pp]iazza|[Pp]iazzale|[Pp]\.zza|[Cc]orso|[Cc]\.so|[Ll]argo|[Vv]icolo|[Cc]ontrada|[Ss]trada) (?:(?:de[il]|della|delle|dello|degli|dell'|d'|san|XX|[IVX]+) ?)*\p{Lu}[\pL'’.]*(?: [\pL'’.]+){0,4},? (?:n\.? ?)?[0-9]{1,4}\b`), nil},
	{Phone, regexp.MustCompile(`(?:\+|\b00|\b[03])[0-9]?(?:[ ./-]?[0-9]){6,14}\b`), isPhone},
}

// Find returns what looks like somebody's data, in the order of the text.
func Find(text string) []Found {
	var all []Found
	for _, p := range patterns {
		for _, at := range p.shape.FindAllStringIndex(text, -1) {
			candidate := Found{Kind: p.kind, Text: text[at[0]:at[1]], At: at[0]}
			candidate.Checked = candidate.checks()
			if (p.is == nil || p.is(candidate.Text)) && !overlaps(all, candidate) {
				all = append(all, candidate)
			}
		}
	}
	slices.SortFunc(all, func(a, b Found) int { return a.At - b.At })
	return all
}

func overlaps(all []Found, f Found) bool {
	return slices.ContainsFunc(all, func(o Found) bool {
		return f.At < o.At+len(o.Text) && o.At < f.At+len(f.Text)
	})
}

var separators = strings.NewReplacer(" ", "", "-", "", ".", "", "/", "")

// isIBAN checks ISO 13616: the check digits, or else the shape of an Italian one, since one
// that was mistyped tells as much.
func isIBAN(candidate string) bool {
	s := strings.ToUpper(separators.Replace(candidate))
	return strings.HasPrefix(s, "IT") && len(s) == 27 || divides(s)
}

// divides reports whether the check digits of an IBAN are right: the number that it spells is 1 modulo 97.
func divides(s string) bool {
	rest := 0
	for _, c := range []byte(s[4:] + s[:4]) {
		if c >= 'A' {
			rest = (rest*100 + int(c-'A') + 10) % 97
		} else {
			rest = (rest*10 + int(c-'0')) % 97
		}
	}
	return rest == 1
}

// day is how a date begins that a telephone number could be taken for.
var day = regexp.MustCompile(`^[0-9]{1,2}[ ./-][0-9]{1,2}[ ./-][0-9]{4}`)

// isPhone accepts nine to fifteen digits (E.164 has fifteen at most) that are no date.
func isPhone(candidate string) bool {
	digits := len(separators.Replace(strings.TrimPrefix(candidate, "+")))
	return digits >= 9 && digits <= 15 && !day.MatchString(candidate)
}
