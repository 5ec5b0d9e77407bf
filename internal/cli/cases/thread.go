package cases

import (
	"context"
	"errors"
	"strings"

	"github.com/spf13/cobra"

	"varco/internal/act"
	"varco/internal/cli/desk"
	"varco/internal/cli/italian"
	"varco/internal/client"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/ledger"
)

const (
	readLong = `Apre una conversazione e la controlla tutta: chi ha scritto, in quale ordine, che non manchi nulla.
Ogni lettura resta registrata. Chi lavora in INPS dice il motivo, e il centro lo vede; vale per quindici minuti.`
	postLong = `Scrive in una conversazione. Il testo viene chiuso su questo computer per le persone della conversazione.

Senza --text il testo si scrive quando viene chiesto, oppure arriva dallo standard input. Su un computer usato da altri
preferisci scriverlo: un'opzione può vederla chi guarda i programmi in esecuzione.
Se il testo sembra contenere un codice fiscale, un IBAN, un indirizzo o un recapito, il programma chiede conferma.`
	recuseLong = `Lasci la conversazione: per esempio perché conosci una delle persone. Non si dice perché, e non si può annullare.
Per astenersi non serve aprirla. La sostituta, se c'è, può aprire da subito; il centro vede che ti sei astenuta. Chi lavora al centro può uscire così da un
caso che seguono altre colleghe.`
	askRecuse = "Ti astieni? Non si può annullare: da ora questa conversazione non la leggi più, e il centro lo vede."
)

// Thread is the command "thread".
func Thread(d *desk.Desk) *cobra.Command {
	r := &run{d}
	var reason string
	read := &cobra.Command{Use: "read CODICE", Short: "Legge una conversazione", Long: readLong, Args: desk.Takes(1, 1),
		Example: "  varco thread read t-4kd9-wq7m-x2pn-8rce\n  varco thread read t-4kd9-wq7m-x2pn-8rce --reason new     (referente INPS)",
		RunE:    func(c *cobra.Command, args []string) error { return r.runRead(c.Context(), args[0], reason) }}
	reasonFlag(read, &reason)
	recuse := r.recuse()
	return desk.Group("thread", "Le conversazioni: leggere, scrivere, chi ne fa parte, a che punto sono", r.JSONFlag(r.PhraseFlag(read)),
		r.post(), r.attach(), r.fetch(), r.export(), r.request(), r.status(), r.add(), r.remove(), r.grant(), r.PhraseFlag(recuse))
}

func reasonFlag(c *cobra.Command, reason *string) {
	c.Flags().StringVar(reason, "reason", "", "`motivo` per cui una referente INPS apre: new, answer, verify, deadline, substitution, centre-asked")
	desk.Completes(c, "reason", act.Reasons)
}

func (r *run) runRead(ctx context.Context, code, reason string) error {
	u, err := r.reader(ctx)
	if err != nil {
		return err
	}
	v, err := r.readThread(ctx, u, code, reason, "")
	if err != nil {
		return err
	}
	heading, err := r.heading(u.directory, &v.State)
	if err != nil {
		return err
	}
	err = r.Show(viewOf(v), func() { r.showConversation(u.directory, v, heading) })
	r.warn(v)
	return err
}

type postFlags struct {
	writing
	attach []string
}

func (r *run) post() *cobra.Command {
	var f postFlags
	c := &cobra.Command{Use: "post CODICE", Short: "Scrive in una conversazione", Long: postLong, Args: desk.Takes(1, 1),
		Example: "  varco thread post t-4kd9-wq7m-x2pn-8rce\n  varco thread post t-4kd9-wq7m-x2pn-8rce < testo.txt",
		RunE:    func(c *cobra.Command, args []string) error { return r.runPost(c.Context(), args[0], f) }}
	c.Flags().StringSliceVar(&f.despite, "despite", nil, "scrive anche se questa `persona`, che può leggere, non è più in regola")
	attachFlag(c, &f.attach)
	writingFlags(c, &f.writing, "il `testo`")
	return r.PhraseFlag(c)
}

func (r *run) runPost(ctx context.Context, code string, f postFlags) error {
	files, err := openFiles(f.attach)
	if err != nil {
		return err
	}
	defer closeFiles(files)
	receipt, err := r.write(ctx, code, f.writing, func(o outgoing) (ledger.Receipt, error) {
		attached, err := r.send(ctx, o.reader, files)
		if err != nil {
			return ledger.Receipt{}, err
		}
		return o.Post(ctx, o.v, client.Content{Text: o.text, Attachments: attached}, o.despite...)
	})
	if err != nil {
		return err
	}
	r.recorded(receipt)
	return nil
}

// giveBack shows a text again that was typed and not sent, so that it can be copied.
func (r *run) giveBack(err error, text string, typed bool) error {
	if typed {
		r.Tell("\nIl tuo testo, da copiare:\n\n%s\n\n", indent(italian.Clean(text)))
	}
	return err
}

// despite asks about members who can read what is posted though nothing may be sealed to
// them anew.
func (r *run) despite(d *client.Directory, v *client.Conversation, given []string) ([]ids.Person, error) {
	var all []ids.Person
	for _, b := range v.Barred {
		who := r.memberName(d, b.Member)
		allowed := false
		for _, one := range given {
			allowed = allowed || one == string(b.Member.Person) || strings.Contains(strings.ToLower(who), strings.ToLower(one))
		}
		if !allowed {
			question := who + " può leggere quello che scrivi, ma " + italian.Barred(b.Why) + ". Scrivi lo stesso?"
			if err := r.Confirm(question, false); err != nil {
				return nil, desk.Failed("%s può leggere quello che scrivi, ma %s.\nNon è stato inviato nulla. Se va bene così: --despite %s",
					who, italian.Barred(b.Why), b.Member.Person)
			}
		}
		all = append(all, b.Member.Person)
	}
	return all, nil
}

// notPosted says that somebody stands in the way of a new message.
func (r *run) notPosted(d *client.Directory, v *client.Conversation, err error) error {
	for _, b := range v.Barred {
		if errors.Is(err, b.Why) {
			return desk.Because(err, "Qualcuna ha lasciato la conversazione, e prima di scrivere ancora va chiusa di nuovo per chi resta. Ora non si può: "+
				"di %s si sa che %s.\nNon è stato inviato nulla. Quando sarà in regola, ripeti.", r.memberName(d, b.Member), italian.Barred(b.Why))
		}
	}
	return err
}

func (r *run) recuse() *cobra.Command {
	var yes bool
	c := &cobra.Command{Use: "recuse CODICE", Short: "Si astiene da una conversazione, per sempre", Long: recuseLong, Args: desk.Takes(1, 1),
		Example: "  varco thread recuse t-4kd9-wq7m-x2pn-8rce",
		RunE:    func(c *cobra.Command, args []string) error { return r.runRecuse(c.Context(), args[0], yes) }}
	c.Flags().BoolVar(&yes, "yes", false, "non chiede conferma")
	return c
}

// runRecuse opens nothing: who knows somebody in a case must not read it to leave it.
func (r *run) runRecuse(ctx context.Context, code string, yes bool) error {
	id, err := parseThread(code)
	if err != nil {
		return err
	}
	_, u, err := r.Unlocked(ctx)
	if err != nil {
		return err
	}
	if err := r.Confirm(askRecuse, yes); err != nil {
		return err
	}
	receipt, err := u.RecuseUnread(ctx, id)
	if fault.ClassOf(err) == fault.ClassMembership {
		return desk.Because(err, "Del centro sei rimasta solo tu: se esci, questa conversazione non la segue più nessuno.\n"+
			"Aggiungi prima una collega (varco thread add). Non è cambiato nulla.")
	}
	if err != nil {
		return err
	}
	r.Say("Ti sei astenuta il %s. Ricevuta %s.\n", r.When(receipt.AdmittedAt), receipt.Number())
	return nil
}
