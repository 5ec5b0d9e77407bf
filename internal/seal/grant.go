package seal

import (
	"bytes"
	"errors"
	"strconv"

	"varco/internal/envelope"
	"varco/internal/fault"
	"varco/internal/hybrid"
	"varco/internal/ids"
	"varco/internal/note"
	"varco/internal/secret"
)

// GrantBinding says for what a grant was sealed: one epoch of one thread, and one card.
type GrantBinding struct {
	Thread ids.Thread
	Epoch  int64     // number of the epoch, from 1
	Card   note.Hash // of the member's card, signatures included
}

// Grant seals an epoch to the recipient that a member's card states. Inside is a form:
//
//	varco/v1 grant
//	thread t-…
//	epoch 1
//	card …
//	identity AGE-SECRET-KEY-PQ-1…
//
// It refuses a recipient that is not a good one (class key) and a binding that no header
// could have (class form).
func Grant(recipient string, g GrantBinding, e Epoch) ([]byte, error) {
	text, err := g.text()
	if err != nil {
		return nil, err
	}
	if e.IsZero() {
		return nil, fault.New(fault.Internal, "sealing a grant: no epoch to grant")
	}
	return hybrid.Seal(recipient, []byte(text+identityKey+e.Reveal()+"\n"), envelope.GrantSize)
}

// OpenGrant returns the epoch that a grant gives to the holder of identity. It refuses a
// file that is not sealed to exactly one post-quantum recipient or was changed (class
// envelope), one that was sealed for anything but g (class binding), one sealed to another
// identity, and one that does not give exactly epochRecipient, which the signed header
// states (class grant): else its author could give each member another epoch.
func OpenGrant(identity hybrid.Identity, g GrantBinding, epochRecipient string, file []byte) (Epoch, error) {
	text, err := g.text()
	if err != nil {
		return Epoch{}, err
	}
	if err := envelope.CheckGrant(file); err != nil {
		return Epoch{}, err
	}
	plain, err := identity.Open(file)
	if errors.Is(err, hybrid.ErrOther) {
		return Epoch{}, fault.Refuse(fault.ClassGrant, "opening a grant: sealed to another identity")
	}
	if err != nil {
		return Epoch{}, err
	}
	rest, err := unbind(plain, text)
	if err != nil {
		return Epoch{}, err
	}
	return granted(rest, epochRecipient)
}

// identityKey begins the line that holds the epoch.
const identityKey = "identity "

// granted reads the last line of a grant.
func granted(line []byte, recipient string) (Epoch, error) {
	value, ok := bytes.CutPrefix(line, []byte(identityKey))
	if !ok {
		return Epoch{}, fault.Refuse(fault.ClassGrant, "opening a grant: it gives no identity")
	}
	value, ok = bytes.CutSuffix(value, []byte("\n"))
	if !ok {
		return Epoch{}, fault.Refuse(fault.ClassGrant, "opening a grant: its last line has no end")
	}
	e, err := ParseEpoch(secret.NewString(string(value)))
	if err != nil || e.Recipient() != recipient {
		return Epoch{}, fault.Refuse(fault.ClassGrant, "opening a grant: it does not give the epoch's recipient")
	}
	return e, nil
}

func (g GrantBinding) text() (string, error) {
	if _, err := ids.ParseThread(string(g.Thread)); err != nil {
		return "", fault.Refuse(fault.ClassForm, "binding a grant: %s", err)
	}
	if g.Epoch < 1 || g.Card.IsZero() {
		return "", fault.Refuse(fault.ClassForm, "binding a grant: no epoch or no card")
	}
	return note.Print("grant").
		Line("thread", string(g.Thread)).
		Line("epoch", strconv.FormatInt(g.Epoch, 10)).
		Line("card", g.Card.String()).
		String(), nil
}
