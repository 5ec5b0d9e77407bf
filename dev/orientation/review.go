package orientation

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"varco/policies"
	"varco/policies/questionnaire"
)

// Data is all of which the reviewer's page is made.
type Data struct {
	Rules  questionnaire.Rules
	Words  questionnaire.Words // in Italian
	Cases  questionnaire.Cases
	Topics []policies.Topic
}

// Review returns the text of docs/it/questionario.md: what the questionnaire asks, what it
// concludes and on which values, in plain Italian, with room to sign.
func Review(d Data) string {
	r := &review{Data: d, plain: plain{d.Rules, d.Words}}
	r.head()
	r.questions()
	r.benefits()
	r.warnings()
	r.parameters()
	r.cases()
	r.line("## Firme\n\n| chi | ruolo | data | firma |\n|---|---|---|---|\n| | | | |\n| | | | |\n| | | | |")
	return r.text.String()
}

type review struct {
	Data
	plain plain
	text  strings.Builder
}

func (r *review) line(format string, args ...any) { fmt.Fprintf(&r.text, format+"\n", args...) }

const toSign = "\n☐ corretto ☐ da correggere: ______________________________ sigla ______"

func (r *review) head() {
	status := map[string]string{"draft": "bozza, non firmata", "signed": "firmata"}[r.Rules.Status]
	until := ""
	if r.Rules.Valid.Until != "" {
		until = " al " + day(r.Rules.Valid.Until)
	}
	r.line("# Questionario di primo orientamento: pagina per chi lo controlla\n")
	r.line("Scritta dai dati di `policies/questionnaire` (`go test ./dev/orientation -run Review -update`): si corregge lì, non qui.\n")
	r.line("Versione %s (%s). Valida dal %s%s; da rileggere entro il %s. Fonti lette fino a %s.\n",
		r.Rules.Version, status, day(r.Rules.Valid.From), until, day(r.Rules.Review), r.Rules.Collected)
	r.line("%s\n", r.Words.Disclaimer)
	r.line("## Come si legge\n")
	r.line("- Una domanda si fa se la sua condizione è vera, o se non si sa ancora. Una domanda che non si fa vale come risposta diversa da tutte quelle nominate.")
	r.line("- Una domanda senza risposta, o con «Non so», lascia aperto ciò che dipende da lei.")
	r.line("- **%s**: una condizione «sempre» è esclusa dalle risposte. Si dice quale risposta la esclude.", r.Words.Outcomes["not"])
	r.line("- **%s**: sono vere tutte le condizioni, «sempre» e «in più».", r.Words.Outcomes["likely"])
	r.line("- **%s**: in ogni altro caso. Ciò a cui si può rimediare sta in «in più», perché non escluda nessuna.", r.Words.Outcomes["verify"])
	r.line("- Un’avvertenza si mostra se le risposte non la escludono.\n")
}

func (r *review) questions() {
	r.line("## Domande")
	for _, section := range r.Rules.Sections {
		r.line("\n### %s", r.Words.Sections[section])
		for _, q := range r.Rules.Questions {
			if q.Section == section {
				r.question(q)
			}
		}
	}
	r.line("%s\n", toSign)
}

func (r *review) question(q questionnaire.Question) {
	words := r.Words.Questions[q.ID]
	r.line("\n**%s. %s**%s\n", q.ID, words.Text, map[string]string{"multi": " (anche più risposte)"}[q.Type])
	if q.ShowIf != nil {
		r.line("Si chiede solo se: %s.\n", r.plain.sentence(*q.ShowIf))
	}
	if q.Stays {
		r.line("La risposta non va mai in un caso, né un esito che la direbbe.\n")
	}
	for _, o := range q.Options {
		alone := ""
		if slices.Contains(q.Exclusive, o) {
			alone = " (da sola)"
		}
		r.line("- %s%s", words.Options[o], alone)
	}
}

var needs = map[int]string{1: "subito", 2: "presto", 3: "più avanti"}

func (r *review) benefits() {
	r.line("## Prestazioni e diritti\n")
	for _, b := range r.Rules.Benefits {
		words := r.Words.Benefits[b.ID]
		r.line("### %s (%s)\n", words.Name, b.ID)
		r.line("Dove: %s. Bisogno: %s.", strings.TrimSuffix(r.Words.Channels[b.Channel], "."), needs[b.Need])
		if b.Deadline != nil {
			r.line("Termine: %s; preme se %s.", r.value(b.Deadline.Parameter), r.plain.sentence(b.Deadline.Pressing))
		}
		r.rules("Sempre", b.Hard)
		r.rules("In più, per «"+r.Words.Outcomes["likely"]+"»", b.Soft)
		r.line("\nDocumenti:\n")
		for _, d := range b.Documents {
			when := ""
			if d.When != nil {
				when = " — se non è escluso che: " + r.plain.sentence(*d.When)
			}
			r.line("- %s%s", r.Words.Documents[d.ID], when)
		}
		r.line("")
		r.list("Valori", b.Parameters, func(id string) string { return r.Words.Parameters[id] + " " + r.value(id) })
		r.list("Avvertenze", b.Warnings, func(id string) string { return id })
		if b.Elsewhere {
			r.line("In un caso non va: non riguarda l’INPS.\n")
		} else {
			r.list("Argomenti di un caso", b.Topics, r.topic)
		}
		if words.Notes != "" {
			r.line("Note: %s", words.Notes)
		}
		r.line("%s\n", toSign)
	}
}

func (r *review) rules(head string, list []questionnaire.Expression) {
	r.line("\n%s:\n", head)
	for _, e := range list {
		for _, line := range r.plain.lines(e, false, 0) {
			r.line("%s", line)
		}
	}
}

func (r *review) list(head string, ids []string, say func(string) string) {
	if len(ids) == 0 {
		return
	}
	said := make([]string, len(ids))
	for i, id := range ids {
		said[i] = say(id)
	}
	r.line("%s: %s.\n", head, strings.Join(said, "; "))
}

func (r *review) topic(code string) string {
	for _, t := range r.Topics {
		if t.Code == code {
			return code + " " + t.It
		}
	}
	return code
}

func (r *review) warnings() {
	r.line("## Avvertenze\n\nQuelle «sempre» si guardano qualunque sia l’esito; le altre con la loro prestazione, se non è esclusa. Sullo schermo vengono prima quelle «sempre», nell’ordine di questa pagina; poi, delle altre, quelle che per le risposte valgono; poi quelle che le risposte non escludono.\n")
	for _, w := range r.Rules.Warnings {
		always := ""
		if w.Always {
			always = " (sempre)"
		}
		r.line("**%s**%s. %s\n", w.ID, always, r.Words.Warnings[w.ID])
		r.line("Quando: %s.\n", r.plain.sentence(w.When))
		r.list("Argomenti di un caso", w.Topics, r.topic)
	}
	r.line("%s\n", strings.TrimPrefix(toSign, "\n"))
}

func (r *review) parameters() {
	r.line("## Valori\n\n| valore | | dal | al | fonte | quanto è sicuro | sigla |\n|---|---|---|---|---|---|---|")
	for _, p := range r.Rules.Parameters {
		r.line("| %s | %s | %s | %s | %s | %s | |", r.Words.Parameters[p.ID], r.value(p.ID), day(p.From), day(p.Until), p.Source, r.Words.Confidence[p.Confidence])
	}
	r.line("\nUn valore fuori dalle sue date si mostra «%s», anche se è stato visto in una fonte.\n", r.Words.Confidence["verify"])
}

// value says a parameter with its unit, until when it holds, and whether it is to be verified when
// the rules begin to be used: the page says it of each day.
func (r *review) value(id string) string {
	for _, p := range r.Rules.Parameters {
		if p.ID == id {
			said := strings.Replace(r.Words.Units[p.Unit], "{n}", amount(p.Value), 1)
			var more []string
			if p.Until != "" {
				more = append(more, "fino al "+day(p.Until))
			}
			if over := p.Until != "" && p.Until < r.Rules.Valid.From; over || p.Confidence == "verify" {
				more = append(more, r.Words.Confidence["verify"])
			}
			if len(more) > 0 {
				said += " (" + strings.Join(more, ", ") + ")"
			}
			return said
		}
	}
	return id
}

// amount writes a number as Italians do: 20.382,90.
func amount(n float64) string {
	text := strconv.FormatFloat(n, 'f', 2, 64)
	whole, cents, _ := strings.Cut(text, ".")
	for at := len(whole) - 3; at > 0; at -= 3 {
		whole = whole[:at] + "." + whole[at:]
	}
	if cents == "00" {
		return whole
	}
	return whole + "," + cents
}

// day writes 2026-04-01 as 1-4-2026, as Italians do.
func day(iso string) string {
	part := strings.Split(iso, "-")
	if len(part) != 3 {
		return iso
	}
	return strings.TrimPrefix(part[2], "0") + "-" + strings.TrimPrefix(part[1], "0") + "-" + part[0]
}

func (r *review) cases() {
	r.line("## Casi di prova\n\nA ogni modifica si controlla che per questi insiemi di risposte l’esito sia questo; ogni regola decide almeno un caso.")
	r.line("Dove non è detto di che cosa si tratta, tutto il resto è «%s».\n", r.Words.Outcomes["not"])
	for _, c := range r.Cases.Cases {
		r.line("**%s.** %s.\n", c.ID, c.Name)
		rest := slices.DeleteFunc(slices.Clone(c.About), func(id string) bool {
			return r.Words.Benefits[id].Name == "" || slices.Contains(slices.Concat(c.Likely, c.Verify), id)
		})
		hidden := slices.DeleteFunc(slices.Clone(c.About), func(id string) bool {
			return r.Words.Warnings[id] == "" || slices.Contains(c.Warnings, id)
		})
		for _, outcome := range []struct {
			name string
			ids  []string
		}{{r.Words.Outcomes["likely"], c.Likely}, {r.Words.Outcomes["verify"], c.Verify}, {r.Words.Outcomes["not"], rest}, {"Avvertenze", c.Warnings}, {"Avvertenze che non si mostrano", hidden}} {
			r.list("- "+outcome.name, outcome.ids, func(id string) string { return cmp.Or(r.Words.Benefits[id].Name, id) })
		}
		r.list("- Termine che preme", c.Pressing, func(id string) string { return r.Words.Benefits[id].Name })
		for _, id := range slices.Sorted(maps.Keys(c.Documents)) {
			r.list("- Documenti per «"+r.Words.Benefits[id].Name+"»", c.Documents[id], func(id string) string { return r.Words.Documents[id] })
		}
	}
	r.line("%s\n", strings.TrimPrefix(toSign, "\n"))
}
