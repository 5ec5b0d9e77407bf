package authz_test

import (
	"flag"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"varco/internal/act"
	"varco/internal/authz"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/policies"
)

var update = flag.Bool("update", false, "write docs/policy-matrix.md anew")

const matrixFile = "../../docs/policy-matrix.md"

// TestMatrix keeps docs/policy-matrix.md, which reviewers read, what the policies decide.
func TestMatrix(t *testing.T) {
	got := matrix(t, load(t))
	if *update {
		if err := os.WriteFile(matrixFile, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(matrixFile)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("docs/policy-matrix.md is stale: read what changes, then run\n"+
			"go test ./internal/authz -run TestMatrix -update\n(-file +policies):\n%s", diff)
	}
}

const matrixHead = `# Chi può fare che cosa

Questa pagina la scrivono le prove di internal/authz a partire dalle regole in policies/*.cedar. Non si
modifica a mano: quando le regole cambiano e la pagina no, le prove falliscono. Per ogni atto dice che
cosa decidono le regole, per ogni ruolo e in ogni stato. Le regole, in parole, sono in fondo.

| nella tabella | vuol dire |
|---|---|
| **sì** | permesso, anche con la carta o l'elenco (roster) scaduti |
| **sì**, carta valida | permesso se la sua carta è nell'elenco, e né carta né elenco sono scaduti |
| motivo | negato finché non dichiara il motivo: la stessa risposta che il thread esista o no |
| no | negato, con la stessa risposta di ciò che non esiste |
| accesso recente | negato finché non entra di nuovo: la stessa risposta per ciò che esiste e ciò che non esiste |
| garante | ha una carta di garante (steward) del suo ente, firmata dalla radice della rete e non scaduta |
| (vuoto) | non può esistere: nessun ente di quel tipo dà quel posto |

`

// asker is a row of the tables: the same cell for each kind of organisation.
type asker struct {
	name  string
	kinds []act.Kind
	facts authz.Facts
}

func role(name string, kind act.Kind, r act.Role) asker {
	return asker{name, []act.Kind{kind}, authz.Facts{Roles: []act.Role{r}}}
}

var elsewhere = []act.Kind{act.Centre, act.Associate, act.Oversight}

var askers = []asker{
	role("operatrice di un centro", act.Centre, act.Operator),
	role("responsabile di un centro", act.Centre, act.Coordinator),
	role("referente INPS", act.INPS, act.Officer),
	role("responsabile di sede INPS", act.INPS, act.Manager),
	role("persona del Comune o dell'associazione", act.Associate, act.Partner),
	role("auditor", act.Oversight, act.Auditor),
	role("registrar della rete", act.Oversight, act.Registrar),
	role("osservatrice del tavolo", act.Oversight, act.Observer),
	{"garante INPS senza un ruolo nell'elenco", []act.Kind{act.INPS}, authz.Facts{Steward: true}},
	{"garante di un altro ente senza un ruolo nell'elenco", elsewhere, authz.Facts{Steward: true}},
	{"invitata da INPS, non ancora in un elenco", []act.Kind{act.INPS}, authz.Facts{Invited: true}},
	{"invitata da un altro ente, non ancora in un elenco", elsewhere, authz.Facts{Invited: true}},
	{"di INPS, oggi non più nell'elenco", []act.Kind{act.INPS}, authz.Facts{}},
	{"di un altro ente, oggi non più nell'elenco", elsewhere, authz.Facts{}},
}

// state is a column: the same cell in each of its variants.
type state struct {
	name     string
	kind     act.Kind // that an asker must be of, "" for any
	variants []func(*authz.Facts)
}

// at is a seat in a thread of one of the kinds.
func at(name string, kind act.Kind, seat act.Seat, threads []string, more func(*authz.Facts)) state {
	s := state{name: name, kind: kind}
	for _, thread := range threads {
		s.variants = append(s.variants, func(f *authz.Facts) {
			f.Thread, f.ThreadKind, f.Seat = "t-one", thread, seat
			more(f)
		})
	}
	return s
}

// nowhere is no seat, in a thread of any kind or in none, of one's own centre or of another.
func nowhere() state {
	s := state{name: "senza posto, o il thread non esiste"}
	for _, more := range []func(*authz.Facts){
		plain, ownCase,
		func(f *authz.Facts) { f.Substitutes = true },
		func(f *authz.Facts) { f.HolderGone = true },
	} {
		s.variants = append(s.variants, at("", "", "", []string{"", "inps", "internal", "partner"}, more).variants...)
	}
	return s
}

func plain(*authz.Facts)     {}
func ownCase(f *authz.Facts) { f.OwnCase = true }

var seats = []state{
	at("posto del centro, thread interno", act.Centre, act.SeatCentre, []string{"internal"}, ownCase),
	at("posto del centro, thread con altri", act.Centre, act.SeatCentre, []string{"inps", "partner"}, ownCase),
	at("posto del centro, chiuso da 30 giorni", act.Centre, act.SeatCentre, []string{"inps", "partner"},
		func(f *authz.Facts) { ownCase(f); f.ClosedDays = 30 }),
	at("titolare", act.INPS, act.SeatHolder, []string{"inps"}, plain),
	at("titolare, chiuso da 29 giorni", act.INPS, act.SeatHolder, []string{"inps"}, func(f *authz.Facts) { f.ClosedDays = 29 }),
	at("titolare, chiuso da 30 giorni", act.INPS, act.SeatHolder, []string{"inps"}, func(f *authz.Facts) { f.ClosedDays = 30 }),
	at("sostituta, la titolare c'è", act.INPS, act.SeatSubstitute, []string{"inps"}, plain),
	at("sostituta, oggi la sostituisce", act.INPS, act.SeatSubstitute, []string{"inps"},
		func(f *authz.Facts) { f.Substitutes = true }),
	at("sostituta, la titolare si è astenuta", act.INPS, act.SeatSubstitute, []string{"inps"},
		func(f *authz.Facts) { f.HolderGone = true }),
	at("partner nel proprio thread", act.Associate, act.SeatPartner, []string{"partner"}, plain),
	at("partner, chiuso da 30 giorni", act.Associate, act.SeatPartner, []string{"partner"}, func(f *authz.Facts) { f.ClosedDays = 30 }),
	nowhere(),
}

var threadActs = []struct {
	title string
	facts authz.Facts
}{
	{"Vedere il thread nel proprio elenco (case.list)", authz.Facts{Act: act.CaseList}},
	{"Leggere il thread senza dire il motivo (thread.read)", authz.Facts{Act: act.ThreadRead}},
	{"Leggere il thread dicendo il motivo (thread.read)", authz.Facts{Act: act.ThreadRead, Reason: act.ReasonAnswer}},
	{"Scaricare un allegato senza aver detto il motivo (blob.read)", authz.Facts{Act: act.BlobRead}},
	{"Scaricare un allegato avendo detto il motivo (blob.read)", authz.Facts{Act: act.BlobRead, Reason: act.ReasonAnswer}},
	{"Scrivere un messaggio (entry.append, message)", authz.Facts{Act: act.EntryAppend, EntryKind: "message"}},
	{"Fare una richiesta, con o senza un termine (entry.append, request)", authz.Facts{Act: act.EntryAppend, EntryKind: "request"}},
	{"Affidare chiavi a un membro (entry.append, grant)", authz.Facts{Act: act.EntryAppend, EntryKind: "grant"}},
	{"Dire a che punto si è, chiudere, riaprire (entry.append, status)", authz.Facts{Act: act.EntryAppend, EntryKind: "status"}},
	{"Togliere membri o aggiungerne del proprio ente (entry.append, members)", authz.Facts{Act: act.EntryAppend, EntryKind: "members"}},
	{"Aggiungere una persona dell'altro ente, accordo valido (entry.append, members)",
		authz.Facts{Act: act.EntryAppend, EntryKind: "members", Brings: true, AgreementInForce: true}},
	{"Aggiungere una persona dell'altro ente, senza accordo valido (entry.append, members)",
		authz.Facts{Act: act.EntryAppend, EntryKind: "members", Brings: true}},
	{"Annotare gli altri thread del caso (entry.append, link)", authz.Facts{Act: act.EntryAppend, EntryKind: "link"}},
	{"Annotare chi non deve entrare nel caso (entry.append, exclude)", authz.Facts{Act: act.EntryAppend, EntryKind: "exclude"}},
	{"Cambiare la chiave del thread (entry.append, rekey)", authz.Facts{Act: act.EntryAppend, EntryKind: "rekey"}},
	{"Astenersi (entry.append, recuse)", authz.Facts{Act: act.EntryAppend, EntryKind: "recuse"}},
	{"Sapere chi ha letto (readers.read)", authz.Facts{Act: act.ReadersRead}},
	{"Avere la prova che una voce è nel registro (proof.read)", authz.Facts{Act: act.ProofRead}},
}

// otherActs are the columns of the tables of acts that are not on a thread.
var otherActs = []struct {
	title  string
	states []state
}{
	{"Aprire un caso (case.open)", []state{
		on("verso una sede INPS, accordo valido", act.CaseOpen, func(f *authz.Facts) {
			f.Target, f.TargetKind, f.AgreementInForce = theirs, act.INPS, true
		}),
		on("verso una sede INPS, senza accordo valido", act.CaseOpen, func(f *authz.Facts) {
			f.Target, f.TargetKind = theirs, act.INPS
		}),
		on("il thread interno del proprio ente", act.CaseOpen, func(f *authz.Facts) {
			f.Target, f.TargetKind = ours, f.Kind
		}),
		on("verso un ente che non è una sede INPS", act.CaseOpen,
			func(f *authz.Facts) { f.Target, f.TargetKind, f.AgreementInForce = theirs, act.Centre, true },
			func(f *authz.Facts) { f.Target, f.TargetKind, f.AgreementInForce = theirs, act.Associate, true },
			func(f *authz.Facts) { f.AgreementInForce = true }),
	}},
	{"Aprire un altro thread in un caso, con un accordo valido (case.extend)", []state{
		extends("posto nel thread interno del caso", "internal", act.SeatCentre),
		extends("posto soltanto in un altro thread del caso", "inps", act.SeatCentre),
		extends("senza posto nel thread interno, o il caso non esiste", "internal", ""),
	}},
	{"Pubblicare un elenco (roster.put)", []state{
		on("del proprio ente", act.RosterPut, func(f *authz.Facts) { f.Target = ours }),
		on("di un altro ente", act.RosterPut, func(f *authz.Facts) { f.Target = theirs }),
	}},
	{"Carta, portachiavi, sessione (card.put, keyring.put, keyring.reset, keyring.read, person.read, session.end)", []state{
		keysOf("propri", self), keysOf("di un'altra persona", another),
	}},
	{"Allegati che nessuna voce porta ancora", []state{
		on("caricare un proprio allegato (blob.put)", act.BlobPut, func(f *authz.Facts) { f.Subject = self }),
		on("togliere un proprio allegato (blob.drop)", act.BlobDrop, func(f *authz.Facts) { f.Subject = self }),
		on("di un'altra persona, o che non c'è", act.BlobPut,
			func(f *authz.Facts) { f.Subject = another },
			func(f *authz.Facts) {},
			func(f *authz.Facts) { f.Act, f.Subject = act.BlobDrop, another },
			func(f *authz.Facts) { f.Act = act.BlobDrop }),
	}},
	{"Vedere le sessioni (session.list)", []state{
		sessionsOf("proprie", act.SessionList, self, ours), sessionsOf("di una collega", act.SessionList, another, ours),
		sessionsOf("di un altro ente, o di nessuno", act.SessionList, another, theirs),
	}},
	{"Chiudere le sessioni (session.revoke)", []state{
		sessionsOf("proprie", act.SessionRevoke, self, ours), sessionsOf("di una collega", act.SessionRevoke, another, ours),
		sessionsOf("di un altro ente, o di nessuno", act.SessionRevoke, another, theirs),
	}},
	{"Chiudere per sempre l'accesso (person.end)", []state{
		sessionsOf("proprio", act.PersonEnd, self, ours), sessionsOf("di una collega", act.PersonEnd, another, ours),
		sessionsOf("di un altro ente, o di nessuno", act.PersonEnd, another, theirs),
	}},
	{"Quando è entrata da più di 15 minuti", []state{
		long("carta e portachiavi propri (card.put, keyring.put, keyring.reset)", keysChanged),
		long("elenco del proprio ente (roster.put)", on("", act.RosterPut, func(f *authz.Facts) { f.Target = ours })),
		long("sessioni proprie (session.revoke)", sessionsOf("", act.SessionRevoke, self, ours)),
		long("sessioni di una collega (session.revoke)", sessionsOf("", act.SessionRevoke, another, ours)),
		long("accesso di una collega (person.end)", sessionsOf("", act.PersonEnd, another, ours)),
	}},
	{"Leggere la rubrica, gli accordi e il registro", []state{
		on("rubrica (directory.read)", act.DirectoryRead, plain),
		on("accordi (agreements.read)", act.AgreementsRead, plain),
		on("registro (audit.read)", act.AuditRead, plain),
		on("campione (audit.sample)", act.AuditSample, plain),
	}},
}

func on(name string, a act.Act, variants ...func(*authz.Facts)) state {
	s := state{name: name}
	for _, set := range variants {
		s.variants = append(s.variants, func(f *authz.Facts) { f.Act = a; set(f) })
	}
	return s
}

// extends is a seat in a thread of a case in which a further thread is opened.
func extends(name, thread string, seat act.Seat) state {
	s := on(name, act.CaseExtend)
	for _, target := range []act.Kind{act.INPS, act.Associate} {
		s.variants = append(s.variants, func(f *authz.Facts) {
			f.Act, f.Thread, f.ThreadKind, f.Seat, f.OwnCase = act.CaseExtend, "t-one", thread, seat, true
			f.Target, f.TargetKind, f.AgreementInForce = theirs, target, true
		})
	}
	return s
}

// sessionsOf are somebody's; those of nobody are decided as those of another organisation.
func sessionsOf(name string, a act.Act, subject ids.Person, of ids.Organisation) state {
	s := on(name, a, func(f *authz.Facts) { f.Subject, f.SubjectOrganisation = subject, of })
	if of == theirs {
		s.variants = append(s.variants, on(name, a, plain).variants...)
	}
	return s
}

var keysChanged = func() state {
	s := state{}
	for _, a := range []act.Act{act.CardPut, act.KeyringPut, act.KeyringReset} {
		s.variants = append(s.variants, func(f *authz.Facts) { f.Act, f.Subject = a, self })
	}
	return s
}()

// long is a state in which she signed in long ago.
func long(name string, s state) state {
	stale := state{name: name}
	for _, variant := range s.variants {
		stale.variants = append(stale.variants, func(f *authz.Facts) { variant(f); f.Fresh = false })
	}
	return stale
}

func keysOf(name string, subject ids.Person) state {
	s := state{name: name}
	for _, a := range []act.Act{act.CardPut, act.KeyringPut, act.KeyringReset, act.KeyringRead, act.PersonRead, act.SessionEnd, act.PokesOpen, act.NoticesRead, act.NoticesPut} {
		s.variants = append(s.variants, func(f *authz.Facts) { f.Act, f.Subject = a, subject })
	}
	return s
}

func matrix(t *testing.T, p *authz.Policies) string {
	var b strings.Builder
	b.WriteString(matrixHead)
	b.WriteString("## Atti su un thread\n\n")
	for _, a := range threadActs {
		b.WriteString("### " + a.title + "\n\n")
		table(t, p, &b, askers, seats, a.facts)
	}
	b.WriteString("## Altri atti\n\n")
	with := append(slices.Clone(askers[:2]), steward(askers[1]))
	with = append(with, askers[2:4]...)
	with = append(with, steward(askers[3]))
	with = append(with, askers[4:]...)
	for _, a := range otherActs {
		b.WriteString("### " + a.title + "\n\n")
		table(t, p, &b, with, a.states, authz.Facts{})
	}
	b.WriteString("## Atti che nessuna regola decide\n\n" +
		"Li compie e li annota il servizio stesso; nessuna persona li può chiedere.\n\n")
	for _, a := range act.Acts {
		if !p.Decides(a) {
			b.WriteString("- " + string(a) + "\n")
		}
	}
	b.WriteString("\n## Le regole\n")
	explain(t, p, &b)
	return b.String()
}

// steward is the same row for somebody who is a steward too.
func steward(a asker) asker {
	a.name += ", garante"
	a.facts.Steward = true
	return a
}

func table(t *testing.T, p *authz.Policies, b *strings.Builder, rows []asker, columns []state, base authz.Facts) {
	names := []string{"chi"}
	for _, c := range columns {
		names = append(names, c.name)
	}
	b.WriteString("| " + strings.Join(names, " | ") + " |\n|" + strings.Repeat("---|", len(names)) + "\n")
	for _, r := range rows {
		cells := []string{r.name}
		for _, c := range columns {
			cells = append(cells, cell(t, p, r, c, base))
		}
		b.WriteString("| " + strings.Join(cells, " | ") + " |\n")
	}
	b.WriteString("\n")
}

// cell is the one decision in every variant of a column, for every kind of a row.
func cell(t *testing.T, p *authz.Policies, r asker, c state, base authz.Facts) string {
	cells := map[string]bool{}
	for _, kind := range r.kinds {
		if c.kind != "" && c.kind != kind {
			continue
		}
		for _, variant := range c.variants {
			f := base
			f.Person, f.Organisation, f.Kind = self, ours, kind
			f.Roles, f.Steward, f.Invited, f.Fresh = r.facts.Roles, r.facts.Steward, r.facts.Invited, true
			variant(&f)
			cells[both(t, p, f)] = true
		}
	}
	if len(cells) > 1 {
		t.Fatalf("%s: %s × %s is more than one state: %v", base.Act, r.name, c.name, cells)
	}
	for one := range cells {
		return one
	}
	return ""
}

// both decides with a valid card and with an expired one.
func both(t *testing.T, p *authz.Policies, f authz.Facts) string {
	expired := p.Decide(f)
	f.Enrolled = true
	valid := p.Decide(f)
	if len(valid.Errors)+len(expired.Errors) > 0 || expired.Allow && !valid.Allow || valid.Answer != expired.Answer && !valid.Allow {
		t.Fatalf("%+v: %+v with a valid card, %+v with an expired one", f, valid, expired)
	}
	switch {
	case expired.Allow:
		return "**sì**"
	case valid.Allow:
		return "**sì**, carta valida"
	case valid.Answer == fault.ReasonRequired:
		return "motivo"
	case valid.Answer == fault.FreshRequired:
		return "accesso recente"
	default:
		return "no"
	}
}

// explain copies each policy's comment, which each must have.
func explain(t *testing.T, p *authz.Policies, b *strings.Builder) {
	unexplained := p.IDs()
	entries, err := fs.Glob(policies.Rules(), "*.cedar")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range entries {
		text, err := fs.ReadFile(policies.Rules(), name)
		if err != nil {
			t.Fatal(err)
		}
		b.WriteString("\n### " + name + "\n\n")
		var comment []string
		for line := range strings.Lines(string(text)) {
			line = strings.TrimSuffix(line, "\n")
			if said, ok := strings.CutPrefix(line, "//"); ok {
				comment = append(comment, strings.TrimSpace(said))
				continue
			}
			if id, ok := strings.CutPrefix(line, "@id("); ok {
				id = strings.Trim(id, `")`)
				if len(comment) == 0 {
					t.Errorf("%s: the policy %s has no comment that a lawyer could read", name, id)
				}
				b.WriteString("- `" + id + "`: " + strings.Join(comment, " ") + "\n")
				unexplained = slices.DeleteFunc(unexplained, func(s string) bool { return s == id })
			}
			comment = nil
		}
	}
	if len(unexplained) > 0 {
		t.Errorf("policies whose @id does not stand on a line of its own: %q", unexplained)
	}
}
