package italian_test

import (
	"strings"
	"testing"
	"unicode"

	"varco/internal/act"
	"varco/internal/cli/italian"
	"varco/internal/fault"
	"varco/internal/thread"
	"varco/internal/words"
	"varco/policies"
)

// Every word of the vocabulary has its Italian: a word that is added to act is added here.
func TestEveryWordHasItsItalian(t *testing.T) {
	check(t, act.Roles, italian.Role)
	check(t, act.Kinds, italian.Kind)
	check(t, act.Seats, italian.Seat)
	check(t, act.Acts, italian.Act)
	check(t, act.Outcomes, italian.Outcome)
	check(t, []thread.Side{thread.INPS, thread.Internal, thread.Partner}, italian.Side)
	topics, err := policies.Topics()
	if err != nil {
		t.Fatal(err)
	}
	for _, topic := range topics {
		if got := italian.Urgency(topic.Urgency); !strings.HasPrefix(got, topic.Urgency+", ") {
			t.Errorf("Urgency(%s) = %s", topic.Urgency, got)
		}
	}
	for _, reason := range act.Reasons {
		if got, err := italian.Reason(reason); err != nil || got == string(reason) {
			t.Errorf("Reason(%s) = %q, %v", reason, got, err)
		}
	}
}

func check[T ~string](t *testing.T, all []T, name func(T) string) {
	t.Helper()
	said := map[string]T{}
	for _, word := range all {
		it := name(word)
		if it == string(word) || it == "" {
			t.Errorf("%q has no Italian", word)
		}
		if other, twice := said[it]; twice {
			t.Errorf("%q and %q are both %q", word, other, it)
		}
		said[it] = word
	}
	if got := name("newer\x1b"); got != "newer\ufffd" {
		t.Errorf("a newer word is %q", got)
	}
}

func TestTopic(t *testing.T) {
	if got, err := italian.TopicLine("rdl-01"); err != nil || !strings.HasPrefix(got, "RDL-01 Reddito") {
		t.Errorf("TopicLine = %q, %v", got, err)
	}
	if got, err := italian.TopicLine("OLD-01"); err != nil || got != "OLD-01" {
		t.Errorf("TopicLine = %q, %v", got, err)
	}
}

func TestWords(t *testing.T) {
	six := words.Of([32]byte{1})
	said := strings.Join(six[:], " ")
	for _, same := range []string{said, strings.ToUpper(said), strings.ReplaceAll(said, " ", ", "), "1. " + said + "\n"} {
		if !italian.SameWords(same, six) {
			t.Errorf("%q are other words", same)
		}
	}
	for _, other := range []string{"", said + " abaco", strings.Join(six[:5], " "), strings.Replace(said, " ", "", 1)} {
		if italian.SameWords(other, six) {
			t.Errorf("%q are the same words", other)
		}
	}
}

func TestWhyNot(t *testing.T) {
	seen := map[string]bool{}
	for _, class := range []fault.Class{fault.ClassStale, fault.ClassUntrusted, fault.ClassSubstitute, fault.ClassMissing, fault.ClassKey} {
		says := italian.Barred(fault.Refuse(class, "x"))
		if says == "" || seen[says] {
			t.Errorf("Barred(%s) = %q", class, says)
		}
		seen[says] = true
	}
	for _, class := range []fault.Class{fault.ClassUnknown, fault.ClassGrant, fault.ClassMissing, fault.ClassBinding} {
		says := italian.Unreadable(fault.Refuse(class, "x"))
		if says == "" || seen[says] {
			t.Errorf("Unreadable(%s) = %q", class, says)
		}
		seen[says] = true
	}
}

func FuzzClean(f *testing.F) {
	for _, seed := range []string{"perché no?", "a\x1b[2Jb", "\u202eabc", "a\u0000\r\n\tb", "\xff\xfe", "👩‍👧 mamma"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		clean := italian.Clean(text)
		for _, r := range clean {
			if r != '\n' && r != '\t' && !unicode.IsPrint(r) && r != unicode.ReplacementChar {
				t.Errorf("Clean(%q) lets %U through", text, r)
			}
		}
		if italian.Clean(clean) != clean {
			t.Errorf("Clean(%q) is not clean", text)
		}
	})
}
