package note_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"varco/internal/fault"
	"varco/internal/note"
)

func TestTimeHasOneSpelling(t *testing.T) {
	const want = "2026-11-02T08:00:00.250Z"
	at := time.Date(2026, 11, 2, 9, 0, 0, 250_999_999, time.FixedZone("CET", 3600))
	if got := note.FormatTime(at); got != want {
		t.Errorf("printed %s, want %s", got, want)
	}
	got, err := note.ParseTime(want)
	if err != nil || !got.Equal(at.Truncate(time.Millisecond)) || got.Location() != time.UTC {
		t.Errorf("read %v, %v", got, err)
	}
	for _, bad := range []string{
		"", "-", want + " ", " " + want,
		"2026-11-02T08:00:00Z", "2026-11-02T08:00:00.25Z", "2026-11-02T08:00:00.2500Z", "2026-11-02T08:00:00,250Z",
		"2026-11-02t08:00:00.250z", "2026-11-02 08:00:00.250Z", "2026-11-02T08:00:00.250+00:00", "2026-11-02T09:00:00.250+01:00",
		"2026-02-29T08:00:00.250Z", "2026-11-02T24:00:00.000Z", "2026-11-02T08:00:60.000Z", "2026-11-2T08:00:00.250Z",
		"12026-11-02T08:00:00.250Z", "-026-11-02T08:00:00.250Z",
	} {
		if got, err := note.ParseTime(bad); fault.ClassOf(err) != fault.ClassForm {
			t.Errorf("%q was read as %v, %v", bad, got, err)
		}
	}
}

func TestHashHasOneSpelling(t *testing.T) {
	want := note.Sum([]byte("anything"))
	text, err := want.MarshalText()
	if err != nil {
		t.Fatal(err)
	}
	var got note.Hash
	if err := got.UnmarshalText(text); err != nil || got != want || got.IsZero() {
		t.Errorf("read %v, %v, want %v", got, err, want)
	}
	good := want.String()
	for _, bad := range []string{"", "-", good + "\n", good[:20] + "\r\n" + good[20:], strings.TrimSuffix(good, "="), loose(good),
		"AAAA", strings.Repeat("A", 48), strings.Repeat("_", 43) + "="} {
		if err := got.UnmarshalText([]byte(bad)); fault.ClassOf(err) != fault.ClassForm {
			t.Errorf("%q was read: %v", bad, err)
		}
	}
}

func TestScanReadsWhatPrintWrote(t *testing.T) {
	at := time.Date(2026, 11, 2, 8, 0, 0, 0, time.UTC)
	hash := note.Sum([]byte("x"))
	text := note.Print("example").
		Line("name", "a b").
		Line("pair", "1", "9223372036854775807").
		Line("at", note.FormatTime(at)).
		Line("hash", hash.String()).
		Line("none", note.None).
		Line("many", "a").Line("many", "b").
		String()
	if kind := note.KindOf(text); kind != "example" {
		t.Errorf("the kind is %q", kind)
	}
	s := note.Scan(text, "example")
	if _, ok := s.Maybe("absent"); ok {
		t.Error("a line that is not there was read")
	}
	name, pair := s.One("name"), s.Values("pair", 2)
	numbers := []int64{s.Int(pair[0]), s.Int(pair[1])}
	gotAt, gotHash, none := s.Time(s.One("at")), s.HashOrNone(s.One("hash")), s.HashOrNone(s.One("none"))
	many := s.Many("many", 1, 2)
	if err := s.Done(); err != nil {
		t.Fatal(err)
	}
	if name != "a b" || !gotAt.Equal(at) || gotHash != hash || !none.IsZero() {
		t.Errorf("read %q, %v, %v, %v", name, gotAt, gotHash, none)
	}
	if diff := cmp.Diff([]int64{1, 1<<63 - 1}, numbers); diff != "" {
		t.Errorf("numbers (-want +got)\n%s", diff)
	}
	if diff := cmp.Diff([][]string{{"a"}, {"b"}}, many); diff != "" {
		t.Errorf("many (-want +got)\n%s", diff)
	}
}

func TestKindOf(t *testing.T) {
	for text, want := range map[string]string{
		"varco/v1 card\nperson x\n": "card", "varco/v1 card": "card", "": "", "\n": "", "card\n": "", "varco/v2 card\n": "",
		"varco.example/log\n1\n": "",
	} {
		if got := note.KindOf(text); got != want {
			t.Errorf("the kind of %q is %q, want %q", text, got, want)
		}
	}
}

func TestScanRefuses(t *testing.T) {
	errPlain := errors.New("no such thing")
	for _, test := range []struct {
		name, text string
		read       func(*note.Scanner)
		want       fault.Class
	}{
		{"empty text", "", func(*note.Scanner) {}, fault.ClassForm},
		{"another kind", "varco/v1 other\n", func(*note.Scanner) {}, fault.ClassForm},
		{"a longer kind", "varco/v1 example \n", func(*note.Scanner) {}, fault.ClassForm},
		{"a line left", "varco/v1 example\na 1\n", func(*note.Scanner) {}, fault.ClassForm},
		{"a line missing", "varco/v1 example\n", func(s *note.Scanner) { s.One("a") }, fault.ClassForm},
		{"another line", "varco/v1 example\nb 1\n", func(s *note.Scanner) { s.One("a") }, fault.ClassForm},
		{"a longer key", "varco/v1 example\nab 1\n", func(s *note.Scanner) { s.One("a") }, fault.ClassForm},
		{"no value", "varco/v1 example\na \n", func(s *note.Scanner) { s.One("a") }, fault.ClassForm},
		{"one value of two", "varco/v1 example\na 1\n", func(s *note.Scanner) { s.Values("a", 2) }, fault.ClassForm},
		{"three values of two", "varco/v1 example\na 1 2 3\n", func(s *note.Scanner) { s.Values("a", 2) }, fault.ClassForm},
		{"too many lines", "varco/v1 example\na 1\na 2\na 3\n", func(s *note.Scanner) { s.Many("a", 1, 2) }, fault.ClassSize},
		{"two values of one", "varco/v1 example\na 1\na 2 3\n", func(s *note.Scanner) { s.Many("a", 1, 2) }, fault.ClassForm},
		{"hash", "varco/v1 example\na x\n", func(s *note.Scanner) { s.Hash(s.One("a")) }, fault.ClassForm},
		{"neither hash nor none", "varco/v1 example\na --\n", func(s *note.Scanner) { s.HashOrNone(s.One("a")) }, fault.ClassForm},
		{"time", "varco/v1 example\na x\n", func(s *note.Scanner) { s.Time(s.One("a")) }, fault.ClassForm},
		{"own parser, own class", "varco/v1 example\na x\n",
			func(s *note.Scanner) { note.Parsed(s, s.One("a"), note.ParsePublicKey) }, fault.ClassKey},
		{"own parser, no class", "varco/v1 example\na x\n", func(s *note.Scanner) {
			note.Parsed(s, s.One("a"), func(string) (int, error) { return 0, errPlain })
		}, fault.ClassForm},
		{"the first error stays", "varco/v1 example\nb 1\n", func(s *note.Scanner) {
			s.One("a")
			note.Parsed(s, "x", note.ParsePublicKey)
		}, fault.ClassForm},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := note.Scan(test.text, "example")
			test.read(s)
			if got := fault.ClassOf(s.Done()); got != test.want {
				t.Errorf("got %q (%v), want %q", got, s.Err(), test.want)
			}
		})
	}
}

func TestIntHasOneSpelling(t *testing.T) {
	for _, bad := range []string{"", "+1", "-1", "-0", "00", "01", "1.0", "1e3", "0x1", "1_000", "٣", "9223372036854775808", " 1", "1 "} {
		t.Run(bad, func(t *testing.T) {
			s := note.Scan("varco/v1 example\n", "example")
			if got := s.Int(bad); got != 0 || fault.ClassOf(s.Done()) != fault.ClassForm {
				t.Errorf("got %d, %v", got, s.Err())
			}
		})
	}
}

// Forms hold keys, and errors are printed on terminals.
func TestLinesLeftOverAreNotRepeated(t *testing.T) {
	s := note.Scan("varco/v1 example\nseed a\nseed b\nseed c\n", "example")
	s.One("seed")
	if err := s.Done(); err == nil || !strings.HasSuffix(err.Error(), "line 3 does not belong here") {
		t.Errorf("got %v", err)
	}
}

// TestErrorsAreShort: what was read is quoted in errors, but not at any length.
func TestErrorsAreShort(t *testing.T) {
	long := strings.Repeat("9", 60000)
	for name, read := range map[string]func(*note.Scanner){
		"number": func(s *note.Scanner) { s.Int(long) },
		"time":   func(s *note.Scanner) { s.Time(long) },
		"hash":   func(s *note.Scanner) { s.Hash(long) },
		"line":   func(*note.Scanner) {},
	} {
		s := note.Scan("varco/v1 example\n"+long+"\n", "example")
		read(s)
		if err := s.Done(); err == nil || len(err.Error()) > 200 {
			t.Errorf("%s: %.300v", name, err)
		}
	}
}

func TestSame(t *testing.T) {
	if err := note.Same("a", "a"); err != nil {
		t.Error(err)
	}
	if err := note.Same("a", "b"); fault.ClassOf(err) != fault.ClassForm {
		t.Error(err)
	}
}

// FuzzParseTime: a time that is accepted is printed again as it was.
func FuzzParseTime(f *testing.F) {
	f.Add("2026-11-02T08:00:00.250Z")
	f.Add("2026-11-02T08:00:00,250Z")
	f.Fuzz(func(t *testing.T, text string) {
		if at, err := note.ParseTime(text); err == nil && note.FormatTime(at) != text {
			t.Fatalf("%q is printed as %q", text, note.FormatTime(at))
		}
	})
}

// FuzzScan reads lines of every shape and prints them again.
func FuzzScan(f *testing.F) {
	f.Add("varco/v1 example\none 1\nhash -\nmany a b\nmany c d\n")
	f.Add("varco/v1 example\none +1\nhash AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n")
	f.Fuzz(func(t *testing.T, text string) {
		s := note.Scan(text, "example")
		one := s.Int(s.One("one"))
		hash := s.HashOrNone(s.One("hash"))
		many := s.Many("many", 2, 3)
		if s.Done() != nil {
			return
		}
		p := note.Print("example").Line("one", fmt.Sprint(one))
		if hash.IsZero() {
			p.Line("hash", note.None)
		} else {
			p.Line("hash", hash.String())
		}
		for _, m := range many {
			p.Line("many", m...)
		}
		// A form refuses what it would print in another way: here a hash of zeros only,
		// and a text without its last line end.
		zeros := note.Hash{}
		if again := p.String(); again != text && again != text+"\n" && !strings.Contains(text, zeros.String()) {
			t.Fatalf("%q is printed as %q", text, again)
		}
	})
}
