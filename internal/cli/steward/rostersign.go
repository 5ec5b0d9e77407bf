package steward

import (
	"context"
	"slices"

	"github.com/spf13/cobra"

	"varco/internal/act"
	"varco/internal/card"
	"varco/internal/cli/desk"
	"varco/internal/cli/italian"
	"varco/internal/client"
	"varco/internal/fault"
	"varco/internal/ids"
)

const (
	rosterSignLong = `Firma un elenco nuovo della tua organizzazione. Puoi chiedere più modifiche insieme, nell'ordine in cui le scrivi; a ogni
modifica seguono i suoi particolari. I giorni sono compresi, quello d'inizio e quello di fine.

  --add CODICE --words "…" --name NOME --role RUOLO [--act NUMERO] [--from GIORNO] [--until GIORNO]
  --designate PERSONA --act NUMERO [--role RUOLO] [--from GIORNO] [--until GIORNO]
  --substitute CHI --for DI-CHI --until GIORNO [--from GIORNO]
  --end-substitute CHI --for DI-CHI
  --remove PERSONA
  --renew

Con --add servono le parole di verifica: fattele leggere a voce dalla persona, di persona o a un numero che già conoscete.
Chi viene tolta non legge e non scrive più nulla da subito; quello che ha già letto, lo ha letto.
I ruoli: operator, coordinator, officer, manager, partner, auditor, registrar, observer.`
	rosterSignExample = `  varco roster sign --add p-nf6c-vpvh-ft7d-7c8c --words "abaco bisonte cometa daino ebano falco" --name "Anna Berti" --role operator
  varco roster sign --designate Testa --act VD/2026/101 --from 2026-12-01 --until 2027-11-30
  varco roster sign --substitute Vanni --for Testa --from 2026-12-21 --until 2027-01-07
  varco roster sign --remove Berti`
	askSign = "Firmo?"
)

func (r *run) rosterSign() *cobra.Command {
	p := new(plan)
	var renew, yes bool
	c := &cobra.Command{Use: "sign MODIFICHE", Short: "Firma l'elenco della tua organizzazione", Long: rosterSignLong,
		Example: rosterSignExample, Args: desk.Takes(0, 0),
		RunE: func(c *cobra.Command, _ []string) error { return r.runRosterSign(c.Context(), p, renew, yes) }}
	for name, usage := range map[string]string{
		"add":            "mette nell'elenco questa `persona`",
		"designate":      "dà a questa `persona` un ruolo con un atto di nomina",
		"substitute":     "questa `persona` ne sostituisce un'altra",
		"end-substitute": "questa `persona` non ne sostituisce più un'altra",
		"remove":         "toglie dall'elenco questa `persona`",
		"words":          "le sei `parole` di verifica, lette a voce",
		"name":           "il `nome` da mostrare",
		"role":           "il `ruolo`; più d'uno con la virgola",
		"act":            "il `numero` dell'atto di nomina",
		"for":            "la `persona` sostituita",
		"from":           "il primo `giorno`, 2026-03-27",
		"until":          "l'ultimo `giorno`, 2026-03-27",
	} {
		c.Flags().Var(&token{p, name}, name, usage)
	}
	desk.Completes(c, "role", act.Roles)
	c.Flags().BoolVar(&renew, "renew", false, "firma di nuovo l'elenco com'è, per un altro anno")
	c.Flags().BoolVar(&yes, "yes", false, "non chiede conferma")
	return r.PhraseFlag(c)
}

func (r *run) runRosterSign(ctx context.Context, p *plan, renew, yes bool) error {
	if len(p.changes) == 0 && !renew {
		return desk.Misuse("Che cosa va cambiato? Guarda: varco roster sign --help. Per rifirmare l'elenco com'è: --renew")
	}
	for _, c := range p.changes {
		if err := c.check(); err != nil {
			return err
		}
	}
	s, u, err := r.Unlocked(ctx)
	if err != nil {
		return err
	}
	d, err := s.Client.KnownDirectory(ctx)
	if err != nil {
		return err
	}
	draft, err := u.DraftRoster(ctx)
	if desk.IsOurs(err) && fault.KindOf(err) == fault.NotFound {
		return desk.Failed("L'elenco lo firma chi ha una carta firmata alla cerimonia della rete, e oggi tu non ce l'hai. Non è stato firmato nulla.")
	}
	if err != nil {
		return err
	}
	edit := &edit{run: r, own: d.Own, draft: draft, self: u.Person(), names: map[ids.Person]string{}}
	for _, renewed := range draft.Renewed {
		edit.note("~ " + edit.called(renewed.Person) + ": ha rinnovato la sua carta")
	}
	for _, c := range p.changes {
		if err := edit.apply(c); err != nil {
			return err
		}
	}
	if len(edit.said) == 0 {
		edit.note("= l'elenco resta com'è, e vale per un altro anno")
	}
	r.Tell("Nell'elenco di %s:\n", italian.Line(d.Own.Name))
	for _, line := range edit.said {
		r.Tell("  %s\n", line)
	}
	if err := r.Confirm(askSign, yes); err != nil {
		return err
	}
	signed, err := u.SignRoster(ctx, draft)
	if !desk.IsOurs(err) && fault.KindOf(err) == fault.Conflict {
		return desk.Because(err, "Nel frattempo qualcun'altra ha firmato un elenco. Il tuo non è stato pubblicato: guardalo (varco roster show) e ripeti.")
	}
	if err != nil {
		return err
	}
	r.Say("L'elenco numero %d è firmato e pubblicato. Vale fino al %s.\n", signed.Own.Roster.Version, r.Day(signed.Own.Roster.Expires))
	return nil
}

// edit applies changes to a draft and says each in the steward's words.
type edit struct {
	*run
	own   *client.Organisation
	draft *client.RosterDraft
	self  ids.Person
	names map[ids.Person]string // of people who are new
	said  []string
}

func (e *edit) note(line string) { e.said = append(e.said, line) }

func (e *edit) apply(c *change) error {
	switch c.what {
	case "add", "designate":
		return e.endorse(c)
	case "substitute":
		return e.substitute(c)
	case "end-substitute":
		return e.endSubstitute(c)
	default:
		return e.remove(c)
	}
}

// line is somebody's line on the draft, nil when she has none.
func (e *edit) line(person ids.Person) *card.Seat {
	i := slices.IndexFunc(e.draft.Roster.People, func(s card.Seat) bool { return s.Person == person })
	if i < 0 {
		return nil
	}
	return &e.draft.Roster.People[i]
}

func (e *edit) endorse(c *change) error {
	person, err := e.who(c.who)
	if err != nil {
		return err
	}
	line := e.line(person)
	if c.what == "designate" && line == nil {
		return desk.Failed("%s non è nell'elenco: per metterla usa --add. Non è stato firmato nulla.", e.called(person))
	}
	from, until, err := e.term(c)
	if err != nil {
		return err
	}
	roles := c.roles
	if len(roles) == 0 { // of a designation
		roles = append(slices.Clone(line.Roles), act.Officer)
		if e.own.Kind != act.INPS {
			roles = line.Roles
		}
	}
	for _, role := range roles {
		if !slices.Contains(card.RolesOf(e.own.Kind), role) {
			return desk.Misuse("Una organizzazione di questo tipo (%s) non dà il ruolo %s. Non è stato firmato nulla.",
				italian.Kind(e.own.Kind), role)
		}
	}
	err = e.draft.Endorse(client.Endorsement{Person: person, Words: c.details["words"], Name: c.details["name"], Roles: roles,
		Act: c.details["act"], From: from, Until: until})
	if err != nil {
		return e.notEndorsed(err, c, person)
	}
	if name := c.details["name"]; name != "" {
		e.names[person] = name
	}
	sign := "+"
	if line != nil {
		sign = "~"
	}
	now := e.line(person)
	says := sign + " " + e.called(person) + ": " + italian.Roles(now.Roles) + ", " + e.Span(now.From, now.Until)
	if now.Act != "" {
		says += ", atto " + italian.Line(now.Act)
	}
	e.note(says)
	return nil
}

// notEndorsed says why somebody can't be put on the roster. All of it was found on this
// device, in what was verified or typed.
func (e *edit) notEndorsed(err error, c *change, person ids.Person) error {
	who := e.called(person)
	switch {
	case fault.ClassOf(err) == fault.ClassSubstitute && c.details["words"] == "":
		return desk.Misuse("Per %s servono le parole di verifica (--words), lette a voce dalla persona. Non è stato firmato nulla.", who)
	case fault.ClassOf(err) == fault.ClassSubstitute:
		return desk.Because(err, "%s", italian.OtherWords(who))
	case fault.ClassOf(err) == fault.ClassMissing:
		return desk.Because(err, "%s non ha ancora pubblicato una carta: prima deve fare varco enrol. Non è stato firmato nulla.", who)
	case fault.ClassOf(err) == fault.ClassStale:
		return desk.Because(err, "La carta di %s è scaduta: deve farne una nuova. Non è stato firmato nulla.", who)
	case fault.ClassOf(err) == fault.ClassForm:
		return desk.Because(err, "Il nome «%s» non va bene: al massimo 200 caratteri, senza doppi spazi né segni invisibili. Non è stato firmato nulla.",
			italian.Line(c.details["name"]))
	}
	return err
}

func (e *edit) substitute(c *change) error {
	who, whom, err := e.pair(c)
	if err != nil {
		return err
	}
	from, until, err := e.term(c)
	if err != nil {
		return err
	}
	if from.IsZero() {
		from = e.Today()
	}
	s := card.Substitution{Who: who, For: whom, From: from, Until: until}
	if slices.ContainsFunc(e.draft.Roster.Substitutions, func(o card.Substitution) bool {
		return o.Who == s.Who && o.For == s.For && o.From.Equal(s.From)
	}) {
		return desk.Failed("Questa sostituzione di %s c'è già. Non è stato firmato nulla.", e.called(whom))
	}
	if err := e.draft.Substitute(s); err != nil {
		return desk.Because(err, "La sostituzione di %s non va bene: servono due persone diverse, tutte e due nell'elenco. Non è stato firmato nulla.",
			e.called(whom))
	}
	e.note("> " + e.called(who) + " sostituisce " + e.called(whom) + " " + e.Span(from, until))
	return nil
}

func (e *edit) endSubstitute(c *change) error {
	who, whom, err := e.pair(c)
	if err != nil {
		return err
	}
	before := len(e.draft.Roster.Substitutions)
	if e.draft.EndSubstitutions(who, whom); len(e.draft.Roster.Substitutions) == before {
		return desk.Failed("%s non sostituisce %s. Non è stato firmato nulla.", e.called(who), e.called(whom))
	}
	e.note("< " + e.called(who) + " non sostituisce più " + e.called(whom))
	return nil
}

func (e *edit) remove(c *change) error {
	person, err := e.who(c.who)
	if err != nil {
		return err
	}
	if person == e.self { // she could not even see that it was done
		return desk.Failed("Non puoi togliere te stessa: lo fa un'altra persona che firma l'elenco. Non è stato firmato nulla.")
	}
	if err := e.draft.Remove(person); err != nil {
		return desk.Because(err, "%s non è nell'elenco. Non è stato firmato nulla.", e.called(person))
	}
	e.note("- " + e.called(person) + ": tolta, da subito non legge e non scrive più")
	return nil
}

func (e *edit) pair(c *change) (who, whom ids.Person, err error) {
	if who, err = e.who(c.who); err != nil {
		return "", "", err
	}
	whom, err = e.who(c.details["for"])
	return who, whom, err
}

// who finds a person on the roster by code or name, and one who is not on it by code.
func (e *edit) who(typed string) (ids.Person, error) {
	if id, err := ids.ParsePerson(typed); err == nil {
		return id, nil
	}
	type known struct {
		id   ids.Person
		name string
	}
	var all []known
	for i := range e.own.People {
		if p := &e.own.People[i]; e.names[p.ID] == "" {
			all = append(all, known{p.ID, p.Name})
		}
	}
	for id, name := range e.names {
		all = append(all, known{id, name})
	}
	found, err := desk.Pick(all, typed, "persona", func(k known) (string, string) { return string(k.id), k.name })
	return found.id, err
}

func (e *edit) called(person ids.Person) string {
	if name := e.names[person]; name != "" {
		return italian.Called(name, person)
	}
	return italian.Called(desk.NameIn(e.own, person), person)
}
