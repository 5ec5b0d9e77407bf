package policies

import (
	_ "embed"
	"fmt"
	"regexp"
)

//go:embed outcomes/outcomes.json
var outcomes []byte

// Outcome is what became of a thread that is resolved or closed. Its code is public vocabulary,
// sent in clear, so no other is admitted: it is no place for what the service is not to read.
type Outcome struct {
	Code string `json:"code"` // at most 12 letters: ACCOLTA
	It   string `json:"it"`   // label in Italian
	En   string `json:"en"`   // label in English
}

type outcomeFile struct {
	Outcomes []Outcome `json:"outcomes"`
}

var outcomeCode = regexp.MustCompile(`^[A-Z]{1,12}$`)

// Outcomes returns the network's outcomes in their order of display.
func Outcomes() ([]Outcome, error) { return ParseOutcomes(outcomes) }

// ParseOutcomes reads a file of outcomes.
func ParseOutcomes(b []byte) ([]Outcome, error) {
	file, err := decode[outcomeFile](b, "outcomes")
	if err != nil {
		return nil, err
	}
	codes := unique{shape: outcomeCode}
	for _, o := range file.Outcomes {
		if err := codes.check(o.Code); err != nil {
			return nil, fmt.Errorf("reading the outcomes: %w", err)
		}
		if o.It == "" || o.En == "" {
			return nil, fmt.Errorf("reading the outcome %s: a text is missing", o.Code)
		}
	}
	return file.Outcomes, nil
}
