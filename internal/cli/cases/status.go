package cases

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"varco/internal/act"
	"varco/internal/cli/desk"
	"varco/internal/cli/italian"
	"varco/internal/client"
	"varco/internal/ledger"
	"varco/internal/thread"
	"varco/policies"
)

const (
	requestLong = `Chiede qualcosa in una conversazione: un documento, un'attestazione, una risposta entro un giorno. Ogni cosa che serve è
una voce (--item), così chi risponde non ne salta nessuna. Il giorno entro cui serve lo vede anche il servizio; il resto no.`
	statusLong = `Dice a che punto è una conversazione: che cosa si aspetta, se è risolta, se è chiusa e con quale esito.

Lo stato e l'esito li vede anche il servizio, perché servono alle liste; il testo, se c'è, no. Una conversazione chiusa si
riapre con --phase open. Trenta giorni dopo la chiusura le referenti INPS non la leggono più: i giorni ricominciano solo se la
riapre il centro.`
)

type statusFlags struct {
	writing
	phase, waits, outcome, reference string
}

func (r *run) status() *cobra.Command {
	var f statusFlags
	c := &cobra.Command{Use: "status CODICE", Short: "Dice a che punto è una conversazione", Long: statusLong, Args: desk.Takes(1, 1),
		Example: "  varco thread status t-4kd9-wq7m-x2pn-8rce --phase closed --outcome ACCOLTA",
		RunE:    func(c *cobra.Command, args []string) error { return r.runStatus(c.Context(), args[0], f) }}
	c.Flags().StringVar(&f.phase, "phase", "", "la `fase`: open, resolved o closed")
	c.Flags().StringVar(&f.waits, "waits", "", "chi deve fare il prossimo `passo`: centre, inps o partner")
	c.Flags().StringVar(&f.outcome, "outcome", "", "l'`esito`, un codice in maiuscolo")
	c.Flags().StringVar(&f.reference, "reference", "", "il `numero` di protocollo dell'istituto")
	writingFlags(c, &f.writing, "un `testo` che accompagna lo stato")
	desk.Completes(c, "phase", []string{"open", "resolved", "closed"})
	if outcomes, err := policies.Outcomes(); err == nil { // what is wrong with them is said when the command runs
		codes := make([]string, len(outcomes))
		for i, o := range outcomes {
			codes[i] = o.Code
		}
		desk.Completes(c, "outcome", codes)
	}
	desk.Completes(c, "waits", []string{"centre", "inps", "partner"})
	return r.PhraseFlag(c)
}

func (r *run) runStatus(ctx context.Context, code string, f statusFlags) error {
	s := thread.Status{Phase: thread.Phase(f.phase), Waits: act.Kind(f.waits), Outcome: strings.ToUpper(f.outcome)}
	switch s.Phase {
	case thread.PhaseOpen, thread.PhaseResolved, thread.PhaseClosed:
	default:
		return desk.Misuse("Serve --phase: open (c'è ancora da fare), resolved (quello che si chiedeva è fatto) o closed (chiusa).")
	}
	if err := knownOutcome(s.Outcome); err != nil {
		return err
	}
	f.wordless = true
	receipt, err := r.write(ctx, code, f.writing, func(o outgoing) (ledger.Receipt, error) {
		return o.SetStatus(ctx, o.v, s, client.Content{Text: o.text, Reference: f.reference}, o.despite...)
	})
	if err != nil {
		return err
	}
	r.Say("Registrato il %s: %s. Ricevuta %s.\n", r.When(receipt.AdmittedAt), italian.Status(s), receipt.Number())
	return nil
}

// knownOutcome refuses an outcome that the network does not have, before anything is sent.
func knownOutcome(code string) error {
	all, err := policies.Outcomes()
	if err != nil || code == "" {
		return err
	}
	codes := make([]string, len(all))
	for i, o := range all {
		if o.Code == code {
			return nil
		}
		codes[i] = o.Code + " (" + o.It + ")"
	}
	return desk.Misuse("Un esito così non c'è. Ci sono: %s.", strings.Join(codes, ", "))
}

type requestFlags struct {
	writing
	items []string
	due   string
}

func (r *run) request() *cobra.Command {
	var f requestFlags
	c := &cobra.Command{Use: "request CODICE", Short: "Chiede qualcosa, voce per voce, entro un giorno", Long: requestLong, Args: desk.Takes(1, 1),
		Example: "  varco thread request t-4kd9-wq7m-x2pn-8rce --item \"attestazione del servizio sociale\" --due 2026-11-30",
		RunE:    func(c *cobra.Command, args []string) error { return r.runRequest(c.Context(), args[0], f) }}
	c.Flags().StringArrayVar(&f.items, "item", nil, "una `cosa` che serve; si può ripetere")
	c.Flags().StringVar(&f.due, "due", "", "il `giorno` entro cui serve")
	writingFlags(c, &f.writing, "il `testo`")
	return r.PhraseFlag(c)
}

func (r *run) runRequest(ctx context.Context, code string, f requestFlags) error {
	var due thread.Day
	if f.due != "" {
		day, err := r.ParseDay(f.due)
		if err != nil {
			return err
		}
		due = thread.Day(day.Format("2006-01-02"))
	}
	f.wordless, f.also = len(f.items) > 0 && f.text == "", f.items
	receipt, err := r.write(ctx, code, f.writing, func(o outgoing) (ledger.Receipt, error) {
		return o.Request(ctx, o.v, client.Content{Text: o.text, Items: f.items}, due, o.despite...)
	})
	if err != nil {
		return err
	}
	r.recorded(receipt)
	return nil
}
