package app

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"varco/internal/note"
	"varco/internal/secret"
	"varco/internal/vault"
)

// cryptoRand is the system's randomness.
var cryptoRand = rand.Reader

// The files that CreateKeys makes.
const (
	LogKeyFile          = "log.key"
	VaultKeysFile       = "vault.age"
	VaultCredentialFile = "vault.credential" //nolint:gosec // the name of a file
)

const (
	logKeyKind   = "log-key"
	maxFileBytes = 64 << 10
	private      = 0o077 // what nobody but the owner may do
)

// CreateKeys makes the keys of a new service in a folder, which it makes if need be: the key
// with which the log signs, and the key set of the sealed columns with the credential that
// opens it. It returns the log's verifier key under an origin, for everybody's anchors.
//
// It writes over nothing: without its keys a database is lost.
func CreateKeys(folder, origin string, random io.Reader) (verifierKey string, err error) {
	files := map[string][]byte{}
	seed := make([]byte, ed25519.SeedSize)
	if _, err := io.ReadFull(random, seed); err != nil {
		return "", fmt.Errorf("making the log's key: %w", err)
	}
	files[LogKeyFile] = []byte(note.Print(logKeyKind).Line("seed", base64.StdEncoding.EncodeToString(seed)).String())
	identity, recipient, err := vault.NewCredential()
	if err != nil {
		return "", err
	}
	files[VaultCredentialFile] = []byte(identity.Reveal() + "\n")
	if files[VaultKeysFile], err = vault.Create(recipient); err != nil {
		return "", err
	}
	key, err := newLogKey(origin, seed)
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return "", fmt.Errorf("making the folder of the keys: %w", err)
	}
	for name := range files {
		if _, err := os.Lstat(filepath.Join(folder, name)); !errors.Is(err, fs.ErrNotExist) {
			return "", fmt.Errorf("making keys: %s is there already, and no key is ever written over", name)
		}
	}
	for name, content := range files {
		if err := writeNew(filepath.Join(folder, name), content); err != nil {
			return "", fmt.Errorf("making keys: %w", err)
		}
	}
	if err := syncFolder(folder); err != nil {
		return "", fmt.Errorf("making keys: %w", err)
	}
	return key.text, nil
}

// RotateVault puts a new key first in the key set of the sealed columns: everything is sealed
// with it from the next start on, and what was sealed before still opens. The file is replaced
// in one step, after the new one has been opened with the credential.
func (c Config) RotateVault() error {
	path := c.Credentials.VaultKeys
	file, err := readSmall(path)
	if err != nil {
		return fmt.Errorf("reading the key set: %w", err)
	}
	raw, err := readCredential(c.Credentials.VaultCredential)
	if err != nil {
		return fmt.Errorf("reading the key set's credential: %w", err)
	}
	identity := secret.NewString(string(raw))
	rotated, err := vault.Rotate(file, identity)
	if err != nil {
		return err
	}
	if _, err := vault.Open(rotated, identity); err != nil {
		return fmt.Errorf("opening the new key set: %w", err)
	}
	fresh := path + ".new"
	if err := writeNew(fresh, rotated); err != nil {
		return fmt.Errorf("writing the new key set: %w", err)
	}
	if err := os.Rename(fresh, path); err != nil {
		return fmt.Errorf("replacing the key set: %w", err)
	}
	return syncFolder(filepath.Dir(path))
}

// writeNew writes a file that must not be there, for its owner only, to the disk.
func writeNew(path string, content []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) //nolint:gosec // named by the operator
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	return errors.Join(err, f.Sync(), f.Close())
}

// syncFolder brings the names of new files to the disk.
func syncFolder(path string) error {
	f, err := os.Open(path) //nolint:gosec // named by the operator
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// logKey is the key with which the log signs under its origin.
type logKey struct {
	signer   note.Signer
	verifier note.Verifier
	text     string // verifier key
}

func newLogKey(origin string, seed []byte) (logKey, error) {
	key := ed25519.NewKeyFromSeed(seed)
	raw, ok := key.Public().(ed25519.PublicKey)
	if !ok {
		panic("internal error: an Ed25519 key without public half")
	}
	public, err := note.NewPublicKey(raw)
	if err != nil {
		return logKey{}, err
	}
	k := logKey{note.NewSigner(origin, key), public.Verifier(origin), note.VerifierKey(origin, public)}
	return k, k.rehearse(origin)
}

// openLogKey reads a log's key file.
func openLogKey(path, origin string) (logKey, error) {
	text, err := readCredential(path)
	if err != nil {
		return logKey{}, fmt.Errorf("reading the log's key: %w", err)
	}
	s := note.Scan(string(text), logKeyKind)
	value := s.One("seed")
	if err := s.Done(); err != nil {
		return logKey{}, fmt.Errorf("reading the log's key: %w", err)
	}
	seed, err := base64.StdEncoding.Strict().DecodeString(value)
	if err != nil || len(seed) != ed25519.SeedSize {
		return logKey{}, errors.New("reading the log's key: not 32 bytes of base64")
	}
	return newLogKey(origin, seed)
}

func openVault(c Credentials) (*vault.Vault, error) {
	file, err := readSmall(c.VaultKeys)
	if err != nil {
		return nil, fmt.Errorf("reading the key set: %w", err)
	}
	identity, err := readCredential(c.VaultCredential)
	if err != nil {
		return nil, fmt.Errorf("reading the key set's credential: %w", err)
	}
	return vault.Open(file, secret.NewString(string(identity)))
}

// readCredential reads a file that nobody but its owner may read.
func readCredential(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.Mode().Perm()&private != 0 {
		return nil, fmt.Errorf("others than its owner may use %s: want mode 0600", path)
	}
	return readSmall(path)
}

func readSmall(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.Size() > maxFileBytes {
		return nil, fmt.Errorf("%s has %d bytes, at most %d", path, info.Size(), maxFileBytes)
	}
	return os.ReadFile(path) //nolint:gosec // the file is named by the operator
}
