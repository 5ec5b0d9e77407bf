package core

import (
	"context"
	"slices"
	"strings"
	"time"

	"varco/internal/act"
	"varco/internal/card"
	"varco/internal/client"
	"varco/internal/fault"
	"varco/internal/ids"
)

// SignRoster changes the roster of her organisation and signs it for another year; without
// changes it renews it.
type SignRoster struct {
	// Version of the roster that she was shown. If there is another by now it is a conflict.
	Version int64          `json:"version"`
	Changes []RosterChange `json:"changes"`
}

// RosterChange is one change, in the order in which she made them.
type RosterChange struct {
	Do     RosterAct  `json:"do"`
	Person ids.Person `json:"person"`
	// Of an endorsement. Words are those of a card that was compared; none keep the card that
	// is on her line. No name keeps her name, no roles those that she has.
	Words []string   `json:"words"`
	Name  string     `json:"name"`
	Roles []act.Role `json:"roles"`
	Act   string     `json:"act"`
	// For is who is stood in for.
	For ids.Person `json:"for,omitempty"`
	// From and until are RFC 3339, "" for at once and for no end.
	From  string `json:"from"`
	Until string `json:"until"`
}

// RosterAct is what a change does.
type RosterAct string

// The acts.
const (
	Endorse       RosterAct = "endorse"
	TakeOff       RosterAct = "takeOff"
	Substitute    RosterAct = "substitute"
	EndSubstitute RosterAct = "endSubstitute"
)

// RosterActs lists every act.
var RosterActs = []RosterAct{Endorse, TakeOff, Substitute, EndSubstitute}

var _ = method(Page, "signRoster", "sign the roster of her organisation, with changes", (*Core).signRoster)

func (c *Core) signRoster(ctx context.Context, s SignRoster, _ Progress) (Network, error) {
	u, err := c.open()
	if err != nil {
		return Network{}, err
	}
	draft, err := u.DraftRoster(ctx)
	if err != nil {
		return Network{}, err
	}
	if now, err := u.KnownDirectory(ctx); err != nil || version(now) != s.Version {
		return Network{}, orConflict(err)
	}
	for _, change := range s.Changes {
		if err := apply(draft, change); err != nil {
			return Network{}, err
		}
	}
	signed, err := u.SignRoster(ctx, draft)
	if err != nil {
		return Network{}, err
	}
	return c.network(u, signed), nil
}

func version(d *client.Directory) int64 {
	if d.Own.Roster == nil {
		return 0
	}
	return d.Own.Roster.Version
}

func orConflict(err error) error {
	if err == nil {
		err = fault.New(fault.Conflict, "signing a roster: another one was published since she looked")
	}
	return err
}

func apply(draft *client.RosterDraft, change RosterChange) error {
	from, err := moment(change.From)
	if err != nil {
		return err
	}
	until, err := moment(change.Until)
	if err != nil {
		return err
	}
	switch change.Do {
	case Endorse:
		return endorse(draft, change, from, until)
	case TakeOff:
		return draft.Remove(change.Person)
	case Substitute:
		return draft.Substitute(card.Substitution{Who: change.Person, For: change.For, From: from, Until: until})
	case EndSubstitute:
		draft.EndSubstitutions(change.Person, change.For)
		return nil
	}
	return fault.New(fault.Internal, "changing a roster: there is no %.20q", change.Do)
}

func endorse(draft *client.RosterDraft, change RosterChange, from, until time.Time) error {
	e := client.Endorsement{Person: change.Person, Words: line(change.Words), Name: strings.TrimSpace(change.Name), Roles: change.Roles,
		Act: strings.TrimSpace(change.Act), From: from, Until: until}
	i := slices.IndexFunc(draft.Roster.People, func(s card.Seat) bool { return s.Person == change.Person })
	if i >= 0 && len(e.Roles) == 0 {
		e.Roles = draft.Roster.People[i].Roles
	}
	if i < 0 && len(change.Words) == 0 {
		return fault.Refuse(fault.ClassSubstitute, "endorsing %s: her words were not compared", change.Person)
	}
	return draft.Endorse(e)
}

// line is six words as people write them.
func line(words []string) string { return strings.Join(words, " ") }

// moment reads a time of the page's, "" for none.
func moment(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return t, fault.New(fault.Invalid, "reading a time of the page: %.40q", text)
	}
	return t.UTC().Truncate(time.Millisecond), nil
}
