package authz_test

import (
	"testing"

	"varco/internal/act"
	"varco/internal/authz"
	"varco/policies"
)

// BenchmarkDecide measures a decision with all policies; facts.md expects under 10 µs.
func BenchmarkDecide(b *testing.B) {
	p := load(b)
	officer := authz.Facts{Act: act.ThreadRead, Person: self, Organisation: ours, Kind: act.INPS,
		Roles: []act.Role{act.Officer}, Enrolled: true, Thread: "t-one", ThreadKind: "inps", Seat: act.SeatSubstitute,
		Substitutes: true, Reason: act.ReasonSubstitution}
	write := officer
	write.Act, write.Reason, write.EntryKind = act.EntryAppend, "", "message"
	outsider := officer
	outsider.Seat = ""
	own := authz.Facts{Act: act.KeyringRead, Person: self, Organisation: ours, Kind: act.Centre, Subject: self}
	for _, bench := range []struct {
		name  string
		facts authz.Facts
		allow bool
	}{{"read", officer, true}, {"append", write, true}, {"denied", outsider, false}, {"keyring", own, true}} {
		b.Run(bench.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if p.Decide(bench.facts).Allow != bench.allow {
					b.Fatal("decided otherwise")
				}
			}
		})
	}
}

// BenchmarkLoad measures what a start of the service pays for validation.
func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		if _, err := authz.Load(policies.Rules()); err != nil {
			b.Fatal(err)
		}
	}
}
