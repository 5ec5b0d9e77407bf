package main

import (
	"strings"

	"varco/internal/anchors"
	"varco/internal/card"
	"varco/internal/fault"
	"varco/internal/verify"
	"varco/keys"
)

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
		a := anchors.Anchors{Origin: o.origin, Log: o.log, Root: o.root}
		if a.Origin == "" {
			a.Origin, _, _ = strings.Cut(o.log, "+")
		}
		return trusted(a)
	}
	text := keys.Network()
	if o.anchors != "" {
		b, err := readSmall(o.anchors)
		if err != nil {
			return verify.Trust{}, err
		}
		text = string(b)
	}
	a, err := anchors.Parse(text)
	if err != nil {
		return verify.Trust{}, err
	}
	if a.IsZero() {
		return verify.Trust{}, fault.New(fault.Invalid, "questo programma non conosce ancora le chiavi della rete: servono --anchors, o --log e --root")
	}
	return trusted(a)
}

func trusted(a anchors.Anchors) (verify.Trust, error) {
	t, err := a.Trust()
	if err != nil {
		return verify.Trust{}, fault.Wrap(fault.Invalid, err, "le chiavi della rete non vanno bene, o il registro ha un altro nome")
	}
	return verify.Trust{Origin: t.Log.Name(), Log: t.Log, Root: t.Root, Quorum: t.Quorum}, nil
}
