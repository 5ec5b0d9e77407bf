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
func (r *run) showConversation(d *client.Directory, v *client.Conversation) error {
	heading, err := r.heading(d, &v.State)
	if err != nil {
		return err
	}
	r.Say("%s\n", heading)
	for i := range v.Entries {
		r.showEntry(&v.Entries[i])
	}
	for _, b := range v.Barred {
		r.Say("\nATTENZIONE: %s non può ricevere nulla di nuovo: %s.\n", r.memberName(d, b.Member), italian.Barred(b.Why))
	}
	return nil
}

func (r *run) showEntry(s *client.Shown) {
	who := italian.Called(s.Name, s.Entry.Author) + ", " + italian.Seat(s.Seat)
	r.Say("\n%d. %s  %s  [%s]\n", s.Entry.Sequence, r.When(s.Receipt.AdmittedAt), who, s.Receipt.Number())
	switch {
	case s.Unreadable != nil:
		r.Say("%s\n", indent("(non si può leggere: "+italian.Unreadable(s.Unreadable)+")"))
	case s.Entry.Kind == thread.Recuse:
		r.Say("%s\n", indent("(si è astenuta e ha lasciato la conversazione)"))
	case s.Entry.Kind == thread.Rekey:
		r.Say("%s\n", indent("(da qui in poi chi ha lasciato la conversazione non può aprire più nulla)"))
	case s.Content.Text == "":
		r.Say("%s\n", indent("(senza testo)"))
	default:
		r.Say("%s\n", indent(italian.Clean(s.Content.Text)))
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
