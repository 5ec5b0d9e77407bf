package client

import (
	"varco/internal/api"
	"varco/internal/card"
	"varco/internal/ids"
	"varco/internal/note"
	"varco/internal/thread"
)

// ForPokes is a client that can do no more than wait for news.
func ForPokes(t Transport) *Client { return &Client{parts: Parts{Transport: t}} }

// SeesThread is a thread that is read whole, but for who its people are and what is sealed.
func (m *Memory) SeesThread(a Anchors, id ids.Thread, cards thread.Cards, served []api.Served) error {
	v := (&Conversation{id: id}).copy()
	v.cards = cards
	for _, s := range served {
		e, receipt, err := v.verify(a, s)
		if err != nil {
			return err
		}
		if v.State, err = v.admit(e, receipt); err != nil {
			return err
		}
		v.used[e.ID] = true
		v.Entries = append(v.Entries, Shown{Entry: e, Receipt: receipt})
	}
	return m.thread(&v.State, func(sequence int64) note.Hash { return v.Entries[sequence].Entry.Hash() })
}

// SeesRoots is what comes with the directory, and so are the rosters of SeesRosters.
func (m *Memory) SeesRoots(successions []string) error { return m.root(successions) }

// SeesRosters is an organisation's book.
func (m *Memory) SeesRosters(b *card.Book) error { return m.roster(b) }

// SeesKeyring is the version of a keyring.
func (m *Memory) SeesKeyring(version int64) error { return m.keyring(version) }

// SeesCheckpoint is one with the proof that the log has grown to it.
func (m *Memory) SeesCheckpoint(a Anchors, told int64, msg string, consistency []note.Hash) error {
	_, _, err := m.checkpoint(a, told, msg, consistency)
	return err
}
