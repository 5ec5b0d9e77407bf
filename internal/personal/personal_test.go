package personal_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"varco/internal/personal"
)

// checked is a find whose check character or digits are right.
func checked(kind personal.Kind, text string, at int) personal.Found {
	return personal.Found{Kind: kind, Text: text, At: at, Checked: true}
}

func found(kind personal.Kind, text string, at int) personal.Found {
	return personal.Found{Kind: kind, Text: text, At: at}
}

func TestFind(t *testing.T) {
	for text, want := range map[string][]personal.Found{
		"Il suo codice è RSSMRA80A41H501U, residente qui.":  {found(personal.CodiceFiscale, "RSSMRA80A41H501U", 17)},
		"RSSMRA80A01H501U e RSSMRA80A01H501V":               {checked(personal.CodiceFiscale, "RSSMRA80A01H501U", 0), found(personal.CodiceFiscale, "RSSMRA80A01H501V", 19)},
		"cf rss mra 80a41 h501 u":                           {found(personal.CodiceFiscale, "rss mra 80a41 h501 u", 3)},
		"RSSMRALMA41HR01U":                                  {found(personal.CodiceFiscale, "RSSMRALMA41HR01U", 0)},
		"IBAN IT60 X054 2811 1010 0000 0123 456.":           {checked(personal.IBAN, "IT60 X054 2811 1010 0000 0123 456", 5)},
		"it60x0542811101000000123457":                       {found(personal.IBAN, "it60x0542811101000000123457", 0)}, // mistyped
		"conto GB82WEST12345698765432":                      {checked(personal.IBAN, "GB82WEST12345698765432", 6)},
		"conto GB83WEST12345698765432":                      nil, // no IBAN, and none that the one in Italy could be
		"scrivi a maria.rossi@example.org, grazie":          {found(personal.Mail, "maria.rossi@example.org", 9)},
		"cell. 333 1234567 dopo le 18":                      {found(personal.Phone, "333 1234567", 6)},
		"cell. 333-123.45.67":                               {found(personal.Phone, "333-123.45.67", 6)},
		"tel. 02/12345678":                                  {found(personal.Phone, "02/12345678", 5)},
		"+39 333 1234567":                                   {found(personal.Phone, "+39 333 1234567", 0)},
		"abita in via Giuseppe Verdi 12, a Torino":          {found(personal.Street, "via Giuseppe Verdi 12", 9)},
		"in Piazza del Popolo, n. 3":                        {found(personal.Street, "Piazza del Popolo, n. 3", 3)},
		"viale dell'Industria 40":                           {found(personal.Street, "viale dell'Industria 40", 0)},
		"a@b.it e 3331234567":                               {found(personal.Mail, "a@b.it", 0), found(personal.Phone, "3331234567", 9)},
		"":                                                  nil,
		"Il Comune competente è quello del centro?":         nil,
		"La domanda è del 03/11/2026, alle 10:30":           nil,
		"entro il 03-11-2026 10.30":                         nil,
		"scrivi via mail 3 volte":                           nil,
		"conversazione t-4kd9-wq7m-x2pn-8rce, R-1234-82":    nil,
		"messaggio 2026-03-27 del 27 marzo, circolare 54":   nil,
		"importo 400 euro per 12 mensilità, 4800 in totale": nil,
		"art. 26 comma 3-bis d.lgs. 151/2001":               nil,
	} {
		if diff := cmp.Diff(want, personal.Find(text)); diff != "" {
			t.Errorf("Find(%q) (-want +got):\n%s", text, diff)
		}
	}
}

func FuzzFind(f *testing.F) {
	for _, seed := range []string{"RSSMRA80A41H501U", "IT60X0542811101000000123456", "+39 333 1234567", "via Roma 1", "a@b.it", "\xff0 "} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		end := 0
		for _, found := range personal.Find(text) {
			if found.At < end || found.Text == "" || !strings.HasPrefix(text[found.At:], found.Text) {
				t.Errorf("Find(%q) has %v after %d", text, found, end)
			}
			end = found.At + len(found.Text)
		}
	})
}
