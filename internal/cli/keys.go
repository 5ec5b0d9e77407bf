package cli

import (
	"context"
	"strconv"

	"github.com/spf13/cobra"

	"varco/internal/cli/desk"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/keyring"
	"varco/internal/secret"
)

const (
	keysPhraseLong = `Cambia la frase di sblocco: ne viene estratta una nuova, che si scrive su un foglio. Quella vecchia non apre più le tue chiavi.
Serve un accesso appena fatto (varco login). Le passkey restano.`
	keysRemoveLong = `Toglie una passkey: da subito non apre più le tue chiavi. Serve la frase di sblocco, e un accesso appena fatto (varco login).
Chi teme che qualcuno conosca anche la frase, poi la cambia: varco keys phrase.`
	keysRemoveExample = `  varco keys list
  varco keys remove l-4kd9-wq7m-x2pn-8rce`
	keysRestoreLong = `Rimette chiavi tue di prima, al posto delle quali ne sono state messe altre senza la firma della tua carta: da chi era entrata
con il tuo accesso, o da te dopo aver perso la frase. Serve la frase di allora, e un accesso appena fatto (varco login).`
	keysRestoreExample = `  varco keys list
  varco keys restore 3`
	formerText = `
Le tue chiavi sono state rifatte senza la firma della tua carta. Se non sei stata tu, avvisa chi tiene l'elenco e rimetti quelle
di prima: varco keys restore NUMERO
`
	freshText = "Per cambiare le chiavi serve un accesso appena fatto, e non è stato fatto nulla.\n" +
		"Entra di nuovo (varco login) e ripeti entro un quarto d'ora."
	lockedOutText = "Un altro computer ha cambiato la frase o le passkey nel frattempo, e qui non è stato cambiato nulla. Ripeti."
)

func (r *run) keys() *cobra.Command {
	list := &cobra.Command{Use: "list", Short: "Mostra che cosa apre le tue chiavi", Args: desk.Takes(0, 0),
		RunE: func(c *cobra.Command, _ []string) error { return r.runKeysList(c.Context()) }}
	var fd int
	phrase := &cobra.Command{Use: "phrase", Short: "Cambia la frase di sblocco", Long: keysPhraseLong, Args: desk.Takes(0, 0),
		RunE: func(c *cobra.Command, _ []string) error { return r.runKeysPhrase(c.Context(), fd) }}
	desk.FDFlag(phrase, &fd, "new-phrase-fd", "scrive la frase nuova su questo `descrittore` e non la mostra né la richiede")
	remove := &cobra.Command{Use: "remove PASSKEY", Short: "Toglie una passkey", Long: keysRemoveLong, Example: keysRemoveExample,
		Args: desk.Takes(1, 1), RunE: func(c *cobra.Command, args []string) error { return r.runKeysRemove(c.Context(), args[0]) }}
	restore := &cobra.Command{Use: "restore NUMERO", Short: "Rimette le chiavi di prima", Long: keysRestoreLong, Example: keysRestoreExample,
		Args: desk.Takes(1, 1), RunE: func(c *cobra.Command, args []string) error { return r.runKeysRestore(c.Context(), args[0]) }}
	return desk.Group("keys", "Che cosa apre le tue chiavi: la frase e le passkey", list, r.PhraseFlag(phrase), r.PhraseFlag(remove),
		r.PhraseFlag(restore))
}

func (r *run) runKeysList(ctx context.Context) error {
	s, err := r.Open()
	if err != nil {
		return err
	}
	locks, former, err := s.Client.Locks(ctx)
	if err != nil {
		return err
	}
	if len(locks) == 0 {
		return desk.Failed("Non hai ancora le tue chiavi. Falle ora: varco enrol")
	}
	var lines [][]string
	for _, l := range locks {
		lines = append(lines, []string{string(l.ID), lockName(l.Kind)})
	}
	desk.Table(r.Out, lines)
	if len(former) == 0 {
		return nil
	}
	r.Say("%s\n", formerText)
	lines = nil
	for _, f := range former {
		lines = append(lines, []string{strconv.FormatInt(f.Version, 10), "sostituite il " + r.When(f.Replaced)})
	}
	desk.Table(r.Out, lines)
	return nil
}

func (r *run) runKeysRestore(ctx context.Context, typed string) error {
	version, err := strconv.ParseInt(typed, 10, 64)
	if err != nil {
		return desk.Misuse("«%.40q» non è il numero di chiavi di prima. Guarda: varco keys list", typed)
	}
	s, err := r.Open()
	if err != nil {
		return err
	}
	err = r.WithPhrase(func(phrase secret.String) error {
		_, err := s.Client.PutBack(ctx, version, phrase)
		return err
	})
	switch class := fault.ClassOf(err); {
	case desk.IsOurs(err) && (class == fault.ClassMissing || class == fault.ClassSubstitute):
		return desk.Because(err, "Le chiavi %d non ci sono, o non sono quelle della carta che è nell'elenco. Non è stato cambiato nulla.\n"+
			"Guarda: varco keys list", version)
	case err != nil:
		return freshly(err)
	}
	r.Say("Le chiavi di prima sono di nuovo al loro posto, con la frase che hai scritto.\n")
	return nil
}

func lockName(kind string) string {
	switch kind {
	case keyring.KindPhrase:
		return "la frase di sblocco"
	case keyring.KindPasskey:
		return "una passkey"
	}
	return "qualcosa che questo programma non conosce"
}

func (r *run) runKeysPhrase(ctx context.Context, fd int) error {
	_, u, err := r.Unlocked(ctx)
	if err != nil {
		return err
	}
	phrase, err := r.NewPhrase(fd, newPhraseText)
	if err != nil {
		return err
	}
	if err := u.ChangePhrase(ctx, phrase); err != nil {
		return freshly(err)
	}
	r.Tell("La frase è cambiata: quella vecchia non apre più le tue chiavi. Distruggi il foglio vecchio.\n")
	return nil
}

func (r *run) runKeysRemove(ctx context.Context, typed string) error {
	lock, err := ids.ParseLock(typed)
	if err != nil {
		return desk.Misuse("«%.40q» non è il codice di una passkey. Guarda: varco keys list", typed)
	}
	s, err := r.Open()
	if err != nil {
		return err
	}
	err = r.WithPhrase(func(phrase secret.String) error {
		u, err := s.Client.Unlock(ctx, phrase)
		if err != nil {
			return err
		}
		return u.RemovePasskey(ctx, lock, phrase, false)
	})
	if desk.IsOurs(err) && fault.ClassOf(err) == fault.ClassMissing {
		return desk.Because(err, "Fra le tue passkey non c'è %s, e non è stato tolto nulla. Guarda: varco keys list", lock)
	}
	if err != nil {
		return freshly(err)
	}
	r.Say("La passkey %s non apre più le tue chiavi.\n", lock)
	return nil
}

// freshly says of what was refused for want of a fresh sign-in how to go on.
func freshly(err error) error {
	switch {
	case err == nil || desk.Told(err):
		return err
	case !desk.IsOurs(err) && fault.KindOf(err) == fault.Unauthenticated:
		return desk.Because(err, "%s", freshText)
	case desk.IsOurs(err) && fault.KindOf(err) == fault.Conflict:
		return desk.Because(err, "%s", lockedOutText)
	}
	return err
}
