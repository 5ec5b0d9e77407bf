// Package network loads what no steward can sign: organisations, agreements, issuers and
// invitations, from a file that the registrar keeps.
//
// Roles, designations and substitutions never come from here: stewards sign them on rosters.
// There is no field for an address of anybody, least of all of a refuge, and there never will
// be: reading is strict, so a file that has one is refused whole. A refuge has no people here
// either: an invitation for a refuge makes a person of its managing body, and nothing that is
// kept links her to the refuge.
//
// Loading is all or nothing. Everything is checked before anything is written, each thing that
// changes is recorded in the ledger in the same transaction, with the hash of the file, and a
// thing that is as the file says already is left alone: a second run of the same file changes
// and records nothing. What a file does not name stays as it is. A file may be loaded while
// the service runs.
package network

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/BurntSushi/toml"

	"varco/internal/act"
	"varco/internal/ids"
	"varco/internal/note"
)

// MaxFileBytes is the size limit of a network file.
const MaxFileBytes = 8 << 20

// File is what a network file says. Every identifier in it was drawn before: none is made up
// while loading.
type File struct {
	Organisations []Organisation `toml:"organisation"`
	Agreements    []Agreement    `toml:"agreement"`
	Issuers       []Issuer       `toml:"issuer"`
	Invitations   []Invitation   `toml:"invitation"`
	Leavers       []Leaver       `toml:"leaver"`

	hash note.Hash
}

// Organisation is a centre, refuge, INPS office, partner or oversight body.
type Organisation struct {
	ID       ids.Organisation `toml:"id"`
	Kind     act.Kind         `toml:"kind"` // never changes
	Name     string           `toml:"name"`
	Province string           `toml:"province"` // two letters, of an INPS office only
	Body     ids.Organisation `toml:"body"`     // the centre that manages a refuge, of a refuge only; never changes
}

// Agreement is a local agreement, or the framework agreement above it.
type Agreement struct {
	ID        ids.Agreement      `toml:"id"`
	Name      string             `toml:"name"`
	Parent    ids.Agreement      `toml:"parent"` // must be in force too; has none above itself; never changes
	Parties   []ids.Organisation `toml:"parties"`
	Territory []string           `toml:"territory"` // provinces, two letters each
	Terms     []Term             `toml:"term"`      // the first and its renewals
}

// Term is a time in which an agreement is in force.
type Term struct {
	From  Day `toml:"from"`
	Until Day `toml:"until"` // the last day
}

// Issuer is an OpenID provider that people sign in through. Its client secret is a credential
// of the service and in no file of the network.
type Issuer struct {
	URL      string   `toml:"url"`
	ClientID string   `toml:"client_id"`
	Label    string   `toml:"label"` // what people see
	ACR      []string `toml:"acr"`   // values that count as a second factor
	AMR      []string `toml:"amr"`
	// Prompt is how the provider is told to ask who it is even if somebody is still signed in
	// there, since PCs are shared: "login", which is what it is if left out, or "consent
	// login" for SPID and CIE.
	Prompt string `toml:"prompt"`
}

// Invitation promises a person a seat. Who she is, and in which role, a roster says later.
type Invitation struct {
	ID           ids.Invitation   `toml:"id"`
	Person       ids.Person       `toml:"person"`
	Organisation ids.Organisation `toml:"organisation"`
	Until        Day              `toml:"until"` // the last day
}

// Leaver is a person who signs in no more, from when the file is loaded: for an organisation that
// has no other steward to end her sign-in. There is no way back but a new invitation, for a new
// person.
type Leaver struct {
	Person ids.Person `toml:"person"`
}

// Parse reads a network file strictly and checks all that can be checked of it alone. Its
// error names everything that is wrong.
func Parse(text []byte) (*File, error) {
	if len(text) > MaxFileBytes {
		return nil, fmt.Errorf("reading the network file: %d bytes, at most %d", len(text), MaxFileBytes)
	}
	f := &File{hash: note.Sum(text)}
	meta, err := toml.Decode(string(text), f)
	if err != nil {
		return nil, fmt.Errorf("reading the network file: %w", err)
	}
	var wrong []error
	for _, key := range meta.Undecoded() {
		wrong = append(wrong, fmt.Errorf("reading the network file: there is no field %q", key.String()))
	}
	for _, key := range meta.Keys() {
		// The decoder takes "Name" for "name", and of both in one table either.
		if key.String() != strings.ToLower(key.String()) {
			wrong = append(wrong, fmt.Errorf("reading the network file: the field %q is not in lower case", key.String()))
		}
	}
	if wrong == nil {
		wrong = f.check()
	}
	if wrong != nil {
		return nil, errors.Join(wrong...)
	}
	return f, nil
}

// Hash is that of the file's bytes; the ledger's records name it.
func (f *File) Hash() note.Hash { return f.hash }

// Day is a whole day, in UTC.
type Day struct{ begin time.Time }

// UnmarshalTOML takes a TOML date without time: 2026-03-27.
func (d *Day) UnmarshalTOML(value any) error {
	at, ok := value.(time.Time)
	// The decoder says by this name that the text was a date alone.
	if !ok || at.Location().String() != "date-local" || at.Year() < 1970 {
		return errors.New("want a day, such as 2026-03-27, without quotes and time")
	}
	d.begin = time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, time.UTC)
	return nil
}

// IsZero reports whether the day was left out.
func (d Day) IsZero() bool { return d.begin.IsZero() }

// Begin is the day's first instant.
func (d Day) Begin() time.Time { return d.begin }

// End is the first instant after the day.
func (d Day) End() time.Time { return d.begin.AddDate(0, 0, 1) }

// String prints the day as it is written in a file.
func (d Day) String() string { return d.begin.Format(time.DateOnly) }
