package thread

import (
	"strconv"
	"strings"

	"varco/internal/card"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/note"
)

// maxKind is the size limit of a kind's word, in bytes.
const maxKind = 32

func (e *Entry) text(rule rule) string {
	previous := note.None
	if !e.Previous.IsZero() {
		previous = e.Previous.String()
	}
	p := note.Print("entry").
		Line("thread", string(e.Thread)).
		Line("entry", string(e.ID)).
		Line("sequence", strconv.FormatInt(e.Sequence, 10)).
		Line("previous", previous).
		Line("epoch", strconv.FormatInt(e.Epoch, 10)).
		Line("author", string(e.Author), e.Card.String()).
		Line("kind", string(e.Kind)).
		Line("time", note.FormatTime(e.Time)).
		Line("not-after", note.FormatTime(e.NotAfter))
	for _, r := range e.Rosters {
		p.Line("roster", string(r.Organisation), strconv.FormatInt(r.Version, 10), r.Hash.String())
	}
	if rule.print != nil {
		rule.print(e, p)
	}
	if rule.key {
		p.Line("epoch-key", e.Key.Recipient)
		for _, g := range e.Key.Grants {
			p.Line("grant", append([]string{string(g.Person)}, g.Sealed.values()...)...)
		}
	}
	switch {
	case e.Body != nil:
		p.Line("body", e.Body.values()...)
	case rule.body == either:
		p.Line("body", note.None)
	}
	for _, b := range e.Blobs {
		p.Line("blob", append([]string{string(b.ID)}, b.Sealed.values()...)...)
	}
	return p.String()
}

func (s Sealed) values() []string { return []string{s.Hash.String(), strconv.FormatInt(s.Size, 10)} }

// scan reads the text of a header and refuses all spellings but the one that text prints.
func scan(text string) (*Entry, error) {
	e := new(Entry)
	s := note.Scan(text, "entry")
	e.Thread = note.Parsed(s, s.One("thread"), ids.ParseThread)
	e.ID = note.Parsed(s, s.One("entry"), ids.ParseEntry)
	e.Sequence = s.Int(s.One("sequence"))
	e.Previous = s.HashOrNone(s.One("previous"))
	e.Epoch = s.Int(s.One("epoch"))
	author := s.Values("author", 2)
	e.Author = note.Parsed(s, author[0], ids.ParsePerson)
	e.Card = s.Hash(author[1])
	e.Kind = note.Parsed(s, s.One("kind"), parseKind)
	e.Time = s.Time(s.One("time"))
	e.NotAfter = s.Time(s.One("not-after"))
	for _, v := range s.Many("roster", 3, MaxRosters) {
		e.Rosters = append(e.Rosters, Seen{Organisation: note.Parsed(s, v[0], ids.ParseOrganisation),
			Version: s.Int(v[1]), Hash: s.Hash(v[2])})
	}
	if err := s.Err(); err != nil {
		return nil, err
	}
	rule, err := ruleOf(e.Kind)
	if err != nil {
		return nil, err
	}
	if rule.scan != nil {
		rule.scan(e, s)
	}
	if rule.key {
		e.Key = scanKey(s)
	}
	if rule.body != never {
		e.Body = scanBody(s, rule)
	}
	if rule.blobs {
		for _, v := range s.Many("blob", 3, MaxBlobs) {
			e.Blobs = append(e.Blobs, Blob{note.Parsed(s, v[0], ids.ParseBlob), scanSealed(s, v[1:])})
		}
	}
	if err := s.Done(); err != nil {
		return nil, err
	}
	if err := e.check(rule); err != nil {
		return nil, err
	}
	return e, note.Same(text, e.text(rule))
}

func scanKey(s *note.Scanner) *Key {
	key := &Key{Recipient: s.One("epoch-key")}
	for _, v := range s.Many("grant", 3, MaxMembers) {
		key.Grants = append(key.Grants, Grant{note.Parsed(s, v[0], ids.ParsePerson), scanSealed(s, v[1:])})
	}
	return key
}

// scanBody reads the line of a body, nil when the kind may go without and does.
func scanBody(s *note.Scanner, rule rule) *Sealed {
	value := s.One("body")
	if rule.body == either && value == note.None {
		return nil
	}
	hash, size, _ := strings.Cut(value, " ")
	sealed := scanSealed(s, []string{hash, size})
	return &sealed
}

func scanSealed(s *note.Scanner, values []string) Sealed {
	return Sealed{s.Hash(values[0]), s.Int(values[1])}
}

// parseKind tells a kind that is newer than this program from what is no kind at all.
func parseKind(s string) (Kind, error) {
	if len(s) > maxKind || strings.Trim(s, "abcdefghijklmnopqrstuvwxyz-") != "" {
		return "", fault.Refuse(fault.ClassForm, "reading an entry: %.40q is no kind", s)
	}
	return Kind(s), nil
}

// check refuses a header that no honest device makes, whatever state it meets.
func (e *Entry) check(rule rule) error {
	refuse := func(format string, args ...any) error {
		return fault.Refuse(fault.ClassForm, "reading an entry: "+format, args...)
	}
	if (e.Sequence == 0) != (e.Kind == Open) || (e.Sequence == 0) != e.Previous.IsZero() || e.Epoch < 1 {
		return refuse("sequence, previous, epoch and kind don't agree")
	}
	if e.NotAfter.Before(e.Time) || e.NotAfter.Sub(e.Time) > MaxLife {
		return refuse("not-after is not within %s of its time", MaxLife)
	}
	if len(e.Rosters) > MaxRosters || len(e.Members) > MaxMembers || len(e.Blobs) > MaxBlobs ||
		e.Giving != nil && len(e.Giving.Epochs) > MaxEpochs || e.Key != nil && len(e.Key.Grants) > MaxMembers {
		return fault.Refuse(fault.ClassSize, "reading an entry: too many rosters, members, grants or blobs")
	}
	for i, r := range e.Rosters {
		if i > 0 && e.Rosters[i-1].Organisation >= r.Organisation || r.Version < 1 {
			return refuse("rosters out of order, twice or without version")
		}
	}
	if e.owns()|rule.may != rule.own || (e.Key != nil) != rule.key || len(e.Blobs) > 0 && !rule.blobs ||
		rule.body != either && (e.Body != nil) != (rule.body == always) {
		return refuse("fields that do not belong to the kind %s", e.Kind)
	}
	if rule.check != nil {
		if err := rule.check(e); err != nil {
			return err
		}
	}
	if e.Key != nil {
		if err := checkKey(e.Key); err != nil {
			return err
		}
	}
	if e.Body != nil && e.Body.Size < 1 {
		return refuse("an empty body")
	}
	for i, b := range e.Blobs {
		if i > 0 && e.Blobs[i-1].ID >= b.ID || b.Sealed.Size < 1 {
			return refuse("blobs out of order, twice or empty")
		}
	}
	return nil
}

func checkKey(key *Key) error {
	if err := card.CheckRecipient(key.Recipient); err != nil {
		return err
	}
	for i, g := range key.Grants {
		if i > 0 && key.Grants[i-1].Person >= g.Person || g.Sealed.Size < 1 {
			return fault.Refuse(fault.ClassForm, "reading an entry: grants out of order, twice or empty")
		}
	}
	return nil
}
