// Package questionnaire holds the anonymous questionnaire of first orientation, as data:
// rules.json says which questions there are, which answers hide which, and what each benefit
// takes; words.*.json say it all in a language; cases.json holds whole answer sets with what
// must come of them. The schemas beside them say each file's form.
//
// Only the page evaluates the rules (web/src/orientation), on the device of who asks, so
// nothing of the service imports this package: it is for tests and for the reviewer's page,
// docs/it/questionario.md. A file with an unknown or repeated member is refused whole, and so
// are rules that name what is not there.
package questionnaire

import (
	"embed"
	"fmt"
	"io/fs"
	"strings"

	"github.com/go-json-experiment/json"
)

//go:embed *.json
var files embed.FS

// Files are the data and their schemas, under their names.
func Files() fs.FS { return files }

// Unknown is the option of a question that leaves it open: don't know, prefer not to say.
const Unknown = "nd"

// Rules is rules.json.
type Rules struct {
	Schema      string                `json:"$schema"`
	ID          string                `json:"id"`
	Version     string                `json:"version"`
	Status      string                `json:"status"`    // draft, or signed by those whose names stand in the reviewer's page
	Collected   string                `json:"collected"` // the month up to which sources were read
	Valid       Validity              `json:"valid"`
	Review      string                `json:"review"` // the day after which somebody has to have read it again
	Sections    []string              `json:"sections"`
	Parameters  []Parameter           `json:"parameters"`
	Questions   []Question            `json:"questions"`
	Expressions map[string]Expression `json:"expressions"`
	Benefits    []Benefit             `json:"benefits"`
	Warnings    []Warning             `json:"warnings"` // those that are Always in the order in which they are read
}

// Validity is the first and the last day, 2026-04-01; without a last one, no end.
type Validity struct {
	From  string `json:"from"`
	Until string `json:"until"`
}

// Parameter is a value that changes by itself: an amount, a limit, a time.
type Parameter struct {
	ID         string  `json:"id"`
	Value      float64 `json:"value"`
	Unit       string  `json:"unit"`
	From       string  `json:"from"`
	Until      string  `json:"until"`
	Source     string  `json:"source"`
	Confidence string  `json:"confidence"` // seen in a source, or verify
}

// Question is one question; its texts are in the words.
type Question struct {
	ID         string      `json:"id"`
	Section    string      `json:"section"`
	Type       string      `json:"type"` // single or multi
	Options    []string    `json:"options"`
	Exclusive  []string    `json:"exclusive"` // of multi: options that stand alone
	ShowIf     *Expression `json:"show_if"`
	Parameters []string    `json:"parameters"` // whose values stand in its texts
	Stays      bool        `json:"stays"`      // its answer never goes into a case, nor anything that tells it
}

// Expression is one of its members.
type Expression struct {
	Q     string       `json:"q"`
	In    []string     `json:"in"`     // with Q, a single one
	AnyOf []string     `json:"any_of"` // with Q, a multi one
	All   []Expression `json:"all"`
	Any   []Expression `json:"any"`
	Not   *Expression  `json:"not"`
	Ref   string       `json:"ref"`
	Const *bool        `json:"const"`
}

// Benefit is a benefit, or another right, with what it takes.
type Benefit struct {
	ID         string       `json:"id"`
	Need       int          `json:"need"`      // 1 now, 2 soon, 3 later
	Elsewhere  bool         `json:"elsewhere"` // none of the institute's: it goes into no case
	Deadline   *Deadline    `json:"deadline"`
	Channel    string       `json:"channel"`
	Hard       []Expression `json:"hard"`
	Soft       []Expression `json:"soft"`
	Documents  []Document   `json:"documents"`
	Warnings   []string     `json:"warnings"`
	Parameters []string     `json:"parameters"`
	Topics     []string     `json:"topics"`
}

// Deadline is a parameter, and when it is near.
type Deadline struct {
	Parameter string     `json:"parameter"`
	Pressing  Expression `json:"pressing"`
}

// Document is to be prepared, unless When is false.
type Document struct {
	ID   string      `json:"id"`
	When *Expression `json:"when"`
}

// Warning is shown unless When is false.
type Warning struct {
	ID     string     `json:"id"`
	When   Expression `json:"when"`
	Always bool       `json:"always"` // whatever the benefits say
	Topics []string   `json:"topics"`
}

// Words is words.*.json.
type Words struct {
	Schema     string                   `json:"$schema"`
	Language   string                   `json:"language"`
	Direction  string                   `json:"direction"`
	Machine    bool                     `json:"machine"` // translated by a machine, not reviewed
	Title      string                   `json:"title"`
	Disclaimer string                   `json:"disclaimer"`
	Outcomes   map[string]string        `json:"outcomes"`
	Confidence map[string]string        `json:"confidence"`
	Sections   map[string]string        `json:"sections"`
	Questions  map[string]QuestionWords `json:"questions"`
	Benefits   map[string]BenefitWords  `json:"benefits"`
	Documents  map[string]string        `json:"documents"`
	Channels   map[string]string        `json:"channels"`
	Warnings   map[string]string        `json:"warnings"`
	Parameters map[string]string        `json:"parameters"`
	Units      map[string]string        `json:"units"` // with {n} for the number
}

// QuestionWords is a question with its options.
type QuestionWords struct {
	Text    string            `json:"text"`
	Options map[string]string `json:"options"`
}

// BenefitWords is what a benefit is called and what else to know of it.
type BenefitWords struct {
	Name  string `json:"name"`
	Notes string `json:"notes"`
}

// Current returns the embedded rules.
func Current() (Rules, error) {
	b, err := files.ReadFile("rules.json")
	if err != nil {
		return Rules{}, fmt.Errorf("reading the rules: %w", err)
	}
	return ParseRules(b)
}

// ParseRules reads rules strictly, and refuses those that name what is not there.
func ParseRules(b []byte) (Rules, error) {
	var r Rules
	if err := json.Unmarshal(b, &r, json.RejectUnknownMembers(true)); err != nil {
		return Rules{}, fmt.Errorf("reading the rules: %w", err)
	}
	if err := r.check(); err != nil {
		return Rules{}, fmt.Errorf("checking the rules: %w", err)
	}
	return r, nil
}

// Languages returns the embedded words, by language.
func Languages() (map[string]Words, error) {
	names, err := fs.Glob(files, "words.??.json")
	if err != nil {
		return nil, fmt.Errorf("listing the words: %w", err)
	}
	all := map[string]Words{}
	for _, name := range names {
		b, err := files.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("reading %s: %w", name, err)
		}
		w, err := ParseWords(b)
		if err != nil {
			return nil, fmt.Errorf("reading %s: %w", name, err)
		}
		if name != "words."+w.Language+".json" {
			return nil, fmt.Errorf("reading %s: it says that it is %q", name, w.Language)
		}
		all[w.Language] = w
	}
	return all, nil
}

// ParseWords reads words strictly. Whether they fit the rules is asked by Lacks.
func ParseWords(b []byte) (Words, error) {
	var w Words
	if err := json.Unmarshal(b, &w, json.RejectUnknownMembers(true)); err != nil {
		return Words{}, fmt.Errorf("reading words: %w", err)
	}
	for unit, text := range w.Units {
		if strings.Count(text, "{n}") != 1 {
			return Words{}, fmt.Errorf("reading words: the unit %s has no place for the number", unit)
		}
	}
	return w, nil
}
