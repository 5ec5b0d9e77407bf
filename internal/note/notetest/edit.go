package notetest

import (
	"slices"
	"strings"
	"testing"
)

// Edit is a change to the lines of a text.
type Edit struct {
	Name string
	Do   func(lines []string) []string
}

// Apply changes a text. It fails if nothing changes, since a test would then test nothing.
func (e Edit) Apply(t testing.TB, text string) string {
	t.Helper()
	changed := strings.Join(e.Do(strings.Split(strings.TrimSuffix(text, "\n"), "\n")), "\n") + "\n"
	if changed == text {
		t.Fatalf("the edit %s changes nothing", e.Name)
	}
	return changed
}

// Edits returns what can go wrong with the lines of a form, whatever they say: each line
// taken away, written twice, late, without value, with a space too many; a line that does
// not belong; another kind and another version of the protocol. The name of an edit to one
// line ends with its key. Of several lines with one key only the last is edited.
func Edits(text string) []Edit {
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	edits := []Edit{
		{"other kind", Replace(lines[0], "varco/v1 nothing")},
		{"other version", Replace("varco/v1 ", "varco/v2 ")},
		{"unknown first", insert(1, "extra value")},
		{"unknown last", insert(len(lines), "extra value")},
	}
	for i, line := range lines {
		key, _, _ := strings.Cut(line, " ")
		if i+1 < len(lines) && strings.HasPrefix(lines[i+1], key+" ") {
			continue
		}
		edits = append(edits,
			Edit{"missing " + key, func(l []string) []string { return slices.Delete(l, i, i+1) }},
			Edit{"twice " + key, insert(i, line)},
			Edit{"empty " + key, set(i, key+" ")},
			Edit{"bare " + key, set(i, key)},
			Edit{"indented " + key, set(i, " "+line)},
			Edit{"two spaces in " + key, set(i, strings.Replace(line, " ", "  ", 1))},
			Edit{"space after " + key, set(i, line+" ")})
		if i+1 < len(lines) {
			edits = append(edits, Edit{"late " + key, func(l []string) []string {
				l[i], l[i+1] = l[i+1], l[i]
				return l
			}})
		}
	}
	return edits
}

// Replace changes the first old in the text.
func Replace(old, new string) func([]string) []string {
	return func(lines []string) []string {
		return strings.Split(strings.Replace(strings.Join(lines, "\n"), old, new, 1), "\n")
	}
}

// Value changes the first line with a key.
func Value(key, value string) func([]string) []string {
	return func(lines []string) []string {
		if i := slices.IndexFunc(lines, func(l string) bool { return strings.HasPrefix(l, key+" ") }); i >= 0 {
			lines[i] = key + " " + value
		}
		return lines
	}
}

func insert(i int, line string) func([]string) []string {
	return func(lines []string) []string { return slices.Insert(lines, i, line) }
}

func set(i int, line string) func([]string) []string {
	return func(lines []string) []string {
		lines[i] = line
		return lines
	}
}
