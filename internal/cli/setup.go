package cli

import (
	"errors"
	"os"

	"github.com/spf13/cobra"

	"varco/internal/cli/desk"
	"varco/internal/cli/italian"
	"varco/internal/cli/profile"
	"varco/internal/fault"
)

const (
	setupExample = `  varco setup --service https://varco.example.it
  varco setup --service http://localhost:8440 --anchors rete.toml    (dimostrazione)`
	setupLong = `Prepara questo computer: dice a quale servizio rivolgersi e di quali chiavi pubbliche fidarsi.

Quello che il programma deve ricordare sta in una cartella che legge solo il tuo utente: la cartella
delle impostazioni, oppure quella indicata dalla variabile VARCO_HOME.`
)

func (r *run) setup() *cobra.Command {
	var service, anchors string
	c := &cobra.Command{Use: "setup --service INDIRIZZO", Short: "Prepara questo computer", Long: setupLong, Example: setupExample,
		Args: desk.Takes(0, 0), RunE: func(*cobra.Command, []string) error { return r.runSetup(service, anchors) }}
	c.Flags().StringVar(&service, "service", "", "`indirizzo` del servizio, https://…")
	c.Flags().StringVar(&anchors, "anchors", "", "`file` con le chiavi pubbliche di una dimostrazione su questo computer")
	return c
}

func (r *run) runSetup(service, anchors string) error {
	if service == "" {
		return desk.Misuse("Manca l'indirizzo del servizio: varco setup --service https://…")
	}
	folder, err := profile.Folder(r.Getenv)
	if err != nil {
		return err
	}
	var given []byte
	if anchors != "" {
		if given, err = os.ReadFile(anchors); err != nil {
			return err
		}
		if len(given) == 0 {
			return desk.Failed("Il file %s è vuoto: non è stato preparato nulla.", anchors)
		}
	}
	p, err := profile.Setup(folder, service, string(given), r.Network)
	switch {
	case errors.Is(err, profile.ErrOther):
		return desk.Failed("La cartella %s è già preparata per un'altra rete, e quello che ricorda vale per quella.\n"+
			"Non è cambiato nulla. Per usare due reti dai a ciascuna una cartella: VARCO_HOME=CARTELLA varco setup …", folder)
	case fault.ClassOf(err) == fault.ClassUntrusted:
		return desk.Because(err, "Chiavi pubbliche date da un file valgono solo per una dimostrazione su questo computer (http://localhost…).\n"+
			"Non è stato preparato nulla: per un servizio vero usa il programma pubblicato dalla tua rete.")
	case fault.KindOf(err) == fault.Invalid:
		return desk.Because(err, "L'indirizzo «%s» non va bene: serve https://nome, e dopo il nome più nulla.\n"+
			"Non è stato preparato nulla.", italian.Line(service))
	case err != nil && anchors != "" && !desk.IsFile(err) && !errors.Is(err, profile.ErrNoAnchors):
		return desk.Because(err, "Il file %s non contiene chiavi pubbliche valide (servono origin, log e root). Non è stato preparato nulla.", anchors)
	case err != nil:
		return err
	}
	if p.Anchors.Demonstration {
		r.Tell(desk.Demonstration)
	}
	r.Say("Questo computer è pronto per %s.\nOra entra: varco login\n", italian.Line(p.Service))
	return nil
}
