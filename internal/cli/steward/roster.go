// Package steward holds the commands of those who say who is who: the roster of an
// organisation, and the ceremony at which the network's root endorses its stewards.
package steward

import (
	"context"

	"github.com/spf13/cobra"

	"varco/internal/card"
	"varco/internal/cli/desk"
	"varco/internal/cli/italian"
	"varco/internal/client"
)

// run is one run of the program.
type run struct{ *desk.Desk }

// Roster is the command "roster".
func Roster(d *desk.Desk) *cobra.Command {
	r := &run{d}
	show := &cobra.Command{Use: "show [ORGANIZZAZIONE]", Short: "Mostra un elenco, quello della tua organizzazione se non dici quale",
		Args: desk.Takes(0, 1), RunE: func(c *cobra.Command, args []string) error { return r.runRosterShow(c.Context(), args) }}
	return desk.Group("roster", "Gli elenchi: chi lavora dove, con quale ruolo", show, r.rosterSign())
}

func (r *run) runRosterShow(ctx context.Context, args []string) error {
	s, err := r.Open()
	if err != nil {
		return err
	}
	d, err := s.Client.KnownDirectory(ctx)
	if err != nil {
		return err
	}
	o := d.Own
	if len(args) > 0 {
		if o, err = desk.Pick(desk.Organisations(d), args[0], "organizzazione", desk.OrganisationOf); err != nil {
			return err
		}
	}
	r.showRoster(o)
	if o == d.Own {
		r.showWaiting(o)
	}
	return nil
}

func (r *run) showRoster(o *client.Organisation) {
	if o.Kind == "" {
		r.Say("Organizzazione %s: nessuno è ancora stato autorizzato a firmarne l'elenco.\n", italian.Line(string(o.ID)))
		return
	}
	r.Say("%s\n", desk.PlaceOf(o))
	if o.Roster == nil {
		r.Say("Non ha ancora un elenco.\n")
		return
	}
	r.Say("Elenco numero %d, firmato il %s da %s, vale fino al %s.\n", o.Roster.Version, r.When(o.Roster.Issued),
		italian.Called(desk.NameIn(o, o.Roster.Steward), o.Roster.Steward), r.Day(o.Roster.Expires))
	lines := [][]string{{"PERSONA", "RUOLO", "ATTO", "NELL'ELENCO", "CARTA"}}
	for i := range o.People {
		p := &o.People[i]
		lines = append(lines, []string{italian.Called(p.Name, p.ID), italian.Roles(p.Seat.Roles), italian.OrDash(italian.Line(p.Seat.Act)),
			r.Span(p.Seat.From, p.Seat.Until), cardState(p)})
	}
	desk.Table(r.Out, lines)
	for _, s := range o.Roster.Substitutions {
		r.Say("%s\n", r.substitution(o, s))
	}
}

func cardState(p *client.Person) string {
	switch {
	case p.Changed:
		return "CAMBIATA, da confrontare"
	case p.Barred != nil:
		return "non vale oggi"
	default:
		return "in ordine"
	}
}

func (r *run) substitution(o *client.Organisation, s card.Substitution) string {
	return italian.Called(desk.NameIn(o, s.Who), s.Who) + " sostituisce " + italian.Called(desk.NameIn(o, s.For), s.For) + " " + r.Span(s.From, s.Until)
}

// showWaiting shows the cards that are on no roster yet.
func (r *run) showWaiting(o *client.Organisation) {
	if len(o.Waiting) == 0 {
		return
	}
	r.Say("\nCarte che aspettano di entrare nell'elenco:\n")
	var lines [][]string
	for _, c := range o.Waiting {
		lines = append(lines, []string{string(c.Person), "del " + r.When(c.Issued), italian.Words(client.Words(c))})
	}
	desk.Table(r.Out, lines)
	r.Say("Prima di firmare fatti leggere le parole a voce dalla persona, e confrontale.\n")
}
