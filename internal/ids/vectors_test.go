package ids_test

import (
	"strings"
	"testing"

	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/note/notetest"
	"varco/internal/vector"
)

// TestVectors runs testdata/vectors/id: the section "text" is read as the identifier that the
// line "of" names.
func TestVectors(t *testing.T) {
	readers := map[string]func(string) error{
		"person":       as(ids.ParsePerson),
		"organisation": as(ids.ParseOrganisation),
		"case":         as(ids.ParseCase),
		"thread":       as(ids.ParseThread),
		"entry":        as(ids.ParseEntry),
		"session":      as(ids.ParseSession),
		"request":      as(ids.ParseRequest),
		"lock":         as(ids.ParseLock),
		"agreement":    as(ids.ParseAgreement),
		"invitation":   as(ids.ParseInvitation),
		"blob":         as(ids.ParseBlob),
	}
	var all []*vector.Vector
	add := func(name, expect, says, of, text string) {
		all = append(all, vector.New(name, expect, says).Set("of", of).Attach("text", []byte(text)))
	}
	const code = "-8xby-uhs4-98h5-wsfv"
	for of := range readers {
		letter := of[:1]
		if of == "request" {
			letter = "q"
		}
		add("ok-"+of, vector.OK, "the identifier of a "+of, of, letter+code)
	}
	for name, c := range map[string]struct{ says, text string }{
		"other-prefix": {"the identifier of something else", "e" + code},
		"wrong":        {"a character that is another", "t-8xby-uhs4-98h5-wsfw"},
		"swapped":      {"two neighbours that are swapped", "t-8xyb-uhs4-98h5-wsfv"},
		"capitals":     {"a second spelling, in capitals", strings.ToUpper("t" + code)},
		"no-hyphens":   {"a second spelling, without hyphens", "t-8xbyuhs498h5wsfv"},
		"zero":         {"a character that is in no code", "t-0xby-uhs4-98h5-wsfv"},
		"short":        {"a character too few", "t-8xby-uhs4-98h5-wsf"},
		"long":         {"a character too many", "t-8xby-uhs4-98h5-wsfvv"},
		"space":        {"a space behind it", "t" + code + " "},
		"empty":        {"nothing", ""},
	} {
		add("refused-"+name, "form", c.says, "thread", c.text)
	}
	notetest.Run(t, "id", all, func(v *vector.Vector) error {
		if err := readers[v.Get("of")](string(v.Bytes("text"))); err != nil {
			return fault.Refuse(fault.ClassForm, "reading an identifier: %s", err)
		}
		return nil
	})
}

func as[T any](parse func(string) (T, error)) func(string) error {
	return func(s string) error {
		_, err := parse(s)
		return err
	}
}
