package cli

import (
	"context"
	"errors"
	"io"

	"github.com/spf13/cobra"

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
		return r.fillBundle(ctx, w, audit)
	})
	if err != nil {
		return err
	}
	r.Say(bundledText, path, audit.Checkpoint.Size, path)
	return nil
}

func (r *run) fillBundle(ctx context.Context, w io.Writer, audit *client.Audit) error {
	parcel, err := audit.Parcel(w)
	if err != nil {
		return err
	}
	progress := r.progress(parcel.Size())
	for {
		_, err := parcel.Next(ctx)
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		progress(parcel.Done())
	}
}
