package cases

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"varco/internal/act"
	"varco/internal/cli/desk"
	"varco/internal/cli/italian"
	"varco/internal/client"
	"varco/internal/ids"
	"varco/internal/thread"
	"varco/policies"
)

// reader is somebody whose keys are open, with who is who as of now.
type reader struct {
	*client.Unlocked
	directory *client.Directory
}

// reader opens the keys of whoever is signed in.
func (r *run) reader(ctx context.Context) (*reader, error) {
	_, u, err := r.Unlocked(ctx)
	if err != nil {
		return nil, err
	}
	d, err := u.Directory(ctx)
	return &reader{u, d}, err
}

// readThread reads a conversation. An officer says why; otherwise is her reason where a
// command has one of its own.
func (r *run) readThread(ctx context.Context, u *reader, code, reason string, otherwise act.Reason) (*client.Conversation, error) {
	id, err := parseThread(code)
	if err != nil {
		return nil, err
	}
	why, err := r.reason(u.directory.Own.Kind, reason, otherwise)
	if err != nil {
		return nil, err
	}
	return u.ReadThread(ctx, id, why)
}

// readWarned reads a conversation for a command that shows something else than all of it.
func (r *run) readWarned(ctx context.Context, u *reader, code, reason string, otherwise act.Reason) (*client.Conversation, error) {
	v, err := r.readThread(ctx, u, code, reason, otherwise)
	if err == nil {
		r.warn(v)
	}
	return v, err
}

// reason finds why an officer opens a conversation; nobody else is asked.
func (r *run) reason(kind act.Kind, given string, otherwise act.Reason) (act.Reason, error) {
	if kind != act.INPS {
		return "", nil
	}
	all, err := policies.Reasons()
	if err != nil {
		return "", err
	}
	switch {
	case given != "" && act.Reason(given).Known():
		return act.Reason(given), nil
	case given != "":
		return "", desk.Misuse("«%s» non è un motivo. I motivi sono:\n%s", italian.Line(given), reasonList(all))
	case otherwise != "":
		return otherwise, nil
	case !desk.IsTerminal(r.In):
		return "", desk.Misuse("Prima di aprire serve il motivo, con --reason. I motivi sono:\n%sIl centro vede chi ha aperto, quando e perché.",
			reasonList(all))
	}
	labels := make([]string, len(all))
	for i, one := range all {
		labels[i] = one.It
	}
	r.Tell("Perché apri? Il centro vede chi ha aperto, quando e perché.\n")
	chosen, err := r.Choose("Numero:", labels)
	if err != nil {
		return "", err
	}
	return act.Reason(all[chosen].Code), nil
}

func reasonList(all []policies.Reason) string {
	var list strings.Builder
	for _, one := range all {
		fmt.Fprintf(&list, "  %-14s %s\n", one.Code, one.It)
	}
	return list.String()
}

// heading says what a conversation is, with names by the newest directory.
func (r *run) heading(d *client.Directory, s *thread.State) (string, error) {
	parts := []string{"Conversazione " + string(s.Thread), italian.Side(s.Side)}
	for _, id := range []ids.Organisation{s.Centre, s.With} {
		if o := d.Organisation(id); o != nil && o.Name != "" {
			parts = append(parts, italian.Line(o.Name))
		} else if id != "" {
			parts = append(parts, string(id))
		}
	}
	if s.Topic == "" {
		return strings.Join(parts, " · "), nil
	}
	about, err := italian.TopicLine(s.Topic)
	return strings.Join(parts, " · ") + "\n" + about + " · " + italian.Urgency(s.Urgency), err
}

// showConversation shows who says what, oldest first.
func (r *run) showConversation(d *client.Directory, v *client.Conversation, heading string) {
	r.Say("%s\n", heading)
	for i := range v.Entries {
		r.showEntry(&v.Entries[i])
	}
	for _, b := range v.Barred {
		r.Say("\nATTENZIONE: %s non può ricevere nulla di nuovo: %s.\n", r.memberName(d, b.Member), italian.Barred(b.Why))
	}
	if v.Fresh.Doubt == "" { // else warn says so
		r.Say("\n%s\n", r.proven(v.Fresh))
	}
}

// proven says up to when it is proven that nothing is kept back.
func (r *run) proven(f client.Fresh) string {
	switch {
	case f.Doubt != "":
		return "ATTENZIONE: " + r.doubt(f)
	case f.Standing == client.Witnessed:
		return fmt.Sprintf("È provato che fino al %s non manca nulla; lo confermano i testimoni del registro.", r.When(f.At))
	case f.Standing == client.Recorded:
		return fmt.Sprintf("È provato dal registro, senza testimoni, che fino al %s non manca nulla.", r.When(f.At))
	}
	return "Il registro prova ogni ora che non manchi nulla: per questa conversazione non l'ha ancora fatto."
}

// warn says what must be known before anything is done with what was read: also to whoever writes,
// and beside JSON.
func (r *run) warn(v *client.Conversation) {
	if f := v.Fresh; f.Doubt != "" {
		r.Tell("\n%s\n%s\n", r.proven(f), doubtAdvice)
	}
}

const doubtAdvice = `Dovrebbe provarlo ogni ora. Può darsi che il servizio taccia messaggi più nuovi, o che qualcuno non sia più nell'elenco.
Controlla data e ora di questo computer e leggi di nuovo. Se l'avviso resta, senti l'altra persona a voce prima di scriverle,
e avvisa l'assistenza da un altro canale.`

// doubt says up to when alone it is proven that nothing is kept back.
func (r *run) doubt(f client.Fresh) string {
	switch f.Doubt {
	case client.Old:
		return "il registro prova che non manca nulla solo fino al " + r.When(f.Last) + ", più di due ore fa."
	case client.Ahead:
		return "la prova del registro porta la data del " + r.When(f.Last) + ", che per questo computer deve ancora venire: non vale."
	case client.Silent:
	}
	return "il registro non prova che non manchi nulla."
}

func (r *run) showEntry(s *client.Shown) {
	who := italian.Called(s.Name, s.Entry.Author) + ", " + italian.Seat(s.Seat)
	r.Say("\n%d. %s  %s  [%s]\n", s.Entry.Sequence, r.When(s.Receipt.AdmittedAt), who, s.Receipt.Number())
	if s.Unreadable != nil {
		r.Say("%s\n", indent("(non si può leggere: "+italian.Unreadable(s.Unreadable)+")"))
		return
	}
	if says := happened(s); says != "" {
		r.Say("%s\n", indent("("+says+")"))
	}
	r.showContent(s)
	r.showAttachments(s)
}

// happened says what an entry does, beside what it says in words.
func happened(s *client.Shown) string {
	e := s.Entry
	switch e.Kind {
	case thread.Open, thread.Message:
		return ""
	case thread.Request:
		if e.Due != "" {
			return "chiede, entro il " + italian.Line(string(e.Due))
		}
		return "chiede"
	case thread.Recuse:
		if s.Seat == act.SeatCentre {
			return "ha lasciato la conversazione"
		}
		return "si è astenuta e ha lasciato la conversazione"
	case thread.Rekey:
		return "da qui in poi chi ha lasciato la conversazione non può aprire più nulla"
	case thread.Members:
		return "ha cambiato chi legge: da qui in poi " + fmt.Sprint(len(e.Members)) + " persone"
	case thread.KindGrant:
		return "ha riaperto quello che c'era prima a " + string(e.Giving.Person)
	case thread.KindStatus:
		return italian.Status(*e.Status)
	case thread.Link:
		return "ha aperto un'altra conversazione del caso"
	case thread.Exclude:
		return "ha cambiato chi è esclusa dal caso"
	}
	return string(e.Kind)
}

// showContent shows the words of an entry, and what is said in the centre's own conversation of
// the case's threads and exclusions.
func (r *run) showContent(s *client.Shown) {
	c := s.Content
	switch {
	case c.Text != "":
		r.Say("%s\n", indent(italian.Clean(c.Text)))
	case s.Entry.Kind == thread.Open || s.Entry.Kind == thread.Message:
		r.Say("%s\n", indent("(senza testo)"))
	}
	for _, item := range c.Items {
		r.Say("    - %s\n", italian.Line(item))
	}
	if c.Reference != "" {
		r.Say("    protocollo dell'istituto: %s\n", italian.Line(c.Reference))
	}
	for _, t := range c.Threads {
		r.Say("    conversazione del caso: %s (%s)\n", t.Thread, italian.Side(t.Side))
	}
	for _, x := range c.Exclude {
		who, says := string(x.Person), "esclusa dal caso"
		if who == "" {
			who = "tutta " + string(x.Organisation)
		}
		if x.Lift {
			says = "non più esclusa"
		}
		r.Say("    %s: %s\n", says, who)
	}
}

func indent(text string) string { return "    " + strings.ReplaceAll(text, "\n", "\n    ") }

// showMembers shows who can read a conversation, in plain words.
func (r *run) showMembers(d *client.Directory, v *client.Conversation) {
	r.Say("Chi può leggere:\n")
	members := slices.Clone(v.State.Members)
	slices.SortStableFunc(members, func(a, b thread.Member) int {
		return slices.Index(act.Seats, a.Seat) - slices.Index(act.Seats, b.Seat)
	})
	var lines [][]string
	for _, m := range members {
		says := ""
		if m.Seat == act.SeatSubstitute && v.State.Held() {
			says = "solo se la titolare si astiene, o nei giorni in cui la sostituisce"
		}
		for _, b := range v.Barred {
			if b.Member.Person == m.Person {
				says = "ATTENZIONE: " + italian.Barred(b.Why)
			}
		}
		lines = append(lines, []string{"  " + r.memberName(d, m), italian.Seat(m.Seat), says})
	}
	desk.Table(r.Out, lines)
	r.Say("Nessun altro: nemmeno chi gestisce il servizio.\n")
}

func (r *run) memberName(d *client.Directory, m thread.Member) string {
	if p := d.Person(m.Organisation, m.Person); p != nil {
		return italian.Called(p.Name, p.ID)
	}
	return string(m.Person)
}
