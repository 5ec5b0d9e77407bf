package cases

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"varco/internal/act"
	"varco/internal/cli/desk"
	"varco/internal/cli/italian"
	"varco/internal/client"
	"varco/internal/fault"
)

const (
	exportLong = `Salva una conversazione in una cartella nuova, con i suoi allegati, così com'è conservata: chiusa, con accanto le chiavi che
la aprono. Si legge senza Varco, con il programma age (1.3 o successivo); come si fa lo dice LEGGIMI.txt nella cartella.

ATTENZIONE: chi ha la cartella può leggere tutto. Tienila dove non arriva nessun altro, e non lasciarla su un computer condiviso.
Ogni lettura resta registrata.`
	exportReadme = `Conversazione %s, salvata il %s.

CHI HA QUESTA CARTELLA PUÒ LEGGERE TUTTO. Tienila dove non arriva nessun altro.

indice.txt            che cosa c'è, voce per voce
entries/              le voci: l'intestazione firmata con la sua ricevuta (.txt) e il testo chiuso (.age)
epochs/               le chiavi che aprono i testi
attachments/          gli allegati chiusi (.age), ciascuno con la sua chiave (.key)
cards/                le carte di chi ha firmato

Per aprire un testo o un allegato serve age, versione 1.3 o successiva:

  age -d -i epochs/0001.key -o testo entries/0000.age

Quello che si ottiene comincia con 8 byte che dicono quanto è lungo il contenuto, e finisce con degli zeri: servono a non far
capire dalla grandezza che cosa c'è. Con gli strumenti di un sistema Unix:

  n=$(od -An -t u8 -N 8 --endian=big testo); tail -c +9 testo | head -c $n
`
)

func (r *run) export() *cobra.Command {
	var reason, to string
	c := &cobra.Command{Use: "export CODICE", Short: "Salva una conversazione in una cartella", Long: exportLong, Args: desk.Takes(1, 1),
		Example: "  varco thread export t-4kd9-wq7m-x2pn-8rce --to conversazione",
		RunE:    func(c *cobra.Command, args []string) error { return r.runExport(c.Context(), args[0], reason, to) }}
	c.Flags().StringVar(&to, "to", "", "la `cartella` da fare, che non c'è ancora")
	reasonFlag(c, &reason)
	return r.PhraseFlag(c)
}

func (r *run) runExport(ctx context.Context, code, reason, to string) error {
	if to == "" {
		return desk.Misuse("In quale cartella? Serve --to, una cartella che non c'è ancora.")
	}
	if err := desk.Absent(to); err != nil {
		return err
	}
	u, err := r.reader(ctx)
	if err != nil {
		return err
	}
	v, err := r.readWarned(ctx, u, code, reason, act.Reason(""))
	if err != nil {
		return err
	}
	folder, err := newFolder(to)
	if err != nil {
		return err
	}
	all, err := u.Export(ctx, v, folder.create, r.progress("Scarico gli allegati"))
	r.progressEnds()
	if err == nil {
		err = r.describe(folder, u.directory, v, all)
	}
	if err = errors.Join(err, folder.root.Close()); err != nil {
		return desk.Because(err, "La conversazione non è stata salvata tutta. Cancella la cartella %s\n"+
			"e ripeti. %s", italian.Line(to), whatEnded(err))
	}
	r.Say("Salvata in %s: %d voci. Chi ha la cartella può leggere tutto.\n", italian.Line(to), len(all))
	return nil
}

// whatEnded says more where the person can do something.
func whatEnded(err error) string {
	if fault.KindOf(err) == fault.Refused {
		return "Il servizio ha dato un allegato che non è quello inviato: avvisa l'assistenza."
	}
	return ""
}

// describe writes what people read: how to open it, and what is there.
func (r *run) describe(folder *folder, d *client.Directory, v *client.Conversation, all []client.Exported) error {
	heading, err := r.heading(d, &v.State)
	if err != nil {
		return err
	}
	var index strings.Builder
	fmt.Fprintf(&index, "%s\n%s\n", heading, r.proven(v.Fresh))
	for _, x := range all {
		s := x.Shown
		fmt.Fprintf(&index, "\n%d. %s  %s, %s  [%s]  %s\n", s.Entry.Sequence, r.When(s.Receipt.AdmittedAt),
			italian.Called(s.Name, s.Entry.Author), italian.Seat(s.Seat), s.Receipt.Number(), happened(s))
		fmt.Fprintf(&index, "   intestazione: %s\n", x.Header)
		if x.Body != "" {
			fmt.Fprintf(&index, "   testo: %s, si apre con %s\n", x.Body, italian.OrDash(x.Epoch))
		}
		for i, name := range x.Attachments {
			fmt.Fprintf(&index, "   allegato %s: %s, si apre con %s\n", italian.Line(s.Content.Attachments[i].Name), name, x.Keys[i])
		}
	}
	for name, text := range map[string]string{"indice.txt": index.String(),
		"LEGGIMI.txt": fmt.Sprintf(exportReadme, v.State.Thread, r.When(r.Now()))} {
		w, err := folder.create(name)
		if err != nil {
			return err
		}
		_, err = io.WriteString(w, text)
		if err := errors.Join(err, w.Close()); err != nil {
			return err
		}
	}
	return nil
}

// folder is a new folder for nobody else's eyes; no file of it can be outside.
type folder struct{ root *os.Root }

func newFolder(path string) (*folder, error) {
	if err := os.Mkdir(path, 0o700); err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(path)
	return &folder{root}, err
}

func (f *folder) create(name string) (io.WriteCloser, error) {
	if err := f.root.Mkdir(filepath.Dir(name), 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	return f.root.OpenFile(filepath.FromSlash(name), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
}
