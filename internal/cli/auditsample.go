package cli

import (
	"context"
	"errors"
	"slices"

	"github.com/spf13/cobra"

	"varco/internal/act"
	"varco/internal/api"
	"varco/internal/cli/desk"
	"varco/internal/cli/italian"
	"varco/internal/ledger"
)

const (
	sampleLong = `Estrae a sorte righe del registro, per esaminarle: per esempio le letture, con il motivo che è stato dato.

Il seme dell'estrazione resta nel registro prima che si sappia che cosa esce: chi ha il registro (varco audit bundle) rifà la stessa
estrazione con varco-verify, e vede anche quelle che sono state rifatte.`
	sampleExample = `  varco audit sample --count 20
  varco audit sample --act blob.read --from 2026-06-01 --to 2026-06-30 --count 10 --json`
	sampleText = `Campione %s: %d righe estratte a sorte fra %d, dalla riga %d alla riga %d del registro.
Seme: %s

`
)

type sampleFlags struct {
	what, from, to string
	count          int64
}

func (r *run) auditSample() *cobra.Command {
	var f sampleFlags
	c := &cobra.Command{Use: "sample", Short: "Estrae a sorte righe da esaminare", Long: sampleLong, Example: sampleExample, Args: desk.Takes(0, 0),
		RunE: func(c *cobra.Command, _ []string) error { return r.runAuditSample(c.Context(), f) }}
	c.Flags().StringVar(&f.what, "act", string(act.ThreadRead), "righe di questo `atto`")
	c.Flags().StringVar(&f.from, "from", "", "da questo `giorno` (2026-11-01)")
	c.Flags().StringVar(&f.to, "to", "", "fino a questo `giorno` compreso")
	c.Flags().Int64Var(&f.count, "count", 20, "`quante` righe")
	desk.Completes(c, "act", act.Acts)
	return r.JSONFlag(c)
}

// sampleLine is a sample for other programs. Fields are added, never renamed.
type sampleLine struct {
	Leaf     int64       `json:"leaf"`
	Number   string      `json:"number"`
	Seed     string      `json:"seed"`
	Act      string      `json:"act"`
	From     int64       `json:"from"`
	Until    int64       `json:"until"`
	Count    int64       `json:"count"`
	Matching int64       `json:"matching"`
	Records  []auditLine `json:"records"`
}

func (r *run) runAuditSample(ctx context.Context, f sampleFlags) error {
	if !slices.Contains(act.Acts, act.Act(f.what)) {
		return desk.Misuse("Non c'è un atto «%s». Guarda: varco audit --help", italian.Line(f.what))
	}
	if f.count < 2 || f.count > ledger.MaxSample {
		return desk.Misuse("--count è un numero da 2 a %d.", ledger.MaxSample)
	}
	days, err := auditFlags{from: f.from, to: f.to}.search()
	if err != nil {
		return err
	}
	s, err := r.Open()
	if err != nil {
		return err
	}
	drawn, err := s.Client.DrawSample(ctx, api.DrawSample{Act: act.Act(f.what), From: days.From, Until: days.Until, Count: f.count})
	if err != nil {
		return err
	}
	shown := sampleLine{Leaf: drawn.Leaf, Number: ledger.Number(drawn.Leaf), Seed: drawn.Seed.String(), Act: f.what, From: drawn.From,
		Until: drawn.Until, Count: drawn.Count, Matching: drawn.Matching, Records: []auditLine{}}
	var rows []row
	for _, l := range drawn.Leaves {
		one, err := readLeaf(l)
		if err != nil {
			return err
		}
		rows, shown.Records = append(rows, one), append(shown.Records, lineOf(one))
	}
	var failed error
	return errors.Join(r.Show(shown, func() {
		r.Say(sampleText, shown.Number, len(rows), shown.Matching, shown.From, shown.Until-1, shown.Seed)
		failed = r.showRows(rows)
	}), failed)
}
