package verify

import (
	"time"

	"varco/internal/act"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/note"
)

// Result says in one word what a bundle is.
type Result string

// The results.
const (
	Whole      Result = "whole"      // everything is there and right
	Tampered   Result = "tampered"   // something is false: the log, or the bundle, was changed
	Incomplete Result = "incomplete" // something that must be there is not, or is newer than this program
)

// Results lists every result.
var Results = []Result{Whole, Tampered, Incomplete}

// Report is what the verification found. Its JSON is for other programs: fields are added,
// never renamed. Unless the result is Whole, the counts go as far as the verification did.
type Report struct {
	Result  Result   `json:"result"`
	Finding *Finding `json:"finding,omitempty"` // unless Whole
	Origin  string   `json:"origin"`            // of the log that the bundle says it is of
	Size    int64    `json:"size"`              // leaves that the bundle says it holds
	// Since is the size of the earlier checkpoint that was found to begin this log.
	Since *int64 `json:"since,omitempty"`

	Leaves      int64 `json:"leaves"`
	Erased      int64 `json:"erased"` // leaves whose record was erased after its retention
	Acts        Acts  `json:"acts"`   // records by act and outcome
	People      int   `json:"people"` // pseudonyms that asked for something
	Threads     int   `json:"threads"`
	Entries     int64 `json:"entries"`
	Cards       int   `json:"cards"`
	Rosters     int   `json:"rosters"`
	Checkpoints int64 `json:"checkpoints"`

	First time.Time `json:"first,omitzero"` // time of the first record
	Last  time.Time `json:"last,omitzero"`  // time of the last record
	// Gaps counts the times when more than MaxGap passed between two checkpoints, as far as
	// the records before them tell. A service that was stopped explains one. One that nobody
	// used does not: it records that it lives.
	Gaps       int64 `json:"gaps"`
	LongestGap int64 `json:"longest_gap_s"` // in seconds
	// Gap is the first of them, nil if there is none.
	Gap *Gap `json:"gap,omitempty"`
	// HeadsGaps, LongestHeadsGap and HeadsGap are the same of times without a record of heads: from the
	// first record on, between two of them, and up to the last record. It need not be that nothing was recorded.
	HeadsGaps       int64 `json:"heads_gaps"`
	LongestHeadsGap int64 `json:"longest_heads_gap_s"` // in seconds
	HeadsGap        *Gap  `json:"heads_gap,omitempty"`

	// Quorum reports whether witnesses were asked for. Witnessed is the last checkpoint that a
	// quorum of them had cosigned, nil if there is none: what comes after it the log alone
	// vouches for.
	Quorum    bool       `json:"quorum"`
	Witnessed *Witnessed `json:"witnessed,omitempty"`
	// WitnessGap is the longest time between two such checkpoints, by the witnesses' clocks.
	WitnessGap int64 `json:"witness_gap_s,omitempty"` // in seconds

	// Samples are those that were drawn of the log, drawn again: who has a sample compares it. Of records
	// that were erased since nothing is known, and a sample may have held them.
	Samples []Sample `json:"samples,omitempty"`

	// Checkpoint is the note of the last checkpoint that the tree fits: what to keep for
	// the next time.
	Checkpoint []byte `json:"-"`
}

// Sample is one that was drawn of the log.
type Sample struct {
	Leaf   int64      `json:"leaf"` // of its record
	At     time.Time  `json:"at"`
	Person ids.Person `json:"person"` // who drew it
	Of     act.Act    `json:"of"`
	From   int64      `json:"from"`
	Until  int64      `json:"until"`
	Count  int64      `json:"count"`
	Seed   note.Hash  `json:"seed"`
	Leaves []int64    `json:"leaves"` // in the order in which they were drawn
}

// Gap is a time without checkpoints, or without heads.
type Gap struct {
	From  time.Time `json:"from"`
	Until time.Time `json:"until"`
}

// Witnessed is a checkpoint that a quorum of witnesses had cosigned.
type Witnessed struct {
	Size int64     `json:"size"`
	At   time.Time `json:"at"` // since when the quorum had, by the witnesses' clocks
	By   []string  `json:"by"` // names of the witnesses' keys
}

// Acts counts records by act and outcome.
type Acts map[act.Act]map[act.Outcome]int64

// Finding is the first thing that is wrong, in the order of the log.
type Finding struct {
	First int64       `json:"first"` // leaf where it is, or where it may begin
	Last  int64       `json:"last"`  // leaf where it is, or where it ends at the latest
	Class fault.Class `json:"class"`
	Why   string      `json:"why"` // in English, for who looks closer
}

func (a Acts) add(what act.Act, outcome act.Outcome) {
	if a[what] == nil {
		a[what] = map[act.Outcome]int64{}
	}
	a[what][outcome]++
}
