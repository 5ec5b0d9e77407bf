package main

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"varco/internal/card/cardtest"
	"varco/internal/note"
	"varco/internal/verify"
	"varco/internal/verify/verifytest"
)

func cosigner(name string, at time.Time) note.Signer {
	return note.NewCosigner(name, cardtest.Key(name), func() time.Time { return at })
}

func policyOf(names ...string) string {
	text := "log " + logKey() + "\n"
	for i, name := range names {
		text += "witness " + strings.Repeat("w", i+1) + " " + note.CosignerKey(name, cardtest.Public(name)) + "\n"
	}
	return text
}

// What --policy asks for is said, in words and by how the program ends.
func TestPolicy(t *testing.T) {
	d := newDesk(t)
	at := cardtest.Start.Add(time.Hour)
	n := verifytest.Sample(t)
	last := n.Marks[len(n.Marks)-1]
	n.Cosigners = map[int64][]note.Signer{
		n.Marks[0]: {cosigner("a.example", at), cosigner("b.example", at)},
		n.Marks[1]: {cosigner("a.example", at.Add(time.Hour)), cosigner("b.example", at.Add(2*time.Hour))},
		last:       {cosigner("a.example", at.Add(3*time.Hour))},
	}
	d.write("whole", string(n.Bundle()))
	d.write("one", policyOf("a.example")+"quorum w\n")
	d.write("two", policyOf("a.example", "b.example")+"group g all w ww\nquorum g\n")
	d.write("any", policyOf("a.example", "b.example")+"group g any w ww\nquorum g\n")
	d.write("none", policyOf("a.example")+"quorum none\n")
	d.write("else", policyOf("c.example")+"quorum w\n")
	d.write("impostor", strings.Replace(policyOf("a.example"), "a.example", "b.example", 1)+"quorum w\n")
	d.write("other", strings.Replace(policyOf("a.example"), logKey(), rootKey(), 1)+"quorum w\n")
	for _, step := range []struct {
		policy string
		ends   int
		says   string
	}{
		{"one", 0, "confermano tutte le righe dal 2/11/2026 12:00:00 (a.example)"},
		{"any", 0, "confermano tutte le righe dal 2/11/2026 12:00:00 (a.example)"},
		{"two", exitUnwitnessed, "dal 2/11/2026 10:00:00 (a.example, b.example)"},
		{"none", 0, "non chiesti"},
		{"else", exitUnwitnessed, "NESSUN punto di controllo"},
		{"impostor", exitUnverified, ""},
		{"other", exitUnverified, ""},
	} {
		d.run(step.ends, "--anchors", "@anchors", "--policy", "@"+step.policy, "@whole")
		if !strings.Contains(d.stdout, step.says) {
			t.Errorf("--policy %s does not say %q:\n%s", step.policy, step.says, d.stdout)
		}
	}
	d.run(exitUnwitnessed, "--anchors", "@anchors", "--policy", "@two", "--json", "@whole")
	var r verify.Report
	if err := json.Unmarshal([]byte(d.stdout), &r); err != nil || !r.Quorum || r.Witnessed == nil || r.Witnessed.Size != n.Marks[1] ||
		r.WitnessGap != 3600 {
		t.Errorf("%v, %+v, gap %d", err, r.Witnessed, r.WitnessGap)
	}
	// A kept checkpoint may be cosigned, and whose it is does not change what it proves.
	d.run(0, "--anchors", "@anchors", "--policy", "@one", "--save", "@kept", "@whole")
	d.run(0, "--anchors", "@anchors", "--policy", "@one", "--since", "@kept", "@whole")

	// In an earlier bundle nobody had cosigned.
	d.write("earlier", strings.Replace(string(n.Bundle()), "varco-bundle/v2", "varco-bundle/v1", 1))
	d.run(1, "--anchors", "@anchors", "@earlier")
	n.Cosigners = nil
	d.write("earlier", strings.Replace(string(n.Bundle()), "varco-bundle/v2", "varco-bundle/v1", 1))
	d.run(0, "--anchors", "@anchors", "@earlier")
	// Another key under the witness's name is not the witness.
	n.Cosigners = map[int64][]note.Signer{last: {note.NewCosigner("a.example", cardtest.Key("else"), func() time.Time { return at })}}
	d.write("false", string(n.Bundle()))
	d.run(exitUnwitnessed, "--anchors", "@anchors", "--policy", "@one", "@false")
}
