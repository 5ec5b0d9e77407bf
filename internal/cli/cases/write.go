package cases

import (
	"context"
	"strings"

	"github.com/spf13/cobra"

	"varco/internal/act"
	"varco/internal/cli/desk"
	"varco/internal/client"
	"varco/internal/ids"
	"varco/internal/ledger"
)

// writing is what is said to every command that writes in a conversation.
type writing struct {
	text, reason string
	despite      []string // who may read it though nothing may be sealed to her anew
	yes          bool

	wordless bool     // no text is asked for
	also     []string // is sent with the text
}

// writingFlags are those of all such commands.
func writingFlags(c *cobra.Command, w *writing, text string) {
	c.Flags().StringVar(&w.text, "text", "", text)
	c.Flags().BoolVar(&w.yes, "yes", false, "non chiede conferma")
	reasonFlag(c, &w.reason)
}

// outgoing is what is about to be written, and where.
type outgoing struct {
	*reader
	v       *client.Conversation
	text    string
	despite []ids.Person
}

// write reads a conversation, asks for the text and for what gives pause, and sends. What was typed
// and not sent is shown again.
func (r *run) write(ctx context.Context, code string, w writing, send func(outgoing) (ledger.Receipt, error)) (ledger.Receipt, error) {
	var receipt ledger.Receipt
	u, v, err := r.toWrite(ctx, code, w.reason)
	if err != nil {
		return receipt, err
	}
	if v.State.Member(u.Person()) == nil {
		return receipt, desk.Failed("Non fai più parte di questa conversazione: non è stato scritto nulla.")
	}
	text, typed := w.text, false
	if !w.wordless {
		if text, typed, err = r.Text(w.text); err != nil {
			return receipt, err
		}
	}
	err = r.secondLook(strings.Join(append([]string{text}, w.also...), "\n"), w.yes)
	if err == nil {
		receipt, err = r.dispatch(u, v, text, w.despite, send)
	}
	if err != nil {
		return receipt, r.giveBack(err, text, typed)
	}
	return receipt, nil
}

// dispatch sends, once she has said yes to those who may read it in spite of something.
func (r *run) dispatch(u *reader, v *client.Conversation, text string, given []string,
	send func(outgoing) (ledger.Receipt, error)) (ledger.Receipt, error) {
	despite, err := r.despite(u.directory, v, given)
	if err != nil {
		return ledger.Receipt{}, err
	}
	receipt, err := send(outgoing{u, v, text, despite})
	if err != nil {
		return receipt, r.notPosted(u.directory, v, err)
	}
	return receipt, nil
}

// toWrite reads a conversation for somebody who wants to do something in it.
func (r *run) toWrite(ctx context.Context, code, reason string) (*reader, *client.Conversation, error) {
	u, err := r.reader(ctx)
	if err != nil {
		return nil, nil, err
	}
	v, err := r.readWarned(ctx, u, code, reason, act.ReasonAnswer)
	return u, v, err
}

// recorded says when something was written, and what proves it.
func (r *run) recorded(receipt ledger.Receipt) {
	r.Say("Registrato il %s. Ricevuta %s.\n", r.When(receipt.AdmittedAt), receipt.Number())
}
