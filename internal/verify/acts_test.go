package verify_test

import (
	"os"
	"slices"
	"strings"
	"testing"

	"varco/internal/act"
	"varco/internal/api"
	"varco/internal/varcotest"
	"varco/internal/verify"
)

// elsewhere names the tests that see the records of acts which no person's client asks for in
// the run-through below.
var elsewhere = map[act.Act]struct{ file, word string }{
	act.AgreementsRead: {"../gate/agreement_test.go", "act.AgreementsRead"},
	act.KeyringReset:   {"../gate/keys_test.go", "act.KeyringReset"},
	act.CaseExtend:     {"../gate/kinds_test.go", "act.CaseExtend"},
	act.BlobPut:        {"../gate/blob_test.go", "act.BlobPut"},
	act.BlobDrop:       {"../gate/blob_test.go", "act.BlobDrop"},
	act.BlobRead:       {"../gate/blob_test.go", "act.BlobRead"},
	act.SessionBegin:   {"../app/signin_test.go", "act.SessionBegin"},
	act.SessionEnd:     {"../app/signin_test.go", "act.SessionEnd"},
	act.SessionLogout:  {"../app/signin_test.go", "act.SessionLogout"},
	act.SessionRevoke:  {"../gate/sessions_test.go", "act.SessionRevoke"},
	act.SessionUse:     {"../gate/ended_test.go", "act.SessionUse"},
	act.PersonEnd:      {"../gate/sessions_test.go", "act.PersonEnd"},
	act.InvitationUse:  {"../app/signin_test.go", "act.InvitationUse"},
	act.RequestLimit:   {"../httpapi/limit_test.go", "act.RequestLimit"},
	act.PokesOpen:      {"../httpapi/poke_test.go", "act.PokesOpen"},
}

// Each act leaves a record: when people work and read as they do every day, in another test by
// name, or by the service itself.
func TestEveryActIsRecorded(t *testing.T) {
	s := &service{varcotest.New(t), t}
	s.work()
	ctx, alba := t.Context(), s.Person("alba-operatrice")
	cases, err := alba.Cases(ctx)
	if err != nil {
		t.Fatal(err)
	}
	read, err := alba.ReadThread(ctx, cases[0].Thread, "")
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := alba.Readers(ctx, cases[0].Thread); err != nil {
		t.Fatal(err)
	}
	if _, err := alba.VerifyReceipt(ctx, read.Entries[0].Receipt); err != nil {
		t.Fatal(err)
	}
	if _, err := alba.OwnSessions(ctx); err != nil {
		t.Fatal(err)
	}
	if err := alba.PutNotices(ctx, "alba@example.org"); err != nil {
		t.Fatal(err)
	}
	if _, err := alba.Notices(ctx); err != nil {
		t.Fatal(err)
	}
	drawn, err := s.Person("quinto-controllo").DrawSample(ctx, api.DrawSample{Act: act.EntryAppend, Count: 2})
	if err != nil {
		t.Fatal(err)
	}
	s.RecordHeads()
	report := s.verify(s.take(), nil)
	if report.Result != verify.Whole {
		t.Fatalf("%s: %+v", report.Result, report.Finding)
	}
	var leaves []int64
	for _, l := range drawn.Leaves {
		leaves = append(leaves, l.Index)
	}
	if len(report.Samples) != 1 || report.Samples[0].Leaf != drawn.Leaf || report.Samples[0].Seed != drawn.Seed ||
		!slices.Equal(report.Samples[0].Leaves, leaves) || len(leaves) != 2 {
		t.Errorf("the sample %+v, drawn again: %+v", drawn, report.Samples)
	}
	for _, a := range act.Acts {
		switch test, named := elsewhere[a]; {
		case named:
			if text, err := os.ReadFile(test.file); err != nil || !strings.Contains(string(text), test.word) {
				t.Errorf("%s does not see the record of %s: %v", test.file, a, err)
			}
		case slices.Contains(act.System, a):
		case report.Acts[a][act.Allow] == 0:
			t.Errorf("nobody has a record of %s: do it here, or name the test that does", a)
		}
	}
}
