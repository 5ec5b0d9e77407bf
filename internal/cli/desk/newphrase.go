package desk

import (
	"fmt"

	"varco/internal/keyring"
	"varco/internal/secret"
)

// A terminal's second screen (xterm, "alternate screen buffer"): what is written there is
// gone when it is left, and can't be scrolled back to.
const (
	secondScreen = "\x1b[?1049h\x1b[H"
	firstScreen  = "\x1b[?1049l"
)

// NewPhrase draws a phrase and hands it over before anything depends on it: to a file
// descriptor, or if fd is negative to somebody at the terminal, who types it again. Shown is
// what she reads, with a verb for the phrase.
func (r *Desk) NewPhrase(fd int, shown string) (secret.String, error) {
	phrase, err := keyring.NewPhrase(r.Rand)
	if err != nil {
		return secret.String{}, err
	}
	if fd >= 0 {
		return phrase, r.writeSecret(fd, phrase)
	}
	return phrase, r.hand(phrase, shown)
}

// hand shows a phrase once and asks for it.
func (r *Desk) hand(phrase secret.String, shown string) error {
	if !IsTerminal(r.In) || !IsTerminal(r.Err) {
		return Misuse("Qui nessuno può leggere la frase nuova. Falla scrivere su un descrittore: --new-phrase-fd N")
	}
	r.Tell(secondScreen)
	_, err := r.Ask(fmt.Sprintf(shown, phrase.Reveal()))
	r.Tell(firstScreen)
	if err != nil {
		return r.nobody("Nessuno ha risposto: la frase non vale e non è stato fatto nulla.")
	}
	for range tries {
		typed, err := r.hidden("Ora scrivila, per prova:")
		if err != nil {
			return err
		}
		again, err := keyring.ParsePhrase(typed.Reveal())
		switch {
		case err != nil:
			r.Tell("%s\n", spelling(err))
		case again.Reveal() != phrase.Reveal():
			r.Tell("Non è la stessa frase.\n")
		default:
			return nil
		}
	}
	return Failed("La frase non è stata riscritta giusta: non vale, e non è stato fatto nulla. Butta il foglio e ripeti il comando.")
}
