package cases

import (
	"context"
	"errors"
	"fmt"
	"io"
	"mime"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"varco/internal/cli/desk"
	"varco/internal/cli/italian"
	"varco/internal/cli/profile"
	"varco/internal/client"
	"varco/internal/fault"
	"varco/internal/seal"
	"varco/internal/thread"
)

const (
	attachLong = `Invia uno o più file in una conversazione, con o senza un testo. Ogni file viene chiuso su questo computer mentre parte:
il servizio ne vede solo la grandezza, arrotondata. Al massimo 16 file per volta, di 256 MB ciascuno.
Il nome del file lo leggono le persone della conversazione, e resta com'è quello che il file contiene, anche dove è nascosto:
per esempio il luogo in cui una foto è stata scattata.`
	fetchLong = `Scarica un allegato. Il suo numero è quello che mostra varco thread read: 3.1 è il primo allegato della voce 3.
Il file prende il suo nome solo quando è arrivato tutto ed è proprio quello che è stato inviato. Un file che c'è già non viene riscritto.
Ogni lettura resta registrata. Chi lavora in INPS dice il motivo, e il centro lo vede.`
)

func attachFlag(c *cobra.Command, files *[]string) {
	c.Flags().StringArrayVar(files, "attach", nil, "allega questo `file`; si può ripetere")
}

func (r *run) attach() *cobra.Command {
	var f postFlags
	c := &cobra.Command{Use: "attach CODICE FILE...", Short: "Invia dei file in una conversazione", Long: attachLong, Args: desk.Takes(2, 1+thread.MaxBlobs),
		Example: "  varco thread attach t-4kd9-wq7m-x2pn-8rce domanda.pdf",
		RunE: func(c *cobra.Command, args []string) error {
			f.attach, f.wordless = args[1:], f.text == ""
			return r.runPost(c.Context(), args[0], f)
		}}
	c.Flags().StringSliceVar(&f.despite, "despite", nil, "invia anche se questa `persona`, che può leggere, non è più in regola")
	writingFlags(c, &f.writing, "il `testo`")
	return r.PhraseFlag(c)
}

// opened is a file that is to be sent.
type opened struct {
	*os.File
	name, kind string
	size       int64
}

// openFiles opens what is to be sent, before anything is: what can't be read is told first. The
// caller closes them.
func openFiles(paths []string) (all []opened, err error) {
	defer func() {
		if err != nil {
			closeFiles(all)
		}
	}()
	if len(paths) > thread.MaxBlobs {
		return nil, desk.Misuse("I file sono %d: al massimo %d per volta.", len(paths), thread.MaxBlobs)
	}
	for _, path := range paths {
		file, err := os.Open(path)
		if err != nil {
			return all, desk.Because(err, "Il file %s non si lascia leggere. Non è stato inviato nulla.", path)
		}
		all = append(all, opened{File: file, name: client.NameOf(filepath.Base(path)), kind: typeOf(path)})
		info, err := file.Stat()
		if err != nil || !info.Mode().IsRegular() {
			return all, desk.Failed("%s non è un file. Non è stato inviato nulla.", path)
		}
		if _, err := seal.BlobSize(info.Size()); err != nil {
			return all, desk.Failed("Il file %s è troppo grande: %s, al massimo 256 MB. Non è stato inviato nulla.", path, italian.Size(info.Size()))
		}
		all[len(all)-1].size = info.Size()
	}
	return all, nil
}

func closeFiles(all []opened) {
	for _, f := range all {
		_ = f.Close() // it was only read
	}
}

// typeOf is the media type that a file's name promises.
func typeOf(path string) string {
	kind, _, _ := strings.Cut(mime.TypeByExtension(strings.ToLower(filepath.Ext(path))), ";")
	if client.CheckType(kind) != nil {
		return client.DefaultType
	}
	return kind
}

// send uploads files; no entry carries them yet.
func (r *run) send(ctx context.Context, u *reader, files []opened) ([]client.Attachment, error) {
	var all []client.Attachment
	for _, f := range files {
		a, err := u.Attach(ctx, f, f.name, f.kind, f.size, r.progress("Invio di "+f.name))
		r.progressEnds()
		if fault.KindOf(err) == fault.Limited {
			return nil, desk.Because(err, "Hai caricato troppo che non è stato ancora inviato. Aspetta un giorno, o invia meno per volta.")
		}
		if err != nil {
			return nil, err
		}
		all = append(all, a)
	}
	return all, nil
}

// progress shows on the terminal how far something has come.
func (r *run) progress(doing string) client.Progress {
	if !desk.IsTerminal(r.Err) {
		return nil
	}
	last := int64(-1)
	return func(done, total int64) {
		if percent := 100 * done / max(total, 1); percent != last {
			last = percent
			r.Tell("\r%s: %d %% di %s ", italian.Line(doing), percent, italian.Size(total))
		}
	}
}

func (r *run) progressEnds() {
	if desk.IsTerminal(r.Err) {
		r.Tell("\n")
	}
}

func (r *run) fetch() *cobra.Command {
	var reason, out string
	c := &cobra.Command{Use: "fetch CODICE NUMERO", Short: "Scarica un allegato", Long: fetchLong, Args: desk.Takes(2, 2),
		Example: "  varco thread fetch t-4kd9-wq7m-x2pn-8rce 3.1\n  varco thread fetch t-4kd9-wq7m-x2pn-8rce 3.1 --out domanda.pdf --reason verify",
		RunE: func(c *cobra.Command, args []string) error {
			return r.runFetch(c.Context(), args[0], args[1], reason, out)
		}}
	c.Flags().StringVar(&out, "out", "", "il `file` da scrivere; altrimenti quello dell'allegato, nella cartella corrente")
	reasonFlag(c, &reason)
	return r.PhraseFlag(c)
}

func (r *run) runFetch(ctx context.Context, code, number, reason, out string) error {
	u, err := r.reader(ctx)
	if err != nil {
		return err
	}
	v, err := r.readWarned(ctx, u, code, reason, "")
	if err != nil {
		return err
	}
	s, n, err := findAttachment(v, number)
	if err != nil {
		return err
	}
	if out == "" {
		out = s.Content.Attachments[n].Name
	}
	if err := desk.Absent(out); err != nil {
		return err
	}
	// It has another name until it is whole and checked: what is wrong is never found as a file.
	err = profile.WriteFile(out, func(w io.Writer) error {
		return u.Fetch(ctx, v, s.Entry.ID, n, w, r.progress("Scarico "+s.Content.Attachments[n].Name))
	})
	r.progressEnds()
	if err != nil {
		return err
	}
	r.Say("Scaricato in %s.\n", out)
	return nil
}

// findAttachment finds an attachment by the number that showAttachments shows.
func findAttachment(v *client.Conversation, number string) (*client.Shown, int, error) {
	sequence, nth, _ := strings.Cut(number, ".")
	s, err := strconv.Atoi(sequence)
	n, wrong := strconv.Atoi(nth)
	if errors.Join(err, wrong) != nil {
		return nil, 0, desk.Misuse("«%s» non è il numero di un allegato. È come 3.1: il primo allegato della voce 3.", italian.Line(number))
	}
	if s < 0 || s >= len(v.Entries) || n < 1 || n > len(v.Entries[s].Content.Attachments) {
		return nil, 0, desk.Failed("In questa conversazione non c'è l'allegato %s. Con varco thread read li vedi tutti.", italian.Line(number))
	}
	return &v.Entries[s], n - 1, nil
}

// showAttachments shows what an entry carries.
func (r *run) showAttachments(s *client.Shown) {
	for i, a := range s.Content.Attachments {
		r.Say("%s\n", indent(fmt.Sprintf("Allegato %d.%d: %s (%s)", s.Entry.Sequence, i+1, italian.Line(a.Name), italian.Size(a.Size))))
	}
}
