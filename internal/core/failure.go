package core

import (
	"context"
	"errors"

	"varco/internal/client"
	"varco/internal/fault"
	"varco/internal/keyring"
)

// Failure is what went wrong, for the page: which text it shows, and what the help desk may
// be told. It holds identifiers and no content.
type Failure struct {
	Key   Key         `json:"key"`
	Kind  fault.Kind  `json:"kind"`
	Class fault.Class `json:"class,omitempty"` // with kind refused
	// Request is under which the service logged it, "" where the service did not refuse.
	Request string `json:"request,omitempty"`
	// Word is which word of a phrase is not in the list, from 1, with key "word".
	Word   int    `json:"word,omitempty"`
	Detail string `json:"detail,omitempty"` // for the help desk, in English
}

// Key names a text that the page shows.
type Key string

// The keys. Those of a service's refusal are named as its kind.
const (
	KeyInvalid     Key = "invalid"
	KeyRefused     Key = "refused"
	KeySignedOut   Key = "signed-out"
	KeyNotFound    Key = "not-found"
	KeyReason      Key = "reason"
	KeyFresh       Key = "fresh" // sign in again first
	KeyConflict    Key = "conflict"
	KeyTooLarge    Key = "too-large"
	KeyLimited     Key = "limited"
	KeyUnavailable Key = "unavailable"
	KeyInternal    Key = "internal"

	KeyCancelled    Key = "cancelled"     // the person broke it off
	KeySilent       Key = "silent"        // no answer came: done, or not
	KeyUntrusted    Key = "untrusted"     // the service answered with what does not check
	KeyTooOld       Key = "too-old"       // something here is newer than this program
	KeyNoAnchors    Key = "no-anchors"    // this program trusts no service
	KeyLocked       Key = "locked"        // the keys are not open
	KeyPhrase       Key = "phrase"        // the phrase does not open the keys
	KeyWord         Key = "word"          // a word of the phrase is not in the list
	KeyBarred       Key = "barred"        // somebody in the thread may not be sealed to today
	KeyUnlisted     Key = "unlisted"      // she was taken off the list
	KeyPasskey      Key = "passkey"       // the passkey does not open the keys
	KeyNoCheckpoint Key = "no-checkpoint" // the file is no checkpoint of this log
	KeyFailed       Key = "failed"        // anything else
)

// Keys lists every key, for tables that must be complete.
var Keys = []Key{KeyInvalid, KeyRefused, KeySignedOut, KeyNotFound, KeyReason, KeyFresh, KeyConflict, KeyTooLarge, KeyLimited,
	KeyUnavailable, KeyInternal, KeyCancelled, KeySilent, KeyUntrusted, KeyTooOld, KeyNoAnchors, KeyLocked, KeyPhrase,
	KeyWord, KeyBarred, KeyUnlisted, KeyPasskey, KeyNoCheckpoint, KeyFailed}

var (
	errLocked       = fault.New(fault.Invalid, "calling the core: the keys are not open")
	errNoAnchors    = fault.New(fault.Invalid, "choosing whom to trust: this program holds no anchors")
	errNoCheckpoint = fault.New(fault.Invalid, "verifying the log: the file is no checkpoint of this log")
)

// barredError says that a member of the thread may not be sealed to today.
type barredError struct{ error }

func (e barredError) Unwrap() error { return e.error }

// unlistedError says that somebody who unlocks is on the list no longer.
type unlistedError struct{ error }

func (e unlistedError) Unwrap() error { return e.error }

// passkeyError says that what a passkey gave does not open the keys.
type passkeyError struct{ error }

func (e passkeyError) Unwrap() error { return e.error }

// refusals are the texts for what a service refuses.
var refusals = map[fault.Kind]Key{
	fault.Invalid: KeyInvalid, fault.Refused: KeyRefused, fault.Unauthenticated: KeySignedOut, fault.NotFound: KeyNotFound,
	fault.ReasonRequired: KeyReason, fault.FreshRequired: KeyFresh, fault.Conflict: KeyConflict, fault.TooLarge: KeyTooLarge, fault.Limited: KeyLimited,
	fault.Unavailable: KeyUnavailable, fault.NotKnown: KeySilent, fault.Internal: KeyInternal,
}

// FailureOf tells an error to the page.
func FailureOf(err error) Failure {
	f := Failure{Key: keyOf(err), Kind: fault.KindOf(err), Class: fault.ClassOf(err)}
	if refused, ok := errors.AsType[*client.ServiceError](err); ok {
		f.Request = refused.Request
		return f
	}
	if word, ok := errors.AsType[*keyring.WordError](err); ok {
		f.Word = word.Position
	}
	f.Detail = err.Error()
	return f
}

func keyOf(err error) Key {
	var refused *client.ServiceError
	var word *keyring.WordError
	var barred barredError
	var unlisted unlistedError
	var passkey passkeyError
	class := fault.ClassOf(err)
	switch {
	case errors.Is(err, context.Canceled):
		return KeyCancelled
	case errors.Is(err, errLocked):
		return KeyLocked
	case errors.Is(err, errNoAnchors):
		return KeyNoAnchors
	case errors.Is(err, errNoCheckpoint):
		return KeyNoCheckpoint
	case errors.As(err, &barred):
		return KeyBarred
	case errors.As(err, &unlisted):
		return KeyUnlisted
	case errors.As(err, &passkey):
		return KeyPasskey
	case errors.As(err, &refused):
		return refusals[fault.KindOf(refused)]
	case errors.As(err, &word):
		return KeyWord
	case class == fault.ClassPhrase:
		return KeyPhrase
	case class == fault.ClassUnknown:
		return KeyTooOld
	}
	switch fault.KindOf(err) {
	case fault.Refused:
		return KeyUntrusted
	case fault.Unavailable, fault.NotKnown:
		return KeySilent
	case fault.NotFound:
		return KeyNotFound
	case fault.Conflict:
		return KeyConflict
	case fault.TooLarge:
		return KeyTooLarge
	default:
		return KeyFailed
	}
}
