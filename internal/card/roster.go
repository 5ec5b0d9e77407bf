package card

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"varco/internal/act"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/note"
)

// Limits of a roster; a note of 64 KiB holds about 300 lines.
const (
	maxPeople        = 400
	maxSubstitutions = 200
	maxAct           = 60
)

// Roster says who belongs to an organisation. Each version replaces the one before, whose
// hash it carries.
type Roster struct {
	Organisation  ids.Organisation
	Version       int64     // 1 for the first
	Previous      note.Hash // zero for the first
	Issued        time.Time
	Expires       time.Time
	Steward       ids.Person // who signs it
	StewardCard   note.Hash  // her steward card
	People        []Seat     // in order of person id
	Substitutions []Substitution
}

// Seat is one person's line: her card, her name's commitment, her roles.
type Seat struct {
	Person         ids.Person
	Card           note.Hash
	NameCommitment note.Hash
	Roles          []act.Role // in alphabetical order
	Act            string     // number of the act of designation, "" if none
	From           time.Time
	Until          time.Time // zero for no end but the roster's
}

// Substitution says that one officer stands in for another for a while.
type Substitution struct {
	Who, For    ids.Person
	From, Until time.Time
}

// SignedRoster is a roster whose steward's signature was verified by a Book.
type SignedRoster struct {
	Roster
	Hash note.Hash // of the whole note
	note []byte
}

// Note returns the bytes that were signed, signature included. They are not to be changed.
func (r *SignedRoster) Note() []byte { return r.note }

// Seen returns what an entry says of a roster that its author has seen.
func (r *SignedRoster) Seen() Seen { return Seen{r.Organisation, r.Version, r.Hash} }

// Seen is a version of an organisation's roster that somebody has seen.
type Seen struct {
	Organisation ids.Organisation
	Version      int64
	Hash         note.Hash // of the whole note
}

// ValidAt reports whether the seat counts at t.
func (s *Seat) ValidAt(t time.Time) bool {
	return !t.Before(s.From) && (s.Until.IsZero() || t.Before(s.Until))
}

// Has reports whether the seat has one of the roles. A nil seat has none.
func (s *Seat) Has(roles ...act.Role) bool {
	return s != nil && slices.ContainsFunc(s.Roles, func(r act.Role) bool { return slices.Contains(roles, r) })
}

func (r *Roster) text() string {
	p := note.Print("roster").
		Line("organisation", string(r.Organisation)).
		Line("version", strconv.FormatInt(r.Version, 10)).
		Line("previous", orNone(r.Previous)).
		Line("issued", note.FormatTime(r.Issued)).
		Line("expires", note.FormatTime(r.Expires)).
		Line("steward", string(r.Steward), r.StewardCard.String())
	for _, s := range r.People {
		roles := make([]string, len(s.Roles))
		for i, role := range s.Roles {
			roles[i] = string(role)
		}
		until := note.None
		if !s.Until.IsZero() {
			until = note.FormatTime(s.Until)
		}
		designation := note.None
		if s.Act != "" {
			designation = s.Act
		}
		p.Line("person", string(s.Person), s.Card.String(), s.NameCommitment.String(),
			strings.Join(roles, ","), designation, note.FormatTime(s.From), until)
	}
	for _, s := range r.Substitutions {
		p.Line("substitution", string(s.Who), string(s.For), note.FormatTime(s.From), note.FormatTime(s.Until))
	}
	return p.String()
}

func orNone(h note.Hash) string {
	if h.IsZero() {
		return note.None
	}
	return h.String()
}

// SignRoster makes the note of a roster with the steward's key. It sorts people and
// substitutions, since a roster has one spelling.
func SignRoster(r Roster, steward note.Signer) ([]byte, error) {
	r.People = slices.Clone(r.People)
	slices.SortFunc(r.People, func(a, b Seat) int { return strings.Compare(string(a.Person), string(b.Person)) })
	for i := range r.People {
		r.People[i].Roles = slices.Clone(r.People[i].Roles)
		slices.Sort(r.People[i].Roles)
	}
	r.Substitutions = slices.Clone(r.Substitutions)
	slices.SortFunc(r.Substitutions, compareSubstitutions)
	if err := r.check(); err != nil {
		return nil, err
	}
	// What is printed is read again: times lose what is below a millisecond.
	text := r.text()
	if _, err := scanRoster(text); err != nil {
		return nil, err
	}
	return note.Sign(text, steward)
}

// scanRoster reads a roster's text; its signature is a Book's business, which knows the steward.
func scanRoster(text string) (Roster, error) {
	s := note.Scan(text, "roster")
	var r Roster
	r.Organisation = note.Parsed(s, s.One("organisation"), ids.ParseOrganisation)
	r.Version = s.Int(s.One("version"))
	r.Previous = s.HashOrNone(s.One("previous"))
	r.Issued = s.Time(s.One("issued"))
	r.Expires = s.Time(s.One("expires"))
	steward := s.Values("steward", 2)
	r.Steward = note.Parsed(s, steward[0], ids.ParsePerson)
	r.StewardCard = s.Hash(steward[1])
	for _, v := range s.Many("person", 7, maxPeople) {
		r.People = append(r.People, scanSeat(s, v))
	}
	for _, v := range s.Many("substitution", 4, maxSubstitutions) {
		r.Substitutions = append(r.Substitutions, Substitution{
			Who: note.Parsed(s, v[0], ids.ParsePerson), For: note.Parsed(s, v[1], ids.ParsePerson),
			From: s.Time(v[2]), Until: s.Time(v[3])})
	}
	if err := s.Done(); err != nil {
		return Roster{}, err
	}
	if err := r.check(); err != nil {
		return Roster{}, err
	}
	return r, note.Same(text, r.text())
}

func scanSeat(s *note.Scanner, v []string) Seat {
	seat := Seat{Person: note.Parsed(s, v[0], ids.ParsePerson), Card: s.Hash(v[1]), NameCommitment: s.Hash(v[2])}
	for role := range strings.SplitSeq(v[3], ",") {
		seat.Roles = append(seat.Roles, act.Role(role))
	}
	if v[4] != note.None {
		seat.Act = v[4]
	}
	seat.From = s.Time(v[5])
	if v[6] != note.None {
		seat.Until = s.Time(v[6])
	}
	return seat
}

// check refuses a roster that no honest steward signs, whatever its signature.
func (r *Roster) check() error {
	refuse := func(format string, args ...any) error {
		return fault.Refuse(fault.ClassForm, "reading a roster: "+format, args...)
	}
	if r.Version < 1 || (r.Version == 1) != r.Previous.IsZero() {
		return refuse("version %d and what it follows don't agree", r.Version)
	}
	if err := checkLife(r.Issued, r.Expires); err != nil {
		return err
	}
	if len(r.People) > maxPeople || len(r.Substitutions) > maxSubstitutions {
		return fault.Refuse(fault.ClassSize, "reading a roster: too many lines")
	}
	seats := make(map[ids.Person]*Seat, len(r.People))
	cards := make(map[note.Hash]bool, len(r.People))
	for i := range r.People {
		s := &r.People[i]
		if i > 0 && r.People[i-1].Person >= s.Person {
			return refuse("people out of order or twice")
		}
		if cards[s.Card] {
			return refuse("two people with one card")
		}
		if !s.Until.IsZero() && !s.From.Before(s.Until) {
			return refuse("a seat that ends before it begins")
		}
		if len(s.Act) > maxAct || strings.ContainsAny(s.Act, " \n") || s.Act == note.None {
			return refuse("act number %.40q", s.Act)
		}
		if err := checkRoles(s.Roles); err != nil {
			return err
		}
		seats[s.Person], cards[s.Card] = s, true
	}
	for i, s := range r.Substitutions {
		if i > 0 && compareSubstitutions(r.Substitutions[i-1], s) >= 0 {
			return refuse("substitutions out of order or twice")
		}
		if seats[s.Who] == nil || seats[s.For] == nil || s.Who == s.For || !s.From.Before(s.Until) {
			return refuse("a substitution between people who are not on it, or that ends before it begins")
		}
	}
	return nil
}

func checkRoles(roles []act.Role) error {
	for i, role := range roles {
		if !slices.Contains(act.Roles, role) || i > 0 && roles[i-1] >= role {
			return fault.Refuse(fault.ClassForm, "reading a roster: roles unknown, twice or out of order")
		}
	}
	if len(roles) == 0 {
		return fault.Refuse(fault.ClassForm, "reading a roster: a person without a role")
	}
	return nil
}

func compareSubstitutions(a, b Substitution) int {
	if c := strings.Compare(string(a.Who), string(b.Who)); c != 0 {
		return c
	}
	if c := strings.Compare(string(a.For), string(b.For)); c != 0 {
		return c
	}
	return a.From.Compare(b.From)
}
