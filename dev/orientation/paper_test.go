package orientation_test

import (
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"varco/policies/questionnaire"
)

// telling are the documents whose names would tell what the sheet of paper is about: they are not on it.
var telling = []string{
	"affidamento", "affidamento_ordine", "affidamento_parentale", "atto_penale", "avviso_datore", "collocamento", "denuncia", "domanda_inps",
	"estraneita", "estremi_carico", "giusta_causa", "niente_datore", "percorso", "presa_in_carico", "prove_lavoro", "provvedimento", "relazione",
	"richiesta_datore", "separazione", "servizio_sociale", "sr208", "tutore",
}

// tells is what no word of the sheet may have in it, in either language.
var tells = regexp.MustCompile(`(?i)violen|abus|libert|freedom|rifugi|refuge|shelter|CAV\b|autore|vittim|victim|prote[tz]|protect|antiviol|orientament|agenda|giudic|court|judge|denunc|lawyer|legal|modific|chang|separ|custod|affid|together|insieme|1522|Varco`)

var entry = regexp.MustCompile(`(?m)^  '(paper\.[^']+)':\s+'([^']+)',$`)

// sheet reads the words of the printed sheet in a language.
func sheet(t *testing.T, language string) map[string]string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(web, "src/words", language, "paper.ts"))
	if err != nil {
		t.Fatal(err)
	}
	words := map[string]string{}
	for _, m := range entry.FindAllStringSubmatch(string(text), -1) {
		words[m[1]] = m[2]
	}
	if n := strings.Count(string(text), "\n  'paper."); len(words) != n {
		t.Fatalf("%s: %d entries were read of %d", language, len(words), n)
	}
	return words
}

// TestPaper holds the words of the sheet to the rules: a name and a place for each benefit, a
// name for each document but those that would tell, nothing left over, and nothing that tells.
func TestPaper(t *testing.T) {
	r := rules(t)
	want := []string{"title", "what", "where", "bring", "first", "then", "others", "soon"}
	documents := map[string]bool{}
	for _, b := range r.Benefits {
		want = append(want, "benefit."+b.ID, "where."+b.ID)
		for _, d := range b.Documents {
			documents[d.ID] = true
		}
	}
	for _, id := range telling {
		if !documents[id] {
			t.Errorf("%s is kept off the sheet, and is no document", id)
		}
		delete(documents, id)
	}
	for id := range documents {
		want = append(want, "document."+id)
	}
	for i := range want {
		want[i] = "paper." + want[i]
	}
	slices.Sort(want)
	for _, language := range []string{"it", "en"} {
		words := sheet(t, language)
		if diff := cmp.Diff(want, slices.Sorted(maps.Keys(words))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", language, diff)
		}
		for key, text := range words {
			if found := tells.FindString(text); found != "" {
				t.Errorf("%s, %s: %q tells %q", language, key, text, found)
			}
		}
	}
}

// TestBeside: the page offers exactly the languages for which there are words.
func TestBeside(t *testing.T) {
	all, err := questionnaire.Languages()
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"ar", "en", "es", "fr", "it", "ro", "sq"}, slices.Sorted(maps.Keys(all))); diff != "" {
		t.Errorf("words (-want +got):\n%s", diff)
	}
	book, err := os.ReadFile(filepath.Join(web, "src/orientation/book.ts"))
	if err != nil {
		t.Fatal(err)
	}
	var offered []string
	for _, m := range regexp.MustCompile(`(?m)^import (\w\w) from '[./]+/policies/questionnaire/words\.(\w\w)\.json';$`).FindAllStringSubmatch(string(book), -1) {
		if m[1] != m[2] || !strings.Contains(string(book), "\n  "+m[1]+": '") {
			t.Errorf("%s is read as %s, or has no name of its own", m[2], m[1])
		}
		offered = append(offered, m[1])
	}
	slices.Sort(offered)
	if diff := cmp.Diff(slices.Sorted(maps.Keys(all)), offered); diff != "" {
		t.Errorf("the page offers (-words +page):\n%s", diff)
	}
	for language, w := range all {
		if want := language != "it" && language != "en"; w.Machine != want {
			t.Errorf("%s: machine is %t", language, w.Machine)
		}
	}
}
