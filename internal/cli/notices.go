package cli

import (
	"context"

	"varco/internal/cli/desk"
	"varco/internal/cli/italian"

	"github.com/spf13/cobra"
)

func (r *run) notices() *cobra.Command {
	var address string
	var none bool
	c := &cobra.Command{Use: "notices", Short: "Dice o cambia dove ricevi gli avvisi per posta", Args: desk.Takes(0, 0),
		Long: "Dice o cambia dove ricevi gli avvisi per posta.\n\n" +
			"Un avviso è sempre uguale, qualunque cosa sia arrivata: oggetto «Agenda», testo «1 aggiornamento», a ore fisse.\n" +
			"Non nomina nessuno e non contiene collegamenti. Scegli una casella che leggi solo tu.",
		RunE: func(c *cobra.Command, _ []string) error {
			return r.runNotices(c.Context(), address, c.Flags().Changed("address"), none)
		}}
	c.Flags().StringVar(&address, "address", "", "`casella` dove ricevere gli avvisi")
	c.Flags().BoolVar(&none, "none", false, "non ricevere avvisi")
	c.MarkFlagsMutuallyExclusive("address", "none")
	return c
}

func (r *run) runNotices(ctx context.Context, address string, given, none bool) error {
	s, err := r.Open()
	if err != nil {
		return err
	}
	if given || none {
		if err := s.Client.PutNotices(ctx, address); err != nil {
			return err
		}
	} else if address, err = s.Client.Notices(ctx); err != nil {
		return err
	}
	if address == "" {
		r.Say("Non ricevi avvisi per posta.\n")
		return nil
	}
	r.Say("Gli avvisi arrivano a %s.\n", italian.Line(address))
	return nil
}
