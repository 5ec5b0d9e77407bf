package orientation_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"maps"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"varco/dev/orientation"
	"varco/policies/questionnaire"
)

var seed = flag.Uint64("seed", 0, "of the random answers; 0 takes the time")

const web = "../../web"

func rules(t *testing.T) questionnaire.Rules {
	t.Helper()
	r, err := questionnaire.Current()
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// random is seeded anew in each run, and says with what.
func random(t *testing.T) *rand.Rand {
	t.Helper()
	s := *seed
	if s == 0 {
		s = uint64(time.Now().UnixNano())
	}
	t.Logf("again with -seed=%d", s)
	return rand.New(rand.NewPCG(s, 17))
}

// order is a line for the page's module.
type order struct {
	Answers  orientation.Answers `json:"answers"`
	Worth    bool                `json:"worth,omitzero"`
	Sorted   bool                `json:"sorted,omitzero"` // also what is early, the warnings that stand aside, their order, and what goes into a case
	Today    string              `json:"today,omitzero"`
	Editions []json.RawMessage   `json:"editions,omitzero"`
}

// page is what the page's module says of answers.
type page struct {
	orientation.Reading
	Worth []suggestion `json:"worth"`
	Early []string     `json:"early"`
	Aside []string     `json:"aside"`
	Order []string     `json:"order"` // of the warnings, as they are read
	Going going        `json:"going"`
}

// going is what would go into a case.
type going struct {
	Topics   []string `json:"topics"`
	Benefits []struct {
		ID      string   `json:"id"`
		Outcome string   `json:"outcome"`
		Open    []string `json:"open"`
	} `json:"benefits"`
}

type suggestion struct {
	Benefit string `json:"benefit"`
	Answers []struct {
		Question string   `json:"question"`
		Options  []string `json:"options"`
	} `json:"answers"`
}

// ask has the page's module evaluate, in one process of node.
func ask[T any](t *testing.T, orders []order) []T {
	t.Helper()
	// The go command keeps a test's result until a file changes that the test has read.
	sources, err := filepath.Glob(filepath.Join(web, "src/orientation/*.ts"))
	if err != nil || len(sources) == 0 {
		t.Fatalf("no sources of the page's module: %v", err)
	}
	for _, name := range append(sources, "run.mjs") {
		if _, err := os.ReadFile(name); err != nil {
			t.Fatal(err)
		}
	}
	file, err := os.ReadFile("../../policies/questionnaire/rules.json")
	if err != nil {
		t.Fatal(err)
	}
	var in bytes.Buffer
	lines := json.NewEncoder(&in)
	err = lines.Encode(map[string]json.RawMessage{"rules": file})
	for _, o := range orders {
		if err == nil {
			err = lines.Encode(o)
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "node", "run.mjs", web)
	cmd.Stdin, cmd.Stderr = &in, t.Output()
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("running the page's module, which needs what make web installs: %v", err)
	}
	all := make([]T, 0, len(orders))
	for line := range bytes.Lines(out) {
		var one T
		if raw, ok := any(&one).(*json.RawMessage); ok {
			*raw = bytes.TrimSpace(line)
		} else if err := json.Unmarshal(line, &one); err != nil {
			t.Fatal(err)
		}
		all = append(all, one)
	}
	if len(all) != len(orders) {
		t.Fatalf("%d answers to %d orders", len(all), len(orders))
	}
	return all
}

// some answers at random, of hidden questions too, now and then none that the question admits.
func some(r *rand.Rand, rules questionnaire.Rules) orientation.Answers {
	answers, often := orientation.Answers{}, r.Float64()
	for _, q := range rules.Questions {
		if r.Float64() > often {
			continue
		}
		n := 1
		if q.Type == "multi" || r.IntN(50) == 0 {
			n = r.IntN(4)
		}
		given := []string{}
		for range n {
			given = append(given, q.Options[r.IntN(len(q.Options))])
		}
		if r.IntN(50) == 0 {
			given = append(given, "altrove")
		}
		answers[q.ID] = given
	}
	return answers
}

// whole answers every question that is shown, as a person would: in order, and only what fits.
func whole(r *rand.Rand, rules questionnaire.Rules, answers orientation.Answers, unknown bool) orientation.Answers {
	answers = maps.Clone(answers)
	for _, q := range rules.Questions {
		if _, done := answers[q.ID]; done || !orientation.Shown(rules, answers, q.ID) {
			continue
		}
		answers[q.ID] = fitting(r, q, unknown)
	}
	return answers
}

func fitting(r *rand.Rand, q questionnaire.Question, unknown bool) []string {
	for {
		o := q.Options[r.IntN(len(q.Options))]
		if o == questionnaire.Unknown && !unknown {
			continue
		}
		other := q.Options[r.IntN(len(q.Options))]
		if q.Type == "multi" && o != other && !slices.Contains(q.Exclusive, o) && !slices.Contains(q.Exclusive, other) {
			return []string{o, other}
		}
		return []string{o}
	}
}

// TestAgree: the page's module and the second reading say the same of 10,000 answer sets.
func TestAgree(t *testing.T) {
	r, rng := rules(t), random(t)
	orders := []order{{Answers: orientation.Answers{}}}
	for len(orders) < 10_000 {
		orders = append(orders, order{Answers: some(rng, r)})
	}
	for i, got := range ask[json.RawMessage](t, orders) {
		// The two write the same members in the same order: comparing the text spares reading it.
		reading := orientation.Read(r, orders[i].Answers)
		want, err := json.Marshal(reading)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(want, got) {
			var differs page
			if err := json.Unmarshal(got, &differs); err != nil {
				t.Fatal(err)
			}
			text, _ := json.Marshal(orders[i].Answers)
			t.Fatalf("set %d (-second reading +page):\n%s\n%s", i, cmp.Diff(reading, differs.Reading), text)
		}
	}
}
