package witness

import (
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/transparency-dev/formats/log"

	"varco/internal/fault"
	"varco/internal/ledger"
	"varco/internal/note"
)

// The files of a witness's folder: its key, and one file for each log.
const (
	keyFile = "witness.key"
	logFile = ".log"

	keyKind = "witness-key"
	logKind = "witness-log"

	maxStateBytes = 2 * note.MaxBytes
	others        = 0o077 // what nobody but the owner may do
)

// Create makes the folder of a new witness with its key, and returns its verifier key. The
// name is a URL without scheme, as C2SP asks: it disambiguates and need not lead anywhere. It
// writes over nothing.
func Create(folder, name string, random io.Reader) (verifierKey string, err error) {
	seed := make([]byte, ed25519.SeedSize)
	if _, err := io.ReadFull(random, seed); err != nil {
		return "", fmt.Errorf("making a witness's key: %w", err)
	}
	text := note.Print(keyKind).Line("name", name).Line("seed", base64.StdEncoding.EncodeToString(seed)).String()
	_, vkey, err := parseKey(text, func() time.Time { return time.Time{} }) // nothing is signed
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return "", fmt.Errorf("making a witness's folder: %w", err)
	}
	return vkey, writeNew(folder, keyFile, text)
}

// Add makes a log known to a witness, by its verifier key. The witness begins with the next
// checkpoint that the log shows it. A log that is known already is refused: to begin with it
// anew would forget what was seen.
func Add(folder, logKey string) error {
	v, err := note.ParseVerifier(logKey)
	if err != nil {
		return err
	}
	return writeNew(folder, log.ID(v.Name())+logFile, state{vkey: logKey, log: v}.text())
}

// parseKey reads a key file, and checks that what the key signs can be verified.
func parseKey(text string, now func() time.Time) (note.Signer, string, error) {
	s := note.Scan(text, keyKind)
	name, value := s.One("name"), s.One("seed")
	if err := s.Done(); err != nil {
		return nil, "", err
	}
	seed, err := base64.StdEncoding.Strict().DecodeString(value)
	if err != nil || len(seed) != ed25519.SeedSize {
		return nil, "", fault.Refuse(fault.ClassKey, "reading a witness's key: not 32 bytes of base64")
	}
	key := ed25519.NewKeyFromSeed(seed)
	public, err := note.NewPublicKey(key[ed25519.SeedSize:])
	if err != nil {
		return nil, "", err
	}
	vkey := note.CosignerKey(name, public)
	if _, err := note.ParseCosigner(vkey); err != nil {
		return nil, "", err
	}
	return note.NewCosigner(name, key, now), vkey, nil
}

// state is what a witness knows of one log.
type state struct {
	vkey string
	log  note.Verifier
	msg  []byte            // the newest checkpoint; nil before the first
	last ledger.Checkpoint // what it says; the empty tree before the first
}

func (s state) text() string {
	checkpoint := note.None
	if s.msg != nil {
		checkpoint = base64.StdEncoding.EncodeToString(s.msg)
	}
	return note.Print(logKind).Line("log", s.vkey).Line("checkpoint", checkpoint).String()
}

// parseState reads what text prints, and verifies the checkpoint.
func parseState(text string) (state, error) {
	scan := note.Scan(text, logKind)
	s := state{vkey: scan.One("log")}
	checkpoint := scan.One("checkpoint")
	err := scan.Done()
	if err != nil {
		return s, err
	}
	if s.log, err = note.ParseVerifier(s.vkey); err != nil {
		return s, err
	}
	s.last = ledger.Checkpoint{Origin: s.log.Name(), Root: new(ledger.Edge).Root()}
	if checkpoint == note.None {
		return s, nil
	}
	if s.msg, err = base64.StdEncoding.Strict().DecodeString(checkpoint); err != nil {
		return s, fault.Refuse(fault.ClassForm, "reading what a witness has seen: the checkpoint is not base64")
	}
	if s.last, err = ledger.OpenCheckpoint(s.msg, s.log.Name(), s.log); err != nil {
		return s, err
	}
	return s, note.Same(text, s.text())
}

// loadStates reads all logs of a folder.
func loadStates(folder string) (map[string]*state, error) {
	paths, err := filepath.Glob(filepath.Join(folder, "*"+logFile))
	if err != nil {
		return nil, err
	}
	states := map[string]*state{}
	for _, path := range paths {
		text, err := readSmall(path)
		if err != nil {
			return nil, err
		}
		s, err := parseState(text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		if filepath.Base(path) != log.ID(s.log.Name())+logFile {
			return nil, fmt.Errorf("%s: it is of another log", path)
		}
		states[s.log.Name()] = &s
	}
	return states, nil
}

func readKey(folder string, now func() time.Time) (note.Signer, string, error) {
	path := filepath.Join(folder, keyFile)
	info, err := os.Stat(path)
	if err != nil {
		return nil, "", err
	}
	if info.Mode().Perm()&others != 0 {
		return nil, "", fmt.Errorf("others than its owner may use %s: want mode 0600", path)
	}
	text, err := readSmall(path)
	if err != nil {
		return nil, "", err
	}
	return parseKey(text, now)
}

func readSmall(path string) (string, error) {
	f, err := os.Open(path) //nolint:gosec // in the folder that the operator has named
	if err != nil {
		return "", err
	}
	defer f.Close() //nolint:errcheck // it was only read
	b, err := io.ReadAll(io.LimitReader(f, maxStateBytes+1))
	if err == nil && len(b) > maxStateBytes {
		err = fmt.Errorf("%s is too long", path)
	}
	return string(b), err
}

// writeNew writes a file that must not be there.
func writeNew(folder, name, text string) error {
	if _, err := os.Lstat(filepath.Join(folder, name)); !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("writing %s: it is there already, and nothing is written over", name)
	}
	return replace(folder, name, text)
}

// replace writes a file so that it is whole or as it was, also after a power cut.
func replace(folder, name, text string) error {
	out, err := os.CreateTemp(folder, strings.TrimSuffix(name, logFile)+".new-*")
	if err != nil {
		return err
	}
	_, err = out.WriteString(text)
	if err == nil {
		err = out.Sync()
	}
	if err = errors.Join(err, out.Close()); err == nil {
		err = os.Rename(out.Name(), filepath.Join(folder, name))
	}
	if err != nil {
		return errors.Join(err, os.Remove(out.Name()))
	}
	return syncFolder(folder)
}

func syncFolder(path string) error {
	f, err := os.Open(path) //nolint:gosec // named by the operator
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}
