package store

import (
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"varco/internal/fault"
	"varco/internal/note"
)

// Checkpoint is a signed checkpoint as it is kept.
type Checkpoint struct {
	Size          int64  `db:"size"`
	AtMS          int64  `db:"at_ms"`
	Note          string `db:"note"`            // as the log has signed it
	WitnessedAtMS *int64 `db:"witnessed_at_ms"` // when the quorum had cosigned it; nil before

	Cosignatures []Cosignature `db:"-"` // in order of the witnesses' names
}

// Cosignature is the line of one witness under a checkpoint.
type Cosignature struct {
	Size    int64  `db:"size"`
	Witness string `db:"witness"` // name of its key
	Line    string `db:"line"`
}

const (
	checkpointColumns  = "size, at_ms, note, witnessed_at_ms"
	cosignatureColumns = "size, witness, line"
)

// At is when the checkpoint was signed.
func (c Checkpoint) At() time.Time { return fromMS(c.AtMS) }

// Cosigned returns the checkpoint's note with all cosignatures.
func (c Checkpoint) Cosigned() (string, error) {
	lines := make([]string, len(c.Cosignatures))
	for i, one := range c.Cosignatures {
		lines[i] = one.Line
	}
	msg, err := note.AddCosignatures([]byte(c.Note), lines)
	if err != nil {
		return "", fault.Wrap(fault.Internal, err, "printing a checkpoint")
	}
	return string(msg), nil
}

// Checkpoints returns checkpoints of sizes after one and up to another, smallest first.
func (t *Tx) Checkpoints(after, until, limit int64) ([]Checkpoint, error) {
	var all []Checkpoint
	if err := t.all(&all, "SELECT "+checkpointColumns+" FROM checkpoints WHERE size > ? AND size <= ? ORDER BY size LIMIT ?",
		after, until, limit); err != nil || len(all) == 0 {
		return nil, err
	}
	return all, t.addCosignatures(all)
}

// LatestCheckpoint returns the newest checkpoint and whether there is one.
func (t *Tx) LatestCheckpoint() (Checkpoint, bool, error) {
	return t.oneCheckpoint("SELECT " + checkpointColumns + " FROM checkpoints ORDER BY size DESC LIMIT 1")
}

// LatestWitnessed returns the newest checkpoint that the quorum had cosigned, and whether
// there is one.
func (t *Tx) LatestWitnessed() (Checkpoint, bool, error) {
	return t.oneCheckpoint("SELECT " + checkpointColumns + " FROM checkpoints WHERE witnessed_at_ms IS NOT NULL ORDER BY size DESC LIMIT 1")
}

func (t *Tx) oneCheckpoint(query string) (Checkpoint, bool, error) {
	one := make([]Checkpoint, 1)
	found, err := t.get(&one[0], query)
	if err != nil || !found {
		return Checkpoint{}, false, err
	}
	err = t.addCosignatures(one)
	return one[0], true, err
}

// addCosignatures reads the cosignatures of checkpoints, which are in order of size.
func (t *Tx) addCosignatures(all []Checkpoint) error {
	var kept []Cosignature
	if err := t.all(&kept, "SELECT "+cosignatureColumns+" FROM cosignatures WHERE size >= ? AND size <= ? ORDER BY size, witness",
		all[0].Size, all[len(all)-1].Size); err != nil {
		return err
	}
	at := 0
	for _, c := range kept {
		for at < len(all) && all[at].Size < c.Size {
			at++
		}
		if at < len(all) && all[at].Size == c.Size {
			all[at].Cosignatures = append(all[at].Cosignatures, c)
		}
	}
	return nil
}

// PutCosignature keeps the cosignature of a witness under a checkpoint; one that is there
// stays as it is.
func (t *Tx) PutCosignature(c Cosignature) error {
	return t.exec("INSERT INTO cosignatures ("+cosignatureColumns+") VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
		c.Size, c.Witness, c.Line)
}

// PutWitnessed keeps that the quorum has cosigned the checkpoint of a size.
func (t *Tx) PutWitnessed(size int64) error {
	return t.exec("UPDATE checkpoints SET witnessed_at_ms = ? WHERE size = ? AND witnessed_at_ms IS NULL", ms(t.Now), size)
}

// Checkpoint signs the ledger as it is after this transaction's records and keeps the
// result; a size that has a checkpoint keeps the one it has.
func (t *Tx) Checkpoint(sign func(size int64, root tlog.Hash) ([]byte, error)) (Checkpoint, error) {
	if t.batch == nil {
		return Checkpoint{}, fault.New(fault.Internal, "signing a checkpoint: a snapshot can't be written")
	}
	size := t.batch.edge.Size()
	latest, found, err := t.LatestCheckpoint()
	if err != nil || found && latest.Size == size {
		return latest, err
	}
	msg, err := sign(size, t.batch.edge.Root())
	if err != nil {
		return Checkpoint{}, err
	}
	c := Checkpoint{Size: size, AtMS: ms(t.Now), Note: string(msg)}
	return c, t.exec("INSERT INTO checkpoints (size, at_ms, note) VALUES (?, ?, ?)", c.Size, c.AtMS, c.Note)
}
