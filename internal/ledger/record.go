// Package ledger is the log of everything that happened: what a record says, how a leaf
// hides it, the tree over the leaves, and what the log signs about the tree.
//
// The tree is RFC 6962's, computed by golang.org/x/mod/sumdb/tlog. A checkpoint is
// C2SP's (https://c2sp.org/tlog-checkpoint). A record is text in the form of package
// note, and a leaf covers it together with a random salt, so that the text can be erased
// after its retention: nobody can guess it from its leaf, and every proof stays valid.
//
// The package keeps nothing and reads no clock: where leaves and hashes are stored is the
// store's, what is recorded is the door's. It promises that a record names pseudonyms and
// the closed vocabulary only, that each record, receipt, number and checkpoint has one
// spelling, and that what it calls proven was proven by tlog.
package ledger

import (
	"slices"
	"strconv"
	"time"

	"varco/internal/act"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/note"
)

// MaxRecordBytes is the size limit of a record's text.
const MaxRecordBytes = 4 << 10

const (
	recordKind  = "record"
	maxPolicies = 64
)

// Record says who asked for what, what came of it and why. At, Act and Outcome are always
// there; of the others the zero value means that there is nothing to say.
type Record struct {
	At           time.Time        // when it was decided; printed in UTC, cut to milliseconds
	Act          act.Act          // what was asked
	Outcome      act.Outcome      // what came of it
	Person       ids.Person       // who asked
	Organisation ids.Organisation // for whom that person acted
	Roles        []act.Role       // what the roster said that person does there; printed sorted, each once
	Session      ids.Session      // in which session
	Request      ids.Request      // in which request; several records may be of one
	Assurance    string           // caller.Caller.Assurance
	Source       string           // caller.Caller.Source: blinded, base64 or hexadecimal
	Object       string           // the identifier of what was acted on; for an entry, its thread
	Entry        ids.Entry        // the entry that was appended
	Reason       act.Reason       // why, in the officer's choice of words
	Policies     []string         // the policies that decided; printed sorted, each once
	PolicySet    note.Hash        // the policy set that they belong to
	From         int64            // place of the first thing that was served: an entry's sequence, a leaf's index
	Until        int64            // place after the last thing that was served; 0 when nothing with a place was
	Size         int64            // bytes written or served
	Hash         note.Hash        // hash of what was written or served
	Head         note.Hash        // the last header of the thread that was written or served
	Class        fault.Class      // with act.Refuse, which rule was broken; with a refused sign-in, why
	Of           act.Act          // with act.AuditSample, of which act records were drawn
	Count        int64            // how many like this it stands for, when more than one: see the door
}

// Text prints the record. It refuses values that are not what Record says, with class
// form; words outside the vocabulary, with class unknown; and a text over MaxRecordBytes.
func (r Record) Text() (string, error) {
	if err := r.check(); err != nil {
		return "", err
	}
	p := note.Print(recordKind).
		Line("at", note.FormatTime(r.At)).
		Line("act", string(r.Act)).
		Line("outcome", string(r.Outcome))
	line := func(key, value string) {
		if value != "" {
			p.Line(key, value)
		}
	}
	line("person", string(r.Person))
	line("organisation", string(r.Organisation))
	for _, role := range once(r.Roles) {
		p.Line("role", string(role))
	}
	line("session", string(r.Session))
	line("request", string(r.Request))
	line("assurance", r.Assurance)
	line("source", r.Source)
	line("object", r.Object)
	line("entry", string(r.Entry))
	line("reason", string(r.Reason))
	for _, policy := range once(r.Policies) {
		p.Line("policy", policy)
	}
	line("policy-set", printHash(r.PolicySet))
	if r.Until != 0 {
		p.Line("from", strconv.FormatInt(r.From, 10)).Line("until", strconv.FormatInt(r.Until, 10))
	}
	if r.Size != 0 {
		p.Line("size", strconv.FormatInt(r.Size, 10))
	}
	line("hash", printHash(r.Hash))
	line("head", printHash(r.Head))
	line("class", string(r.Class))
	line("of", string(r.Of))
	if r.Count != 0 {
		p.Line("count", strconv.FormatInt(r.Count, 10))
	}
	text := p.String()
	if len(text) > MaxRecordBytes {
		return "", fault.Refuse(fault.ClassSize, "printing a record: %d bytes, at most %d", len(text), MaxRecordBytes)
	}
	return text, nil
}

// ParseRecord reads what Text prints, and nothing else. A word that this program does not
// know is class unknown: the record may be of a newer service.
func ParseRecord(text string) (Record, error) {
	if len(text) > MaxRecordBytes {
		return Record{}, fault.Refuse(fault.ClassSize, "reading a record: %d bytes, at most %d", len(text),
			MaxRecordBytes)
	}
	s := note.Scan(text, recordKind)
	maybe := func(key string) string {
		value, _ := s.Maybe(key)
		return value
	}
	var r Record
	r.At = s.Time(s.One("at"))
	r.Act = act.Act(s.One("act"))
	r.Outcome = act.Outcome(s.One("outcome"))
	r.Person = ids.Person(maybe("person"))
	r.Organisation = ids.Organisation(maybe("organisation"))
	for _, role := range s.Many("role", 1, len(act.Roles)) {
		r.Roles = append(r.Roles, act.Role(role[0]))
	}
	r.Session = ids.Session(maybe("session"))
	r.Request = ids.Request(maybe("request"))
	r.Assurance = maybe("assurance")
	r.Source = maybe("source")
	r.Object = maybe("object")
	r.Entry = ids.Entry(maybe("entry"))
	r.Reason = act.Reason(maybe("reason"))
	for _, policy := range s.Many("policy", 1, maxPolicies) {
		r.Policies = append(r.Policies, policy[0])
	}
	r.PolicySet = scanHash(s, maybe("policy-set"))
	if from, ok := s.Maybe("from"); ok {
		r.From, r.Until = s.Int(from), s.Int(s.One("until"))
	}
	if size, ok := s.Maybe("size"); ok {
		r.Size = s.Int(size)
	}
	r.Hash = scanHash(s, maybe("hash"))
	r.Head = scanHash(s, maybe("head"))
	r.Class = fault.Class(maybe("class"))
	r.Of = act.Act(maybe("of"))
	if count, ok := s.Maybe("count"); ok {
		r.Count = s.Int(count)
	}
	if err := s.Done(); err != nil {
		return Record{}, err
	}
	again, err := r.Text()
	if err != nil {
		return Record{}, err
	}
	if err := note.Same(text, again); err != nil {
		return Record{}, err
	}
	return r, nil
}

// once returns the values sorted, each once: the order in which rosters and policies were
// asked says nothing, so it must not make two spellings of one record.
func once[T ~string](values []T) []T {
	return slices.Compact(slices.Sorted(slices.Values(values)))
}

func printHash(h note.Hash) string {
	if h.IsZero() {
		return ""
	}
	return h.String()
}

func scanHash(s *note.Scanner, value string) note.Hash {
	if value == "" {
		return note.Hash{}
	}
	return s.Hash(value)
}
