package seal

import (
	"errors"
	"strconv"

	"varco/internal/envelope"
	"varco/internal/fault"
	"varco/internal/hybrid"
	"varco/internal/ids"
	"varco/internal/note"
)

// Binding says for which entry a body was sealed: the same values as in its header.
type Binding struct {
	Thread ids.Thread
	Entry  ids.Entry
	Epoch  int64 // number of the epoch, from 1
	Author ids.Person
	Kind   string // of the entry: lower-case letters and hyphens
}

// Body seals the content of an entry to the epoch's recipient. Inside are the lines of the
// binding, an empty line, and the content:
//
//	varco/v1 body
//	thread t-…
//	entry e-…
//	epoch 1
//	author p-…
//	kind message
//
//	Buongiorno, …
//
// It refuses a recipient that is not a good one (class key), a binding that no header could
// have (class form), and content over the limit of a body (class size).
func Body(recipient string, b Binding, content []byte) ([]byte, error) {
	text, err := b.text()
	if err != nil {
		return nil, err
	}
	return hybrid.Seal(recipient, append([]byte(text), content...), envelope.MaxBody)
}

// OpenBody returns the content of an entry, all of it authenticated. It refuses a file that
// is not sealed to exactly one post-quantum recipient or was changed (class envelope), and
// one that was sealed to another epoch or for anything but b (class binding).
func OpenBody(e Epoch, b Binding, file []byte) ([]byte, error) {
	text, err := b.text()
	if err != nil {
		return nil, err
	}
	plain, err := e.Open(file)
	if errors.Is(err, hybrid.ErrOther) {
		return nil, fault.Refuse(fault.ClassBinding, "opening a body: sealed to another epoch")
	}
	if err != nil {
		return nil, err
	}
	return unbind(plain, text)
}

// text prints the binding with the empty line that ends it.
func (b Binding) text() (string, error) {
	if err := b.check(); err != nil {
		return "", fault.Refuse(fault.ClassForm, "binding a body: %s", err)
	}
	return note.Print("body").
		Line("thread", string(b.Thread)).
		Line("entry", string(b.Entry)).
		Line("epoch", strconv.FormatInt(b.Epoch, 10)).
		Line("author", string(b.Author)).
		Line("kind", b.Kind).
		String() + "\n", nil
}

// check refuses values that could be read as more than one line or as nothing.
func (b Binding) check() error {
	if _, err := ids.ParseThread(string(b.Thread)); err != nil {
		return err
	}
	if _, err := ids.ParseEntry(string(b.Entry)); err != nil {
		return err
	}
	if _, err := ids.ParsePerson(string(b.Author)); err != nil {
		return err
	}
	if b.Epoch < 1 {
		return errors.New("epochs are counted from 1")
	}
	if b.Kind == "" || len(b.Kind) > MaxKind {
		return errors.New("a kind that no entry has")
	}
	for _, c := range []byte(b.Kind) {
		if c != '-' && (c < 'a' || c > 'z') {
			return errors.New("a kind that no entry has")
		}
	}
	return nil
}
