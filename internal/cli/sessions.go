package cli

import (
	"context"

	"github.com/spf13/cobra"

	"varco/internal/api"
	"varco/internal/cli/desk"
	"varco/internal/cli/italian"
	"varco/internal/ids"
)

const (
	sessionListLong = `Mostra da dove sei entrata: il browser o questo programma, da quando e fino a quando. Chi tiene l'elenco
della sua organizzazione può guardare anche quelle di una collega.`
	sessionRevokeLong = `Chiude una sessione, tua o di una collega di cui tieni l'elenco: vale dalla prossima richiesta. Se ti hanno rubato il
computer, chiudi tutte le altre (--all) o fallo fare a chi tiene l'elenco (--person). Si può sempre entrare di nuovo.`
	personEndLong = `Chiude per sempre l'accesso di una collega che se ne va: le sue sessioni finiscono e non entra più, nemmeno con un invito.
Se ne va anche dall'elenco solo quando lo firmi: varco roster sign --remove CHI`
)

func (r *run) session() *cobra.Command {
	return desk.Group("session", "Da dove sei entrata, e come chiudere", r.sessionList(), r.sessionRevoke())
}

func (r *run) sessionList() *cobra.Command {
	var person string
	c := &cobra.Command{Use: "list", Short: "Mostra le sessioni aperte", Long: sessionListLong, Args: desk.Takes(0, 0),
		Example: "  varco session list\n  varco session list --person Alba",
		RunE:    func(c *cobra.Command, _ []string) error { return r.runSessionList(c.Context(), person) }}
	c.Flags().StringVar(&person, "person", "", "di `chi`, se non tue")
	return c
}

func (r *run) runSessionList(ctx context.Context, typed string) error {
	s, err := r.Open()
	if err != nil {
		return err
	}
	ask := s.Client.OwnSessions
	if typed != "" {
		person, err := r.colleague(ctx, s, typed)
		if err != nil {
			return err
		}
		ask = func(ctx context.Context) ([]api.OpenSession, error) { return s.Client.Sessions(ctx, person) }
	}
	all, err := ask(ctx)
	if err != nil {
		return err
	}
	if len(all) == 0 {
		r.Say("Non c'è nessuna sessione aperta.\n")
		return nil
	}
	lines := [][]string{{"SESSIONE", "DA", "ENTRATA", "USATA", "FINISCE", ""}}
	for _, one := range all {
		this := ""
		if one.Current {
			this = "questa"
		}
		lines = append(lines, []string{string(one.ID), italian.Device(one.Device), r.When(one.Begun), r.When(one.Used), r.When(one.Ends), this})
	}
	desk.Table(r.Out, lines)
	return nil
}

type revokeFlags struct {
	person string
	all    bool
}

func (r *run) sessionRevoke() *cobra.Command {
	var f revokeFlags
	c := &cobra.Command{Use: "revoke [SESSIONE]", Short: "Chiude una sessione, o tutte", Long: sessionRevokeLong, Args: desk.Takes(0, 1),
		Example: "  varco session revoke s-4kd9-wq7m-x2pn-8rce\n  varco session revoke --all                 (tutte le tue, tranne questa)\n" +
			"  varco session revoke --person Alba         (tutte quelle di una collega)",
		RunE: func(c *cobra.Command, args []string) error { return r.runSessionRevoke(c.Context(), f, args) }}
	c.Flags().StringVar(&f.person, "person", "", "tutte quelle di `chi`")
	c.Flags().BoolVar(&f.all, "all", false, "tutte le tue, tranne questa")
	return c
}

func (r *run) runSessionRevoke(ctx context.Context, f revokeFlags, args []string) error {
	if len(args) == 1 == (f.all || f.person != "") || f.all && f.person != "" {
		return desk.Misuse("Di' quale: il codice della sessione, oppure --all, oppure --person CHI.")
	}
	s, err := r.Open()
	if err != nil {
		return err
	}
	if len(args) == 1 {
		id, err := ids.ParseSession(args[0])
		if err != nil {
			return desk.Misuse("«%s» non è il codice di una sessione. Li mostra: varco session list", italian.Line(args[0]))
		}
		if err := s.Client.RevokeSession(ctx, id); err != nil {
			return err
		}
		r.Say("La sessione %s è chiusa.\n", id)
		return nil
	}
	person := s.Kept.Person
	if f.person != "" {
		if person, err = r.colleague(ctx, s, f.person); err != nil {
			return err
		}
	}
	n, err := s.Client.RevokeSessions(ctx, person)
	if err != nil {
		return err
	}
	r.Say("Sessioni chiuse: %d.\n", n)
	return nil
}

func (r *run) person() *cobra.Command {
	return desk.Group("person", "Le persone della tua organizzazione", r.personEnd())
}

func (r *run) personEnd() *cobra.Command {
	var yes bool
	c := &cobra.Command{Use: "end CHI", Short: "Chiude per sempre l'accesso di chi se ne va", Long: personEndLong, Args: desk.Takes(1, 1),
		Example: "  varco person end Alba",
		RunE:    func(c *cobra.Command, args []string) error { return r.runPersonEnd(c.Context(), args[0], yes) }}
	c.Flags().BoolVar(&yes, "yes", false, "non chiede conferma")
	return c
}

func (r *run) runPersonEnd(ctx context.Context, typed string, yes bool) error {
	s, err := r.Open()
	if err != nil {
		return err
	}
	person, err := r.colleague(ctx, s, typed)
	if err != nil {
		return err
	}
	r.Tell("L'accesso di %s si chiude per sempre: per tornare le servirebbero un nuovo invito e nuove chiavi.\n", person)
	if err := r.Confirm("Lo chiudo?", yes); err != nil {
		return err
	}
	n, err := s.Client.EndPerson(ctx, person)
	if err != nil {
		return err
	}
	r.Say("L'accesso di %s è chiuso per sempre. Sessioni chiuse: %d.\n", person, n)
	r.Say("Se è ancora nell'elenco, toglila: varco roster sign --remove %s\n", person)
	return nil
}

// colleague finds somebody of the caller's own organisation: by her name on the roster, or by
// her code, since who has left or was only invited is on none.
func (r *run) colleague(ctx context.Context, s *desk.Session, typed string) (ids.Person, error) {
	if id, err := ids.ParsePerson(typed); err == nil {
		return id, nil
	}
	d, err := s.Client.Directory(ctx)
	if err != nil {
		return "", err
	}
	return desk.PersonID(d.Own, typed)
}
