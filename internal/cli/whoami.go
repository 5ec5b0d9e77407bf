package cli

import (
	"context"

	"varco/internal/cli/desk"
	"varco/internal/cli/italian"
	"varco/internal/client"

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
	due, err := s.Client.Reminders(ctx)
	if err != nil {
		return err
	}
	for _, reminder := range due {
		r.Say("%s\n", r.reminded(reminder))
	}
	return nil
}

// reminded says what has to be renewed, and by whom.
func (r *run) reminded(due client.Reminder) string {
	day := r.Day(due.Expires)
	who := italian.Called(due.Name, due.Person)
	switch due.Due {
	case client.DueRoster:
		if due.Own {
			return "L'elenco della tua organizzazione vale fino al " + day + ": firmalo di nuovo, varco roster sign --renew"
		}
		return "L'elenco della tua organizzazione vale fino al " + day + ": lo deve rifirmare chi lo tiene."
	case client.DueRenewed:
		if due.Own {
			return who + " ha rinnovato la carta: mettila nell'elenco, varco roster sign --renew"
		}
		return "La tua carta è rinnovata e aspetta chi tiene l'elenco. Quella di adesso vale fino al " + day + "."
	case client.DueSteward:
		if due.Own {
			return "La tua carta di chi tiene l'elenco vale fino al " + day + ": rinnovala alla cerimonia, varco enrol --request FILE"
		}
	case client.DueCard:
		if due.Own {
			return "La tua carta vale fino al " + day + ": rinnovala, varco card renew"
		}
	}
	return "La carta di " + who + " vale fino al " + day + ": la deve rinnovare lei."
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
