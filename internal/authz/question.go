package authz

import (
	"fmt"

	"github.com/cedar-policy/cedar-go"

	"varco/internal/act"
)

// The schema's types. Entities are built in memory at each decision: parsing them from
// JSON costs ten times the decision itself.
const (
	actionType       cedar.EntityType = "Action"
	personType       cedar.EntityType = "Person"
	organisationType cedar.EntityType = "Organisation"
	threadType       cedar.EntityType = "Thread"
	directoryType    cedar.EntityType = "Directory"
	ledgerType       cedar.EntityType = "Ledger"
	roleType         cedar.EntityType = "Role"
	kindType         cedar.EntityType = "Kind"
	threadKindType   cedar.EntityType = "ThreadKind"
	seatType         cedar.EntityType = "Seat"
	reasonType       cedar.EntityType = "Reason"
	entryKindType    cedar.EntityType = "EntryKind"
)

// none is the schema's word for an absent kind or seat.
const none = "none"

// question is what Cedar is asked: a request and the two entities that it is about.
type question struct {
	request          cedar.Request
	person, resource cedar.Entity
}

// Get returns an entity of the question; it is what Cedar asks for.
func (q *question) Get(uid cedar.EntityUID) (cedar.Entity, bool) {
	// The person comes first: asked about herself, she is the resource too.
	switch uid {
	case q.person.UID:
		return q.person, true
	case q.resource.UID:
		return q.resource, true
	}
	return cedar.Entity{}, false
}

func action(a act.Act) cedar.EntityUID { return cedar.NewEntityUID(actionType, cedar.String(a)) }

// question states the facts in the schema's words; what the schema does not know is an error.
func (p *Policies) question(f *Facts) (*question, error) {
	if !p.Decides(f.Act) {
		return nil, fmt.Errorf("stating the facts: the act %q is not decided by policies", f.Act)
	}
	if f.Person == "" || f.Organisation == "" {
		// Nobody would be equal to nobody, and no organisation to no organisation.
		return nil, fmt.Errorf("stating the facts: who asks for %s is not said", f.Act)
	}
	s := &statement{words: p.words}
	q := &question{person: s.person(f)}
	q.resource = q.person
	context := cedar.RecordMap{}
	switch f.Act {
	case act.CaseOpen:
		q.resource = s.organisation(f)
		context["agreementInForce"] = cedar.Boolean(f.AgreementInForce)
	case act.CaseExtend:
		q.resource = s.thread(f)
		context["seat"] = s.word(seatType, string(f.Seat))
		context["target"] = s.word(kindType, string(f.TargetKind))
		context["agreementInForce"] = cedar.Boolean(f.AgreementInForce)
	case act.CaseList, act.ThreadRead, act.BlobRead, act.EntryAppend, act.ReadersRead, act.ProofRead:
		q.resource = s.thread(f)
		context["seat"] = s.word(seatType, string(f.Seat))
		context["substitutes"] = cedar.Boolean(f.Substitutes)
	case act.PersonRead, act.CardPut, act.KeyringPut, act.KeyringReset, act.KeyringRead, act.SessionEnd, act.BlobPut, act.BlobDrop,
		act.PokesOpen, act.NoticesRead, act.NoticesPut, act.SessionList, act.SessionRevoke, act.PersonEnd:
		q.resource = s.subject(f, q.person)
	case act.RosterPut:
		q.resource = s.organisation(f)
	case act.DirectoryRead, act.AgreementsRead:
		q.resource = cedar.Entity{UID: s.word(directoryType, "network")}
	case act.AuditRead, act.AuditSample:
		q.resource = cedar.Entity{UID: s.word(ledgerType, "ledger")}
	default:
		return nil, fmt.Errorf("stating the facts: the act %q has no question", f.Act)
	}
	if (f.Act == act.ThreadRead || f.Act == act.BlobRead) && f.Reason != "" {
		context["reason"] = s.word(reasonType, string(f.Reason))
	}
	if f.Act == act.EntryAppend {
		context["entry"] = s.word(entryKindType, f.EntryKind)
		context["brings"] = cedar.Boolean(f.Brings)
		context["agreementInForce"] = cedar.Boolean(f.AgreementInForce)
	}
	q.request = cedar.Request{Principal: q.person.UID, Action: action(f.Act), Resource: q.resource.UID,
		Context: cedar.NewRecord(context)}
	return q, s.err
}

// statement turns facts into entities; its first unknown word stays its error.
type statement struct {
	words words
	err   error
}

func (s *statement) word(name cedar.EntityType, word string) cedar.EntityUID {
	uid, err := s.words.get(name, word)
	if err != nil && s.err == nil {
		s.err = err
	}
	return uid
}

func (s *statement) person(f *Facts) cedar.Entity {
	roles := make([]cedar.Value, len(f.Roles))
	for i, r := range f.Roles {
		roles[i] = s.word(roleType, string(r))
	}
	return cedar.Entity{
		UID: cedar.NewEntityUID(personType, cedar.String(f.Person)),
		Attributes: cedar.NewRecord(cedar.RecordMap{
			"organisation": cedar.NewEntityUID(organisationType, cedar.String(f.Organisation)),
			"kind":         s.word(kindType, string(f.Kind)),
			"roles":        cedar.NewSet(roles...),
			"steward":      cedar.Boolean(f.Steward),
			"enrolled":     cedar.Boolean(f.Enrolled),
			"invited":      cedar.Boolean(f.Invited),
			"fresh":        cedar.Boolean(f.Fresh),
		}),
	}
}

// subject is the person herself, or another of whom nothing is said but her organisation.
func (s *statement) subject(f *Facts, self cedar.Entity) cedar.Entity {
	if f.Subject == f.Person {
		return self
	}
	return s.person(&Facts{Person: f.Subject, Organisation: f.SubjectOrganisation})
}

func (s *statement) organisation(f *Facts) cedar.Entity {
	return cedar.Entity{
		UID:        cedar.NewEntityUID(organisationType, cedar.String(f.Target)),
		Attributes: cedar.NewRecord(cedar.RecordMap{"kind": s.word(kindType, string(f.TargetKind))}),
	}
}

func (s *statement) thread(f *Facts) cedar.Entity {
	return cedar.Entity{
		UID: cedar.NewEntityUID(threadType, cedar.String(f.Thread)),
		Attributes: cedar.NewRecord(cedar.RecordMap{
			"kind":       s.word(threadKindType, f.ThreadKind),
			"holderGone": cedar.Boolean(f.HolderGone),
			"ownCase":    cedar.Boolean(f.OwnCase),
			"closedDays": cedar.Long(f.ClosedDays),
		}),
	}
}
