// Package caller says who asks.
//
// A Caller is made by authn from a session and by nobody else; the door takes one as the
// second argument of every method, so there is no data without a caller. It holds
// pseudonyms only. Roles are not here: the door takes them from rosters at each act.
package caller

import (
	"time"

	"varco/internal/ids"
)

// Caller is a signed-in person at one request.
type Caller struct {
	Person       ids.Person
	Organisation ids.Organisation
	Session      ids.Session
	Request      ids.Request

	// Assurance is the acr or amr value with which the provider met the second-factor rule.
	Assurance string
	// AuthenticatedAt is when the provider authenticated the person; zero when it does not say.
	AuthenticatedAt time.Time
	// Source is the client's address, blinded with a key that changes every day, so that
	// an address can't be read. The door ties it to the person before it is recorded.
	Source string
}

// IsZero reports whether nobody is signed in.
func (c Caller) IsZero() bool { return c.Person == "" }
