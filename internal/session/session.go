// Package session holds the words of signing in: what is kept while somebody signs in and
// while she is signed in, and why a sign-in was refused.
//
// It is what authn, which decides, and the store, which keeps and records, say to each
// other; it does nothing itself. Every code and token is here as its SHA-256 only. An
// Account is the one thing here that says who somebody is: it is never stored, recorded
// or logged in clear.
package session

import (
	"errors"
	"time"

	"varco/internal/caller"
	"varco/internal/ids"
	"varco/internal/note"
	"varco/internal/secret"
)

// What the store answers when authn asks for something that is not there.
var (
	// ErrAbsent: no row has this hash, or it was taken, swept, ended or revoked.
	ErrAbsent = errors.New("nothing is kept under this hash")
	// ErrUnknown: no person is bound to this account, and no invitation was given.
	ErrUnknown = errors.New("no person is bound to this account")
	// ErrInvitation: the invitation does not exist, has expired, was used, or can't be used
	// by this account.
	ErrInvitation = errors.New("the invitation can't be used")
	// ErrReplayed: the logout token was used before.
	ErrReplayed = errors.New("the logout token was used before")
	// ErrEnded: the person who is bound to this account signs in no more.
	ErrEnded = errors.New("the person of this account signs in no more")
)

// From says from which request something was asked, for the record.
type From struct {
	Request ids.Request
	Source  string // the client's address, blinded as caller.Caller.Source
	Browser Device // what the request says that it comes from; never DeviceTerminal
}

// Account is what a provider calls a person. Issuer and Subject are compared byte by byte;
// neither a mail address nor a codice fiscale ever is one.
type Account struct {
	Issuer  string
	Subject secret.String // 1 to 255 printable ASCII characters
}

// Loopback is where a person's command line waits for the end of a sign-in. In a sign-in that
// the page began it holds the challenge alone.
type Loopback struct {
	Port      int    // of 127.0.0.1, 1024 to 65535; 0 for the page
	State     string // chosen by the command line and given back to it
	Challenge string // S256 of the verifier that only who began it knows (RFC 7636)
}

// Page reports whether the page began the sign-in: its verifier is then the browser's cookie.
func (l Loopback) Page() bool { return l.Port == 0 }

// Pending is a sign-in that was begun and has not come back from the provider. It is kept
// under the hash of the state that went there, for minutes, and taken once.
type Pending struct {
	State    note.Hash
	Issuer   string
	Nonce    secret.String // the ID token must repeat it
	Verifier secret.String // of the service's own PKCE with the provider
	Loopback Loopback
	Replaces ids.Session // the session that the page has already and that a new one ends; or ""
	Pushed   bool        // the browser carried nothing of the request that it could change
	Expires  time.Time
}

// Login is a sign-in that the provider confirmed and that no session came of yet: the command
// line has not redeemed it, or the page has no invitation for it. It is kept under the hash of
// the one-time code, for minutes, and taken once.
type Login struct {
	Code            note.Hash
	Account         Account
	SID             secret.String // what the provider calls her session with it; zero if it does not say
	Challenge       string        // Loopback.Challenge; "" for the page, whose code was given to its browser alone
	Assurance       string        // the acr or amr value that met the second-factor rule
	AuthenticatedAt time.Time
	Confirmed       time.Time // when it was first kept: zero until then
	Expires         time.Time
}

// Opening is what a new session is made of.
type Opening struct {
	ID              ids.Session
	Token           note.Hash
	Account         Account
	SID             secret.String // of Login
	Invitation      secret.String // the code of an invitation; zero when none was given
	Assurance       string
	AuthenticatedAt time.Time
	Device          Device
	Replaces        ids.Session // ended when this one begins; or ""
	At              time.Time
	From            From
}

// Session is a person who is signed in.
type Session struct {
	ID              ids.Session
	Person          ids.Person
	Organisation    ids.Organisation
	Assurance       string
	AuthenticatedAt time.Time
	Device          Device
	BegunAt         time.Time // Opening.At
	UsedAt          time.Time // of the last touch; BegunAt before the first
}

// The limits of a session.
const (
	IdleLimit     = 30 * time.Minute
	PageIdleLimit = 20 * time.Minute // a page is left open on shared PCs
	AbsoluteLimit = 10 * time.Hour
)

// Remembered is how long after its beginning it is known whose a session was: a token that comes back after it
// has ended leaves a record until then. Afterwards the service forgets it.
const Remembered = 30 * 24 * time.Hour

// Ends is when the session ends if it is not used again.
func (s Session) Ends() time.Time {
	idle := IdleLimit
	if s.Device.Page() {
		idle = PageIdleLimit
	}
	ends, last := s.UsedAt.Add(idle), s.BegunAt.Add(AbsoluteLimit)
	if ends.After(last) {
		return last
	}
	return ends
}

// End is a caller who signs out: the session to end is Caller.Session.
type End struct {
	Caller caller.Caller
	At     time.Time
}

// Logout is a provider's word that somebody has signed out there.
type Logout struct {
	Account  Account       // Subject is zero when it says only which session
	SID      secret.String // zero when it means all of the account's
	Token    note.Hash     // of what makes the token one
	Remember time.Time     // for how long the same token could come again
	At       time.Time
	From     From
}
