package desk

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"

	"golang.org/x/term"

	"varco/internal/cli/italian"
	"varco/internal/client"
	"varco/internal/secret"
)

// IsTerminal reports whether somebody sits at v.
func IsTerminal(v any) bool {
	f, ok := v.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// OpenTerminal opens the terminal that the program was started from.
func OpenTerminal() (*os.File, error) {
	if runtime.GOOS == "windows" {
		return os.OpenFile("CONIN$", os.O_RDWR, 0)
	}
	return os.OpenFile("/dev/tty", os.O_RDWR, 0)
}

// terminal is where somebody can type, also when standard input is something else; nil
// where nobody can. The caller closes it if it is not In.
func (r *Desk) terminal() *os.File {
	if IsTerminal(r.In) {
		return r.In.(*os.File) //nolint:forcetypeassert // IsTerminal has just seen it
	}
	if r.Terminal == nil {
		return nil
	}
	f, err := r.Terminal()
	if err != nil {
		return nil
	}
	return f
}

// Ask asks a question and returns the answer without spaces around it. Nobody there to
// answer is io.EOF.
func (r *Desk) Ask(question string) (string, error) {
	r.Tell("%s ", question)
	in := r.stdin
	if r.readAll {
		tty := r.terminal()
		if tty == nil {
			r.Tell("\n")
			return "", io.EOF
		}
		defer func() { _ = tty.Close() }()
		in = bufio.NewReader(tty)
	}
	line, err := await(r.ctx, func() (string, error) { return in.ReadString('\n') })
	if err != nil && (line == "" || !errors.Is(err, io.EOF)) {
		r.Tell("\n")
		return "", err
	}
	return strings.TrimSpace(line), nil
}

// await reads what somebody may never type: it gives up when the run ends.
func await[T any](ctx context.Context, read func() (T, error)) (T, error) {
	type result struct {
		value T
		err   error
	}
	done := make(chan result, 1)
	go func() {
		value, err := read()
		done <- result{value, err}
	}()
	select {
	case got := <-done:
		return got.value, got.err
	case <-ctx.Done():
		var none T
		return none, ctx.Err()
	}
}

// nobody says that a question was not answered.
func (r *Desk) nobody(format string, args ...any) error {
	if err := r.ctx.Err(); err != nil {
		return err
	}
	return Failed(format, args...)
}

// Confirm asks a question that only "sì" answers; yes answers it beforehand.
func (r *Desk) Confirm(question string, yes bool) error {
	if yes {
		return nil
	}
	answer, err := r.Ask(question + " (sì/no)")
	if err != nil {
		return r.nobody("Nessuno ha risposto: non è stato fatto nulla. Per rispondere sì in anticipo: --yes")
	}
	switch strings.ToLower(answer) {
	case "sì", "si", "s":
		return nil
	}
	return Failed("Va bene: non è stato fatto nulla.")
}

// Choose asks for one of several things and returns its position.
func (r *Desk) Choose(question string, of []string) (int, error) {
	for i, one := range of {
		r.Tell("  %d. %s\n", i+1, one)
	}
	answer, err := r.Ask(question)
	if err != nil {
		return 0, r.nobody("Nessuno ha risposto: non è stato fatto nulla.")
	}
	for i := range of {
		if answer == fmt.Sprint(i+1) {
			return i, nil
		}
	}
	return 0, Failed("«%s» non è uno dei numeri dell'elenco: non è stato fatto nulla.", italian.Line(answer))
}

// hidden reads a line that does not show while it is typed.
func (r *Desk) hidden(question string) (secret.String, error) {
	tty := r.terminal()
	if tty == nil {
		return secret.String{}, Misuse("Qui nessuno può scrivere la frase di sblocco. Passala da un descrittore: --phrase-fd N")
	}
	if tty != r.In {
		defer func() { _ = tty.Close() }()
	}
	r.Tell("%s ", question)
	fd := int(tty.Fd())
	before, err := term.GetState(fd)
	if err != nil {
		return secret.String{}, fmt.Errorf("reading a phrase: %w", err)
	}
	typed, err := await(r.ctx, func() ([]byte, error) { return term.ReadPassword(fd) })
	r.Tell("\n")
	if err != nil {
		_ = term.Restore(fd, before) // who interrupts is still in the middle of reading
		return secret.String{}, fmt.Errorf("reading a phrase: %w", err)
	}
	return secret.NewString(string(typed)), nil
}

// Text is what a person wants to say: given already, typed, or all of standard input.
// Typed says that it would be lost with this run.
func (r *Desk) Text(given string) (text string, typed bool, err error) {
	switch {
	case given != "":
		text = given
	case IsTerminal(r.In):
		if text, err = r.typed(); err != nil {
			return "", false, err
		}
		typed = true
	default:
		all, err := await(r.ctx, func() ([]byte, error) { return io.ReadAll(io.LimitReader(r.stdin, client.MaxText+1)) })
		if err != nil {
			return "", false, fmt.Errorf("reading the text: %w", err)
		}
		r.readAll, text = true, string(all)
	}
	text = strings.TrimSpace(strings.ReplaceAll(text, "\r\n", "\n"))
	if text == "" {
		return "", false, Misuse("Manca il testo. Scrivilo quando viene chiesto, oppure passalo sullo standard input.")
	}
	if len(text) > client.MaxText {
		return "", false, Failed("Il testo è troppo lungo (al massimo %d caratteri circa). Non è stato inviato nulla: accorcialo.", client.MaxText)
	}
	return text, typed, nil
}

// typed reads lines up to one that is a full stop.
func (r *Desk) typed() (string, error) {
	r.Tell("Scrivi il testo. Per finire, una riga con solo un punto.\n")
	var lines []string
	for {
		line, err := await(r.ctx, func() (string, error) { return r.stdin.ReadString('\n') })
		if strings.TrimSpace(line) == "." {
			break
		}
		lines = append(lines, strings.TrimRight(line, "\r\n"))
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return "", fmt.Errorf("reading the text: %w", err)
		}
	}
	return strings.Join(lines, "\n"), nil
}
