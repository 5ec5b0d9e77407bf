package ledger

import (
	"slices"
	"strings"

	"varco/internal/act"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/note"
)

const (
	maxWord    = 256 // an acr value is a URI
	lower      = "abcdefghijklmnopqrstuvwxyz"
	digits     = "0123456789"
	vocabulary = lower + ".-"
	base64Both = lower + "ABCDEFGHIJKLMNOPQRSTUVWXYZ" + digits + "+/-_="
)

// check refuses what may not be in a record. It looks at shapes, so that a mistake in the
// door can't write a name, a mail address or a network address where a pseudonym belongs.
func (r Record) check() error {
	if at, err := note.ParseTime(note.FormatTime(r.At)); err != nil || at.IsZero() {
		return unfit("at")
	}
	for _, line := range []struct {
		key  string
		fits bool
	}{
		{"act", r.Act != "" && of(vocabulary, string(r.Act))},
		{"of", (r.Of == "" || r.Act == act.AuditSample) && of(vocabulary, string(r.Of))},
		{"outcome", r.Outcome != "" && of(vocabulary, string(r.Outcome))},
		{"role", all(r.Roles, func(role act.Role) bool { return role != "" && of(vocabulary, string(role)) })},
		{"reason", of(vocabulary, string(r.Reason))},
		{"person", identifies(string(r.Person), ids.ParsePerson)},
		{"organisation", identifies(string(r.Organisation), ids.ParseOrganisation)},
		{"session", identifies(string(r.Session), ids.ParseSession)},
		{"request", identifies(string(r.Request), ids.ParseRequest)},
		{"assurance", r.Assurance == "" || isWord(r.Assurance)},
		{"source", of(base64Both, r.Source)},
		{"object", identifiesAny(r.Object)},
		{"entry", identifies(string(r.Entry), ids.ParseEntry)},
		{"policy", len(r.Policies) <= maxPolicies && all(r.Policies, isWord)},
		{"from", within(0, r.From, r.Until) && (r.Until > 0 || r.From == 0)},
		{"size", r.Size >= 0},
		{"count", r.Count >= 0 && r.Count != 1},
		{"class", of(vocabulary, string(r.Class))},
	} {
		if !line.fits {
			return unfit(line.key)
		}
	}
	return r.checkWords()
}

// checkWords refuses words that have the shape of the vocabulary and are not in it.
func (r Record) checkWords() error {
	known := func(role act.Role) bool { return slices.Contains(act.Roles, role) }
	for _, line := range []struct {
		key   string
		knows bool
	}{
		{"act", slices.Contains(act.Acts, r.Act)},
		{"of", r.Of == "" || slices.Contains(act.Acts, r.Of)},
		{"outcome", slices.Contains(act.Outcomes, r.Outcome)},
		{"role", all(r.Roles, known)},
		{"reason", r.Reason == "" || r.Reason.Known()},
	} {
		if !line.knows {
			return fault.Refuse(fault.ClassUnknown, "checking a record: no such %s in the vocabulary", line.key)
		}
	}
	return nil
}

// unfit names the line and not its value, which may be what must not be written down.
func unfit(key string) error {
	return fault.Refuse(fault.ClassForm, "checking a record: the value of %q does not fit", key)
}

func identifies[T any](s string, parse func(string) (T, error)) bool {
	if s == "" {
		return true
	}
	_, err := parse(s)
	return err == nil
}

// IsObject reports whether s is an identifier of something that can be acted on.
func IsObject(s string) bool { return s != "" && identifiesAny(s) }

// identifiesAny takes an identifier of anything that can be acted on.
func identifiesAny(s string) bool {
	prefix, _, _ := strings.Cut(s, "-")
	switch prefix {
	case "p":
		return identifies(s, ids.ParsePerson)
	case "o":
		return identifies(s, ids.ParseOrganisation)
	case "c":
		return identifies(s, ids.ParseCase)
	case "t":
		return identifies(s, ids.ParseThread)
	case "e":
		return identifies(s, ids.ParseEntry)
	case "s":
		return identifies(s, ids.ParseSession)
	case "l":
		return identifies(s, ids.ParseLock)
	case "a":
		return identifies(s, ids.ParseAgreement)
	case "i":
		return identifies(s, ids.ParseInvitation)
	case "b":
		return identifies(s, ids.ParseBlob)
	}
	return s == ""
}

func all[T any](values []T, fits func(T) bool) bool {
	return !slices.ContainsFunc(values, func(v T) bool { return !fits(v) })
}

// isWord takes printable ASCII without spaces.
func isWord(s string) bool {
	return s != "" && len(s) <= maxWord && !strings.ContainsFunc(s, func(c rune) bool { return c <= ' ' || c > '~' })
}

// of takes words made of the letters, and the empty one.
func of(letters, s string) bool { return len(s) <= maxWord && strings.Trim(s, letters) == "" }
