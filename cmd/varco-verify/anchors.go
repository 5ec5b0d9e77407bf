package main

import (
	"strconv"

	"github.com/BurntSushi/toml"

	"varco/internal/card"
	"varco/internal/fault"
	"varco/internal/ledger"
	"varco/internal/note"
	"varco/internal/verify"
	"varco/keys"
)

// anchors are the texts of a log's name and of the keys to trust.
type anchors struct {
	Origin string `toml:"origin"`
	Log    string `toml:"log"`
	Root   string `toml:"root"`
	// Witnesses are verifier keys of those who cosign, and Quorum how many of them are enough.
	Witnesses []string `toml:"witnesses"`
	Quorum    int      `toml:"quorum"`
}

func (a anchors) isZero() bool {
	return a.Origin == "" && a.Log == "" && a.Root == "" && len(a.Witnesses) == 0 && a.Quorum == 0
}

// trust returns whom to trust: the keys of the command line, those of a file, or those that
// are compiled in; and the roots that have succeeded that one.
func (o *options) trust() (verify.Trust, error) {
	trust, err := o.anchored()
	if err != nil || o.successions == "" {
		return trust, err
	}
	text, err := readSmall(o.successions)
	if err != nil {
		return trust, err
	}
	var notes [][]byte
	for _, msg := range card.SplitSuccessions(string(text)) {
		notes = append(notes, []byte(msg))
	}
	if trust.Root, err = card.NewRoot(trust.Root, notes...); err != nil {
		return trust, fault.Wrap(fault.Invalid, err, "%s non contiene le successioni di questa radice", o.successions)
	}
	return trust, nil
}

func (o *options) anchored() (verify.Trust, error) {
	if o.log != "" {
		return anchors{Origin: o.origin, Log: o.log, Root: o.root}.trust()
	}
	text := keys.Network()
	if o.anchors != "" {
		b, err := readSmall(o.anchors)
		if err != nil {
			return verify.Trust{}, err
		}
		text = string(b)
	}
	a, err := parseAnchors(text)
	if err != nil {
		return verify.Trust{}, err
	}
	if a.isZero() {
		return verify.Trust{}, fault.New(fault.Invalid, "questo programma non conosce ancora le chiavi della rete: servono --anchors, o --log e --root")
	}
	return a.trust()
}

// parseAnchors reads a file of anchors in either form: lines as a note's, which the command
// line varco prints, or TOML as keys/network.toml.
func parseAnchors(text string) (anchors, error) {
	const kind = "anchors"
	var a anchors
	if note.KindOf(text) == kind {
		s := note.Scan(text, kind)
		a = anchors{Origin: s.One("origin"), Log: s.One("log"), Root: s.One("root")}
		for _, value := range s.Many("witness", 1, ledger.MaxWitnesses) {
			a.Witnesses = append(a.Witnesses, value[0])
		}
		if len(a.Witnesses) > 0 {
			a.Quorum = int(min(s.Int(s.One("quorum")), ledger.MaxWitnesses+1))
		}
		if err := s.Done(); err != nil {
			return a, err
		}
		again := note.Print(kind).Line("origin", a.Origin).Line("log", a.Log).Line("root", a.Root)
		for _, key := range a.Witnesses {
			again.Line("witness", key)
		}
		if len(a.Witnesses) > 0 {
			again.Line("quorum", strconv.Itoa(a.Quorum))
		}
		return a, note.Same(text, again.String())
	}
	meta, err := toml.Decode(text, &a)
	if err != nil {
		return a, fault.Wrap(fault.Invalid, err, "reading anchors")
	}
	if extra := meta.Undecoded(); len(extra) > 0 {
		return a, fault.New(fault.Invalid, "reading anchors: unknown keys %v", extra)
	}
	return a, nil
}

func (a anchors) trust() (verify.Trust, error) {
	log, err := note.ParseVerifier(a.Log)
	if err != nil {
		return verify.Trust{}, fault.Wrap(fault.Invalid, err, "chiave del registro")
	}
	root, err := note.ParseVerifier(a.Root)
	if err != nil {
		return verify.Trust{}, fault.Wrap(fault.Invalid, err, "chiave della radice")
	}
	if a.Origin != "" && a.Origin != log.Name() {
		return verify.Trust{}, fault.New(fault.Invalid, "la chiave è del registro %s, non di %s", log.Name(), a.Origin)
	}
	quorum, err := ledger.NewQuorum(a.Witnesses, a.Quorum)
	if err != nil {
		return verify.Trust{}, fault.Wrap(fault.Invalid, err, "testimoni")
	}
	return verify.Trust{Origin: log.Name(), Log: log, Root: root, Quorum: quorum}, nil
}
