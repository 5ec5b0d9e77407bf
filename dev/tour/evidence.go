package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// anchorsFile is where the auditor has the public keys, beside the bundle.
const anchorsFile = "rete.toml"

// searchService looks for what people wrote, for their names and those of their places, and
// for their phrases, in the database, its write-ahead log and the log of the program.
func (t *teller) searchService() error {
	files := []string{"varco.db", "varco.db-wal", "varcod.log"}
	wanted := []string{question, answer, secondAnswer, "reddito di libert", "circolare"}
	for _, r := range t.n.People {
		wanted = append(wanted, r.Name, r.Place, r.Phrase.Reveal())
	}
	fmt.Fprintln(t.out)
	for _, file := range files {
		content, err := os.ReadFile(filepath.Join(t.n.Dir, "service", file))
		if err != nil {
			return fmt.Errorf("searching the service: %w", err)
		}
		for _, text := range wanted {
			if bytes.Contains(content, []byte(text)) {
				return fmt.Errorf("searching the service: %.10q… is in %s", text, file)
			}
		}
		fmt.Fprintf(t.out, "     | %-12s  %7d bytes: nothing\n", file, len(content))
	}
	return nil
}

// forge copies a bundle and changes one byte of it, in the first reason for a reading.
func (t *teller) forge(from, to string) error {
	text, err := os.ReadFile(t.file(from))
	if err != nil {
		return fmt.Errorf("forging a bundle: %w", err)
	}
	const was, is = "reason new", "reason now"
	if !bytes.Contains(text, []byte(was)) {
		return errors.New("forging a bundle: there is no reason in it")
	}
	fmt.Fprintf(t.out, "\n     %q becomes %q in a copy, %s\n", was, is, to)
	return os.WriteFile(t.file(to), bytes.Replace(text, []byte(was), []byte(is), 1), 0o600)
}
