package cases

import (
	"context"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"varco/internal/cli/desk"
	"varco/internal/cli/italian"
	"varco/internal/client"
)

const (
	receiptLong = `Chiede al registro la prova che una voce di una conversazione è registrata, e la controlla su questo computer: il registro
firma quante righe ha e quali sono, e da lì alla riga della voce ogni passo torna.

La voce si indica con il suo numero nella conversazione, con il numero della ricevuta (R-…) o con il suo codice (e-…);
se non la indichi è l'ultima.`
	receiptExample = `  varco receipt verify t-4kd9-wq7m-x2pn-8rce
  varco receipt verify t-4kd9-wq7m-x2pn-8rce R-1234-82`
	provenText = `La ricevuta è vera: la voce è nel registro.

`
)

// Receipt is the command "receipt".
func Receipt(d *desk.Desk) *cobra.Command {
	r := &run{d}
	var reason string
	verify := &cobra.Command{Use: "verify CODICE [VOCE]", Short: "Controlla che una voce sia nel registro", Long: receiptLong,
		Example: receiptExample, Args: desk.Takes(1, 2),
		RunE: func(c *cobra.Command, args []string) error { return r.runVerify(c.Context(), args, reason) }}
	reasonFlag(verify, &reason)
	return desk.Group("receipt", "Le ricevute", r.PhraseFlag(verify))
}

func (r *run) runVerify(ctx context.Context, args []string, reason string) error {
	if args[0] != "" && strings.ContainsRune("eER", rune(args[0][0])) {
		return desk.Misuse("Serve prima il codice della conversazione: varco receipt verify t-… %s", italian.Line(args[0]))
	}
	if _, err := parseThread(args[0]); err != nil {
		return err
	}
	u, err := r.reader(ctx)
	if err != nil {
		return err
	}
	v, err := r.readWarned(ctx, u, args[0], reason, "")
	if err != nil {
		return err
	}
	entry := &v.Entries[len(v.Entries)-1]
	if len(args) > 1 {
		if entry = findEntry(v, args[1]); entry == nil {
			return desk.Failed("In questa conversazione non c'è la voce «%s». Le voci e le ricevute: varco thread read %s", italian.Line(args[1]), args[0])
		}
	}
	proven, err := u.VerifyReceipt(ctx, entry.Receipt)
	if err != nil {
		return err
	}
	r.Say(provenText)
	desk.Table(r.Out, [][]string{
		{"voce", strconv.FormatInt(entry.Entry.Sequence, 10) + " di " + string(proven.Receipt.Thread)},
		{"scritta da", italian.Called(entry.Name, entry.Entry.Author)},
		{"ricevuta", proven.Receipt.Number() + " del " + r.When(proven.Receipt.AdmittedAt)},
		{"registro", italian.Line(proven.Checkpoint.Origin) + ", firmato quando aveva " + strconv.FormatInt(proven.Checkpoint.Size, 10) + " righe"},
		{"testimoni", r.witnessed(proven)},
	})
	return nil
}

// witnessed says how well it is known that the log shows everybody the same.
func (r *run) witnessed(p client.Proven) string {
	switch {
	case p.Standing == client.Witnessed:
		names := make([]string, len(p.By))
		for i, by := range p.By {
			names[i] = italian.Line(by.Name)
		}
		return strings.Join(names, ", ") + ", dal " + r.When(p.WitnessedAt)
	case p.Unwitnessed:
		return "nessuno: questo registro non ha testimoni, e vale per quello che dice di sé"
	}
	return "non ancora: riprova tra un paio di minuti"
}

// findEntry finds an entry by its place, its code or the number of its receipt.
func findEntry(v *client.Conversation, typed string) *client.Shown {
	for i := range v.Entries {
		s := &v.Entries[i]
		if strconv.FormatInt(s.Entry.Sequence, 10) == typed || strings.EqualFold(string(s.Entry.ID), typed) ||
			strings.EqualFold(s.Receipt.Number(), typed) {
			return s
		}
	}
	return nil
}
