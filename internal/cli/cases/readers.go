package cases

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"varco/internal/act"
	"varco/internal/cli/desk"
	"varco/internal/cli/italian"
	"varco/internal/client"
	"varco/internal/ids"
	"varco/internal/ledger"
)

const readersLong = `Mostra chi ha letto una conversazione del tuo centro o ne ha scaricato gli allegati, quando e con quale motivo.

L'elenco viene dal registro del servizio. Che il registro sia intero lo controlla chi fa la revisione, senza fidarsi del servizio.`

// Readers is the command "readers".
func Readers(d *desk.Desk) *cobra.Command {
	r := &run{d}
	return r.JSONFlag(&cobra.Command{Use: "readers CODICE", Short: "Mostra chi ha letto una conversazione", Long: readersLong, Args: desk.Takes(1, 1),
		Example: "  varco readers t-4kd9-wq7m-x2pn-8rce",
		RunE:    func(c *cobra.Command, args []string) error { return r.runReaders(c.Context(), args[0]) }})
}

func (r *run) runReaders(ctx context.Context, code string) error {
	id, err := parseThread(code)
	if err != nil {
		return err
	}
	s, err := r.Open()
	if err != nil {
		return err
	}
	list, more, err := s.Client.Readers(ctx, id)
	if err != nil {
		return err
	}
	reasons, err := reasonNames(list)
	if err != nil {
		return err
	}
	return r.Show(readingViews(list, more), func() { r.showReaders(list, reasons, more) })
}

// reasonNames are the reasons of readings in the network's words.
func reasonNames(list []client.Reading) (map[act.Reason]string, error) {
	names := map[act.Reason]string{"": "-"}
	for _, one := range list {
		if _, ok := names[one.Reason]; ok {
			continue
		}
		name, err := italian.Reason(one.Reason)
		if err != nil {
			return nil, err
		}
		names[one.Reason] = name
	}
	return names, nil
}

func (r *run) showReaders(list []client.Reading, reasons map[act.Reason]string, more bool) {
	if len(list) == 0 {
		r.Say("Nessuno l'ha ancora letta.\n")
		return
	}
	lines := [][]string{{"QUANDO", "CHI", "DI", "CHE COSA", "MOTIVO", "RICEVUTA"}}
	for _, one := range list {
		place := italian.Line(one.OrganisationName)
		if place == "" {
			place = string(one.Organisation)
		}
		what := "la conversazione"
		if one.Entry != "" {
			what = "un allegato"
		}
		lines = append(lines, []string{r.When(one.At), italian.Called(one.Name, one.Person), place, what, reasons[one.Reason], ledger.Number(one.Leaf)})
	}
	desk.Table(r.Out, lines)
	if more {
		r.Say("Ci sono letture più vecchie di queste: le vede tutte chi controlla il registro.\n")
	}
}

// parseThread reads the code of a conversation as people type it.
func parseThread(code string) (ids.Thread, error) {
	id, err := ids.ParseThread(strings.ToLower(strings.TrimSpace(code)))
	if err != nil {
		return "", desk.Misuse("«%s» non è il codice di una conversazione: si scrive t-xxxx-xxxx-xxxx-xxxx. Controllalo lettera per lettera.",
			italian.Line(code))
	}
	return id, nil
}
