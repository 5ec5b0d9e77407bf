package core

import (
	"context"
	"time"

	"varco/internal/act"
	"varco/internal/api"
	"varco/internal/fault"
	"varco/internal/ledger"
)

// DrawSample asks for records of an act, drawn by chance; what is "" does not choose.
type DrawSample struct {
	Act   act.Act `json:"act"`
	From  string  `json:"from,omitempty"`  // not before, RFC 3339
	Until string  `json:"until,omitempty"` // before, RFC 3339
	Count int64   `json:"count"`
}

// Sample is what was drawn. That none was left out a bundle shows, to the program that verifies it.
type Sample struct {
	Number   string      `json:"number"` // of the record of the drawing, as people quote it
	Seed     string      `json:"seed"`
	Act      act.Act     `json:"act"`
	From     int64       `json:"from"` // first leaf that could be drawn
	Last     int64       `json:"last"` // and the last
	Count    int64       `json:"count"`
	Matching int64       `json:"matching"` // how many could be drawn
	Records  []LogRecord `json:"records"`  // in the order in which they were drawn
}

var _ = method(Page, "drawSample", "draw records of the log by chance", (*Core).drawSample)

func (c *Core) drawSample(ctx context.Context, d DrawSample, _ Progress) (Sample, error) {
	auditor, err := c.ready(ctx)
	if err != nil {
		return Sample{}, err
	}
	wanted := api.DrawSample{Act: d.Act, Count: d.Count}
	if wanted.From, err = momentOf(d.From); err != nil {
		return Sample{}, err
	}
	if wanted.Until, err = momentOf(d.Until); err != nil {
		return Sample{}, err
	}
	drawn, err := auditor.DrawSample(ctx, wanted)
	if err != nil {
		return Sample{}, err
	}
	s := Sample{Number: ledger.Number(drawn.Leaf), Seed: drawn.Seed.String(), Act: drawn.Act, From: drawn.From, Last: drawn.Until - 1,
		Count: drawn.Count, Matching: drawn.Matching, Records: make([]LogRecord, len(drawn.Leaves))}
	for i, l := range drawn.Leaves {
		if s.Records[i], err = c.record(l); err != nil {
			return Sample{}, err
		}
	}
	return s, nil
}

// momentOf reads a time of the page, none for "".
func momentOf(text string) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return at, fault.New(fault.Invalid, "searching the log: not a time")
	}
	return at, nil
}
