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
	"varco/internal/thread"
)

const (
	addLong = `Aggiunge una persona a una conversazione del tuo centro: una collega, un'altra referente della sede, una persona del Comune.

Da allora legge quello che si scrive; con --from-start legge anche tutto quello che c'era prima. Chi hai escluso dal caso non
si può aggiungere. Prima di aggiungere, il programma controlla le carte di tutte: chi non è più in regola va tolta (--remove).`
	removeLong = `Toglie una persona da una conversazione del tuo centro. Da quel momento non legge più nulla di nuovo, nemmeno se avesse
conservato le sue chiavi; quello che aveva già letto può averlo copiato.

Se la titolare INPS non c'è più, con --holder la sostituta ne prende il posto.`
	grantLong = `Riapre a una persona della conversazione quello che poteva leggere prima, sulla carta che ha oggi: serve quando una collega
ha perso la frase e si è iscritta di nuovo. Prima vanno confrontate le sue parole di verifica (varco card accept).

Con --from-start le apre anche quello che c'era prima di lei: lo può fare solo il centro.`
)

type memberFlags struct {
	person         string
	fromStart, yes bool
	holder         string
	remove         []string
}

func (r *run) add() *cobra.Command {
	var f memberFlags
	c := &cobra.Command{Use: "add CODICE", Short: "Aggiunge una persona a una conversazione", Long: addLong, Args: desk.Takes(1, 1),
		Example: "  varco thread add t-4kd9-wq7m-x2pn-8rce --person Landi --from-start",
		RunE:    func(c *cobra.Command, args []string) error { return r.runAdd(c.Context(), args[0], f) }}
	c.Flags().StringVar(&f.person, "person", "", "la `persona`: una parte del nome, o il codice")
	c.Flags().BoolVar(&f.fromStart, "from-start", false, "legge anche quello che c'era prima")
	c.Flags().StringSliceVar(&f.remove, "remove", nil, "toglie nello stesso momento questa `persona`; si può ripetere")
	c.Flags().BoolVar(&f.yes, "yes", false, "non chiede conferma")
	return r.PhraseFlag(c)
}

func (r *run) remove() *cobra.Command {
	var f memberFlags
	c := &cobra.Command{Use: "remove CODICE", Short: "Toglie una persona da una conversazione", Long: removeLong, Args: desk.Takes(1, 1),
		Example: "  varco thread remove t-4kd9-wq7m-x2pn-8rce --person Landi",
		RunE:    func(c *cobra.Command, args []string) error { return r.runRemove(c.Context(), args[0], f) }}
	c.Flags().StringSliceVar(&f.remove, "person", nil, "la `persona`: una parte del nome, o il codice; si può ripetere")
	c.Flags().StringVar(&f.holder, "holder", "", "la `sostituta` che diventa titolare")
	c.Flags().BoolVar(&f.yes, "yes", false, "non chiede conferma")
	return r.PhraseFlag(c)
}

func (r *run) grant() *cobra.Command {
	var f memberFlags
	c := &cobra.Command{Use: "grant CODICE", Short: "Riapre a una persona quello che poteva leggere", Long: grantLong, Args: desk.Takes(1, 1),
		Example: "  varco thread grant t-4kd9-wq7m-x2pn-8rce --person Landi",
		RunE:    func(c *cobra.Command, args []string) error { return r.runGrant(c.Context(), args[0], f) }}
	c.Flags().StringVar(&f.person, "person", "", "la `persona`: una parte del nome, o il codice")
	c.Flags().BoolVar(&f.fromStart, "from-start", false, "le apre anche quello che c'era prima di lei")
	return r.PhraseFlag(c)
}

func (r *run) runAdd(ctx context.Context, code string, f memberFlags) error {
	if f.person == "" {
		return desk.Misuse("Chi vuoi aggiungere? Serve --person, una parte del nome o il codice.")
	}
	u, v, err := r.toWrite(ctx, code, "")
	if err != nil {
		return err
	}
	j, name, err := joining(u.directory, v, f)
	if err != nil {
		return err
	}
	change := client.Change{Add: []client.Joining{j}}
	if change.Remove, err = r.leaving(u.directory, v, f.remove); err != nil {
		return err
	}
	if err := chosen(ctx, u, v, &change, j.Organisation, j.Person, name); err != nil {
		return err
	}
	says := "da adesso in poi"
	if f.fromStart {
		says = "tutto, anche quello che c'è già"
	}
	if err := r.Confirm(name+" leggerà questa conversazione: "+says+". La aggiungo?", f.yes); err != nil {
		return err
	}
	return r.changed(ctx, u, v, change)
}

// chosen reads the centre's own thread for a change that gives somebody of another organisation a seat,
// and refuses who is excluded in the case.
func chosen(ctx context.Context, u *reader, v *client.Conversation, change *client.Change, organisation ids.Organisation,
	person ids.Person, name string) (err error) {
	if organisation == v.State.Centre {
		return nil
	}
	if change.Inside, err = inside(ctx, u.Unlocked, v.State.Thread); err != nil {
		return err
	}
	excluded, err := change.Inside.Excludes(organisation, person)
	if err != nil {
		return desk.Because(err, "Nella conversazione interna c'è qualcosa che qui non si apre, e può dire chi è esclusa dal caso.\n"+
			"Lo faccia una collega che la legge tutta. Non è cambiato nulla.")
	}
	if excluded {
		return desk.Failed("%s non si può assegnare a questo caso: il tuo centro l'ha esclusa. Non è cambiato nulla.", name)
	}
	return nil
}

func (r *run) runRemove(ctx context.Context, code string, f memberFlags) error {
	if len(f.remove) == 0 && f.holder == "" {
		return desk.Misuse("Chi vuoi togliere? Serve --person, una parte del nome o il codice.")
	}
	u, v, err := r.toWrite(ctx, code, "")
	if err != nil {
		return err
	}
	var change client.Change
	if change.Remove, err = r.leaving(u.directory, v, f.remove); err != nil {
		return err
	}
	if f.holder != "" {
		all, err := r.leaving(u.directory, v, []string{f.holder})
		if err != nil {
			return err
		}
		change.Seats = map[ids.Person]act.Seat{all[0]: act.SeatHolder}
		if m := v.State.Member(all[0]); m != nil {
			name := italian.Called(desk.NameIn(u.directory.Organisation(m.Organisation), m.Person), m.Person)
			if err := chosen(ctx, u, v, &change, m.Organisation, m.Person, name); err != nil {
				return err
			}
		}
	}
	if err := r.Confirm("Da adesso chi togli non legge più nulla di nuovo; quello che ha letto può averlo copiato. Procedo?", f.yes); err != nil {
		return err
	}
	return r.changed(ctx, u, v, change)
}

func (r *run) runGrant(ctx context.Context, code string, f memberFlags) error {
	if f.person == "" {
		return desk.Misuse("A chi vuoi riaprire la conversazione? Serve --person, una parte del nome o il codice.")
	}
	u, v, err := r.toWrite(ctx, code, "")
	if err != nil {
		return err
	}
	all, err := r.leaving(u.directory, v, []string{f.person})
	if err != nil {
		return err
	}
	give := u.GrantAgain
	if f.fromStart {
		give = func(ctx context.Context, v *client.Conversation, p ids.Person) (ledger.Receipt, error) {
			return u.GrantHistory(ctx, v, p, 1)
		}
	}
	receipt, err := give(ctx, v, all[0])
	if err != nil {
		return r.notChanged(u.directory, v, err)
	}
	r.Say("Fatto il %s. Ricevuta %s.\n", r.When(receipt.AdmittedAt), receipt.Number())
	return nil
}

// changed does the change and says who can now read.
func (r *run) changed(ctx context.Context, u *reader, v *client.Conversation, change client.Change) error {
	receipt, err := u.ChangeMembers(ctx, v, change)
	if err != nil {
		return r.notChanged(u.directory, v, err)
	}
	r.recorded(receipt)
	r.showMembers(u.directory, v)
	return nil
}

// notMember are what the refusals of a change mean.
var notMember = map[fault.Class]string{
	fault.ClassGrant:      "Su questo computer non si apre tutto quello che le vuoi dare: lo faccia una collega che lo legge.",
	fault.ClassMembership: "Oggi non può avere quel posto: non ha il ruolo.",
	fault.ClassUntrusted:  "Oggi non può avere quel posto: non è nell'elenco della sua organizzazione.",
	fault.ClassStale:      "Oggi non può avere quel posto: la sua carta o il suo incarico è scaduto.",
	fault.ClassSubstitute: "La sua carta è cambiata: confronta di nuovo le parole di verifica (varco card accept).",
}

// notChanged says who stands in the way.
func (r *run) notChanged(d *client.Directory, v *client.Conversation, err error) error {
	for _, b := range v.Barred {
		if errors.Is(err, b.Why) || fault.ClassOf(err) == fault.ClassOf(b.Why) && fault.ClassOf(err) != "" {
			return desk.Because(err, "Non si può finché c'è %s: %s.\nToglila nello stesso momento (--remove). Non è cambiato nulla.",
				r.memberName(d, b.Member), italian.Barred(b.Why))
		}
	}
	if !desk.IsOurs(err) {
		return err
	}
	if says, ok := notMember[fault.ClassOf(err)]; ok {
		return desk.Because(err, "%s Non è cambiato nulla.", says)
	}
	if fault.KindOf(err) == fault.Invalid {
		return desk.Because(err, "Così non si può: è già nella conversazione, o non ne fa parte. Non è cambiato nulla.")
	}
	return err
}

// joining finds who is to be added, in the organisations of the conversation, and the seat that
// she gets there.
func joining(d *client.Directory, v *client.Conversation, f memberFlags) (client.Joining, string, error) {
	var all []client.Person
	for _, id := range []ids.Organisation{v.State.Centre, v.State.With} {
		if o := d.Organisation(id); o != nil {
			all = append(all, o.People...)
		}
	}
	p, err := desk.Pick(all, f.person, "persona", desk.PersonOf)
	if err != nil {
		return client.Joining{}, "", err
	}
	j := client.Joining{Organisation: p.Organisation, Person: p.ID, Seat: v.SeatFor(p.Organisation)}
	if f.fromStart {
		j.From = 1
	}
	return j, italian.Called(p.Name, p.ID), nil
}

// leaving finds members by name or code.
func (r *run) leaving(d *client.Directory, v *client.Conversation, typed []string) ([]ids.Person, error) {
	var all []ids.Person
	for _, one := range typed {
		m, err := desk.Pick(v.State.Members, one, "persona della conversazione", func(m thread.Member) (string, string) {
			return string(m.Person), strings.TrimSuffix(r.memberName(d, m), " ("+string(m.Person)+")")
		})
		if err != nil {
			return nil, err
		}
		all = append(all, m.Person)
	}
	return all, nil
}

// inside reads the centre's own conversation of the case that a conversation is of.
func inside(ctx context.Context, u *client.Unlocked, id ids.Thread) (*client.Conversation, error) {
	list, err := u.Cases(ctx)
	if err != nil {
		return nil, err
	}
	var cs ids.Case
	for _, l := range list {
		if l.Thread == id {
			cs = l.Case
		}
	}
	for _, l := range list {
		if l.Case == cs && cs != "" && thread.Side(l.Side) == thread.Internal {
			return u.ReadThread(ctx, l.Thread, "")
		}
	}
	return nil, desk.Failed("La conversazione interna di questo caso non è tra le tue, e solo lì è scritto chi è esclusa.\n" +
		"Lo faccia una collega che la legge. Non è cambiato nulla.")
}
