package core_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"varco/internal/act"
	"varco/internal/client"
	"varco/internal/core"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/varcotest"
	"varco/internal/verify"
)

const quinto = "quinto-controllo"

// An auditor searches, verifies, sees that what is shown is what was verified, and takes the
// log away as a file that the verifier finds whole.
func TestAuditor(t *testing.T) {
	n := varcotest.New(t)
	_, err := n.Person(alba).OpenCase(t.Context(), client.NewCase{With: n.Organisation("levante"), Topic: "RDL-01", Urgency: "U2",
		Content: client.Content{Text: "Domanda " + canary}, Colleagues: []ids.Person{n.ID(bruna)}, Holder: n.ID(franca)})
	if err != nil {
		t.Fatal(err)
	}
	p := newPage(t, n, quinto)
	reads := core.SearchRecords{Act: act.CaseOpen, Person: string(n.ID(alba))}
	told := mustCall[core.Records](p, core.Page, "records", reads)
	if len(told.Records) == 0 || told.Records[0].Standing != core.Told || told.Records[0].Person != n.ID(alba) {
		t.Fatalf("before verifying: %+v", told)
	}
	found := mustCall[core.Verification](p, core.Page, "verifyLog", core.VerifyLog{})
	if found.Result != verify.Whole || found.Leaves != found.Size || found.Checkpoint == "" || found.Quorum {
		t.Fatalf("verified: %+v", found)
	}
	if last := mustCall[core.LastVerification](p, core.Page, "lastVerification", core.None{}); last.Found == nil || last.Found.Checkpoint != found.Checkpoint {
		t.Errorf("what is kept of it: %+v", last)
	}
	again := mustCall[core.Records](p, core.Page, "records", reads)
	if again.Records[0].Standing != core.Verified {
		t.Errorf("after verifying: %+v", again.Records[0])
	}
	newest := mustCall[core.Records](p, core.Page, "records", core.SearchRecords{Act: act.AuditRead})
	if newest.Records[0].Standing != core.Newer {
		t.Errorf("what came after: %+v", newest.Records[0])
	}
	if since := mustCall[core.Verification](p, core.Page, "verifyLog", core.VerifyLog{Since: found.Checkpoint}); since.Since != found.Size {
		t.Errorf("since what was kept: %+v", since)
	}
	// A file that is no checkpoint of this log is her mistake; a forged one is not.
	kept := found.Checkpoint
	forged := []byte(kept)
	if at := len(forged) - 20; forged[at] == 'A' {
		forged[at] = 'B'
	} else {
		forged[at] = 'A'
	}
	for since, want := range map[string]core.Key{
		"altro":                    core.KeyNoCheckpoint,
		kept[:len(kept)-5]:         core.KeyNoCheckpoint,
		"\ufeff" + kept:            core.KeyNoCheckpoint,
		strings.Repeat("a", 1<<17): core.KeyNoCheckpoint,
		strings.ReplaceAll(kept, n.Anchors.Origin, "registro.example/altro"): core.KeyNoCheckpoint,
		string(forged): core.KeyUntrusted,
	} {
		_, err := call[core.Verification](p, core.Page, "verifyLog", core.VerifyLog{Since: since})
		if f := core.FailureOf(err); f.Key != want || want == core.KeyUntrusted && f.Kind != fault.Refused {
			t.Errorf("since %.40q: %+v, want %s", since, f, want)
		}
	}

	var file bytes.Buffer
	for piece := (core.Piece{}); !piece.Last; {
		piece = mustCall[core.Piece](p, core.Page, "takeAway", core.TakeAway{Begin: file.Len() == 0})
		file.WriteString(piece.Text)
	}
	if report, err := verify.Verify(&file, verify.Trust{Origin: n.Anchors.Origin, Log: n.Anchors.Log, Root: n.Anchors.Root}, nil); err != nil || report.Result != verify.Whole {
		t.Errorf("the file: %+v, %v", report, err)
	}
}

// A record that is not the one that was verified in its place is refused.
func TestAnotherRecord(t *testing.T) {
	n := varcotest.New(t)
	p := newPage(t, n, quinto)
	mustCall[core.Verification](p, core.Page, "verifyLog", core.VerifyLog{})
	p.browser.change = func(path string, b []byte) []byte {
		if !strings.HasPrefix(path, "/v1/audit/records") {
			return b
		}
		var records map[string]any
		if json.Unmarshal(b, &records) != nil {
			return b
		}
		for _, l := range records["leaves"].([]any) {
			l.(map[string]any)["index"] = 0 // another's place
		}
		b, _ = json.Marshal(records)
		return b
	}
	if _, err := call[core.Records](p, core.Page, "records", core.SearchRecords{Act: act.PersonRead}); core.FailureOf(err).Key != core.KeyUntrusted {
		t.Errorf("another record: %v", err)
	}
}
