package core

import (
	"context"

	"varco/internal/act"
	"varco/policies"
)

// Vocabulary is the network's own words, which come with the program.
type Vocabulary struct {
	Topics  []Topic  `json:"topics"`
	Reasons []Reason `json:"reasons"`
	// Outcomes are what may become of a thread.
	Outcomes []Outcome `json:"outcomes"`
}

// Outcome is what became of a thread that is resolved or closed.
type Outcome struct {
	Code string `json:"code"`
	It   string `json:"it"`
	En   string `json:"en"`
}

// Topic is what a case can be about.
type Topic struct {
	Code    string `json:"code"`
	It      string `json:"it"`
	En      string `json:"en"`
	Desc    string `json:"desc"` // in Italian
	Urgency string `json:"urgency"`
	Level   string `json:"level"`
}

// Reason is why an officer opens a thread.
type Reason struct {
	Code act.Reason `json:"code"`
	It   string     `json:"it"`
	En   string     `json:"en"`
}

var _ = method(Page, "vocabulary", "the network's words for topics and reasons",
	func(*Core, context.Context, None, Progress) (Vocabulary, error) {
		topics, err := policies.Topics()
		if err != nil {
			return Vocabulary{}, err
		}
		reasons, err := policies.Reasons()
		if err != nil {
			return Vocabulary{}, err
		}
		outcomes, err := policies.Outcomes()
		if err != nil {
			return Vocabulary{}, err
		}
		v := Vocabulary{Outcomes: make([]Outcome, len(outcomes)), Topics: make([]Topic, len(topics)), Reasons: make([]Reason, len(reasons))}
		for i, t := range topics {
			v.Topics[i] = Topic{t.Code, t.It, t.En, t.Desc, t.Urgency, t.Level}
		}
		for i, r := range reasons {
			v.Reasons[i] = Reason{act.Reason(r.Code), r.It, r.En}
		}
		for i, o := range outcomes {
			v.Outcomes[i] = Outcome(o)
		}
		return v, nil
	})
