// Package api holds the wire types of the HTTP API: what a client sends and what the
// service answers, in JSON. Service and clients share these types, so they can't drift.
//
// Notes (cards, rosters, headers, receipts, checkpoints) are strings, since they are text;
// sealed bytes are base64. Times on the wire are RFC 3339 in UTC. Nothing here is trusted
// because of where it came from: a client verifies notes, the service verifies everything.
package api

import (
	"time"

	"varco/internal/act"
	"varco/internal/ids"
	"varco/internal/note"
	"varco/internal/session"
)

// Limits of requests.
const (
	MaxParcels = 8   // entries in one append
	MaxPage    = 100 // entries in one page of a thread
	// MaxPageBytes is how large the entries of a page are together, as they are kept; one is served
	// however large it is.
	MaxPageBytes = 2 << 20
	MaxLeaves    = 1000
	// MaxCheckpoints is how many are in one page.
	MaxCheckpoints = 1000
)

// Service describes the service to a client that has no session yet.
type Service struct {
	Origin  string   `json:"origin"`  // of the log
	Log     string   `json:"log"`     // verifier key of the log, for comparison with the client's own anchor
	Issuers []Issuer `json:"issuers"` // where people can sign in
	Version string   `json:"version"`

	// Demonstration: the root was given at run time, so nothing here is to be trusted. It is
	// on one machine and for nobody's real cases.
	Demonstration bool `json:"demonstration,omitempty"`
	// Root is the verifier key of a demonstration's root, which a page on the same machine
	// can't know otherwise; no other client or service takes it from here.
	Root string `json:"root,omitempty"`
}

// Issuer is an OpenID provider that people sign in with.
type Issuer struct {
	URL   string `json:"url"`
	Label string `json:"label"`
}

// Redeem exchanges the one-time code of a sign-in for a session.
type Redeem struct {
	Code       string `json:"code"`
	Verifier   string `json:"verifier"`             // PKCE verifier of the challenge given at the start
	Invitation string `json:"invitation,omitempty"` // at the first sign-in only
}

// Session is a signed-in session. The token is shown once and never stored by the service.
type Session struct {
	Token   string    `json:"token"`
	Expires time.Time `json:"expires"`
}

// Invitation begins a session of the page after a sign-in that is bound to nobody yet.
type Invitation struct {
	Invitation string `json:"invitation"`
}

// PageSession is a session of the page, whose token is in a cookie that no script can read.
type PageSession struct {
	Expires time.Time `json:"expires"`
}

// Sessions are those of one person that have not ended, the newest first.
type Sessions struct {
	Sessions []OpenSession `json:"sessions"`
}

// OpenSession is one of them. What it is used from is a family of browsers or the command
// line, so that a person recognises her own.
type OpenSession struct {
	ID      ids.Session    `json:"id"`
	Device  session.Device `json:"device"`
	Begun   time.Time      `json:"begun"`
	Used    time.Time      `json:"used"`    // last, to within a minute
	Ends    time.Time      `json:"ends"`    // if it is not used again
	Current bool           `json:"current"` // the one in which this is asked
}

// Revoked says how many sessions were ended.
type Revoked struct {
	Sessions int64 `json:"sessions"`
}

// Me says who the caller is.
type Me struct {
	Person       ids.Person       `json:"person"`
	Organisation ids.Organisation `json:"organisation"`
	Kind         act.Kind         `json:"kind"`
	Name         string           `json:"name"`    // of the organisation, as the network was told
	Roles        []act.Role       `json:"roles"`   // by the roster, today
	Steward      bool             `json:"steward"` // holds an endorsed steward card
	Session      ids.Session      `json:"session"`
	// FreshSeconds is how much longer she may do what asks for a fresh sign-in: 0 when she has to sign in again first.
	FreshSeconds int64 `json:"fresh_seconds"`
}

// PutKeyring stores a person's sealed keyring with the locks that open it.
type PutKeyring struct {
	Version int64  `json:"version"` // after the one that it replaces, 1 for the first
	File    []byte `json:"file"`
	Locks   []Lock `json:"locks"`
	// Replacement is the note by which her card says so. Without it what is replaced is kept.
	Replacement string `json:"replacement,omitempty"`
}

// Keyring is a person's sealed keyring with the locks that open it.
type Keyring struct {
	Version int64           `json:"version"` // 0 before the first
	File    []byte          `json:"file,omitempty"`
	Locks   []Lock          `json:"locks,omitempty"`
	Former  []FormerKeyring `json:"former,omitempty"` // that were replaced without her card's signature, oldest first
}

// FormerKeyring is a keyring in whose place another was put without her card's signature.
type FormerKeyring struct {
	Version  int64     `json:"version"`
	Replaced time.Time `json:"replaced"`
	File     []byte    `json:"file"`
	Locks    []Lock    `json:"locks"`
}

// Lock is one way to open a keyring.
type Lock struct {
	ID   ids.Lock `json:"id"`
	Kind string   `json:"kind"` // "phrase" or "passkey"
	File []byte   `json:"file"`

	// Of a passkey only: the id of its WebAuthn credential, at most 1023 bytes, and the salt
	// for its extension prf, 32 bytes.
	Credential []byte `json:"credential,omitempty"`
	Salt       []byte `json:"salt,omitempty"`
}

// Name opens a commitment to a displayed name.
type Name struct {
	Salt []byte `json:"salt"` // 32 bytes
	Text string `json:"text"`
}

// PutCard publishes a card. A steward card comes with the name of her organisation.
type PutCard struct {
	Note string `json:"note"`
	Name *Name  `json:"name,omitempty"`
}

// PutRoster publishes a roster with the names that its new lines commit to.
type PutRoster struct {
	Note  string `json:"note"`
	Names []Name `json:"names,omitempty"`
}

// Recorded tells that something was recorded in the ledger.
type Recorded struct {
	Leaf int64     `json:"leaf"`
	Hash note.Hash `json:"hash"`
}

// Directory is what the caller may know of the network: her own organisation and those
// with which it has an agreement in force.
type Directory struct {
	Organisations []Organisation `json:"organisations"`
	Roots         []string       `json:"roots,omitempty"` // successions of the network's root, oldest first
}

// Agreements are those that the caller may know of.
type Agreements struct {
	Agreements []Agreement `json:"agreements"`
}

// Agreement is what is told of one. Its parties are not.
type Agreement struct {
	ID        ids.Agreement `json:"id"`
	Name      string        `json:"name"`
	Territory string        `json:"territory,omitempty"`
	From      time.Time     `json:"from"`
	Until     time.Time     `json:"until"` // with its renewals, and no longer than the agreement above it
	InForce   bool          `json:"in_force"`
}

// Organisation comes with all that a client needs to verify who belongs to it.
type Organisation struct {
	ID       ids.Organisation `json:"id"`
	Kind     act.Kind         `json:"kind"`
	Province string           `json:"province,omitempty"` // two letters, of an office only
	Stewards []StewardCard    `json:"stewards"`
	Rosters  []string         `json:"rosters"`           // every version, in order
	Cards    []string         `json:"cards"`             // of everyone on any version
	Names    []Name           `json:"names,omitempty"`   // of people, where the caller may know them
	Waiting  []string         `json:"waiting,omitempty"` // cards not yet on the roster, for a steward of it
}

// StewardCard is a steward card with the organisation's name that it commits to.
type StewardCard struct {
	Note string `json:"note"`
	Name Name   `json:"name"`
}

// Parcel is one entry on its way: its header and what travels beside it.
type Parcel struct {
	Header string  `json:"header"`
	Body   []byte  `json:"body,omitempty"`
	Grants []Grant `json:"grants,omitempty"` // in the order of the header's lines
}

// Grant is the sealed identity of an epoch for one person.
type Grant struct {
	Person ids.Person `json:"person"`
	Epoch  int64      `json:"epoch"`
	Sealed []byte     `json:"sealed"`
}

// OpenCase opens a case with its first threads, or further threads in a case.
type OpenCase struct {
	Case    ids.Case `json:"case"`
	Parcels []Parcel `json:"parcels"` // open entries, and link entries of the internal thread
}

// Append appends entries, in one transaction: all or none.
type Append struct {
	Parcels []Parcel `json:"parcels"`
	// While is where another thread of the author's ends that she has chosen by: if it goes on by now,
	// nothing is appended (conflict).
	While *End `json:"while,omitempty"`
}

// End is where a thread ends.
type End struct {
	Thread ids.Thread `json:"thread"`
	Head   note.Hash  `json:"head"` // header of the last entry
}

// Receipts are the signed receipts of the entries, in their order.
type Receipts struct {
	Receipts []string `json:"receipts"`
}

// Cases lists the threads that the caller may read.
type Cases struct {
	Threads []Listed `json:"threads"`
}

// Listed is one thread in a list. It holds nothing that is sealed.
type Listed struct {
	Case     ids.Case         `json:"case,omitempty"` // for the centre's side only
	Thread   ids.Thread       `json:"thread"`
	Side     string           `json:"side"`
	Centre   ids.Organisation `json:"centre"`
	With     ids.Organisation `json:"with,omitempty"`
	Topic    string           `json:"topic,omitempty"`
	Urgency  string           `json:"urgency,omitempty"`
	Seat     act.Seat         `json:"seat"` // of the caller
	Entries  int64            `json:"entries"`
	OpenedAt time.Time        `json:"opened_at"`
	LastAt   time.Time        `json:"last_at"`
	LastSeat act.Seat         `json:"last_seat"` // whose entry is the last
	TurnAt   time.Time        `json:"turn_at"`   // since when the last entry is of that side: the centre's, or the other

	Phase    string     `json:"phase"`               // open, resolved or closed
	Waits    act.Kind   `json:"waits,omitempty"`     // whose turn it is: centre, inps or partner
	Outcome  string     `json:"outcome,omitempty"`   // a code
	Due      string     `json:"due,omitempty"`       // the day by which the newest request asks for an answer
	ClosedAt *time.Time `json:"closed_at,omitempty"` // while it is closed
}

// Read asks for entries of a thread. It changes something, a record, so it is a POST.
type Read struct {
	Reason act.Reason `json:"reason,omitempty"` // an officer's, when she opens the thread
	From   int64      `json:"from"`             // sequence
	Limit  int        `json:"limit"`            // 1 to MaxPage
}

// Page holds entries in sequence.
type Page struct {
	Thread  ids.Thread `json:"thread"`
	Entries []Served   `json:"entries"`
	Cards   []string   `json:"cards"` // every card that the entries name
	Next    int64      `json:"next"`  // sequence after the last entry of the thread
	Head    note.Hash  `json:"head"`  // header of the last entry of the thread
}

// Served is an entry as it was admitted.
type Served struct {
	Header  string `json:"header"`
	Receipt string `json:"receipt"`
	Body    []byte `json:"body,omitempty"`
	// Grants are those to the caller: of the epoch that the entry starts, or of the older ones
	// that it gives her, in order of epoch.
	Grants []Grant `json:"grants,omitempty"`
}

// Readers lists who has read a thread.
type Readers struct {
	Readings []Reading `json:"readings"` // the newest first
	More     bool      `json:"more"`     // there are older ones
}

// Reading is one recorded reading.
type Reading struct {
	Person       ids.Person       `json:"person"`
	Organisation ids.Organisation `json:"organisation"`
	Roles        []act.Role       `json:"roles"`
	Reason       act.Reason       `json:"reason,omitempty"`
	At           time.Time        `json:"at"`
	Leaf         int64            `json:"leaf"`
	Entry        ids.Entry        `json:"entry,omitempty"` // of which an attachment was fetched; "" when entries were read
}

// Proof shows that the log holds the record of an entry.
type Proof struct {
	Leaf       Leaf        `json:"leaf"`
	Hashes     []note.Hash `json:"hashes"`     // RFC 6962 inclusion proof, lowest first
	Checkpoint string      `json:"checkpoint"` // with its cosignatures
	// Consistency proves that the log has grown to the checkpoint since the one that the asker
	// has seen: RFC 6962, empty when that is of the same size, of none, or of a greater one.
	Consistency []note.Hash `json:"consistency,omitempty"`
}

// Freshness shows how far a thread had come when the heads of all were last recorded, and the rosters
// of its organisations. All are absent when none were, or when the thread is newer.
type Freshness struct {
	Proof   *Proof       `json:"proof,omitempty"` // of that record
	Head    *Head        `json:"head,omitempty"`
	Rosters []RosterHead `json:"rosters,omitempty"` // not of an organisation whose first roster is newer
}

// RosterHead is the newest roster of an organisation.
type RosterHead struct {
	Organisation ids.Organisation `json:"organisation"`
	Head         Head             `json:"head"`
}

// Head is the end of a thread or the newest roster, with its proof in the tree of all heads.
type Head struct {
	Next     int64       `json:"next"`     // how many entries the thread had; the roster's version
	Hash     note.Hash   `json:"hash"`     // of the last header; of the roster
	Position int64       `json:"position"` // of the head, from 0, in order of the identifiers
	Size     int64       `json:"size"`     // heads in the tree
	Path     []note.Hash `json:"path"`     // RFC 6962 inclusion proof, lowest first
}

// Leaf is one leaf of the ledger. Text and salt are absent after the record was erased.
type Leaf struct {
	Index      int64     `json:"index"`
	Commitment note.Hash `json:"commitment"`
	Salt       []byte    `json:"salt,omitempty"`
	Text       string    `json:"text,omitempty"`
}

// Checkpoint is the log's signed statement of its size and root.
type Checkpoint struct {
	Note string `json:"note"` // with its cosignatures
	Size int64  `json:"size"`
	// Consistency is as in Proof. A list of checkpoints has none.
	Consistency []note.Hash `json:"consistency,omitempty"`
}

// Search chooses records of the ledger; what is zero does not choose.
type Search struct {
	Person  string // who asked
	Object  string // what was acted on: a case stands for all its threads
	Act     string
	Outcome string
	From    time.Time // not before
	Until   time.Time // before
	Before  int64     // only leaves of a smaller index; 0 for all
	Limit   int64     // 1 to MaxLeaves
}

// DrawSample asks for records of an act, drawn by chance.
type DrawSample struct {
	Act   act.Act   `json:"act"`            // that was done
	From  time.Time `json:"from,omitzero"`  // not before
	Until time.Time `json:"until,omitzero"` // before
	Count int64     `json:"count"`          // 2 to ledger.MaxSample
}

// Sample is what was drawn. Everything but the leaves is in the log at the leaf.
type Sample struct {
	Leaf     int64     `json:"leaf"` // of the record of the drawing
	Seed     note.Hash `json:"seed"`
	Act      act.Act   `json:"act"`
	From     int64     `json:"from"`     // first leaf that could be drawn
	Until    int64     `json:"until"`    // after the last
	Count    int64     `json:"count"`    // how many were asked for
	Matching int64     `json:"matching"` // how many could be drawn
	Leaves   []Leaf    `json:"leaves"`   // in the order in which they were drawn
}

// Records are found records, the newest first.
type Records struct {
	Leaves []Leaf `json:"leaves"`
	Before int64  `json:"before,omitempty"` // to go on with; absent when there are no more
}

// AuditPage is a page of the ledger: leaves in order, and the notes that their records name.
type AuditPage struct {
	Leaves   []Leaf   `json:"leaves"`
	Cards    []string `json:"cards,omitempty"`
	Rosters  []string `json:"rosters,omitempty"`
	Headers  []string `json:"headers,omitempty"`
	Receipts []string `json:"receipts,omitempty"`
}

// Place is where the next entry of a thread goes. The service says so and nobody signs it: whoever
// can read the thread verifies it first.
type Place struct {
	Thread ids.Thread `json:"thread"`
	Next   int64      `json:"next"`  // sequence
	Head   note.Hash  `json:"head"`  // header of the last entry
	Epoch  int64      `json:"epoch"` // the current one
}

// Problem is an RFC 9457 problem document.
type Problem struct {
	Type    string `json:"type"` // "/problems/<kind>"
	Title   string `json:"title"`
	Status  int    `json:"status"`
	Class   string `json:"class,omitempty"`   // with "refused"
	Request string `json:"request,omitempty"` // to quote when reporting a problem
	Place   *Place `json:"place,omitempty"`   // with "conflict" over a thread, for a member of it
}
