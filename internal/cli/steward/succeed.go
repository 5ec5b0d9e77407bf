package steward

import (
	"time"

	"github.com/spf13/cobra"

	"varco/internal/card"
	"varco/internal/cli/desk"
	"varco/internal/cli/italian"
	"varco/internal/fault"
	"varco/internal/keyring"
)

const (
	succeedLong = `Fa una radice nuova al posto di quella che c'è: la vecchia firma la nuova, e la nuova firma la vecchia.

Le carte firmate finora dalla vecchia valgono fino al giorno che si dice con --until, e non oltre un anno; se qualcuno può aver
preso la vecchia, il giorno dev'essere vicino. Da adesso la vecchia non firma più nulla: prima si firmino le carte in sospeso.
La nota va a chi tiene il servizio, che la mette in linea subito; la chiave nuova va nel programma che si pubblica poi.`
	succeedExample = `  varco ceremony succeed --root radice.age --name radice2.rete.example.it --until 2027-06-30 --out radice2.age --note successione.txt`
	succeedAsk     = "La radice nuova prende il posto della vecchia?"
	succeedText    = `La radice nuova è nel file %s, la nota di successione nel file %s. Copia la radice su due supporti, uno per parte.
Le carte firmate dalla vecchia valgono fino al %s.

Chiave pubblica della radice nuova, da scrivere nel verbale e leggere a voce:
  %s
`
)

type succession struct {
	root, name, until, out, note string
	yes                          bool
	fd                           int
}

func (r *run) ceremonySucceed() *cobra.Command {
	var s succession
	c := &cobra.Command{Use: "succeed --root FILE --name NOME --until GIORNO --out FILE --note FILE",
		Short: "Fa una radice nuova al posto della vecchia", Long: succeedLong, Example: succeedExample, Args: desk.Takes(0, 0),
		RunE: func(*cobra.Command, []string) error { return r.runSucceed(s) }}
	c.Flags().StringVar(&s.root, "root", "", "il `file` della radice vecchia")
	c.Flags().StringVar(&s.name, "name", "", "il `nome` con cui firma la nuova")
	c.Flags().StringVar(&s.until, "until", "", "l'ultimo `giorno` in cui valgono le carte firmate dalla vecchia, 2027-06-30")
	c.Flags().StringVar(&s.out, "out", "", "il `file` in cui chiudere la radice nuova")
	c.Flags().StringVar(&s.note, "note", "", "il `file` in cui scrivere la nota di successione")
	c.Flags().BoolVar(&s.yes, "yes", false, "non chiede conferma")
	desk.FDFlag(c, &s.fd, "new-phrase-fd", "scrive le due metà della frase nuova, una per riga, su questo `descrittore`")
	return c
}

func (r *run) runSucceed(s succession) error {
	if s.root == "" || s.name == "" || s.until == "" || s.out == "" || s.note == "" {
		return desk.Misuse("Servono la radice vecchia, il nome della nuova, l'ultimo giorno e i due file da scrivere: varco ceremony succeed --help")
	}
	ends, err := r.succeedUntil(s.until)
	if err != nil {
		return err
	}
	for _, path := range []string{s.out, s.note} {
		if err := desk.Absent(path); err != nil {
			return err
		}
	}
	locked, err := desk.ReadSmall(s.root)
	if err != nil {
		return err
	}
	if err := r.Confirm(succeedAsk, s.yes); err != nil {
		return err
	}
	older, err := r.openRoot(locked)
	if err != nil {
		return err
	}
	newer, err := newRoot(s.name)
	if err != nil {
		return err
	}
	key, err := newer.VerifierKey()
	if err != nil {
		return err
	}
	oldKey, err := older.VerifierKey()
	if err != nil {
		return err
	}
	note, err := card.SignSuccession(card.Succession{Old: oldKey, New: key, Issued: r.Now(), Ends: ends}, older.Signer(), newer.Signer())
	if err != nil {
		return err
	}
	halves, err := r.newHalves(s.fd)
	if err != nil {
		return err
	}
	file, err := keyring.SealRoot(newer, halves, r.Work)
	if err != nil {
		return err
	}
	// The root first: a note of a root that was lost would be of no use to anybody.
	if err := desk.WriteNew(s.out, file); err != nil {
		return err
	}
	if err := desk.WriteNew(s.note, note); err != nil {
		return err
	}
	r.Say(succeedText, s.out, s.note, r.Day(ends.Add(-time.Millisecond)), key)
	return nil
}

// succeedUntil reads the last day on which the old root's cards count.
func (r *run) succeedUntil(typed string) (time.Time, error) {
	day, err := r.ParseDay(typed)
	if err != nil {
		return day, err
	}
	ends := day.AddDate(0, 0, 1)
	if left := ends.Sub(r.Now()); left < 0 || left > card.MaxLife {
		return ends, desk.Misuse("Il giorno «%s» dev'essere nel prossimo anno.", italian.Line(typed))
	}
	return ends, nil
}

// newRoot draws a root with a name.
func newRoot(name string) (keyring.Root, error) {
	root, err := keyring.NewRoot(name)
	if fault.KindOf(err) == fault.Invalid {
		return root, desk.Misuse("«%s» non può essere il nome di una radice: senza spazi, senza + e senza accenti.", italian.Line(name))
	}
	return root, err
}
