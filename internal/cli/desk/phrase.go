package desk

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"varco/internal/client"
	"varco/internal/fault"
	"varco/internal/keyring"
	"varco/internal/secret"
	"varco/internal/words"
)

// tries is how often a phrase can be typed.
const tries = 3

const (
	askPhrase   = "Frase di sblocco:"
	wrongPhrase = "La frase non apre le tue chiavi. Nulla è cambiato: controllala sul foglio e ripeti.\n" +
		"Se il foglio è quello giusto, può darsi che qualcuno abbia rifatto le tue chiavi: guarda con varco keys list\n" +
		"Se il foglio è perso, parla con chi tiene l'elenco della tua organizzazione."
	noKeys = "Non hai ancora le tue chiavi. Falle ora: varco enrol"
)

// PhraseFlag lets a command take the phrase from a file descriptor.
func (r *Desk) PhraseFlag(c *cobra.Command) *cobra.Command {
	FDFlag(c, &r.phraseFD, "phrase-fd", "legge la frase di sblocco da questo `descrittore` (0 è lo standard input)")
	return c
}

// PhraseTyped reports whether the phrase comes from somebody at the terminal, who can try again.
func (r *Desk) PhraseTyped() bool { return r.phraseFD < 0 }

// Phrase reads a phrase that exists. Somebody who types it can try again while a word is
// misspelt; nothing has been asked of anybody then.
func (r *Desk) Phrase(question string) (secret.String, error) {
	for try := 1; ; try++ {
		phrase, err := r.typedPhrase(question)
		if err != nil {
			return phrase, err
		}
		_, misspelt := keyring.ParsePhrase(phrase.Reveal())
		if misspelt == nil {
			return phrase, nil
		}
		err = spelling(misspelt)
		if !r.PhraseTyped() || try == tries {
			return phrase, err
		}
		r.Tell("%s\n", err)
	}
}

func (r *Desk) typedPhrase(question string) (secret.String, error) {
	if r.PhraseTyped() {
		return r.hidden(question)
	}
	return r.SecretLine(r.phraseFD)
}

// WithPhrase asks for the phrase until it fits, a few times if somebody types it.
func (r *Desk) WithPhrase(do func(secret.String) error) error {
	for try := 1; ; try++ {
		phrase, err := r.Phrase(askPhrase)
		if err != nil {
			return err
		}
		err = do(phrase)
		if fault.ClassOf(err) != fault.ClassPhrase {
			return err
		}
		err = Failed("%s", wrongPhrase)
		if !r.PhraseTyped() || try == tries {
			return err
		}
		r.Tell("%s\n", err)
	}
}

// spelling says why what was typed is no phrase, and never a word of it.
func spelling(misspelt error) error {
	if word, ok := errors.AsType[*keyring.WordError](misspelt); ok {
		return Failed("La parola numero %d non è nell'elenco delle parole: controlla come è scritta sul foglio.", word.Position)
	}
	return Failed("La frase è fatta di %d parole: controlla sul foglio.", words.Six)
}

// Unlocked opens the keys of whoever is signed in.
func (r *Desk) Unlocked(ctx context.Context) (*Session, *client.Unlocked, error) {
	s, err := r.Open()
	if err != nil {
		return nil, nil, err
	}
	var u *client.Unlocked
	err = r.WithPhrase(func(phrase secret.String) (err error) {
		u, err = s.Client.Unlock(ctx, phrase)
		return err
	})
	if IsOurs(err) && fault.KindOf(err) == fault.NotFound {
		return nil, nil, Failed("%s", noKeys)
	}
	return s, u, err
}

// IsOurs reports whether an error was found on this device, and is not the service's word.
func IsOurs(err error) bool {
	var refused *client.ServiceError
	return err != nil && !errors.As(err, &refused)
}
