package verify_test

import (
	"bytes"
	"context"
	"testing"
	"time"

	"varco/internal/act"
	"varco/internal/api"
	"varco/internal/bundle"
	"varco/internal/client"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/ledger"
	"varco/internal/varcotest"
	"varco/internal/verify"
)

// service is a real service with its people, and what an auditor of it trusts.
type service struct {
	*varcotest.Network
	t *testing.T
}

// work opens a case on which both sides have written, the holder has recused, and the
// substitute goes on.
func (s *service) work() {
	s.t.Helper()
	ctx := context.Background()
	done := func(err error) {
		s.t.Helper()
		if err != nil {
			s.t.Fatal(err)
		}
		s.Clock.Advance(time.Minute)
	}
	alba := s.Person("alba-operatrice")
	opened, err := alba.OpenCase(ctx, client.NewCase{With: s.Organisation("levante"), Topic: "RDL-01", Urgency: "U2",
		Content: client.Content{Text: "A question"}, Inside: client.Content{Text: "A note"},
		Colleagues: []ids.Person{s.ID("bruna-operatrice")}, Holder: s.ID("franca-referente"), Substitute: s.ID("gino-referente")})
	done(err)
	id := opened.Thread.State.Thread
	franca := s.Person("franca-referente")
	_, err = franca.ReadThread(ctx, id, "")
	if fault.KindOf(err) != fault.ReasonRequired {
		s.t.Fatalf("read without a reason: %v", err)
	}
	read, err := franca.ReadThread(ctx, id, act.ReasonNew)
	done(err)
	_, err = franca.Post(ctx, read, client.Content{Text: "An answer"})
	done(err)
	if _, err := s.Person("dina-operatrice").ReadThread(ctx, id, ""); fault.KindOf(err) != fault.NotFound {
		s.t.Fatalf("read by another centre: %v", err)
	}
	_, err = franca.Recuse(ctx, read)
	done(err)
	done(alba.ReadOn(ctx, opened.Thread, ""))
	_, err = alba.Post(ctx, opened.Thread, client.Content{Text: "Another question"})
	done(err)
	gino, err := s.Person("gino-referente").ReadThread(ctx, id, act.ReasonSubstitution)
	done(err)
	_, err = s.Person("gino-referente").Post(ctx, gino, client.Content{Text: "Another answer"})
	done(err)
	_, err = s.Person("bruna-operatrice").Cases(ctx)
	done(err)
}

// take takes a bundle away, as the auditor's command line does.
func (s *service) take() []byte {
	s.t.Helper()
	ctx := context.Background()
	auditor, err := s.Person("quinto-controllo").BeginAudit(ctx)
	if err != nil {
		s.t.Fatal(err)
	}
	var checkpoints []bundle.Checkpoint
	for _, c := range auditor.Checkpoints {
		checkpoints = append(checkpoints, bundle.Checkpoint{Note: c.Note, Size: c.Size})
	}
	var out bytes.Buffer
	w, err := bundle.NewWriter(&out, varcotest.Origin, checkpoints)
	if err != nil {
		s.t.Fatal(err)
	}
	if err := auditor.Leaves(ctx, func(p api.AuditPage) error {
		page := bundle.Page{Cards: p.Cards, Rosters: p.Rosters, Headers: p.Headers, Receipts: p.Receipts}
		for _, l := range p.Leaves {
			page.Leaves = append(page.Leaves, bundle.Leaf{Index: l.Index, Commitment: l.Commitment, Salt: l.Salt, Text: l.Text})
		}
		return w.Page(page)
	}); err != nil {
		s.t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		s.t.Fatal(err)
	}
	return out.Bytes()
}

func (s *service) verify(b []byte, since *ledger.Checkpoint) verify.Report {
	s.t.Helper()
	trust := verify.Trust{Origin: s.Anchors.Origin, Log: s.Anchors.Log, Root: s.Anchors.Root}
	report, err := verify.Verify(bytes.NewReader(b), trust, since)
	if err != nil {
		s.t.Fatal(err)
	}
	return report
}

// TestService verifies what a real service has recorded of what people did on their devices.
func TestService(t *testing.T) {
	s := &service{varcotest.New(t), t}
	s.work()
	first := s.take()
	r := s.verify(first, nil)
	if r.Result != verify.Whole {
		t.Fatalf("%s: %+v", r.Result, r.Finding)
	}
	// Two threads are opened; on the one with the office an answer, a recusal, and after it
	// a message and an answer, the first of which starts a new epoch.
	if r.Threads != 2 || r.Entries != 2+2+2+1 || r.Acts[act.ThreadRead][act.Deny] == 0 || r.Acts[act.AuditRead][act.Allow] == 0 {
		t.Errorf("got %+v", r)
	}
	kept, err := ledger.OpenCheckpoint(r.Checkpoint, s.Anchors.Origin, s.Anchors.Log)
	if err != nil {
		t.Fatal(err)
	}
	s.work()
	again := s.verify(s.take(), &kept)
	if again.Result != verify.Whole || again.Since == nil || *again.Since != kept.Size || again.Checkpoints != r.Checkpoints+1 {
		t.Errorf("the second time: %+v, %+v", again, again.Finding)
	}
	later, err := ledger.OpenCheckpoint(again.Checkpoint, s.Anchors.Origin, s.Anchors.Log)
	if err != nil {
		t.Fatal(err)
	}
	want{verify.Tampered, fault.ClassRollback, kept.Size, later.Size - 1}.check(t, s.verify(first, &later))
}
