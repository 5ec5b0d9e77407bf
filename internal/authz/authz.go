// Package authz decides whether an act is permitted, by the network's written policies.
//
// It puts Cedar behind one function: Decide takes the Facts of an act and answers with a
// Decision. It is the only importer of cedar-go, reads no clock and no database, and holds
// no rule of its own: rules are text in the folder policies, which a lawyer can read.
//
// It promises that what no policy permits is denied; that a forbid wins; that an error in
// the evaluation of any policy, or a fact that the schema does not know, is a denial which
// says so (Cedar skips a forbid that errors, and would fail open); and that the same facts
// and the same policies give the same Decision.
package authz

import (
	"slices"
	"time"

	"github.com/cedar-policy/cedar-go"

	"varco/internal/act"
	"varco/internal/fault"
	"varco/internal/ids"
)

// FreshLife is how long after her provider authenticated somebody she may do what is sensitive
// without signing in again: a session that was left open must not be enough.
const FreshLife = 15 * time.Minute

// Facts are everything that a policy may see at one act. The door fills them in the
// transaction of the act, from verified rosters and its own rows, with one "today" for all.
// What does not concern the act stays zero; the zero value of each never permits anything.
type Facts struct {
	Act act.Act

	// Who asks.
	Person       ids.Person
	Organisation ids.Organisation
	Kind         act.Kind // of Organisation

	// Roles are those of her line on the newest roster of Organisation if the line's own from
	// and until hold today; empty if she has none. A roster or card that has expired does not
	// take them away: expiry never blocks reading.
	Roles []act.Role
	// Steward: holds a root-endorsed steward card of Organisation that has not expired today.
	Steward bool
	// Enrolled: hers is the card on the newest roster (or a steward card), and neither that
	// card nor that roster has expired today.
	Enrolled bool
	// Fresh: her provider authenticated her at most FreshLife ago.
	Fresh bool
	// Invited: her invitation is bound to her account and no roster has named her yet.
	Invited bool

	// A thread, for case.list, thread.read, blob.read, entry.append, readers.read, proof.read; for
	// case.extend the internal thread of the case.
	Thread     ids.Thread
	ThreadKind string   // inps, internal, partner; "" if there is no such thread
	Seat       act.Seat // hers as a member for Organisation; "" if she has none, or had it for another organisation
	// HolderGone: nobody holds the thread: the holder has recused, or is no officer of her office today.
	HolderGone bool
	// Substitutes: the roster of her office says that she stands in for the thread's holder today.
	Substitutes bool
	// OwnCase: the thread belongs to a case that Organisation opened.
	OwnCase bool
	// ClosedDays is how many whole days ago the thread was closed; 0 while it is not.
	ClosedDays int64

	// Reason that an officer gives now or gave at an opening that is still good; "" if none.
	Reason act.Reason
	// EntryKind is the kind of the entry, for entry.append: message, rekey, recuse, …
	EntryKind string
	// Brings: the entry makes somebody of the thread's other organisation a member who is none.
	Brings bool

	// Subject is whose card, keyring, session or attachment on its way it is, or who she is, for card.put,
	// keyring.put, keyring.reset, keyring.read, session.end, session.list, session.revoke, person.end, blob.put, blob.drop; "" if
	// there is no such thing.
	Subject ids.Person
	// SubjectOrganisation is that of a Subject who is somebody else, for sessions and person.end.
	SubjectOrganisation ids.Organisation
	// Target is the organisation concerned: the office for case.open and case.extend, whose roster
	// for roster.put.
	Target ids.Organisation
	// TargetKind is the kind of Target; "" if there is no such organisation.
	TargetKind act.Kind
	// AgreementInForce: Organisation and Target, or for entry.append the thread's other organisation,
	// are parties of an agreement in force today.
	AgreementInForce bool
}

// Decision on an act.
type Decision struct {
	// Allow: a policy permits the act, none forbids it, and none failed.
	Allow bool
	// Policies are the ids of the policies that decided, sorted: the permits of an allowed
	// act; otherwise the forbids and the policies that failed, and none by default denial.
	Policies []string
	// Answer is what the caller is told of a denial: fault.NotFound, fault.ReasonRequired or
	// fault.FreshRequired; "" if the act is allowed.
	Answer fault.Kind
	// Errors say what could not be evaluated. Not empty is a denial, and an alarm.
	Errors []string
}

// Decide answers whether the policies permit the act that the facts describe. It is safe
// for concurrent use.
func (p *Policies) Decide(f Facts) Decision {
	q, err := p.question(&f)
	if err != nil {
		return Decision{Answer: fault.NotFound, Errors: []string{err.Error()}}
	}
	verdict, diagnostic := cedar.Authorize(p.byAct[f.Act], q, q.request)
	d := Decision{Allow: verdict == cedar.Allow && len(diagnostic.Errors) == 0}
	for _, e := range diagnostic.Errors {
		d.Errors = append(d.Errors, "evaluating the policy "+string(e.PolicyID)+": "+e.Message)
		d.Policies = append(d.Policies, string(e.PolicyID))
	}
	if verdict == cedar.Deny || d.Allow {
		for _, r := range diagnostic.Reasons {
			d.Policies = append(d.Policies, string(r.PolicyID))
		}
	}
	slices.Sort(d.Policies)
	if !d.Allow {
		d.Answer = p.answer(diagnostic.Reasons)
	}
	return d
}

// answer is what the deciding forbids say, NotFound when they say nothing.
func (p *Policies) answer(deciding []cedar.DiagnosticReason) fault.Kind {
	for _, r := range deciding {
		if kind, ok := p.answers[r.PolicyID]; ok {
			return kind
		}
	}
	return fault.NotFound
}
