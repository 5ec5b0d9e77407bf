package thread_test

import (
	"bytes"
	"strings"

	"varco/internal/note"
	"varco/internal/note/notetest"
	"varco/internal/thread"
)

// forms adds headers with a good signature and a bad text. They need no cards.
func (s *script) forms() {
	empty := s.New("a thread")
	open := notetest.Text(s.t, s.begin().Headers[0])
	partner := s.New("a thread, partner")
	partnerText := notetest.Text(s.t, s.sign(partner.Opening("anna", thread.Partner, "anna centre", "fulvia partner"), "anna"))
	th := s.begin()
	message := notetest.Text(s.t, s.sign(th.Draft("carla", thread.Message), "carla"))
	rekey := notetest.Text(s.t, s.sign(th.Draft("carla", thread.Rekey), "carla"))
	for _, e := range append(formEdits(open, partnerText, message, rekey), s.kindEdits()...) {
		edit := notetest.Edit{Name: e.name, Do: e.do}
		s.add(e.name, e.want, e.says, empty, notetest.Sign(s.t, edit.Apply(s.t, e.text), s.People["anna"].Signer))
	}
	s.add("crlf", "form", "lines that end with CR LF", empty, bytes.ReplaceAll(s.begin().Headers[0], []byte("\n"), []byte("\r\n")))
	s.add("not-ascii", "form", "a letter that is not ASCII", empty, bytes.Replace(s.begin().Headers[0], []byte("RDL-01"), []byte("RDL-0è"), 1))
	s.add("card-as-entry", "form", "a card served as an entry", empty, s.People["anna"].Note())
}

type edited struct {
	text, name, want, says string
	do                     func([]string) []string
}

func formEdits(open, partner, message, rekey string) []edited {
	value, replace := notetest.Value, notetest.Replace
	members, grants := linesOf(open, "member"), linesOf(rekey, "grant")
	roster := linesOf(message, "roster")[0]
	zeros := note.Hash{}
	many := func(line string, n int) string { return strings.Repeat(line+"\n", n-1) + line }
	return []edited{
		{message, "line-twice", "form", "a line twice", replace("sequence 1", "sequence 1\nsequence 1")},
		{message, "line-unknown", "form", "a line that no entry has", replace("sequence 1", "sequence 1\nmail x")},
		{message, "line-missing", "form", "a line is missing", replace("sequence 1\n", "")},
		{message, "lines-reordered", "form", "two lines in the wrong order", func(l []string) []string {
			l[1], l[2] = l[2], l[1]
			return l
		}},
		{message, "line-after-body", "form", "a line after the last one", replace("\nbody", "\nbody x 1\nbody")},
		{message, "version", "form", "another version of the protocol", replace("varco/v1", "varco/v2")},
		{message, "kind-unknown", "unknown", "a kind that is newer than this protocol", value("kind", "freeze")},
		{message, "kind-no-word", "form", "what can't be a kind", value("kind", "Message")},
		{message, "kind-of-another", "form", "a message that says it is a recusal", value("kind", "recuse")},
		{message, "number-zeros", "form", "a number with a leading zero", value("sequence", "01")},
		{message, "number-plus", "form", "a number with a sign", value("epoch", "+1")},
		{message, "message-first", "form", "a message that opens a thread", value("sequence", "0")},
		{open, "open-later", "form", "an opening that is not the first entry", value("sequence", "1")},
		{open, "open-follows", "form", "an opening that follows an entry", value("previous", note.Sum(nil).String())},
		{open, "previous-zeros", "form", "zeros in place of the dash for no entry before", value("previous", zeros.String())},
		{message, "epoch-zero", "form", "epochs begin with 1", value("epoch", "0")},
		{message, "not-after-before", "form", "over before it is written", value("not-after", "2026-11-03T08:00:59.999Z")},
		{message, "not-after-late", "form", "ten minutes and a millisecond", value("not-after", "2026-11-03T08:11:00.001Z")},
		{message, "hash-bits", "form", "base64 with a bit set after the last byte", func(l []string) []string {
			body := l[len(l)-1]
			end := strings.Index(body, "=") - 1
			l[len(l)-1] = body[:end] + string(body[end]+1) + body[end+1:]
			return l
		}},
		{message, "roster-twice", "form", "a roster twice", replace(roster, roster+"\n"+roster)},
		{message, "rosters-many", "size", "nine rosters", replace(roster, many(roster, 9))},
		{message, "body-empty", "form", "a body of no bytes", replace(" 2683", " 0")},
		{rekey, "rekey-body", "form", "a body where its kind has none", func(l []string) []string {
			return append(l, linesOf(message, "body")[0])
		}},
		{rekey, "grants-unsorted", "form", "grants out of order", replace(grants[0]+"\n"+grants[1], grants[1]+"\n"+grants[0])},
		{rekey, "grant-twice", "form", "a grant twice", replace(grants[0], grants[0]+"\n"+grants[0])},
		{rekey, "grants-many", "size", "33 grants", replace(grants[0], many(grants[0], 33))},
		{rekey, "key-classic", "key", "an epoch of an X25519 recipient", value("epoch-key", "age1"+strings.Repeat("q", 58))},
		{open, "members-unsorted", "form", "members out of order", replace(members[0]+"\n"+members[1], members[1]+"\n"+members[0])},
		{open, "member-twice", "form", "a member twice", replace(members[0], members[0]+"\n"+members[0])},
		{open, "members-many", "size", "33 members", replace(members[0], many(members[0], 33))},
		{open, "members-none", "form", "no members", replace(strings.Join(members, "\n")+"\n", "")},
		{open, "seat-unknown", "form", "a seat that does not exist", replace(" holder", " guest")},
		{open, "side-unknown", "form", "a side that does not exist", value("side", "press")},
		{open, "inps-with-nobody", "form", "a thread with an office that is not named", value("with", note.None)},
		{open, "topic-lower-case", "form", "a topic in lower case", value("topic", "rdl-01 U2")},
		{open, "topic-none", "form", "a thread with an office and without topic", replace("topic RDL-01 U2\n", "")},
		{partner, "partner-topic", "form", "a topic where a partner reads it", replace("\nmember", "\ntopic RDL-01 U2\nmember")},
		{partner, "internal-with", "form", "an internal thread with somebody", value("side", "internal")},
	}
}

func linesOf(text, key string) []string {
	var found []string
	for line := range strings.SplitSeq(text, "\n") {
		if strings.HasPrefix(line, key+" ") {
			found = append(found, line)
		}
	}
	return found
}
