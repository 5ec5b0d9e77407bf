// Package fault holds the errors that cross a boundary, and what each means to a caller.
//
// There are two layers. A Kind says what the caller can do about a failure, and is all
// that the service ever tells: one table in httpapi turns it into a problem document.
// A Class says which rule of the protocol something broke, and is the same word in the
// service, in a person's client, in the auditor's verifier and in the test vectors.
package fault

import (
	"errors"
	"fmt"
)

// Kind says what a failure means to the caller. Its text is part of the public API.
type Kind string

// The kinds. Denied does not exist on purpose: "not yours" and "does not exist" are NotFound.
const (
	Invalid         Kind = "invalid"         // the request is malformed
	Refused         Kind = "refused"         // well-formed, but breaks a rule of the protocol: see Class
	Unauthenticated Kind = "unauthenticated" // no session, or it has ended
	NotFound        Kind = "not-found"       // there is no such thing for this caller
	ReasonRequired  Kind = "reason-required" // an officer must say why before reading
	FreshRequired   Kind = "fresh-required"  // the act is a sensitive one: sign in again first
	Conflict        Kind = "conflict"        // somebody else was first: fetch, check and try again
	TooLarge        Kind = "too-large"       // over a limit
	Limited         Kind = "limited"         // too many requests, try later
	Unavailable     Kind = "unavailable"     // the service can't do it now; nothing was done
	NotKnown        Kind = "not-known"       // it may have been done or not: the same request again tells
	Internal        Kind = "internal"        // our mistake; what was asked may have been done or not
)

// Kinds lists every kind, for tables that must be complete.
var Kinds = []Kind{Invalid, Refused, Unauthenticated, NotFound, ReasonRequired, FreshRequired, Conflict, TooLarge, Limited,
	Unavailable, NotKnown, Internal}

// Class says which rule of the protocol was broken. docs/protocol.md explains each.
type Class string

// The classes.
const (
	ClassForm       Class = "form"        // not the strict form: lines, order, characters, canonical bytes
	ClassSize       Class = "size"        // over a limit
	ClassKey        Class = "key"         // a public key that does not decode, is not canonical or is of small order
	ClassSignature  Class = "signature"   // a signature is missing, malformed, surplus, out of order or false
	ClassUntrusted  Class = "untrusted"   // no chain root → steward → roster → card
	ClassStale      Class = "stale"       // expired, or older than what was already seen
	ClassSequence   Class = "sequence"    // not the next entry of this chain
	ClassMembership Class = "membership"  // the author may not write this, or the members don't add up
	ClassClosed     Class = "closed"      // the thread is closed, and this may not follow
	ClassEpoch      Class = "epoch"       // not the current epoch, or a new one must start first
	ClassLate       Class = "late"        // admitted after its not-after
	ClassUnknown    Class = "unknown"     // a kind that this client is too old to know
	ClassEnvelope   Class = "envelope"    // not an age file with exactly one post-quantum stanza
	ClassPadding    Class = "padding"     // length or zeros do not check
	ClassBinding    Class = "binding"     // sealed for another thread, epoch, author, kind or entry
	ClassGrant      Class = "grant"       // a grant that does not give the epoch's recipient
	ClassLock       Class = "lock"        // a lock that this client does not accept
	ClassPhrase     Class = "phrase"      // the phrase does not open this lock
	ClassReceipt    Class = "receipt"     // a receipt that is not for this entry, or not by this log
	ClassProof      Class = "proof"       // a proof of the log does not check
	ClassMissing    Class = "missing"     // something that must be there was left out
	ClassFork       Class = "fork"        // two histories where there can be one
	ClassRollback   Class = "rollback"    // less than what was already seen
	ClassDuplicate  Class = "duplicate"   // the same thing twice
	ClassSubstitute Class = "substituted" // another's card, name or role in place of the right one
)

// Classes lists every class.
var Classes = []Class{ClassForm, ClassSize, ClassKey, ClassSignature, ClassUntrusted, ClassStale, ClassSequence, ClassMembership,
	ClassClosed, ClassEpoch, ClassLate, ClassUnknown, ClassEnvelope, ClassPadding, ClassBinding, ClassGrant, ClassLock,
	ClassPhrase, ClassReceipt, ClassProof, ClassMissing, ClassFork, ClassRollback, ClassDuplicate,
	ClassSubstitute}

// Error is a failure with its meaning. Its text is for logs and for the person's own
// device; the service sends only Kind and Class.
type Error struct {
	Kind  Kind
	Class Class // only with Refused
	text  string
	cause error
}

// Error returns the text and its cause.
func (e *Error) Error() string {
	if e.cause != nil {
		return e.text + ": " + e.cause.Error()
	}
	return e.text
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.cause }

// New makes an error of a kind. The format's %w verb is not for it: use Wrap.
func New(kind Kind, format string, args ...any) error {
	return &Error{Kind: kind, text: fmt.Sprintf(format, args...)}
}

// Wrap gives cause a kind and says what was being done.
func Wrap(kind Kind, cause error, format string, args ...any) error {
	return &Error{Kind: kind, text: fmt.Sprintf(format, args...), cause: cause}
}

// Refuse makes an error of kind Refused for the rule that was broken.
func Refuse(class Class, format string, args ...any) error {
	return &Error{Kind: Refused, Class: class, text: fmt.Sprintf(format, args...)}
}

// KindOf returns the kind of the first Error in err's chain, Internal when there is none.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Internal
}

// ClassOf returns the class of the first Error in err's chain, "" when there is none.
func ClassOf(err error) Class {
	var e *Error
	if errors.As(err, &e) {
		return e.Class
	}
	return ""
}
