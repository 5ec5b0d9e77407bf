package core

import (
	"context"
	"errors"
	"io"

	"varco/internal/client"
	"varco/internal/fault"
	"varco/internal/ledger"
	"varco/internal/note"
	"varco/internal/verify"
)

// VerifyLog asks for the whole log to be verified here.
type VerifyLog struct {
	// Since is a checkpoint that was kept from an earlier verification, "" if there is none.
	Since string `json:"since,omitempty"`
}

// Verification is what the verification found: see package verify, which has done it. Its
// Result is whole only if nothing is missing and nothing is false.
type Verification struct {
	Result      verify.Result `json:"result"`
	Finding     *Finding      `json:"finding,omitempty"` // unless whole
	Size        int64         `json:"size"`
	Leaves      int64         `json:"leaves"`
	Erased      int64         `json:"erased"`
	People      int           `json:"people"`
	Threads     int           `json:"threads"`
	Entries     int64         `json:"entries"`
	Checkpoints int64         `json:"checkpoints"`
	First       string        `json:"first"` // time of the first record
	Last        string        `json:"last"`  // time of the last record
	At          string        `json:"at"`    // when this was found
	Gaps        int64         `json:"gaps"`  // times over an hour without a checkpoint
	LongestGap  int64         `json:"longestGap"`
	// HeadsGaps are times over an hour in which the log did not say how far its threads had come.
	HeadsGaps       int64 `json:"headsGaps"`
	LongestHeadsGap int64 `json:"longestHeadsGap"`
	// Since is the size of the kept checkpoint with which the log was found to begin, 0 for none.
	Since int64 `json:"since,omitempty,omitzero"`
	// Quorum: witnesses were asked for. Without, the log is vouched for by itself alone.
	Quorum    bool       `json:"quorum"`
	Witnessed *Witnessed `json:"witnessed,omitempty"`
	// Checkpoint is what to keep for the next time. Unless whole it is the one that the service had signed for what
	// it showed: should it show something else later, the two contradict each other.
	Checkpoint string `json:"checkpoint,omitempty"`
}

// Finding is the first thing that is wrong.
type Finding struct {
	First int64       `json:"first"`
	Last  int64       `json:"last"`
	Class fault.Class `json:"class"`
	Why   string      `json:"why"` // in English, for who looks closer
}

// Witnessed is the last checkpoint that a quorum of witnesses had cosigned.
type Witnessed struct {
	Size int64    `json:"size"`
	At   string   `json:"at"`
	By   []string `json:"by"`
}

// LastVerification is the last verification in this core, if there was one.
type LastVerification struct {
	Found *Verification `json:"found,omitempty"`
}

var (
	_ = method(Page, "verifyLog", "verify the whole log in this core", (*Core).verifyLog)
	_ = method(Page, "lastVerification", "what the last verification in this core found", func(c *Core, _ context.Context, _ None, _ Progress) (LastVerification, error) {
		return LastVerification{c.found}, nil
	})
)

// verifyLog fetches the whole log and hands it to the auditor's own verifier, which believes
// nobody. What it has found whole is kept, so that records shown later can be held against it.
func (c *Core) verifyLog(ctx context.Context, v VerifyLog, progress Progress) (Verification, error) {
	auditor, err := c.ready(ctx)
	if err != nil {
		return Verification{}, err
	}
	anchors, err := c.anchors(*c.service)
	if err != nil {
		return Verification{}, err
	}
	var since *ledger.Checkpoint
	if v.Since != "" {
		// A file that she has chosen by mistake is no lie of the service's.
		if origin, err := ledger.OriginOf([]byte(v.Since)); err != nil || origin != anchors.Origin {
			return Verification{}, errNoCheckpoint
		}
		kept, _, err := ledger.OpenCosigned([]byte(v.Since), anchors.Origin, anchors.Log, anchors.Quorum)
		if err != nil {
			return Verification{}, err
		}
		since = &kept
	}
	audit, err := auditor.BeginAudit(ctx)
	if err != nil {
		return Verification{}, err
	}
	read, write := io.Pipe()
	type told struct {
		report verify.Report
		err    error
	}
	done := make(chan told, 1)
	go func() {
		r, err := verify.Verify(read, verify.Trust{Origin: anchors.Origin, Log: anchors.Log, Root: anchors.Root, Quorum: anchors.Quorum}, since)
		_ = read.Close() // it has said why it reads no further
		done <- told{r, err}
	}()
	leaves, err := carry(ctx, audit, write, progress)
	_ = write.CloseWithError(err) // nil is the end
	found := <-done
	if err != nil && !errors.Is(err, io.ErrClosedPipe) { // it reads no further than the first thing that is wrong
		return Verification{}, err
	}
	if found.err != nil {
		return Verification{}, found.err
	}
	verification := c.verification(found.report)
	if found.report.Result == verify.Whole {
		c.verified, verification.Checkpoint = leaves, string(found.report.Checkpoint)
	} else {
		c.verified, verification.Checkpoint = nil, audit.Checkpoint.Note
	}
	c.found = &verification
	return verification, nil
}

// carry writes the bundle of an audit and returns what its leaves commit to.
func carry(ctx context.Context, audit *client.Audit, w io.Writer, progress Progress) ([]note.Hash, error) {
	parcel, err := audit.Parcel(w)
	if err != nil {
		return nil, err
	}
	leaves := make([]note.Hash, 0, parcel.Size())
	for {
		page, err := parcel.Next(ctx)
		if errors.Is(err, io.EOF) {
			return leaves, nil
		}
		if err != nil {
			return nil, err
		}
		for _, l := range page.Leaves {
			leaves = append(leaves, l.Commitment)
		}
		if progress != nil {
			progress(parcel.Done(), parcel.Size())
		}
	}
}

func (c *Core) verification(r verify.Report) Verification {
	v := Verification{Result: r.Result, Size: r.Size, Leaves: r.Leaves, Erased: r.Erased, People: r.People, Threads: r.Threads, Entries: r.Entries,
		Checkpoints: r.Checkpoints, First: stamp(r.First), Last: stamp(r.Last), At: stamp(c.parts.Now()), Gaps: r.Gaps, LongestGap: r.LongestGap,
		HeadsGaps: r.HeadsGaps, LongestHeadsGap: r.LongestHeadsGap, Quorum: r.Quorum}
	if r.Finding != nil {
		v.Finding = &Finding{r.Finding.First, r.Finding.Last, r.Finding.Class, r.Finding.Why}
	}
	if r.Since != nil {
		v.Since = *r.Since
	}
	if r.Witnessed != nil {
		v.Witnessed = &Witnessed{r.Witnessed.Size, stamp(r.Witnessed.At), r.Witnessed.By}
	}
	return v
}
