package questionnaire_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"varco/policies"
	"varco/policies/questionnaire"
)

func read(t *testing.T, name string) []byte {
	t.Helper()
	b, err := fs.ReadFile(questionnaire.Files(), name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func current(t *testing.T) questionnaire.Rules {
	t.Helper()
	r, err := questionnaire.Current()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func words(t *testing.T) map[string]questionnaire.Words {
	t.Helper()
	all, err := questionnaire.Languages()
	if err != nil {
		t.Fatal(err)
	}
	for _, language := range []string{"it", "en"} {
		if w, ok := all[language]; !ok || w.Machine {
			t.Fatalf("%s is missing, or a machine's", language)
		}
	}
	return all
}

// schema compiles one of the schemas.
func schema(t *testing.T, name string) *jsonschema.Schema {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(read(t, name)))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft2020)
	if err := c.AddResource(name, doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile(name)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// validate holds a file against the schema that it names.
func validate(t *testing.T, text []byte) error {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		return err
	}
	named, _ := doc.(map[string]any)["$schema"].(string)
	return schema(t, named).Validate(doc)
}

// TestSchemas holds every file of data against its schema.
func TestSchemas(t *testing.T) {
	names, err := fs.Glob(questionnaire.Files(), "*.json")
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, name := range names {
		if strings.HasSuffix(name, ".schema.json") {
			continue
		}
		seen++
		if err := validate(t, read(t, name)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if seen < 3 {
		t.Errorf("only %d files were looked at", seen)
	}
}

// TestWords: each language says all that it has to and nothing else.
func TestWords(t *testing.T) {
	r := current(t)
	for language, w := range words(t) {
		if diff := cmp.Diff([]string(nil), w.Lacks(r)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", language, diff)
		}
	}
}

// TestNumbersInTexts: a limit that changes is changed in the texts of every language.
func TestNumbersInTexts(t *testing.T) {
	r := current(t)
	values := map[string]string{}
	for _, p := range r.Parameters {
		values[p.ID] = written(p)
	}
	for language, w := range words(t) {
		for _, q := range r.Questions {
			text := w.Questions[q.ID].Text
			for _, o := range q.Options {
				text += " " + w.Questions[q.ID].Options[o]
			}
			for _, p := range q.Parameters {
				if !slices.Contains(strings.Fields(digits(text)), values[p]) {
					t.Errorf("%s, %s: no %s (%s) in %q", language, q.ID, values[p], p, text)
				}
			}
		}
	}
}

// written is a value as digits has it: 20382.9 has cents and is 2038290, 10140 has none.
func written(p questionnaire.Parameter) string {
	if whole := strconv.Itoa(int(p.Value)); p.Value == float64(int(p.Value)) {
		return whole
	}
	return strings.ReplaceAll(strconv.FormatFloat(p.Value, 'f', 2, 64), ".", "")
}

// cited are numbers that are no values: of laws, papers and days, of emergency calls and forms.
var cited = regexp.MustCompile(`(?i)` + strings.Join([]string{
	`(d\.lgs\.|legislative decree) \d+/\d+`, `DPCM \d+/\d+`, `\b(L\.|law|circ\.|circular|msg\. INPS|INPS message|INPS circular|circ\. INPS) \d+/\d+`, // acts
	`art\. \d+(\(\d+\))?( c\. \d+)?`, `\d\d-\d\d-\d{4}`, `1° gennaio`, `1 January`, `\b20\d\d\b`, // articles and days
	`SR208`, `\b1522\b`, `\b112\b`,
}, "|"))

// TestNumbersBesides: each number in what is said of a benefit (its notes, where to go, what to
// bring, its warnings) is one of its values, which have a source, a time and how sure they are.
func TestNumbersBesides(t *testing.T) {
	r := current(t)
	values := map[string]string{}
	for _, p := range r.Parameters {
		values[p.ID] = written(p)
	}
	seen, of := map[string]int{}, map[string]bool{}
	hold := func(language, what, text string, own []string) {
		for _, n := range strings.Fields(digits(cited.ReplaceAllString(text, " "))) {
			seen[language]++
			if !slices.ContainsFunc(own, func(id string) bool { return values[id] == n }) {
				t.Errorf("%s, %s: %s in %q is no value of it", language, what, n, text)
			}
		}
	}
	for language, w := range words(t) {
		for _, b := range r.Benefits {
			hold(language, b.ID, w.Benefits[b.ID].Notes, b.Parameters)
			hold(language, b.ID, w.Channels[b.Channel], b.Parameters)
			for _, d := range b.Documents {
				hold(language, b.ID, w.Documents[d.ID], b.Parameters)
			}
			for _, id := range b.Warnings {
				of[id] = true
				hold(language, b.ID+" "+id, w.Warnings[id], b.Parameters)
			}
		}
		for _, warning := range r.Warnings {
			if !of[warning.ID] {
				hold(language, warning.ID, w.Warnings[warning.ID], nil)
			}
		}
	}
	if seen["it"] < 15 || seen["en"] < 15 || seen["ar"] < 2 {
		t.Errorf("too few to say anything: %v", seen)
	}
}

// digits keeps the digits of a text, in whatever script, and a space for what is no part of a number.
func digits(text string) string {
	var b strings.Builder
	for _, r := range text {
		switch {
		case unicode.IsDigit(r):
			zero := r
			for unicode.IsDigit(zero-1) && r-zero < 9 {
				zero--
			}
			b.WriteString(strconv.Itoa(int(r - zero)))
		case strings.ContainsRune(".,٬’'\u00a0\u202f", r):
		default:
			b.WriteByte(' ')
		}
	}
	return b.String()
}

// TestTopics: what a benefit or a warning proposes is a topic of a case.
func TestTopics(t *testing.T) {
	topics, err := policies.Topics()
	if err != nil {
		t.Fatal(err)
	}
	codes := map[string]bool{}
	for _, topic := range topics {
		codes[topic.Code] = true
	}
	r := current(t)
	proposed := map[string][]string{}
	for _, b := range r.Benefits {
		proposed[b.ID] = b.Topics
	}
	for _, w := range r.Warnings {
		proposed[w.ID] = w.Topics
	}
	for id, list := range proposed {
		for _, code := range list {
			if !codes[code] {
				t.Errorf("%s proposes %s, which is no topic", id, code)
			}
		}
	}
}

// TestNothingIdle: what stands in the rules is used by something.
func TestNothingIdle(t *testing.T) {
	r, text := current(t), string(read(t, "rules.json"))
	used := map[string]bool{}
	for _, b := range r.Benefits {
		for _, id := range slices.Concat(b.Parameters, b.Warnings) {
			used[id] = true
		}
	}
	for _, w := range r.Warnings {
		used[w.ID] = used[w.ID] || w.Always
	}
	for _, q := range r.Questions {
		for _, id := range q.Parameters {
			used[id] = true
		}
		if strings.Count(text, `"`+q.ID+`"`) < 2 {
			t.Errorf("nothing asks for %s", q.ID)
		}
	}
	for _, p := range r.Parameters {
		if !used[p.ID] {
			t.Errorf("nothing has the parameter %s", p.ID)
		}
	}
	for _, w := range r.Warnings {
		if !used[w.ID] {
			t.Errorf("nothing shows %s", w.ID)
		}
	}
	for name := range r.Expressions {
		if !strings.Contains(text, `{"ref": "`+name+`"}`) {
			t.Errorf("nothing takes the expression %s", name)
		}
	}
}

const small = `{"$schema": "rules.schema.json", "id": "orientamento", "version": "1.0.0", "status": "draft", "collected": "2026-03",
 "valid": {"from": "2026-04-01"}, "review": "2026-12-31", "sections": ["one"],
 "parameters": [{"id": "days", "value": 3, "unit": "days", "source": "a law", "confidence": "seen"}],
 "questions": [
  {"id": "q01", "section": "one", "type": "single", "options": ["si", "no", "nd"]},
  {"id": "q02", "section": "one", "type": "multi", "options": ["a", "b", "nd"], "exclusive": ["nd"], "show_if": {"q": "q01", "in": ["si"]}, "parameters": ["days"]}],
 "expressions": {"yes": {"q": "q01", "in": ["si"]}},
 "benefits": [{"id": "B", "need": 1, "deadline": {"parameter": "days", "pressing": {"ref": "yes"}}, "channel": "c", "hard": [{"ref": "yes"}],
  "soft": [{"q": "q02", "any_of": ["a"]}], "documents": [{"id": "d"}], "warnings": ["W_A"], "parameters": ["days"], "topics": ["RDL-01"]}],
 "warnings": [{"id": "W_A", "when": {"q": "q01", "in": ["nd"]}, "topics": []}]}`

// TestRefused: each of these is refused, by the schema, by ParseRules, or by both.
func TestRefused(t *testing.T) {
	if err := validate(t, []byte(small)); err != nil {
		t.Fatal(err)
	}
	if _, err := questionnaire.ParseRules([]byte(small)); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string][3]string{
		"unknown member":           {`"status":`, `"stat": 1, "status":`, "both"},
		"repeated member":          {`"status":`, `"status": "draft", "status":`, "parser"},
		"status":                   {`"draft"`, `"final"`, "schema"},
		"day":                      {`"2026-04-01"`, `"2026-13-01"`, "both"},
		"review before":            {`"2026-12-31"`, `"2026-03-31"`, "parser"},
		"no source":                {`, "source": "a law"`, ``, "schema"},
		"confidence":               {`"seen"`, `"sure"`, "schema"},
		"unit":                     {`"unit": "days"`, `"unit": "moons"`, "schema"},
		"section":                  {`"section": "one", "type": "single"`, `"section": "two", "type": "single"`, "parser"},
		"question twice":           {`"id": "q02"`, `"id": "q01"`, "parser"},
		"question that is not":     {`{"q": "q01", "in": ["nd"]}`, `{"q": "q09", "in": ["nd"]}`, "parser"},
		"question that is later":   {`"show_if": {"q": "q01", "in": ["si"]}`, `"show_if": {"q": "q02", "any_of": ["a"]}`, "parser"},
		"option that is not":       {`"in": ["nd"]`, `"in": ["x"]`, "parser"},
		"no option":                {`"in": ["nd"]`, `"in": []`, "schema"},
		"a boolean for no":         {`["si", "no", "nd"]`, `["si", false, "nd"]`, "both"},
		"several asked as one":     {`{"q": "q02", "any_of": ["a"]}`, `{"q": "q02", "in": ["a"]}`, "parser"},
		"one asked as several":     {`{"q": "q01", "in": ["nd"]}`, `{"q": "q01", "any_of": ["nd"]}`, "parser"},
		"unknown does not alone":   {`"exclusive": ["nd"]`, `"exclusive": ["b"]`, "parser"},
		"nothing alone":            {`, "exclusive": ["nd"]`, ``, "both"},
		"alone of single":          {`"options": ["si", "no", "nd"]`, `"options": ["si", "no", "nd"], "exclusive": ["nd"]`, "both"},
		"expression that is not":   {`"hard": [{"ref": "yes"}]`, `"hard": [{"ref": "sure"}]`, "parser"},
		"expressions in a circle":  {`"yes": {"q": "q01", "in": ["si"]}`, `"yes": {"not": {"ref": "yes"}}`, "parser"},
		"two expressions in one":   {`{"q": "q01", "in": ["nd"]}`, `{"q": "q01", "in": ["nd"], "ref": "yes"}`, "schema"},
		"empty expression":         {`{"q": "q01", "in": ["nd"]}`, `{}`, "both"},
		"hard constant":            {`"hard": [{"ref": "yes"}]`, `"hard": [{"const": true}]`, "schema"},
		"rests on don't know":      {`"any_of": ["a"]}]`, `"any_of": ["nd"]}]`, "parser"},
		"warning that is not":      {`"warnings": ["W_A"]`, `"warnings": ["W_B"]`, "parser"},
		"parameter that is not":    {`"warnings": ["W_A"], "parameters": ["days"]`, `"warnings": ["W_A"], "parameters": ["nights"]`, "parser"},
		"deadline that is not":     {`{"parameter": "days"`, `{"parameter": "nights"`, "parser"},
		"parameter of a question":  {`["si"]}, "parameters": ["days"]`, `["si"]}, "parameters": ["nights"]`, "parser"},
		"need":                     {`"need": 1`, `"need": 4`, "schema"},
		"no topic":                 {`["RDL-01"]`, `[]`, "schema"},
		"something after":          {`"topics": []}]}`, `"topics": []}]} x`, "both"},
		"a parameter's end before": {`"unit": "days"`, `"unit": "days", "from": "2026-02-01", "until": "2026-01-01"`, "parser"},
	} {
		changed := []byte(strings.Replace(small, change[0], change[1], 1))
		if string(changed) == small {
			t.Fatalf("%s: nothing was changed", name)
		}
		_, err := questionnaire.ParseRules(changed)
		by := map[bool]string{true: "parser"}[err != nil]
		if validate(t, changed) != nil {
			by = map[string]string{"parser": "both", "": "schema"}[by]
		}
		if by != change[2] {
			t.Errorf("%s: refused by %q, want %q", name, by, change[2])
		}
	}
}

// TestLacks: a text too few and one too many are both named.
func TestLacks(t *testing.T) {
	r := current(t)
	for name, change := range map[string]struct {
		do   func(*questionnaire.Words)
		want string
	}{
		"section":  {func(w *questionnaire.Words) { delete(w.Sections, "lavoro") }, "sections lacks lavoro"},
		"question": {func(w *questionnaire.Words) { w.Questions["q99"] = questionnaire.QuestionWords{Text: "x"} }, "questions has q99, which is nowhere"},
		"option":   {func(w *questionnaire.Words) { w.Questions["q01"].Options["no"] = "" }, "q01 lacks no"},
		"benefit":  {func(w *questionnaire.Words) { delete(w.Benefits, "RDL") }, "benefits lacks RDL"},
		"document": {func(w *questionnaire.Words) { delete(w.Documents, "iban_suo") }, "documents lacks iban_suo"},
		"channel":  {func(w *questionnaire.Words) { delete(w.Channels, "datore") }, "channels lacks datore"},
		"unit":     {func(w *questionnaire.Words) { delete(w.Units, "eur") }, "units lacks eur"},
		"warning":  {func(w *questionnaire.Words) { w.Warnings["W_X"] = "x" }, "warnings has W_X, which is nowhere"},
	} {
		w := words(t)["it"]
		change.do(&w)
		if diff := cmp.Diff([]string{change.want}, w.Lacks(r)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// TestLanguages: the same texts stand in no two languages, but for names.
func TestLanguages(t *testing.T) {
	all := words(t)
	for language, w := range all {
		if language == "it" {
			continue
		}
		same := 0
		for id, q := range w.Questions {
			if q.Text == all["it"].Questions[id].Text {
				same++
				t.Logf("%s, %s: %q", language, id, q.Text)
			}
		}
		if same > 1 {
			t.Errorf("%s: %d questions are Italian", language, same)
		}
	}
	if got := slices.Sorted(maps.Keys(all)); !slices.Contains(got, "it") {
		t.Errorf("languages %v", got)
	}
}

func FuzzParseRules(f *testing.F) {
	f.Add([]byte(small))
	f.Add([]byte(`{"expressions":{"a":{"ref":"a"}}}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := questionnaire.ParseRules(b)
		if err != nil {
			return
		}
		for _, q := range r.Questions {
			if q.ID == "" && q.Section == "" && len(r.Sections) == 0 {
				t.Errorf("a question of nothing in %q", b)
			}
		}
	})
}

func FuzzParseWords(f *testing.F) {
	f.Add([]byte(`{"language":"it","units":{"eur":"{n} €"},"questions":{"q01":{"text":"a","options":{"si":"b"}}}}`))
	f.Add([]byte(`{"units":{"eur":"€"}}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		w, err := questionnaire.ParseWords(b)
		if err != nil {
			return
		}
		for _, unit := range w.Units {
			if fmt.Sprint(strings.Count(unit, "{n}")) != "1" {
				t.Errorf("a unit %q", unit)
			}
		}
	})
}

func FuzzParseCases(f *testing.F) {
	f.Add([]byte(`{"cases":[{"id":"a","answers":{"q01":["si"]}},{"id":"b","like":"a","answers":{"q01":[]}}]}`))
	f.Add([]byte(`{"cases":[{"id":"b","like":"a"}]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		all, err := questionnaire.ParseCases(b)
		if err != nil {
			return
		}
		for _, c := range all.Cases {
			for q, a := range c.Answers {
				if len(a) == 0 {
					t.Errorf("%s: an empty answer to %s", c.ID, q)
				}
			}
		}
	})
}
