package profile

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"varco/internal/client"
	"varco/internal/ids"
	"varco/internal/secret"
)

// ErrDamaged says that what the device remembers can't be read: it was changed, or written by
// a newer program. To forget it in silence would hide what it is there to show.
var ErrDamaged = errors.New("what this device remembers can't be read")

// Session is who is signed in on this computer.
type Session struct {
	Person  ids.Person
	Token   secret.String
	Expires time.Time // at the latest
}

// storedSession is session.json.
type storedSession struct {
	Person  ids.Person `json:"person"`
	Token   string     `json:"token"`
	Expires time.Time  `json:"expires"`
}

// Session returns who is signed in; nobody has the zero Token.
func (p *Profile) Session() (Session, error) {
	var kept storedSession
	found, err := readJSON(filepath.Join(p.folder, sessionFile), &kept)
	if err != nil || !found {
		return Session{}, err
	}
	if _, err := ids.ParsePerson(string(kept.Person)); err != nil {
		return Session{}, fmt.Errorf("reading the session: %w", err)
	}
	return Session{kept.Person, secret.NewString(kept.Token), kept.Expires}, nil
}

// Begin keeps a session in place of any other.
func (p *Profile) Begin(s Session) error {
	return writeJSON(filepath.Join(p.folder, sessionFile), storedSession{s.Person, s.Token.Reveal(), s.Expires})
}

// End forgets the session.
func (p *Profile) End() error {
	err := os.Remove(filepath.Join(p.folder, sessionFile))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("forgetting the session: %w", err)
	}
	return nil
}

// People lists who has signed in on this computer before.
func (p *Profile) People() ([]ids.Person, error) {
	files, err := os.ReadDir(filepath.Join(p.folder, peopleDir))
	if err != nil {
		return nil, fmt.Errorf("reading the profile: %w", err)
	}
	var people []ids.Person
	for _, f := range files {
		name, isMemory := f.Name(), filepath.Ext(f.Name()) == ".json"
		if person, err := ids.ParsePerson(name[:len(name)-len(filepath.Ext(name))]); err == nil && isMemory {
			people = append(people, person)
		}
	}
	return people, nil
}

// Memory is what this device remembers for one person.
func (p *Profile) Memory(person ids.Person) client.Keeper {
	return memory(filepath.Join(p.folder, peopleDir, string(person)+".json"))
}

// memory is the path of a file.
type memory string

// Load reads the memory, the zero one when there is none yet.
func (m memory) Load(context.Context) (client.Memory, error) {
	b, err := os.ReadFile(string(m))
	if errors.Is(err, fs.ErrNotExist) {
		return client.Memory{}, nil
	}
	if err != nil {
		return client.Memory{}, fmt.Errorf("reading what this device remembers: %w", err)
	}
	kept, err := client.ParseMemory(b)
	if err != nil {
		return client.Memory{}, fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return kept, nil
}

// Save replaces the memory.
func (m memory) Save(_ context.Context, now client.Memory) error {
	b, err := now.Bytes()
	if err != nil {
		return err
	}
	return WriteFile(string(m), writes(b))
}
