package cli

import (
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"varco/internal/act"
	"varco/internal/api"
	"varco/internal/cli/desk"
	"varco/internal/cli/italian"
	"varco/internal/ids"
	"varco/internal/ledger"
)

const (
	auditLong = `Mostra il registro: chi ha fatto che cosa, quando, con quale motivo e con quale esito. Ci sono codici, mai contenuti né nomi.

Quello che si vede qui lo dice il servizio. Per controllare che il registro sia intero, senza fidarsi: varco audit bundle.
Anche questa lettura resta registrata.`
	auditExample = `  varco audit --limit 20
  varco audit --person p-nk52-6z4f-edw8-fsvs --act thread.read
  varco audit --outcome deny`
)

type auditFlags struct {
	person, what, outcome, object string
	limit                         int
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
	c.Flags().IntVar(&f.limit, "limit", 50, "le ultime `quante` righe")
	desk.Completes(c, "act", act.Acts)
	desk.Completes(c, "outcome", act.Outcomes)
	c.AddCommand(r.auditBundle())
	return c
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
	case f.limit < 1:
		return desk.Misuse("--limit è un numero da 1 in su.")
	}
	return nil
}

// wants reports whether a record is one that was asked for.
func (f auditFlags) wants(r ledger.Record) bool {
	return (f.person == "" || string(r.Person) == f.person) && (f.what == "" || string(r.Act) == f.what) &&
		(f.outcome == "" || string(r.Outcome) == f.outcome) && (f.object == "" || r.Object == f.object)
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
	s, err := r.Open()
	if err != nil {
		return err
	}
	audit, err := s.Client.BeginAudit(ctx)
	if err != nil {
		return err
	}
	progress := r.progress(audit.Checkpoint.Size)
	var rows []row
	err = audit.Leaves(ctx, func(page api.AuditPage) error {
		for _, l := range page.Leaves {
			one, err := readLeaf(l)
			if err != nil {
				return err
			}
			if one.record == nil && f != (auditFlags{limit: f.limit}) || one.record != nil && !f.wants(*one.record) {
				continue
			}
			rows = append(rows, one)
		}
		rows = rows[max(0, len(rows)-f.limit):]
		progress(page.Leaves[len(page.Leaves)-1].Index + 1)
		return nil
	})
	if err != nil {
		return err
	}
	return r.showRows(rows)
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
