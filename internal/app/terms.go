package app

import (
	"fmt"
	"maps"
	"slices"
	"strconv"

	"varco/internal/note"
	"varco/policies"
	"varco/web"
)

// terms is the hash of what the service runs by beside its policy set: the topics, outcomes and reasons
// that the network agreed on, the list of what the page is made of, its root with what succeeded it, the
// number of the key that seals its columns, and the witnesses with their quorum. It is that of a form of
// the kind terms, with a line for each in order of name, and none for what is not there.
func (c Config) terms(p parts) (note.Hash, error) {
	form := note.Print("terms")
	agreed := policies.Agreed()
	for _, name := range slices.Sorted(maps.Keys(agreed)) {
		form.Line("file", name, note.Sum(agreed[name]).String())
	}
	if list := web.Hashes(); list != "" {
		form.Line("page", note.Sum([]byte(list)).String())
	}
	form.Line("root", p.rootKey)
	for _, s := range p.successions {
		form.Line("succession", note.Sum([]byte(s)).String())
	}
	form.Line("columns", strconv.FormatUint(uint64(p.vault.Newest()), 10))
	if c.Witnesses != "" {
		text, err := readSmall(c.Witnesses)
		if err != nil {
			return note.Hash{}, fmt.Errorf("reading the witnesses: %w", err)
		}
		form.Line("witnesses", note.Sum(text).String())
	}
	return note.Sum([]byte(form.String())), nil
}
