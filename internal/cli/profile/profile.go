// Package profile is the folder in which the command line keeps what it must know the next
// time: which service, which trust anchors, the session's token, and for each person what
// her device remembers.
//
//	profile.json         the service's address and, in a demonstration, its anchors
//	session.json         the token of the session; removed at sign-out
//	people/<person>.json what this device remembers of what she saw (client.Memory)
//
// It holds no key, no phrase, no content and no name. Folders are 0700, files 0600; each is
// written beside itself and renamed, so that a power cut leaves the old one. Several people
// may share a computer: each has a memory of her own, and one session at a time.
package profile

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"

	"github.com/go-json-experiment/json"

	"varco/internal/anchors"
	"varco/internal/client"
)

// ErrAbsent says that the folder was never set up.
var ErrAbsent = errors.New("this computer was not set up yet")

// ErrOther says that the folder was set up for another network.
var ErrOther = errors.New("this computer was set up for another network")

// Profile is a folder that was set up.
type Profile struct {
	Service string // address
	Anchors client.Anchors
	folder  string
}

// stored is profile.json.
type stored struct {
	Service string           `json:"service"`
	Anchors *anchors.Anchors `json:"anchors,omitempty"` // nil for those that are compiled in
}

const (
	profileFile = "profile.json"
	sessionFile = "session.json"
	peopleDir   = "people"
)

// Folder is where the profile is: $VARCO_HOME, or "varco" in the user's folder for
// configurations.
func Folder(getenv func(string) string) (string, error) {
	if home := getenv("VARCO_HOME"); home != "" {
		return home, nil
	}
	base, err := os.UserConfigDir()
	if err != nil {
		return "", fmt.Errorf("finding the folder of the profile: %w", err)
	}
	return filepath.Join(base, "varco"), nil
}

// Setup writes the profile of a service. Given is the text of a file of anchors, "" for
// those that are compiled in, whose text is network (keys.Network): given ones are good for a
// service on this machine only (client.Anchors.CheckService), unless they are the compiled
// ones. A folder that was set up for another network is ErrOther: what is remembered there is
// of that network.
func Setup(folder, service, given, network string) (*Profile, error) {
	kept := stored{Service: service}
	if given != "" {
		a, err := anchors.Parse(given)
		if err != nil {
			return nil, err
		}
		compiled, err := anchors.Parse(network)
		if err != nil {
			return nil, err
		}
		if !reflect.DeepEqual(a, compiled) {
			kept.Anchors = &a
		}
	}
	p, err := kept.profile(folder, network)
	if err != nil {
		return nil, err
	}
	before, err := Open(folder, network)
	switch {
	case errors.Is(err, ErrAbsent):
	case err != nil:
		return nil, err
	case !same(before.Anchors, p.Anchors):
		return nil, ErrOther
	}
	if err := os.MkdirAll(filepath.Join(folder, peopleDir), 0o700); err != nil {
		return nil, fmt.Errorf("making the folder of the profile: %w", err)
	}
	return p, writeJSON(filepath.Join(folder, profileFile), kept)
}

// Open reads a profile. Network is the text of keys.Network.
func Open(folder, network string) (*Profile, error) {
	var kept stored
	found, err := readJSON(filepath.Join(folder, profileFile), &kept)
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, ErrAbsent
	}
	return kept.profile(folder, network)
}

// profile checks what is kept and makes a Profile of it.
func (s stored) profile(folder, network string) (p *Profile, err error) {
	p = &Profile{Service: s.Service, folder: folder}
	a := s.Anchors
	if a == nil {
		compiled, err := anchors.Parse(network)
		if err != nil {
			return nil, err
		}
		a = &compiled
	}
	if p.Anchors, err = trust(*a, s.Anchors != nil); err != nil {
		return nil, err
	}
	return p, p.Anchors.CheckService(p.Service)
}

// same reports whether two sets of anchors are of the same network.
func same(a, b client.Anchors) bool {
	return a.Origin == b.Origin && a.Log == b.Log && a.Root == b.Root
}

// readJSON reads a file of this package strictly; found is false when there is none.
func readJSON(path string, into any) (found bool, err error) {
	b, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err == nil {
		err = json.Unmarshal(b, into, json.RejectUnknownMembers(true))
	}
	if err != nil {
		return false, fmt.Errorf("reading the profile: %w", err)
	}
	return true, nil
}

func writeJSON(path string, v any) error {
	b, err := json.Marshal(v, json.Deterministic(true))
	if err != nil {
		return fmt.Errorf("writing the profile: %w", err)
	}
	return WriteFile(path, writes(append(b, '\n')))
}
