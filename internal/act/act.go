// Package act is the closed vocabulary of Varco: acts, roles, kinds of organisation,
// seats, reasons and outcomes.
//
// Every word here is written into ledger records and read by policies, so a word is
// added, never renamed. The package holds words only: what they permit is in policies.
package act

// Act is something a caller asks the door to do.
type Act string

// The acts that the door knows.
const (
	CaseOpen      Act = "case.open"       // open a case with its first threads
	CaseExtend    Act = "case.extend"     // open a further thread in a case
	CaseList      Act = "case.list"       // list the threads that one may read
	EntryAppend   Act = "entry.append"    // append an entry to a thread
	ThreadRead    Act = "thread.read"     // read the entries of a thread
	ReadersRead   Act = "readers.read"    // read who has read a thread
	BlobPut       Act = "blob.put"        // upload an attachment: begin to, and then, with its hash, have it whole
	BlobDrop      Act = "blob.drop"       // remove an attachment that no entry carries
	BlobRead      Act = "blob.read"       // fetch an attachment of a thread
	CardPut       Act = "card.put"        // publish one's own card
	RosterPut     Act = "roster.put"      // publish the roster of one's own organisation
	KeyringPut    Act = "keyring.put"     // store one's own sealed keyring: the first, or as one's card has signed
	KeyringReset  Act = "keyring.reset"   // put another in its place without the card's signature: the former is kept
	KeyringRead   Act = "keyring.read"    // fetch one's own sealed keyring
	DirectoryRead Act = "directory.read"  // read cards, rosters and names of those one deals with
	PersonRead    Act = "person.read"     // read what the service says of oneself
	ProofRead     Act = "proof.read"      // read the proof that an entry of one's thread is recorded
	AuditRead     Act = "audit.read"      // read the ledger
	AuditSample   Act = "audit.sample"    // draw records of it by chance, to look into them
	SessionBegin  Act = "session.begin"   // sign in
	SessionEnd    Act = "session.end"     // sign out
	SessionList   Act = "session.list"    // list the sessions of oneself, or of a colleague
	SessionRevoke Act = "session.revoke"  // end a session of oneself, or of a colleague
	SessionUse    Act = "session.use"     // ask in a session that has ended
	SessionLogout Act = "session.logout"  // end sessions because the provider says so
	PersonEnd     Act = "person.end"      // end a colleague's sign-in for good
	NetworkApply  Act = "network.apply"   // load organisations, agreements, issuers, invitations
	LedgerBegin   Act = "ledger.begin"    // the first record of a ledger
	PolicyLoad    Act = "policy.load"     // a start of the service under a policy set
	InvitationUse Act = "invitation.bind" // bind an invited person to an account
	PokesOpen     Act = "pokes.open"      // listen for pokes, which say that something has changed
	NoticesRead   Act = "notices.read"    // read where one is told by mail that something has come
	NoticesPut    Act = "notices.put"     // say where
	RequestLimit  Act = "request.limit"   // ask more often than anybody may
)

// Heads is recorded each hour: the root of the ends of all threads and of the newest rosters. It
// shows too that the log lives when nothing is asked.
const Heads Act = "ledger.heads"

// AgreementsRead is to read which agreements one's organisation is in, and until when.
const AgreementsRead Act = "agreements.read"

// Acts lists every act, for schemas and tests that must cover them all.
var Acts = []Act{CaseOpen, CaseExtend, CaseList, EntryAppend, ThreadRead, ReadersRead, BlobPut, BlobDrop, BlobRead, CardPut,
	RosterPut, KeyringPut, KeyringReset, KeyringRead, DirectoryRead, PersonRead, ProofRead, AuditRead, AuditSample, SessionBegin, SessionEnd, SessionList,
	SessionRevoke, SessionUse, SessionLogout, PersonEnd, NetworkApply, LedgerBegin, PolicyLoad, InvitationUse, RequestLimit, Heads,
	PokesOpen, NoticesRead, NoticesPut, AgreementsRead}

// System lists the acts that the service records of itself or of whoever runs it: no caller
// asks for them, and no policy decides.
var System = []Act{NetworkApply, LedgerBegin, Heads, PolicyLoad}

// Role is what a roster says that a person does for her organisation.
type Role string

// The roles.
const (
	Operator    Role = "operator"    // works with women at a centre or refuge
	Coordinator Role = "coordinator" // steward of a centre
	Officer     Role = "officer"     // designated officer of an INPS office
	Manager     Role = "manager"     // steward of an INPS office
	Partner     Role = "partner"     // works at a Comune or association
	Auditor     Role = "auditor"     // reviews the ledger
	Registrar   Role = "registrar"   // keeps organisations, agreements and seats
	Observer    Role = "observer"    // reads totals
)

// Roles lists every role.
var Roles = []Role{Operator, Coordinator, Officer, Manager, Partner, Auditor, Registrar, Observer}

// Kind of organisation.
type Kind string

// The kinds of organisation. A refuge has no card and no roster of its own: its people
// are on the roster of its managing body, so that nothing says who works at a refuge.
const (
	Centre    Kind = "centre"
	Refuge    Kind = "refuge"
	INPS      Kind = "inps" // one INPS office
	Associate Kind = "partner"
	Oversight Kind = "oversight"
)

// Kinds lists every kind of organisation.
var Kinds = []Kind{Centre, Refuge, INPS, Associate, Oversight}

// Seat is what a member is in one thread.
type Seat string

// The seats in a thread.
const (
	SeatCentre     Seat = "centre"     // the side that opened the case
	SeatHolder     Seat = "holder"     // the officer who handles it
	SeatSubstitute Seat = "substitute" // can open it, may only when the holder can't
	SeatPartner    Seat = "partner"    // a Comune or association, in its own thread
)

// Seats lists every seat.
var Seats = []Seat{SeatCentre, SeatHolder, SeatSubstitute, SeatPartner}

// Reason is why an officer opens a thread.
type Reason string

// The reasons for opening a thread.
const (
	ReasonNew          Reason = "new"          // a new case or entry arrived
	ReasonAnswer       Reason = "answer"       // to write the answer
	ReasonVerify       Reason = "verify"       // to verify something in the institute's archives
	ReasonDeadline     Reason = "deadline"     // something is due
	ReasonSubstitution Reason = "substitution" // standing in for the holder
	ReasonCentreAsked  Reason = "centre-asked" // the centre asked outside the channel
)

// Reasons lists every reason.
var Reasons = []Reason{ReasonNew, ReasonAnswer, ReasonVerify, ReasonDeadline, ReasonSubstitution, ReasonCentreAsked}

// Known reports whether r is one of Reasons.
func (r Reason) Known() bool {
	for _, known := range Reasons {
		if r == known {
			return true
		}
	}
	return false
}

// Outcome of an act.
type Outcome string

// The outcomes.
const (
	Allow  Outcome = "allow"  // permitted and done
	Deny   Outcome = "deny"   // no policy permits it, or one forbids it
	Refuse Outcome = "refuse" // permitted, but the protocol does not let it follow
)

// Outcomes lists every outcome.
var Outcomes = []Outcome{Allow, Deny, Refuse}
