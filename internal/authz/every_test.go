package authz_test

import (
	"iter"
	"slices"
	"testing"

	"varco/internal/act"
	"varco/internal/authz"
	"varco/internal/fault"
	"varco/internal/thread"
)

// everyFacts yields all combinations of what a policy may see of a person and a thread,
// possible in the world or not: a rule must hold even where another part of the service is
// wrong.
func everyFacts(p *authz.Policies) iter.Seq[authz.Facts] {
	return func(yield func(authz.Facts) bool) {
		for _, a := range act.Acts {
			if !p.Decides(a) {
				continue
			}
			for _, kind := range act.Kinds {
				for _, role := range append([]act.Role{""}, act.Roles...) {
					for _, seat := range append([]act.Seat{""}, act.Seats...) {
						for _, thread := range []string{"", "inps", "internal", "partner"} {
							for flags := range flagsOf(a) {
								for _, entry := range entriesOf(a) {
									f := threadFacts(a, kind, role, seat, thread, flags)
									f.EntryKind = string(entry)
									fresh := f
									fresh.Fresh = true
									if !yield(f) || !yield(fresh) {
										return
									}
								}
							}
						}
					}
				}
			}
		}
	}
}

// flagsOf is how many combinations of flags an act can tell apart.
func flagsOf(a act.Act) int {
	switch a {
	case act.ThreadRead, act.BlobRead:
		return 1 << 6
	case act.CaseList, act.ReadersRead, act.ProofRead, act.EntryAppend:
		return 1 << 5
	default:
		return 1 << 1
	}
}

// entriesOf are the kinds of entry that an act can tell apart.
func entriesOf(a act.Act) []thread.Kind {
	if a == act.EntryAppend {
		return thread.Kinds
	}
	return []thread.Kind{thread.Message}
}

func threadFacts(a act.Act, kind act.Kind, role act.Role, seat act.Seat, thread string, flags int) authz.Facts {
	f := authz.Facts{Act: a, Person: self, Organisation: ours, Kind: kind, Seat: seat, ThreadKind: thread,
		Subject: another, SubjectOrganisation: theirs, Target: theirs, TargetKind: act.INPS,
		Enrolled: flags&1 != 0, HolderGone: flags&2 != 0, Substitutes: flags&4 != 0, OwnCase: flags&8 != 0}
	if flags&16 != 0 {
		f.ClosedDays, f.Brings = 30, true
	}
	if flags&32 != 0 {
		f.Reason = act.ReasonAnswer
	}
	if role != "" {
		f.Roles = []act.Role{role}
	}
	return f
}

// TestEveryCombination checks what must hold whatever the facts are.
func TestEveryCombination(t *testing.T) {
	p := load(t)
	allowed := 0
	for f := range everyFacts(p) {
		d := p.Decide(f)
		if len(d.Errors) > 0 {
			t.Fatalf("%+v: %q", f, d.Errors)
		}
		if broken := breaks(&f, &d); broken != "" {
			t.Fatalf("%s: %+v: %+v", broken, f, d)
		}
		if d.Allow {
			allowed++
		}
	}
	if allowed == 0 {
		t.Error("nothing was allowed")
	}
}

// breaksByKind names the rule that an entry breaks by its kind.
func breaksByKind(f *authz.Facts) string {
	kind := thread.Kind(f.EntryKind)
	if f.Act != act.EntryAppend {
		return ""
	}
	switch {
	case kind == thread.Open:
		return "a thread was opened by an entry of its own"
	case (kind == thread.Members || kind == thread.Link || kind == thread.Exclude) && f.Kind != act.Centre:
		return "another than the centre changed members or wrote notes of the case"
	case kind == thread.Members && f.Brings:
		return "somebody came without an agreement"
	case (kind == thread.Link || kind == thread.Exclude) && f.ThreadKind != "internal":
		return "a note of the case left the internal thread"
	case kind == thread.KindStatus && f.Kind == act.Associate:
		return "a partner said how a thread stands"
	}
	return ""
}

// breaks names the rule of the mission that a decision breaks, "" if it breaks none.
func breaks(f *authz.Facts, d *authz.Decision) string {
	withoutReason := (f.Act == act.ThreadRead || f.Act == act.BlobRead) && f.Kind == act.INPS && f.Reason == ""
	if (d.Answer == fault.ReasonRequired) != withoutReason {
		return "reason-required says more than that an INPS person gave no reason"
	}
	sensitive := slices.Contains([]act.Act{act.CardPut, act.KeyringPut, act.KeyringReset, act.RosterPut, act.SessionRevoke, act.PersonEnd}, f.Act)
	if (d.Answer == fault.FreshRequired) != (sensitive && !f.Fresh) {
		return "fresh-required says more than that she signed in long ago"
	}
	if !d.Allow {
		return ""
	}
	if f.Act == act.EntryAppend && f.EntryKind == string(thread.Recuse) {
		if f.Seat == "" {
			return "somebody without a seat recused"
		}
		return "" // stopping always works
	}
	if broken := breaksByKind(f); broken != "" {
		return broken
	}
	onThread := slices.Contains([]act.Act{act.CaseList, act.ThreadRead, act.BlobRead, act.EntryAppend, act.ReadersRead}, f.Act)
	switch {
	case len(f.Roles) == 0:
		return "somebody off the roster was let in"
	case onThread && f.Seat == "":
		return "somebody without a seat was let in"
	case f.Act == act.ProofRead && f.Seat == "" && (f.Kind != act.Oversight || f.Roles[0] != act.Auditor || !f.Enrolled):
		return "somebody without a seat, and no auditor, got a proof"
	case onThread && (f.Kind == act.Oversight || f.Roles[0] == act.Manager):
		return "oversight or a manager reached a thread"
	case f.Act == act.EntryAppend && !f.Enrolled:
		return "an expired card wrote"
	case onThread && f.Kind != act.Centre && f.ThreadKind == "internal":
		return "an internal thread left the centre"
	case onThread && f.Kind == act.Associate && f.ThreadKind != "partner":
		return "a partner reached another thread"
	case onThread && f.Kind == act.INPS && f.ThreadKind != "inps":
		return "INPS reached another thread"
	case onThread && f.Seat == act.SeatSubstitute && !f.HolderGone && !f.Substitutes:
		return "a substitute took over while the holder was there"
	case f.Act == act.ReadersRead && (f.Kind != act.Centre || !f.OwnCase):
		return "another than the case's centre saw who read"
	case f.Act == act.BlobPut, f.Act == act.BlobDrop:
		return "somebody touched another's attachment"
	case f.Act == act.CardPut, f.Act == act.KeyringPut, f.Act == act.KeyringReset, f.Act == act.KeyringRead, f.Act == act.SessionEnd,
		f.Act == act.PokesOpen, f.Act == act.NoticesRead, f.Act == act.NoticesPut, f.Act == act.SessionList, f.Act == act.SessionRevoke, f.Act == act.PersonEnd:
		return "somebody touched another's keys"
	case f.Act == act.RosterPut:
		return "somebody published another's roster"
	case f.Act == act.CaseOpen, f.Act == act.CaseExtend:
		return "a case was opened without an agreement"
	case onThread && f.Kind != act.Centre && f.ClosedDays >= 30:
		return "another than the centre reached a thread that was closed long ago"
	case (f.Act == act.AuditRead || f.Act == act.AuditSample) && (f.Kind != act.Oversight || f.Roles[0] != act.Auditor || !f.Enrolled):
		return "another than an auditor read the ledger"
	}
	return ""
}
