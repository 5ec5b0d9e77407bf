package note

import (
	"strconv"
	"strings"
	"time"

	"varco/internal/fault"
)

// prefix separates every text that Varco signs from any other signed text.
const prefix = "varco/v1 "

// timeLayout is RFC 3339 in UTC with exactly three decimals: one spelling for each time.
const timeLayout = "2006-01-02T15:04:05.000Z"

// None stands for an absent value in a line that is always there.
const None = "-"

// FormatTime prints t in UTC with milliseconds.
func FormatTime(t time.Time) string { return t.UTC().Format(timeLayout) }

// ParseTime reads what FormatTime prints, and nothing else.
func ParseTime(s string) (time.Time, error) {
	t, err := time.Parse(timeLayout, s)
	if err != nil || FormatTime(t) != s {
		return time.Time{}, fault.Refuse(fault.ClassForm, "reading a time: %.40q", s)
	}
	return t, nil
}

// Printer writes the text of a note, line by line.
type Printer struct{ text strings.Builder }

// Print begins the text of a note of a kind.
func Print(kind string) *Printer {
	p := new(Printer)
	p.text.WriteString(prefix + kind + "\n")
	return p
}

// Line writes a key and its values, separated by single spaces.
func (p *Printer) Line(key string, values ...string) *Printer {
	p.text.WriteString(key)
	for _, v := range values {
		p.text.WriteString(" " + v)
	}
	p.text.WriteByte('\n')
	return p
}

// String returns the text.
func (p *Printer) String() string { return p.text.String() }

// Scanner reads the text of a note line by line in the order in which a Printer wrote it.
// The first thing that is wrong stays its error, and everything read after it is empty, so
// that a form is read in one go and Done tells whether all of it was right.
//
// A form prints again what it read and compares (see Same): so each note has one spelling,
// whatever a field's own parser accepts.
type Scanner struct {
	lines []string // not yet read
	count int      // of all lines
	err   error
}

// KindOf returns the kind that the text's first line states, "" when it states none.
func KindOf(text string) string {
	first, _, _ := strings.Cut(text, "\n")
	kind, ok := strings.CutPrefix(first, prefix)
	if !ok {
		return ""
	}
	return kind
}

// Scan begins to read a text that must be of the kind.
func Scan(text, kind string) *Scanner {
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	s := &Scanner{lines: lines, count: len(lines)}
	if s.lines[0] != prefix+kind {
		s.fail("first line is not %q", prefix+kind)
		return s
	}
	s.lines = s.lines[1:]
	return s
}

// One reads the line with the key, which must be next, and returns its value.
func (s *Scanner) One(key string) string {
	value, ok := s.Maybe(key)
	if !ok {
		s.fail("the line %q is missing here", key)
	}
	return value
}

// Maybe reads the line with the key if it is next.
func (s *Scanner) Maybe(key string) (string, bool) {
	if s.err != nil || len(s.lines) == 0 {
		return "", false
	}
	value, ok := strings.CutPrefix(s.lines[0], key+" ")
	if !ok {
		return "", false
	}
	s.lines = s.lines[1:]
	if value == "" {
		s.fail("the line %q is empty", key)
	}
	return value, true
}

// Values reads the line with the key, which must be next and hold exactly n values.
func (s *Scanner) Values(key string, n int) []string {
	return s.split(key, s.One(key), n)
}

// Many reads all lines with the key that follow each other, each of exactly n values. More
// than limit lines are refused with class size.
func (s *Scanner) Many(key string, n, limit int) [][]string {
	var all [][]string
	for {
		value, ok := s.Maybe(key)
		if !ok {
			return all
		}
		if len(all) == limit {
			s.keep(fault.Refuse(fault.ClassSize, "reading a form: more than %d lines %q", limit, key))
			return nil
		}
		all = append(all, s.split(key, value, n))
	}
}

// split returns exactly n values, empty ones after an error.
func (s *Scanner) split(key, value string, n int) []string {
	values := strings.Split(value, " ")
	if s.err == nil && len(values) != n {
		s.fail("the line %q has %d values, want %d", key, len(values), n)
	}
	if s.err != nil {
		return make([]string, n)
	}
	return values
}

// Int reads a whole number of at least zero, without sign or leading zeros.
func (s *Scanner) Int(value string) int64 {
	n, err := strconv.ParseInt(value, 10, 64)
	if err != nil || n < 0 || strconv.FormatInt(n, 10) != value {
		s.fail("not a whole number: %.40q", value)
		return 0
	}
	return n
}

// Time reads a time.
func (s *Scanner) Time(value string) time.Time {
	t, err := ParseTime(value)
	s.keep(err)
	return t
}

// Hash reads a hash.
func (s *Scanner) Hash(value string) Hash {
	h, err := ParseHash(value)
	s.keep(err)
	return h
}

// HashOrNone reads a hash, or None as the zero Hash.
func (s *Scanner) HashOrNone(value string) Hash {
	if value == None {
		return Hash{}
	}
	return s.Hash(value)
}

// Parsed reads a value with its own parser: note.Parsed(s, value, ids.ParsePerson). The
// parser's error keeps its class; one without a class gets the class form.
func Parsed[T any](s *Scanner, value string, parse func(string) (T, error)) T {
	v, err := parse(value)
	switch {
	case err == nil:
	case fault.ClassOf(err) != "":
		s.keep(err)
	default:
		s.fail("%s", err.Error())
	}
	return v
}

// Err returns the first error so far.
func (s *Scanner) Err() error { return s.err }

// Done returns the first error, or that lines are left over. It does not repeat them: some
// forms hold keys.
func (s *Scanner) Done() error {
	if s.err == nil && len(s.lines) > 0 {
		s.fail("line %d does not belong here", s.count-len(s.lines)+1)
	}
	return s.err
}

// Same refuses a text that its own form prints in another way.
func Same(text, again string) error {
	if text != again {
		return fault.Refuse(fault.ClassForm, "reading a form: not its one spelling")
	}
	return nil
}

func (s *Scanner) fail(format string, args ...any) {
	if s.err == nil {
		s.err = fault.Refuse(fault.ClassForm, "reading a form: "+format, args...)
	}
}

func (s *Scanner) keep(err error) {
	if s.err == nil {
		s.err = err
	}
}
