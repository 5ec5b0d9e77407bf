package client

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"

	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/note"
)

// Folder makes the files of an export. A name has folders in it, with slashes, and is made of
// letters, digits, hyphens and dots alone. A file counts when Close returned nil.
type Folder func(name string) (io.WriteCloser, error)

// Exported is what an export holds of one entry, for an index that people read. Names are those of
// files in the folder, "" for what the entry has not.
type Exported struct {
	Shown       *Shown
	Header      string   // the signed header and the receipt
	Body        string   // the sealed body
	Epoch       string   // the identity that opens the body
	Attachments []string // the sealed attachments, in the order of the content
	Keys        []string // the identities that open them
}

// Export writes a conversation as files that stock age (1.3 or later) opens, without Varco: bodies
// and attachments as they are stored, and the identities that open them. So whoever has the folder
// can read all of it, and it belongs where nobody else reads. What this device can't open is left
// sealed, without an identity.
//
//	entries/0003.txt      the signed header, then the receipt
//	entries/0003.age      the sealed body: eight bytes of length, the text, zeros
//	epochs/0001.key       the identity that opens the bodies of epoch 1
//	attachments/b-….age   a sealed attachment, padded in the same way
//	attachments/b-….key   the identity that opens it
//	cards/….txt           the cards that signed
//
// Attachments are fetched, and each fetching is recorded.
func (u *Unlocked) Export(ctx context.Context, v *Conversation, folder Folder, progress Progress) ([]Exported, error) {
	for number, e := range v.epochs {
		if e.why == nil {
			if err := folder.write(epochFile(number), e.key.Reveal()+"\n"); err != nil {
				return nil, err
			}
		}
	}
	for _, hash := range slices.SortedFunc(maps.Keys(v.cards), func(a, b note.Hash) int { return slices.Compare(a[:], b[:]) }) {
		c := v.cards[hash]
		if err := folder.write(fmt.Sprintf("cards/%s-%d.txt", c.Person, c.Serial), string(c.Note())); err != nil {
			return nil, err
		}
	}
	all := make([]Exported, len(v.Entries))
	for i := range v.Entries {
		var err error
		if all[i], err = u.exportEntry(ctx, v, &v.Entries[i], folder, progress); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func epochFile(number int64) string { return fmt.Sprintf("epochs/%04d.key", number) }

func (u *Unlocked) exportEntry(ctx context.Context, v *Conversation, s *Shown, folder Folder, progress Progress) (Exported, error) {
	x := Exported{Shown: s, Header: fmt.Sprintf("entries/%04d.txt", s.Entry.Sequence)}
	if err := folder.write(x.Header, s.header+"\n"+s.receipt); err != nil {
		return x, err
	}
	if s.Entry.Body != nil && len(s.body) > 0 {
		x.Body = fmt.Sprintf("entries/%04d.age", s.Entry.Sequence)
		if err := folder.write(x.Body, string(s.body)); err != nil {
			return x, err
		}
		if v.holds(s.Entry.Epoch) {
			x.Epoch = epochFile(s.Entry.Epoch)
		}
	}
	for i := range s.Content.Attachments {
		a := &s.Content.Attachments[i]
		sealed, key := blobFiles(a.Blob)
		if err := folder.write(key, a.key.Reveal()+"\n"); err != nil {
			return x, err
		}
		if err := folder.copy(sealed, func(w io.Writer) error { return u.fetchSealed(ctx, a, w, progress) }); err != nil {
			return x, err
		}
		x.Attachments, x.Keys = append(x.Attachments, sealed), append(x.Keys, key)
	}
	return x, nil
}

func blobFiles(id ids.Blob) (sealed, key string) {
	return "attachments/" + string(id) + ".age", "attachments/" + string(id) + ".key"
}

func (f Folder) write(name, content string) error {
	return f.copy(name, func(w io.Writer) error {
		_, err := io.WriteString(w, content)
		return err
	})
}

func (f Folder) copy(name string, fill func(io.Writer) error) error {
	w, err := f(name)
	if err != nil {
		return fault.Wrap(fault.Unavailable, err, "making a file of the export")
	}
	if err := errors.Join(fill(w), w.Close()); err != nil {
		return fmt.Errorf("writing %s of the export: %w", name, err)
	}
	return nil
}
