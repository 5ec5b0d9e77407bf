package desk

import (
	"errors"
	"io"
	"io/fs"
	"os"

	"github.com/go-json-experiment/json"

	"varco/internal/api"
	"varco/internal/cli/profile"
)

// maxFileBytes is above every file that a command reads: a card with a name, a locked root.
const maxFileBytes = 256 << 10

// Absent refuses to write over a file.
func Absent(path string) error {
	_, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return Failed("Il file %s c'è già, e non viene riscritto. Non è stato fatto nulla: scegli un altro nome.", path)
}

// WriteNew writes a file that must not be there.
func WriteNew(path string, content []byte) error {
	if err := Absent(path); err != nil {
		return err
	}
	return profile.WriteFile(path, func(w io.Writer) error {
		_, err := w.Write(content)
		return err
	})
}

// WritePutCard writes a card for the ceremony or from it.
func WritePutCard(path string, p api.PutCard) error {
	b, err := json.Marshal(p)
	if err != nil {
		return err
	}
	return WriteNew(path, append(b, '\n'))
}

// ReadPutCard reads what writePutCard writes.
func ReadPutCard(path string) (api.PutCard, error) {
	var p api.PutCard
	b, err := ReadSmall(path)
	if err != nil {
		return p, err
	}
	if err := json.Unmarshal(b, &p, json.RejectUnknownMembers(true)); err != nil {
		return p, Because(err, "Il file %s non contiene una carta. Non è stato fatto nulla.", path)
	}
	return p, nil
}

// ReadSmall reads a file that is no larger than any that a command reads.
func ReadSmall(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // it was only read
	b, err := io.ReadAll(io.LimitReader(f, maxFileBytes+1))
	if err != nil {
		return nil, err
	}
	if len(b) > maxFileBytes {
		return nil, Failed("Il file %s è troppo grande. Non è stato fatto nulla.", path)
	}
	return b, nil
}
