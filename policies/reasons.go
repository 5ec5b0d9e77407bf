package policies

import (
	_ "embed"
	"fmt"
	"regexp"
)

//go:embed reasons.json
var reasons []byte

// Reason is why an officer opens a thread, with the words that she and the centre see.
type Reason struct {
	Code string `json:"code"` // a word of act.Reasons
	It   string `json:"it"`
	En   string `json:"en"`
}

var reasonCode = regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`)

// Reasons returns every reason in its order of display.
func Reasons() ([]Reason, error) { return ParseReasons(reasons) }

// ParseReasons reads a file of reasons.
func ParseReasons(b []byte) ([]Reason, error) {
	all, err := decode[[]Reason](b, "reasons")
	if err != nil {
		return nil, err
	}
	codes := unique{shape: reasonCode}
	for _, r := range all {
		if err := codes.check(r.Code); err != nil {
			return nil, fmt.Errorf("reading the reasons: %w", err)
		}
		if r.It == "" || r.En == "" {
			return nil, fmt.Errorf("reading the reason %s: a text is missing", r.Code)
		}
	}
	return all, nil
}
