package cli

import (
	"context"

	"varco/internal/cli/desk"
	"varco/internal/cli/italian"

	"github.com/spf13/cobra"
)

func (r *run) whoami() *cobra.Command {
	return &cobra.Command{Use: "whoami", Short: "Dice chi è entrata su questo computer", Args: desk.Takes(0, 0),
		RunE: func(c *cobra.Command, _ []string) error { return r.runWhoami(c.Context()) }}
}

func (r *run) runWhoami(ctx context.Context) error {
	s, err := r.Open()
	if err != nil {
		return err
	}
	me, err := s.Client.Me(ctx)
	if err != nil {
		return err
	}
	steward := ""
	if me.Steward {
		steward = ", tiene l'elenco della sua organizzazione"
	}
	desk.Table(r.Out, [][]string{
		{"persona", string(me.Person)},
		{"organizzazione", placeText(me)},
		{"ruolo oggi", italian.Roles(me.Roles) + steward},
		{"servizio", italian.Line(s.Profile.Service)},
		{"accesso fino al", r.When(s.Kept.Expires)},
	})
	return nil
}

func (r *run) logout() *cobra.Command {
	return &cobra.Command{Use: "logout", Short: "Esce", Args: desk.Takes(0, 0),
		RunE: func(c *cobra.Command, _ []string) error { return r.runLogout(c.Context()) }}
}

func (r *run) runLogout(ctx context.Context) error {
	s, err := r.Open()
	if err != nil {
		return err
	}
	told := s.Client.SignOut(ctx)
	if err := s.Profile.End(); err != nil {
		return err
	}
	if desk.IsOurs(told) {
		return desk.Because(told, "Su questo computer sei uscita. Il servizio però non ha risposto: là l'accesso finisce da solo, "+
			"al più tardi alle %s.", r.When(s.Kept.Expires))
	}
	r.Say("Sei uscita. Il programma non ha lasciato scritto nulla di quello che hai letto; quello che è ancora su questa\n" +
		"finestra sparisce quando la chiudi.\n")
	return nil
}
