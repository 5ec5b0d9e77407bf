package policies_test

import (
	"io/fs"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"varco/policies"
)

func TestRulesHoldOnlyPolicies(t *testing.T) {
	entries, err := fs.ReadDir(policies.Rules(), ".")
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		got = append(got, e.Name())
	}
	want := []string{"audit.cedar", "blobs.cedar", "cases.cedar", "keys.cedar", "network.cedar", "schema.cedarschema", "sessions.cedar", "threads.cedar"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
}

// TestTopicCounts: of 36 topics 17 need no personal data, 7 an application's number, 12 the
// identity; a change of these is a change of what the network asks of women.
func TestTopicCounts(t *testing.T) {
	topics, err := policies.Topics()
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]int{}
	for _, topic := range topics {
		got[topic.Level]++
		if topic.Collected != "2026-03" {
			t.Errorf("%s: collected %q", topic.Code, topic.Collected)
		}
	}
	if diff := cmp.Diff(map[string]int{"L0": 17, "L1": 7, "L2": 12}, got); diff != "" {
		t.Errorf("levels (-want +got):\n%s", diff)
	}
}

func TestTopic(t *testing.T) {
	topics, err := policies.Topics()
	if err != nil {
		t.Fatal(err)
	}
	want := policies.Topic{Code: "MAT-01", It: "Maternità (lavoro, Stato, Comuni)", En: "Maternity benefits",
		Desc:     "Quale delle tre; termini 6 mesi; Comune diverso dalla residenza.",
		Benefits: []string{"MAT_IND", "MAT_COM", "MAT_STATO"}, Urgency: "U2", Level: "L0", Basis: "S", Collected: "2026-03"}
	for _, topic := range topics {
		if topic.Code == want.Code {
			if diff := cmp.Diff(want, topic); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			return
		}
	}
	t.Errorf("no topic %s", want.Code)
}

const (
	aTopic = `{"code":"RDL-01","it":"a","en":"b","desc":"c","benefits":["RDL"],` +
		`"urgency":"U2","level":"L0","basis":"S"}`
	oneTopic = `{"collected":"2026-03","topics":[` + aTopic + `]}`
)

func TestParseTopicsRefuses(t *testing.T) {
	if _, err := policies.ParseTopics([]byte(oneTopic)); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string][2]string{
		"unknown member":        {`"it":`, `"fr":"x","it":`},
		"member in other case":  {`"it":`, `"IT":`},
		"repeated member":       {`"it":`, `"it":"x","it":`},
		"missing text":          {`"it":"a"`, `"it":""`},
		"code":                  {`RDL-01`, `RDL-1`},
		"urgency":               {`U2`, `U4`},
		"level":                 {`L0`, `L3`},
		"basis":                 {`"S"`, `"X"`},
		"no benefit":            {`["RDL"]`, `[]`},
		"all beside another":    {`["RDL"]`, `["ALL","RDL"]`},
		"benefit twice":         {`["RDL"]`, `["RDL","RDL"]`},
		"benefits in one word":  {`["RDL"]`, `["RDL|ADI"]`},
		"month":                 {`2026-03`, `2026-13`},
		"something after":       {`]}`, `]} x`},
		"repeated code":         {aTopic, aTopic + `,` + aTopic},
		"a list without a file": {oneTopic, `[]`},
	} {
		changed := strings.Replace(oneTopic, change[0], change[1], 1)
		if changed == oneTopic {
			t.Fatalf("%s: nothing was changed", name)
		}
		if _, err := policies.ParseTopics([]byte(changed)); err == nil {
			t.Errorf("%s: was read", name)
		}
	}
}

func TestParseOutcomesRefuses(t *testing.T) {
	all, err := policies.Outcomes()
	if err != nil || len(all) == 0 || all[0] != (policies.Outcome{Code: "ACCOLTA", It: "accolta", En: "granted"}) {
		t.Fatalf("outcomes %v, %v", all, err)
	}
	for name, text := range map[string]string{
		"repeated code":  `{"outcomes":[{"code":"INFO","it":"a","en":"b"},{"code":"INFO","it":"c","en":"d"}]}`,
		"long code":      `{"outcomes":[{"code":"ABCDEFGHIJKLM","it":"a","en":"b"}]}`,
		"digits":         `{"outcomes":[{"code":"INFO1","it":"a","en":"b"}]}`,
		"missing text":   `{"outcomes":[{"code":"INFO","it":"a"}]}`,
		"unknown member": `{"outcomes":[{"code":"INFO","it":"a","en":"b","fr":"c"}]}`,
	} {
		if _, err := policies.ParseOutcomes([]byte(text)); err == nil {
			t.Errorf("%s: was read", name)
		}
	}
}

func FuzzParseOutcomes(f *testing.F) {
	f.Add([]byte(`{"outcomes":[{"code":"INFO","it":"a","en":"b"}]}`))
	f.Add([]byte(`{"outcomes":null}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		all, err := policies.ParseOutcomes(b)
		if err != nil {
			return
		}
		for _, o := range all {
			if o.Code == "" || len(o.Code) > 12 || o.It == "" || o.En == "" {
				t.Errorf("read %+v", o)
			}
		}
	})
}

func TestParseReasonsRefuses(t *testing.T) {
	for name, text := range map[string]string{
		"repeated code":  `[{"code":"new","it":"a","en":"b"},{"code":"new","it":"c","en":"d"}]`,
		"code":           `[{"code":"New","it":"a","en":"b"}]`,
		"missing text":   `[{"code":"new","it":"a"}]`,
		"unknown member": `[{"code":"new","it":"a","en":"b","fr":"c"}]`,
	} {
		if _, err := policies.ParseReasons([]byte(text)); err == nil {
			t.Errorf("%s: was read", name)
		}
	}
}

func FuzzParseTopics(f *testing.F) {
	f.Add([]byte(oneTopic))
	f.Add([]byte(`{"collected":"2026-03","topics":[]}`))
	f.Add([]byte(`{"topics":null}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		topics, err := policies.ParseTopics(b)
		if err != nil {
			return
		}
		seen := map[string]bool{}
		for _, topic := range topics {
			if seen[topic.Code] || topic.It == "" || len(topic.Benefits) == 0 || topic.Urgency < "U1" || topic.Urgency > "U3" {
				t.Errorf("read %+v", topic)
			}
			seen[topic.Code] = true
		}
	})
}

func FuzzParseReasons(f *testing.F) {
	f.Add([]byte(`[{"code":"new","it":"a","en":"b"}]`))
	f.Add([]byte(`[]`))
	f.Fuzz(func(t *testing.T, b []byte) {
		all, err := policies.ParseReasons(b)
		if err != nil {
			return
		}
		seen := map[string]bool{}
		for _, r := range all {
			if seen[r.Code] || r.It == "" || r.En == "" {
				t.Errorf("read %+v", r)
			}
			seen[r.Code] = true
		}
	})
}
