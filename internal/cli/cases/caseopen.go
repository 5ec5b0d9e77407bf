package cases

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"varco/internal/act"
	"varco/internal/cli/desk"
	"varco/internal/cli/italian"
	"varco/internal/client"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/thread"
	"varco/policies"
)

const (
	openLong = `Apre un caso con una sede INPS, senza nome: un codice, un argomento e la prima domanda.

Il caso va a una titolare e a una sostituta della sede, scelte a caso fra le referenti nominate oggi, oppure indicate da te.
Con --exclude una referente non lo riceve, e nessuno viene a sapere che l'hai esclusa. Almeno una collega lo riceve con te,
così una frase persa non fa perdere il caso; se proprio sei sola: --alone.

Il testo si scrive quando viene chiesto, oppure arriva dallo standard input o da --text (su un computer usato da altri meglio
di no: un'opzione può vederla chi guarda i programmi in esecuzione). Non scrivere il nome della donna né dati che la indicano.`
	openExample = `  varco case open --office Valdoria --topic RDL-01 --colleague Landi
  varco case open --office Valdoria --topic RDL-01 --colleague Landi --exclude Vanni < domanda.txt`
)

type openFlags struct {
	office, topic, urgency string
	colleagues, exclude    []string
	alone                  bool
	holder, substitute     string
	text, inside           string
	attach                 []string
	yes                    bool
}

func (r *run) caseOpen() *cobra.Command {
	var f openFlags
	c := &cobra.Command{Use: "open", Short: "Apre un caso con una sede INPS", Long: openLong, Example: openExample, Args: desk.Takes(0, 0),
		RunE: func(c *cobra.Command, _ []string) error { return r.runCaseOpen(c.Context(), f) }}
	c.Flags().StringVar(&f.office, "office", "", "la `sede` INPS: il codice o una parte del nome")
	c.Flags().StringVar(&f.topic, "topic", "", "l'`argomento`, per esempio RDL-01")
	c.Flags().StringVar(&f.urgency, "urgency", "", "l'`urgenza`, U1 U2 o U3, se non è quella dell'argomento")
	c.Flags().StringSliceVar(&f.colleagues, "colleague", nil, "la `collega` che riceve il caso con te; si può ripetere")
	c.Flags().BoolVar(&f.alone, "alone", false, "nessuna collega riceve il caso")
	c.Flags().StringSliceVar(&f.exclude, "exclude", nil, "la `referente` che non lo deve ricevere; si può ripetere")
	c.Flags().StringVar(&f.holder, "holder", "", "la `referente` titolare")
	c.Flags().StringVar(&f.substitute, "substitute", "", "la `referente` sostituta")
	c.Flags().StringVar(&f.text, "text", "", "il `testo` della prima domanda")
	c.Flags().StringVar(&f.inside, "inside", "", "una `nota` per le sole colleghe, nella conversazione interna")
	attachFlag(c, &f.attach)
	c.Flags().BoolVar(&f.yes, "yes", false, "non chiede conferma")
	desk.Completes(c, "urgency", []string{"U1", "U2", "U3"})
	if topics, err := policies.Topics(); err == nil { // what is wrong with them is said when the command runs
		codes := make([]string, len(topics))
		for i, t := range topics {
			codes[i] = t.Code + "\t" + t.It
		}
		desk.Completes(c, "topic", codes)
	}
	return r.PhraseFlag(c)
}

func (r *run) runCaseOpen(ctx context.Context, f openFlags) error {
	about, err := chooseTopic(&f)
	if err != nil {
		return err
	}
	if f.office == "" {
		return desk.Misuse("Con quale sede INPS? Serve --office, il codice o una parte del nome.")
	}
	files, err := openFiles(f.attach)
	if err != nil {
		return err
	}
	defer closeFiles(files)
	u, err := r.reader(ctx)
	if err != nil {
		return err
	}
	d := u.directory
	n := client.NewCase{Topic: about.Code, Urgency: f.urgency, Alone: f.alone, Inside: client.Content{Text: f.inside}}
	office, err := chooseOffice(d, f.office)
	if err != nil {
		return err
	}
	n.With = office.ID
	if err := seatColleagues(&n, d.Own, u.Person(), f); err != nil {
		return err
	}
	if err := seatOfficers(&n, office, f); err != nil {
		return err
	}
	if about.Level != "L0" {
		r.Tell("Per questo argomento INPS di solito ha bisogno di sapere di chi si tratta. Non scriverlo qui: intanto chiedi senza nome.\n")
	}
	text, typed, err := r.Text(f.text)
	if err != nil {
		return err
	}
	n.Content.Text = text
	if err := r.secondLook(text+"\n"+f.inside, f.yes); err != nil {
		return r.giveBack(err, text, typed)
	}
	if n.Content.Attachments, err = r.send(ctx, u, files); err != nil {
		return r.giveBack(err, text, typed)
	}
	opened, err := u.OpenCase(ctx, n)
	if err != nil {
		return r.giveBack(notOpened(err), text, typed)
	}
	return r.showOpened(d, opened)
}

// chooseTopic checks the codes of topic and urgency.
func chooseTopic(f *openFlags) (*policies.Topic, error) {
	about, err := italian.Topic(f.topic)
	if err != nil {
		return nil, err
	}
	if about == nil {
		all, err := policies.Topics()
		if err != nil {
			return nil, err
		}
		var list strings.Builder
		for _, t := range all {
			fmt.Fprintf(&list, "\n  %s  %s", t.Code, t.It)
		}
		return nil, desk.Misuse("Di che cosa si tratta? Con --topic un argomento di questi:%s", list.String())
	}
	f.urgency = strings.ToUpper(f.urgency)
	if f.urgency == "" {
		f.urgency = about.Urgency
	}
	if f.urgency != "U1" && f.urgency != "U2" && f.urgency != "U3" {
		return nil, desk.Misuse("L'urgenza è U1, U2 o U3 (entro 1, 3 o 10 giorni lavorativi).")
	}
	return about, nil
}

func chooseOffice(d *client.Directory, typed string) (*client.Organisation, error) {
	var offices []*client.Organisation
	for _, o := range d.Others {
		if o.Kind == act.INPS {
			offices = append(offices, o)
		}
	}
	if len(offices) == 0 {
		return nil, desk.Failed("Per ora il tuo centro non può aprire casi: non ha un accordo in vigore con una sede INPS, " +
			"oppure la sede non ha ancora chi ne firma l'elenco.")
	}
	return desk.Pick(offices, typed, "sede", desk.OrganisationOf)
}

// seatColleagues chooses who of the centre gets the case too.
func seatColleagues(n *client.NewCase, own *client.Organisation, self ids.Person, f openFlags) error {
	var err error
	if n.Colleagues, err = desk.PeopleIDs(own, f.colleagues); err != nil {
		return err
	}
	if len(n.Colleagues) == 0 && !f.alone {
		var names []string
		for i := range own.People {
			if p := &own.People[i]; p.ID != self && p.Barred == nil {
				names = append(names, italian.Called(p.Name, p.ID))
			}
		}
		if len(names) == 0 {
			return desk.Failed("Nell'elenco del tuo centro non c'è nessun'altra: se la tua frase si perde, il caso è perso.\n" +
				"Se va bene così: --alone. Non è stato aperto nulla.")
		}
		return desk.Misuse("Quale collega riceve il caso con te? Serve almeno un --colleague, così una frase persa non fa perdere il caso:\n  %s",
			strings.Join(names, "\n  "))
	}
	for _, id := range append([]ids.Person{self}, n.Colleagues...) {
		if err := canHave(own, id, act.SeatCentre); err != nil {
			return err
		}
	}
	return nil
}

// seatOfficers takes the officers who were named.
func seatOfficers(n *client.NewCase, office *client.Organisation, f openFlags) error {
	var err error
	if n.Exclude, err = desk.PeopleIDs(office, f.exclude); err != nil {
		return err
	}
	for _, chosen := range []struct {
		typed string
		seat  act.Seat
		id    *ids.Person
	}{{f.holder, act.SeatHolder, &n.Holder}, {f.substitute, act.SeatSubstitute, &n.Substitute}} {
		if chosen.typed == "" {
			continue
		}
		if *chosen.id, err = desk.PersonID(office, chosen.typed); err != nil {
			return err
		}
		if err := canHave(office, *chosen.id, chosen.seat); err != nil {
			return err
		}
		for _, excluded := range n.Exclude {
			if excluded == *chosen.id {
				return desk.Misuse("%s è insieme scelta ed esclusa. Non è stato aperto nulla.", italian.Called(desk.NameIn(office, excluded), excluded))
			}
		}
	}
	if n.Holder != "" && n.Holder == n.Substitute {
		return desk.Misuse("Titolare e sostituta devono essere due persone. Non è stato aperto nulla.")
	}
	return nil
}

// canHave refuses somebody to whom nothing may be entrusted today.
func canHave(o *client.Organisation, id ids.Person, seat act.Seat) error {
	for i := range o.People {
		p := &o.People[i]
		switch {
		case p.ID != id:
		case p.Changed:
			return desk.Failed("%s oggi non può ricevere il caso: la sua carta è cambiata, e le parole di verifica vanno confrontate di nuovo "+
				"(varco card accept). Non è stato aperto nulla.", italian.Called(p.Name, id))
		case p.Barred != nil:
			return desk.Failed("%s oggi non può ricevere il caso: %s. Non è stato aperto nulla.", italian.Called(p.Name, id), italian.Barred(p.Barred))
		case !p.Has(thread.RolesFor(seat)...):
			return desk.Failed("%s oggi non ha il ruolo per ricevere il caso (%s). Non è stato aperto nulla.", italian.Called(p.Name, id), italian.Roles(p.Roles))
		}
	}
	return nil
}

// notOpened explains what only the opening itself can find out.
func notOpened(err error) error {
	switch {
	case !desk.IsOurs(err):
		return err
	case fault.KindOf(err) == fault.NotFound:
		return desk.Because(err, "Non si può aprire: tu non sei ancora nell'elenco del centro, oppure la sede non ha oggi nessuna referente nominata "+
			"che possa riceverlo.\nGuarda gli elenchi (varco roster show). Non è stato aperto nulla.")
	case fault.KindOf(err) == fault.Invalid:
		return desk.Because(err, "Le persone scelte non vanno bene insieme. Non è stato aperto nulla.")
	}
	return err
}

func (r *run) showOpened(d *client.Directory, o *client.Opened) error {
	heading, err := r.heading(d, &o.Thread.State)
	if err != nil {
		return err
	}
	r.Say("Il caso è aperto.\n\n")
	lines := [][]string{
		{"caso", string(o.Case)},
		{"con INPS", string(o.Thread.State.Thread)},
		{"interna", string(o.Inside.State.Thread)},
	}
	for _, receipt := range o.Receipts {
		lines = append(lines, []string{"ricevuta", receipt.Number() + " del " + r.When(receipt.AdmittedAt)})
	}
	desk.Table(r.Out, lines)
	r.Say("\n%s\n", heading)
	r.showMembers(d, o.Thread)
	if o.Substitute == "" {
		r.Say("La sede non ha oggi una seconda referente: se la titolare manca, nessuno può rispondere finché non torna.\n")
	}
	return nil
}
