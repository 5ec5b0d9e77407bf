package thread

import (
	"slices"
	"time"

	"varco/internal/act"
	"varco/internal/card"
	"varco/internal/fault"
	"varco/internal/note"
)

// rule is what a kind of entry is made of, who may write it and when, and what it does. A new
// kind is a rule, its own lines, and where it must remember something a field of State.
type rule struct {
	print func(*Entry, *note.Printer) // its own lines, if it has any
	scan  func(*Entry, *note.Scanner)
	check func(*Entry) error // refuses what its own lines can't say, whatever the state

	own   own // fields of Entry that the kind has and others have not
	may   own // those of them that it may go without
	key   bool
	body  presence
	blobs bool // may name blobs

	seats    []act.Seat // whose may write it; nil for every seat
	internal bool       // in internal threads only
	// ends: may follow when a new epoch must start first, since stopping always works, and who lost
	// her keys is not to wait. What may go without a body may too when it has none.
	ends bool
	// closed: may follow in a closed thread.
	closed bool

	apply func(*State, *Entry, Cards, time.Time) error // nil when it changes nothing but the head
}

// presence says whether a kind has a body.
type presence int

const (
	never  presence = iota
	always          // it has one
	either          // it may have one, and says so when it has none
)

// own are the fields of an Entry that not every kind has.
type own int

const (
	ownOpening own = 1 << iota
	ownMembers
	ownDue
	ownGiving
	ownStatus
)

func (e *Entry) owns() own {
	var all own
	mark := func(field own, there bool) {
		if there {
			all |= field
		}
	}
	mark(ownOpening, e.Opening != nil)
	mark(ownMembers, len(e.Members) > 0)
	mark(ownDue, e.Due != "")
	mark(ownGiving, e.Giving != nil)
	mark(ownStatus, e.Status != nil)
	return all
}

// rules are what the kinds are made of.
var rules = map[Kind]rule{
	Open:       openRule,
	Message:    messageRule,
	Request:    requestRule,
	Members:    membersRule,
	Rekey:      rekeyRule,
	KindGrant:  grantRule,
	KindStatus: statusRule,
	Recuse:     recuseRule,
	Link:       linkRule,
	Exclude:    excludeRule,
}

func ruleOf(kind Kind) (rule, error) {
	if r, ok := rules[kind]; ok {
		return r, nil
	}
	return rule{}, fault.Refuse(fault.ClassUnknown, "reading an entry: the kind %.20q is newer than this program", string(kind))
}

// writes reports whether the kind may be written from a seat in a thread of a side.
func (r rule) writes(seat act.Seat, side Side) bool {
	return (r.seats == nil || slices.Contains(r.seats, seat)) && (!r.internal || side == Internal)
}

// Cards are the cards that entries name, by hash. The caller has verified whose they are.
type Cards map[note.Hash]*card.Signed

// of returns the card with the hash, nil when it was left out.
func (c Cards) of(hash note.Hash) *card.Signed {
	if found := c[hash]; found != nil && found.Hash == hash {
		return found
	}
	return nil
}
