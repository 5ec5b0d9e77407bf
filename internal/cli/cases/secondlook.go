package cases

import (
	"varco/internal/cli/italian"
	"varco/internal/personal"
)

var personalNames = map[personal.Kind]string{
	personal.CodiceFiscale: "un codice fiscale", personal.IBAN: "un IBAN", personal.Mail: "un indirizzo e-mail",
	personal.Phone: "un numero di telefono", personal.Street: "un indirizzo",
}

// secondLook asks before a text is sent that seems to tell who somebody is.
func (r *run) secondLook(text string, yes bool) error {
	found := personal.Find(text)
	if len(found) == 0 || yes {
		return nil
	}
	r.Tell("Il testo sembra contenere:\n")
	for _, f := range found {
		r.Tell("  %s: %s\n", personalNames[f.Kind], italian.Line(f.Text))
	}
	r.Tell("Chi lo legge potrebbe capire chi è la donna, o dove sta. Per quasi tutte le domande non serve.\n")
	return r.Confirm("Lo mando lo stesso?", false)
}
