// Package witness asks witnesses for cosignatures on a log's checkpoints, and is a minimal
// witness itself, both over HTTP as C2SP tlog-witness (https://c2sp.org/tlog-witness) says.
//
// A witness is somebody else who keeps the newest checkpoint of a log, and cosigns a newer one
// only if the log proves that it has only grown. So a log can't show two histories, nor take
// one back, without its witnesses: a checkpoint with a quorum of cosignatures is the same for
// everybody. A witness learns sizes and roots, and nothing of what is recorded.
//
// Asker asks; it believes a cosignature that verifies and nothing else that a witness says,
// and it has a time limit for each. Server is the witness: it answers from what it has on the
// disk, and it has that on the disk before it answers. Its keys and the logs that it knows
// come from explicit commands: see Create and Add.
package witness

import (
	"bytes"
	"encoding/base64"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"varco/internal/fault"
	"varco/internal/note"
)

const (
	// MaxRequestBytes is the size limit of a request: a note, and the proof before it.
	MaxRequestBytes = note.MaxBytes + 4<<10

	maxProof  = 63 // C2SP tlog-witness
	addPath   = "/add-checkpoint"
	sizeMedia = "text/x.tlog.size"
)

// Request asks a witness to cosign a checkpoint.
type Request struct {
	Old        int64          // size of the checkpoint that the witness is thought to have
	Proof      tlog.TreeProof // that the log has only grown since
	Checkpoint []byte         // the note
}

// Bytes prints the request.
func (r Request) Bytes() []byte {
	var b bytes.Buffer
	b.WriteString("old " + strconv.FormatInt(r.Old, 10) + "\n")
	for _, h := range r.Proof {
		b.WriteString(note.Hash(h).String() + "\n")
	}
	b.WriteString("\n")
	b.Write(r.Checkpoint)
	return b.Bytes()
}

// ParseRequest reads what Bytes prints, and nothing else. The checkpoint is what is left,
// and for its own reader.
func ParseRequest(b []byte) (Request, error) {
	if len(b) > MaxRequestBytes {
		return Request{}, fault.Refuse(fault.ClassSize, "reading a request: %d bytes, at most %d", len(b), MaxRequestBytes)
	}
	head, checkpoint, whole := strings.Cut(string(b), "\n\n")
	lines := strings.Split(head, "\n")
	size, begins := strings.CutPrefix(lines[0], "old ")
	old, err := parseSize(size)
	if !whole || !begins || err != nil || len(lines)-1 > maxProof {
		return Request{}, fault.Refuse(fault.ClassForm, "reading a request: not an old size, a proof and a checkpoint")
	}
	r := Request{Old: old, Checkpoint: []byte(checkpoint)}
	for _, line := range lines[1:] {
		raw, err := base64.StdEncoding.Strict().DecodeString(line)
		if err != nil || len(raw) != tlog.HashSize {
			return Request{}, fault.Refuse(fault.ClassForm, "reading a request: a line of the proof is no hash")
		}
		r.Proof = append(r.Proof, tlog.Hash(raw))
	}
	if !bytes.Equal(r.Bytes(), b) {
		return Request{}, fault.Refuse(fault.ClassForm, "reading a request: not its one spelling")
	}
	return r, nil
}

// parseSize reads a number of leaves: digits without sign or leading zeros.
func parseSize(s string) (int64, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 0 || strconv.FormatInt(n, 10) != s {
		return 0, fault.Refuse(fault.ClassForm, "reading a size: %.40q", s)
	}
	return n, nil
}
