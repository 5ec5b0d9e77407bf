package policies

import (
	_ "embed"
	"errors"
	"fmt"
	"regexp"
	"slices"
)

//go:embed topics/topics.json
var topics []byte

// Topic is what a case is about. Its code is public vocabulary, sent in clear; its texts
// are the network's own and none is the institute's.
type Topic struct {
	Code     string   `json:"code"`     // three letters, hyphen, two digits: RDL-01
	It       string   `json:"it"`       // label in Italian
	En       string   `json:"en"`       // label in English
	Desc     string   `json:"desc"`     // what belongs here, in Italian
	Benefits []string `json:"benefits"` // codes of the benefits concerned, or ALL alone
	Urgency  string   `json:"urgency"`  // target for an answer: U1, U2, U3 are 1, 3, 10 working days (proposed, no source)
	Level    string   `json:"level"`    // L0 no personal data, L1 an application's number, L2 the identity, through a disclosure
	Basis    string   `json:"basis"`    // S seen in a source; K general knowledge, shown as "da verificare"
	// Collected is the month up to which sources were read, "2026-03": of the file, the same for all.
	Collected string `json:"-"`
}

type topicFile struct {
	Collected string  `json:"collected"`
	Topics    []Topic `json:"topics"`
}

// AllBenefits stands in Topic.Benefits for every benefit.
const AllBenefits = "ALL"

var (
	topicCode   = regexp.MustCompile(`^[A-Z]{3}-[0-9]{2}$`)
	benefitCode = regexp.MustCompile(`^[A-Z]+(_[A-Z]+)*$`)
	month       = regexp.MustCompile(`^20[0-9]{2}-(0[1-9]|1[0-2])$`)
	urgencies   = []string{"U1", "U2", "U3"}
	levels      = []string{"L0", "L1", "L2"}
	bases       = []string{"S", "K"}
)

// Topics returns the network's topics in their order of display.
func Topics() ([]Topic, error) { return ParseTopics(topics) }

// ParseTopics reads a file of topics.
func ParseTopics(b []byte) ([]Topic, error) {
	file, err := decode[topicFile](b, "topics")
	if err != nil {
		return nil, err
	}
	if !month.MatchString(file.Collected) {
		return nil, fmt.Errorf("reading the topics: collected in %q, want a month", file.Collected)
	}
	codes := unique{shape: topicCode}
	for i := range file.Topics {
		t := &file.Topics[i]
		if err := codes.check(t.Code); err != nil {
			return nil, fmt.Errorf("reading the topics: %w", err)
		}
		if err := t.check(); err != nil {
			return nil, fmt.Errorf("reading the topic %s: %w", t.Code, err)
		}
		t.Collected = file.Collected
	}
	return file.Topics, nil
}

func (t *Topic) check() error {
	if t.It == "" || t.En == "" || t.Desc == "" {
		return errors.New("a text is missing")
	}
	for _, w := range []struct {
		word  string
		among []string
	}{{t.Urgency, urgencies}, {t.Level, levels}, {t.Basis, bases}} {
		if !slices.Contains(w.among, w.word) {
			return fmt.Errorf("%q is none of %v", w.word, w.among)
		}
	}
	if len(t.Benefits) == 0 || len(t.Benefits) > 1 && slices.Contains(t.Benefits, AllBenefits) {
		return fmt.Errorf("want benefits, or %s alone", AllBenefits)
	}
	codes := unique{shape: benefitCode}
	for _, b := range t.Benefits {
		if err := codes.check(b); err != nil {
			return err
		}
	}
	return nil
}
