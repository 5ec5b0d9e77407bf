package session

import "time"

// Reason says in one word why a sign-in was refused. It is recorded, and told to the
// command line; it says nothing about a person. Words are added, never renamed.
type Reason string

// The reasons, in the order in which things are checked.
const (
	ReasonForm         Reason = "form"          // a response or token that is not strictly well-formed
	ReasonState        Reason = "state"         // not a sign-in that is pending, or one that already came back
	ReasonLate         Reason = "late"          // it came back, or was redeemed, after its time
	ReasonProvider     Reason = "provider"      // the provider itself answered with an error
	ReasonUnavailable  Reason = "unavailable"   // the provider could not be reached, or did not answer as one
	ReasonSignature    Reason = "signature"     // not signed by a key of the provider that is strong enough
	ReasonType         Reason = "type"          // a token of another type than an ID token
	ReasonIssuer       Reason = "issuer"        // by another provider than the one that was asked
	ReasonAudience     Reason = "audience"      // for another client, or for several
	ReasonExpiry       Reason = "expiry"        // expired, or lasting longer than any ID token should
	ReasonIssuedAt     Reason = "issued-at"     // issued too long ago, in the future, or at no time
	ReasonNonce        Reason = "nonce"         // not for this sign-in
	ReasonAccessToken  Reason = "access-token"  // does not cover the access token beside it
	ReasonSubject      Reason = "subject"       // no subject, or one over 255 characters
	ReasonAuthTime     Reason = "auth-time"     // the person was authenticated too long ago, or at no time
	ReasonSecondFactor Reason = "second-factor" // the rule for the second factor is not met
	ReasonCode         Reason = "code"          // not a one-time code that waits, or one that was used
	ReasonVerifier     Reason = "verifier"      // redeemed by another than who began it
	ReasonUnknown      Reason = "unknown"       // no person is bound to the account
	ReasonInvitation   Reason = "invitation"    // the invitation can't be used
	ReasonReplayed     Reason = "replayed"      // a logout token that was used before
	ReasonEnded        Reason = "ended"         // the person signs in no more
)

// Reasons lists every reason.
var Reasons = []Reason{ReasonForm, ReasonState, ReasonLate, ReasonProvider, ReasonUnavailable, ReasonSignature,
	ReasonType, ReasonIssuer, ReasonAudience, ReasonExpiry, ReasonIssuedAt, ReasonNonce, ReasonAccessToken,
	ReasonSubject, ReasonAuthTime, ReasonSecondFactor, ReasonCode, ReasonVerifier, ReasonUnknown, ReasonInvitation, ReasonReplayed, ReasonEnded}

// Refusal is a sign-in that failed, for the record: an act.SessionBegin with outcome
// act.Deny, by nobody; or an act.SessionLogout.
type Refusal struct {
	Reason Reason
	Issuer string // as configured; "" when it is not known which
	At     time.Time
	From   From
	Logout bool // it was not a sign-in, but a provider's word that somebody has signed out
}
