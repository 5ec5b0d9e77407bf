// Package liar is a service that lies: lies that one can tell its clients, and a proxy that
// stands between a device and a real service and tells them over HTTP.
//
// It is for tests, of the client and of the page. A lie is what an attacker can do who has the
// service and nobody's keys: each must be refused by the device, with the class that stands
// beside it, and nothing of it kept. What needs somebody's key is no lie of this package.
package liar

import (
	"slices"
	"strings"

	"github.com/go-json-experiment/json"

	"varco/internal/fault"
)

// Lie is one way to lie. It changes every answer that it is about.
type Lie struct {
	Name string
	// Class is how a device refuses it, and Kind what it makes of a lie that is itself a refusal.
	Class fault.Class
	Kind  fault.Kind
	// Method and Suffix say which requests it is about: how their paths end, or begin where they
	// carry an attachment.
	Method, Suffix string

	Withholds bool                                          // the request does not reach the service
	Change    func(status int, answer []byte) (int, []byte) // from status 0 if it did not
	Spoil     func(piece []byte, at int64)                  // what is streamed, in place
}

// Honest is the lie that is none.
var Honest = Lie{Name: "honest"}

// About reports whether a request is one that the lie is about.
func (l Lie) About(method, path string) bool {
	path, _, _ = strings.Cut(path, "?")
	return l.Method != "" && method == l.Method && (strings.HasSuffix(path, l.Suffix) || l.Spoil != nil && strings.HasPrefix(path, l.Suffix))
}

// Named returns a lie of Lies, or Honest, by its name.
func Named(name string) (Lie, bool) {
	all := append([]Lie{Honest}, Lies...)
	i := slices.IndexFunc(all, func(l Lie) bool { return l.Name == name })
	if i < 0 {
		return Lie{}, false
	}
	return all[i], true
}

// Changing changes answers of a type, but for refusals.
func Changing[T any](change func(*T)) func(int, []byte) (int, []byte) {
	return func(status int, answer []byte) (int, []byte) {
		var v T
		if status/100 != 2 || json.Unmarshal(answer, &v) != nil {
			return status, answer
		}
		change(&v)
		changed, err := json.Marshal(v)
		if err != nil {
			return status, answer
		}
		return status, changed
	}
}
