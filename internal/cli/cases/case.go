// Package cases holds the commands of those who work on cases: opening one, reading and
// answering, recusing, who can read and who has read, and the proof of a receipt.
package cases

import (
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"varco/internal/cli/desk"
	"varco/internal/cli/italian"
	"varco/internal/client"
	"varco/internal/ids"
	"varco/internal/thread"
)

const caseShowLong = `Mostra chi fa parte di un caso o di una conversazione, con quale posto: chi può leggere.
Quello che mostra è controllato sulle carte di ciascuna, quindi apre le conversazioni: la lettura resta registrata.`

// run is one run of the program.
type run struct{ *desk.Desk }

// Case is the command "case".
func Case(d *desk.Desk) *cobra.Command {
	r := &run{d}
	list := &cobra.Command{Use: "list", Short: "Elenca i tuoi casi", Args: desk.Takes(0, 0),
		RunE: func(c *cobra.Command, _ []string) error { return r.runCaseList(c.Context()) }}
	var reason string
	show := &cobra.Command{Use: "show CODICE", Short: "Mostra chi può leggere un caso", Long: caseShowLong, Args: desk.Takes(1, 1),
		Example: "  varco case show c-4kd9-wq7m-x2pn-8rcf      (un caso, con tutte le sue conversazioni)\n" +
			"  varco case show t-4kd9-wq7m-x2pn-8rce      (una conversazione)",
		RunE: func(c *cobra.Command, args []string) error { return r.runCaseShow(c.Context(), args[0], reason) }}
	reasonFlag(show, &reason)
	return desk.Group("case", "I casi: aprire, elencare, escludere, vedere chi può leggere", r.caseOpen(), r.caseWith(), r.caseExclude(), r.JSONFlag(list), r.PhraseFlag(show))
}

func (r *run) runCaseList(ctx context.Context) error {
	s, err := r.Open()
	if err != nil {
		return err
	}
	list, err := s.Client.Cases(ctx)
	if err != nil {
		return err
	}
	sorted := byCase(list)
	return r.Show(listedViews(sorted), func() { r.showList(sorted) })
}

func (r *run) showList(list []client.Listed) {
	if len(list) == 0 {
		r.Say("Non c'è nessun caso.\n")
		return
	}
	lines := [][]string{{"CASO", "CONVERSAZIONE", "TIPO", "CON", "ARGOMENTO", "URGENZA", "IL TUO POSTO", "STATO", "ENTRO", "ULTIMA"}}
	for _, l := range list {
		lines = append(lines, r.listed(l))
	}
	desk.Table(r.Out, lines)
}

// byCase keeps the threads of a case together, in the order of the case's newest one.
func byCase(list []client.Listed) []client.Listed {
	first := map[ids.Case]int{}
	for i, l := range list {
		if _, ok := first[l.Case]; !ok && l.Case != "" {
			first[l.Case] = i
		}
	}
	at := map[ids.Thread]int{}
	for i, l := range list {
		at[l.Thread] = i
		if l.Case != "" {
			at[l.Thread] = first[l.Case]
		}
	}
	sorted := slices.Clone(list)
	slices.SortStableFunc(sorted, func(a, b client.Listed) int { return at[a.Thread] - at[b.Thread] })
	return sorted
}

func (r *run) listed(l client.Listed) []string {
	with := l.WithName
	if l.Case == "" { // the centre's side alone knows the case
		with = l.CentreName
	}
	return []string{italian.OrDash(string(l.Case)), string(l.Thread), italian.Side(thread.Side(l.Side)), italian.OrDash(italian.Line(with)),
		italian.OrDash(italian.Line(l.Topic)), italian.OrDash(italian.Line(l.Urgency)), italian.Seat(l.Seat),
		italian.Status(thread.Status{Phase: thread.Phase(l.Phase), Waits: l.Waits, Outcome: l.Outcome}), italian.OrDash(italian.Line(l.Due)), r.When(l.LastAt) + ", " + italian.Seat(l.LastSeat)}
}

func (r *run) runCaseShow(ctx context.Context, code, reason string) error {
	u, err := r.reader(ctx)
	if err != nil {
		return err
	}
	codes := []string{code}
	if id, err := ids.ParseCase(strings.ToLower(code)); err == nil {
		if codes, err = threadsOf(ctx, u.Client, id); err != nil {
			return err
		}
	}
	for i, one := range codes {
		v, err := r.readWarned(ctx, u, one, reason, "")
		if err != nil {
			return err
		}
		heading, err := r.heading(u.directory, &v.State)
		if err != nil {
			return err
		}
		if i > 0 {
			r.Say("\n")
		}
		r.Say("%s\n", heading)
		r.showMembers(u.directory, v)
	}
	return nil
}

func threadsOf(ctx context.Context, c *client.Client, id ids.Case) ([]string, error) {
	list, err := c.Cases(ctx)
	if err != nil {
		return nil, err
	}
	var codes []string
	for _, l := range list {
		if l.Case == id {
			codes = append(codes, string(l.Thread))
		}
	}
	if len(codes) == 0 {
		return nil, desk.Failed("Non hai nessun caso con il codice %s. Controllalo lettera per lettera: varco case list", id)
	}
	return codes, nil
}
