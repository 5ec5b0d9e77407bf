package cli

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"varco/internal/act"
	"varco/internal/api"
	"varco/internal/cli/desk"
	"varco/internal/cli/italian"
	"varco/internal/ids"
	"varco/internal/ledger"
	"varco/internal/note"
)

const (
	auditLong = `Mostra il registro: chi ha fatto che cosa, quando, con quale motivo e con quale esito. Ci sono codici, mai contenuti né nomi.

Quello che si vede qui lo dice il servizio. Per controllare che il registro sia intero, senza fidarsi: varco audit bundle.
Anche questa lettura resta registrata.`
	auditExample = `  varco audit --limit 20
  varco audit --person p-nk52-6z4f-edw8-fsvs --act thread.read
  varco audit --case c-4kd9-wq7m-x2pn-8rce --from 2026-06-01
  varco audit --outcome deny --json`
)

type auditFlags struct {
	person, what, outcome, object, inCase, from, to string
	limit                                           int
}

func (r *run) audit() *cobra.Command {
	var f auditFlags
	acts := make([]string, len(act.Acts))
	for i, a := range act.Acts {
		acts[i] = string(a)
	}
	c := &cobra.Command{Use: "audit", Short: "Il registro: chi ha fatto che cosa", Long: auditLong, Example: auditExample, Args: desk.Takes(0, 0),
		RunE: func(c *cobra.Command, _ []string) error { return r.runAudit(c.Context(), f) }}
	c.Flags().StringVar(&f.person, "person", "", "solo questa `persona` (codice)")
	c.Flags().StringVar(&f.what, "act", "", "solo questo `atto`: "+strings.Join(acts, ", "))
	c.Flags().StringVar(&f.outcome, "outcome", "", "solo questo `esito`: allow (fatto), deny (negato), refuse (rifiutato)")
	c.Flags().StringVar(&f.object, "object", "", "solo gli atti su questo `codice`")
	c.Flags().StringVar(&f.inCase, "case", "", "solo gli atti su questo `caso` e le sue conversazioni")
	c.Flags().StringVar(&f.from, "from", "", "da questo `giorno` (2026-11-01)")
	c.Flags().StringVar(&f.to, "to", "", "fino a questo `giorno` compreso")
	c.Flags().IntVar(&f.limit, "limit", 50, "le ultime `quante` righe")
	desk.Completes(c, "act", act.Acts)
	desk.Completes(c, "outcome", act.Outcomes)
	c.AddCommand(r.auditBundle(), r.auditSample())
	return r.JSONFlag(c)
}

func (f auditFlags) check() error {
	_, noPerson := ids.ParsePerson(f.person)
	switch {
	case f.person != "" && noPerson != nil:
		return desk.Misuse("«%s» non è il codice di una persona: si scrive p-xxxx-xxxx-xxxx-xxxx.", italian.Line(f.person))
	case f.what != "" && !slices.Contains(act.Acts, act.Act(f.what)):
		return desk.Misuse("Non c'è un atto «%s». Guarda: varco audit --help", italian.Line(f.what))
	case f.outcome != "" && !slices.Contains(act.Outcomes, act.Outcome(f.outcome)):
		return desk.Misuse("L'esito è allow, deny o refuse.")
	case f.object != "" && f.inCase != "":
		return desk.Misuse("--object e --case non vanno insieme.")
	case f.object != "" && !ledger.IsObject(f.object) || f.inCase != "" && (!ledger.IsObject(f.inCase) || f.inCase[0] != 'c'):
		return desk.Misuse("«%s» non è un codice: guarda se c'è un errore di battitura.", italian.Line(f.object+f.inCase))
	case f.limit < 1:
		return desk.Misuse("--limit è un numero da 1 in su.")
	}
	return nil
}

// search turns the flags into what the service is asked. Days are those of this computer: the
// second one is meant whole.
func (f auditFlags) search() (api.Search, error) {
	q := api.Search{Person: f.person, Object: f.object, Act: f.what, Outcome: f.outcome}
	if f.inCase != "" {
		q.Object = f.inCase
	}
	for _, day := range []struct {
		flag, typed string
		at          *time.Time
		after       int
	}{{"from", f.from, &q.From, 0}, {"to", f.to, &q.Until, 1}} {
		if day.typed == "" {
			continue
		}
		at, err := time.ParseInLocation(time.DateOnly, day.typed, time.Local)
		if err != nil {
			return q, desk.Misuse("--%s è un giorno: si scrive 2026-11-30.", day.flag)
		}
		*day.at = at.AddDate(0, 0, day.after)
	}
	return q, nil
}

// row is a leaf with its record, nil if that was erased.
type row struct {
	leaf   int64
	record *ledger.Record
}

func (r *run) runAudit(ctx context.Context, f auditFlags) error {
	if err := f.check(); err != nil {
		return err
	}
	q, err := f.search()
	if err != nil {
		return err
	}
	s, err := r.Open()
	if err != nil {
		return err
	}
	var rows []row
	for len(rows) < f.limit {
		q.Limit = int64(min(f.limit-len(rows), api.MaxLeaves))
		found, err := s.Client.Records(ctx, q)
		if err != nil {
			return err
		}
		for _, l := range found.Leaves {
			one, err := readLeaf(l)
			if err != nil {
				return err
			}
			rows = append(rows, one)
		}
		if q.Before = found.Before; q.Before == 0 {
			break
		}
	}
	slices.Reverse(rows)
	lines := make([]auditLine, len(rows))
	for i, one := range rows {
		lines[i] = lineOf(one)
	}
	var failed error
	return errors.Join(r.Show(lines, func() { failed = r.showRows(rows) }), failed)
}

// auditLine is a record for other programs. Fields are added, never renamed.
type auditLine struct {
	Leaf         int64    `json:"leaf"`
	Erased       bool     `json:"erased,omitzero"`
	At           string   `json:"at,omitzero"`
	Act          string   `json:"act,omitzero"`
	Outcome      string   `json:"outcome,omitzero"`
	Person       string   `json:"person,omitzero"`
	Organisation string   `json:"organisation,omitzero"`
	Roles        []string `json:"roles,omitzero"`
	Object       string   `json:"object,omitzero"`
	Entry        string   `json:"entry,omitzero"`
	Reason       string   `json:"reason,omitzero"`
	Class        string   `json:"class,omitzero"`
	Policies     []string `json:"policies,omitzero"`
	From         *int64   `json:"from,omitzero"` // with until
	Until        int64    `json:"until,omitzero"`
	Count        int64    `json:"count,omitzero"`
}

func lineOf(one row) auditLine {
	if one.record == nil {
		return auditLine{Leaf: one.leaf, Erased: true}
	}
	l := auditLine{Leaf: one.leaf, At: note.FormatTime(one.record.At), Act: string(one.record.Act), Outcome: string(one.record.Outcome),
		Person: string(one.record.Person), Organisation: string(one.record.Organisation), Object: one.record.Object,
		Entry: string(one.record.Entry), Reason: string(one.record.Reason), Class: string(one.record.Class),
		Policies: one.record.Policies, Until: one.record.Until, Count: one.record.Count}
	if one.record.Until > 0 {
		l.From = &one.record.From
	}
	for _, role := range one.record.Roles {
		l.Roles = append(l.Roles, string(role))
	}
	return l
}

func readLeaf(l api.Leaf) (row, error) {
	if l.Text == "" {
		return row{leaf: l.Index}, nil
	}
	record, err := ledger.ParseRecord(l.Text)
	return row{l.Index, &record}, err
}

func (r *run) showRows(rows []row) error {
	if len(rows) == 0 {
		r.Say("Nessuna riga.\n")
		return nil
	}
	lines := [][]string{{"RIGA", "QUANDO", "CHI", "ATTO", "ESITO", "SU", "MOTIVO"}}
	for _, one := range rows {
		if one.record == nil {
			lines = append(lines, []string{ledger.Number(one.leaf), "(cancellata a fine conservazione)"})
			continue
		}
		why := ""
		if one.record.Reason != "" {
			var err error
			if why, err = italian.Reason(one.record.Reason); err != nil {
				return err
			}
		}
		if one.record.Class != "" {
			why = strings.TrimSpace(why + " [" + string(one.record.Class) + "]")
		}
		lines = append(lines, []string{ledger.Number(one.leaf), r.When(one.record.At), italian.OrDash(string(one.record.Person)),
			italian.Act(one.record.Act), italian.Outcome(one.record.Outcome), italian.OrDash(italian.Line(one.record.Object)), italian.OrDash(why)})
	}
	desk.Table(r.Out, lines)
	return nil
}

// progress shows how far a long reading has come, where somebody looks.
func (r *run) progress(size int64) func(done int64) {
	if !desk.IsTerminal(r.Err) {
		return func(int64) {}
	}
	return func(done int64) {
		end := ""
		if done >= size {
			end = "\n"
		}
		r.Tell("\rRegistro: %d righe di %d%s", done, size, end)
	}
}
