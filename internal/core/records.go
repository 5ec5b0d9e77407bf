package core

import (
	"context"

	"varco/internal/act"
	"varco/internal/api"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/ledger"
)

// SearchRecords chooses records; what is "" or 0 does not choose.
type SearchRecords struct {
	Person  string      `json:"person,omitempty"`
	Object  string      `json:"object,omitempty"` // a case stands for all its threads
	Act     act.Act     `json:"act,omitempty"`
	Outcome act.Outcome `json:"outcome,omitempty"`
	From    string      `json:"from,omitempty"`            // not before, RFC 3339
	Until   string      `json:"until,omitempty"`           // before, RFC 3339
	Before  int64       `json:"before,omitempty,omitzero"` // as Records told, to go on
}

// Records are found records, the newest first. That none was left out is the service's word.
type Records struct {
	Records []LogRecord `json:"records"`
	Before  int64       `json:"before,omitempty,omitzero"` // to go on with; 0 when there are no more
}

// Standing is how well a record is known to be in the log.
type Standing string

// The standings of a record that is shown.
const (
	Told     Standing = "told"     // the service says so, and nothing was verified yet
	Verified Standing = "verified" // it is the one that this core has verified in its place
	Newer    Standing = "newer"    // it came after what was verified
)

// Standings lists every standing.
var Standings = []Standing{Told, Verified, Newer}

// LogRecord is one record as a person sees it: pseudonyms and the closed vocabulary.
type LogRecord struct {
	Leaf     int64    `json:"leaf"`
	Number   string   `json:"number"` // as people quote it
	Standing Standing `json:"standing"`
	Erased   bool     `json:"erased"` // after its retention: nothing else is known

	At           string           `json:"at,omitempty"`
	Act          act.Act          `json:"act,omitempty"`
	Outcome      act.Outcome      `json:"outcome,omitempty"`
	Person       ids.Person       `json:"person,omitempty"`
	Organisation ids.Organisation `json:"organisation,omitempty"`
	Roles        []act.Role       `json:"roles"`
	Object       string           `json:"object,omitempty"`
	Entry        ids.Entry        `json:"entry,omitempty"`
	Reason       act.Reason       `json:"reason,omitempty"`
	Class        fault.Class      `json:"class,omitempty"`
	Policies     []string         `json:"policies"`
	Count        int64            `json:"count,omitempty,omitzero"`
}

// recordsPage is how many records are shown at once.
const recordsPage = 50

var (
	_ = method(Page, "records", "search the log", (*Core).searchRecords)
	_ = method(Page, "acts", "the acts and outcomes that records are of", func(*Core, context.Context, None, Progress) (Acts, error) {
		return Acts{Acts: act.Acts, Outcomes: act.Outcomes}, nil
	})
)

// Acts is the closed vocabulary of records.
type Acts struct {
	Acts     []act.Act     `json:"acts"`
	Outcomes []act.Outcome `json:"outcomes"`
}

func (c *Core) searchRecords(ctx context.Context, s SearchRecords, _ Progress) (Records, error) {
	auditor, err := c.ready(ctx)
	if err != nil {
		return Records{}, err
	}
	wanted := api.Search{Person: s.Person, Object: s.Object, Act: string(s.Act), Outcome: string(s.Outcome), Before: s.Before, Limit: recordsPage}
	if wanted.From, err = momentOf(s.From); err != nil {
		return Records{}, err
	}
	if wanted.Until, err = momentOf(s.Until); err != nil {
		return Records{}, err
	}
	found, err := auditor.Records(ctx, wanted)
	if err != nil {
		return Records{}, err
	}
	answer := Records{Records: make([]LogRecord, len(found.Leaves)), Before: found.Before}
	for i, l := range found.Leaves {
		if answer.Records[i], err = c.record(l); err != nil {
			return Records{}, err
		}
	}
	return answer, nil
}

// record shows a leaf, and holds it against what was verified: another one in its place is a
// log that was changed, or a second one.
func (c *Core) record(l api.Leaf) (LogRecord, error) {
	shown := LogRecord{Leaf: l.Index, Number: ledger.Number(l.Index), Standing: Told, Erased: l.Text == "", Roles: []act.Role{}, Policies: []string{}}
	if v := c.verified; v != nil {
		shown.Standing = Newer
		if l.Index < int64(len(v)) {
			if v[l.Index] != l.Commitment {
				return shown, fault.Refuse(fault.ClassFork, "searching the log: leaf %d is not the one that was verified", l.Index)
			}
			shown.Standing = Verified
		}
	}
	if shown.Erased {
		return shown, nil
	}
	r, err := ledger.ParseRecord(l.Text)
	if err != nil {
		return shown, err
	}
	shown.At, shown.Act, shown.Outcome, shown.Person, shown.Organisation = stamp(r.At), r.Act, r.Outcome, r.Person, r.Organisation
	shown.Object, shown.Entry, shown.Reason, shown.Class, shown.Count = r.Object, r.Entry, r.Reason, r.Class, r.Count
	shown.Roles, shown.Policies = append(shown.Roles, r.Roles...), append(shown.Policies, r.Policies...)
	return shown, nil
}
