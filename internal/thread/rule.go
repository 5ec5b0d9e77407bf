package thread

import (
	"varco/internal/card"
	"varco/internal/fault"
	"varco/internal/note"
)

// rule is what a kind of entry is made of and what it does.
type rule struct {
	print func(*Entry, *note.Printer) // its own clear fields, if it has any
	scan  func(*Entry, *note.Scanner)
	key   bool // starts an epoch
	body  bool // has a sealed body
	// ends: may follow whatever epoch is due, since stopping always works.
	ends  bool
	apply func(*State, *Entry, Cards) error
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

func ruleOf(kind Kind) (rule, error) {
	switch kind {
	case Open:
		return openRule, nil
	case Message:
		return messageRule, nil
	case Rekey:
		return rekeyRule, nil
	case Recuse:
		return recuseRule, nil
	}
	return rule{}, fault.Refuse(fault.ClassUnknown, "reading an entry: the kind %.20q is newer than this program", string(kind))
}
