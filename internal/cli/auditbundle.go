package cli

import (
	"context"
	"io"

	"github.com/spf13/cobra"

	"varco/internal/api"
	"varco/internal/bundle"
	"varco/internal/cli/desk"
	"varco/internal/cli/profile"
	"varco/internal/client"
)

const (
	bundleLong = `Porta via il registro intero in un file, con le carte, gli elenchi e le firme che servono per controllarlo.
Nel file non ci sono contenuti né nomi. Si controlla senza collegarsi, con un programma a parte: varco-verify.`
	bundledText = `Nel file %s ci sono %d righe del registro, fino a quella che dice che lo hai preso.
Per controllarlo, anche senza rete: varco-verify %s
`
)

func (r *run) auditBundle() *cobra.Command {
	return &cobra.Command{Use: "bundle FILE", Short: "Porta via il registro in un file, da controllare senza il servizio", Long: bundleLong,
		Example: "  varco audit bundle registro.jsonl", Args: desk.Takes(1, 1),
		RunE: func(c *cobra.Command, args []string) error { return r.runBundle(c.Context(), args[0]) }}
}

func (r *run) runBundle(ctx context.Context, path string) error {
	if err := desk.Absent(path); err != nil {
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
	err = profile.WriteFile(path, func(w io.Writer) error {
		return r.fillBundle(ctx, w, s.Profile.Anchors.Origin, audit)
	})
	if err != nil {
		return err
	}
	r.Say(bundledText, path, audit.Checkpoint.Size, path)
	return nil
}

func (r *run) fillBundle(ctx context.Context, w io.Writer, origin string, audit *client.Audit) error {
	checkpoints := make([]bundle.Checkpoint, len(audit.Checkpoints))
	for i, c := range audit.Checkpoints {
		checkpoints[i] = bundle.Checkpoint{Note: c.Note, Size: c.Size}
	}
	out, err := bundle.NewWriter(w, origin, checkpoints)
	if err != nil {
		return err
	}
	progress := r.progress(audit.Checkpoint.Size)
	if err := audit.Leaves(ctx, func(page api.AuditPage) error {
		leaves := make([]bundle.Leaf, len(page.Leaves))
		for i, l := range page.Leaves {
			leaves[i] = bundle.Leaf{Index: l.Index, Commitment: l.Commitment, Salt: l.Salt, Text: l.Text}
		}
		progress(leaves[len(leaves)-1].Index + 1)
		return out.Page(bundle.Page{Leaves: leaves, Cards: page.Cards, Rosters: page.Rosters, Headers: page.Headers, Receipts: page.Receipts})
	}); err != nil {
		return err
	}
	return out.Close()
}
