package gate

import (
	"context"
	"encoding/base64"
	"errors"

	"varco/internal/act"
	"varco/internal/authz"
	"varco/internal/caller"
	"varco/internal/card"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/ledger"
	"varco/internal/note"
	"varco/internal/store"
)

// desk is where one caller's act is decided and recorded, in one transaction.
type desk struct {
	*store.Tx
	gate  *Gate
	who   caller.Caller
	books map[ids.Organisation]*card.Book // that were asked for
}

// answered ends an act whose record stays: a denial or a refusal. The transaction commits.
type answered struct{ error }

func (a answered) Unwrap() error { return a.error }

// errEnded is for an act in a session that has ended since it was found out who asks.
var errEnded = fault.New(fault.Unauthenticated, "entering: the session has ended")

// through takes one act through the door. An error of fn undoes everything, unless it is
// answered: then what was recorded is committed and the caller gets the answer.
//
// Who asks was found out before her request was read, which may take minutes. Whether her session
// still lasts is asked again here, in the transaction: what was revoked acts no more.
func (g *Gate) through(ctx context.Context, who caller.Caller, fn func(*desk) error) error {
	if who.IsZero() {
		return fault.New(fault.Unauthenticated, "entering: nobody is signed in")
	}
	var answer error
	err := g.Store.Write(ctx, func(tx *store.Tx) error {
		s, lasts, err := tx.SessionByID(who.Session)
		if err == nil && (!lasts || s.Person != who.Person) {
			err = errEnded
		}
		if err == nil {
			err = fn(g.desk(tx, who))
		}
		var final answered
		if errors.As(err, &final) {
			answer = final.error
			return nil
		}
		return err
	})
	if errors.Is(err, errEnded) {
		err = orErr(g.ended(context.WithoutCancel(ctx), who), err)
	}
	if err != nil {
		return err
	}
	return answer
}

func (g *Gate) desk(tx *store.Tx, who caller.Caller) *desk {
	return &desk{tx, g, who, map[ids.Organisation]*card.Book{}}
}

// ruling is a decision that permits an act, with the facts that it rests on.
type ruling struct {
	facts    authz.Facts
	decision authz.Decision
	object   string
}

// decide asks the policies. A denial is recorded here and ends the act.
func (d *desk) decide(f authz.Facts, object string) (ruling, error) {
	r := ruling{f, d.gate.Policies.Decide(f), object}
	if r.decision.Allow {
		return r, nil
	}
	record := d.record(r, act.Deny)
	if _, err := d.Record(record); err != nil {
		return r, err
	}
	if len(r.decision.Errors) > 0 {
		// Told like any denial; the alarm is the internal error inside.
		alarm := fault.New(fault.Internal, "a policy failed: %v", r.decision.Errors)
		return r, answered{fault.Wrap(r.decision.Answer, alarm, "deciding")}
	}
	return r, answered{fault.New(r.decision.Answer, "deciding: denied")}
}

// refuse records that a permitted act may not follow by the protocol, and ends it.
func (d *desk) refuse(r ruling, cause error) error {
	if fault.KindOf(cause) != fault.Refused {
		return cause
	}
	record := d.record(r, act.Refuse)
	record.Class = fault.ClassOf(cause)
	if _, err := d.Record(record); err != nil {
		return err
	}
	return answered{cause}
}

// late refuses what somebody else was faster with, which is told as a conflict. It is an answer only
// if it was recorded.
func (d *desk) late(r ruling, cause error, doing string) error {
	err := d.refuse(r, cause)
	var final answered
	if errors.As(err, &final) {
		return answered{fault.Wrap(fault.Conflict, final.error, "%s", doing)}
	}
	return err
}

// absent records that a permitted act has nothing to act on, and ends it.
func (d *desk) absent(r ruling) error {
	record := d.record(r, act.Refuse)
	record.Class = fault.ClassMissing
	if _, err := d.Record(record); err != nil {
		return err
	}
	return answered{fault.New(fault.NotFound, "deciding: there is no such thing")}
}

// allow records that a permitted act is done, with what it wrote or serves.
func (d *desk) allow(r ruling, add func(*ledger.Record)) (int64, error) {
	record := d.record(r, act.Allow)
	if add != nil {
		add(&record)
	}
	return d.Record(record)
}

// record says what every record of an act says. Denials hold no more than was asked: what
// was not found must not be told to the auditor as found.
func (d *desk) record(r ruling, outcome act.Outcome) ledger.Record {
	return ledger.Record{Act: r.facts.Act, Outcome: outcome, Person: d.who.Person,
		Organisation: d.who.Organisation, Roles: r.facts.Roles, Session: d.who.Session, Request: d.who.Request,
		Assurance: d.who.Assurance, Source: sourceOf(d.who.Person, d.who.Source), Object: r.object, Reason: r.facts.Reason,
		Policies: r.decision.Policies, PolicySet: d.gate.Policies.Hash()}
}

// sourceOf ties a blinded address to a person. It shows that she has changed her workstation, and
// not who works at the same one: colleagues who share an address would show who is at a refuge.
func sourceOf(person ids.Person, source string) string {
	if source == "" {
		return ""
	}
	sum := note.Sum([]byte("varco/v1 source\n" + string(person) + "\n" + source))
	return base64.RawURLEncoding.EncodeToString(sum[:16])
}

// orZero reads a hash column that may be empty.
func orZero(b []byte) note.Hash {
	if len(b) != len(note.Hash{}) {
		return note.Hash{}
	}
	return note.Hash(b)
}
