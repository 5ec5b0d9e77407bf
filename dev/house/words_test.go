package house_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	// word finds the keys of a table in web/src/words.
	word = regexp.MustCompile(`(?m)^ {2}'([^']+)':`)
	// filled finds what names one with blanks, as `open.part.${part}`.
	filled = regexp.MustCompile("`[a-z]+[.][^` ]*[$][{][^`]*`")
	// blank stands for anything.
	blank = regexp.MustCompile(`\\\$\\\{.*?\\\}`)
)

// Every text of the page is said somewhere in it: one that is not belongs to nothing.
func TestWordsAreSaid(t *testing.T) {
	source := "../../web/src"
	var page strings.Builder
	var some []*regexp.Regexp
	err := filepath.WalkDir(source, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasPrefix(path, source+"/words/it") || strings.HasPrefix(path, source+"/words/en") || path == source+"/core/types.ts" {
			return err
		}
		code, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		page.Write(code)
		for _, m := range filled.FindAllString(string(code), -1) {
			some = append(some, regexp.MustCompile("^"+blank.ReplaceAllString(regexp.QuoteMeta(strings.Trim(m, "`")), ".+")+"$"))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	tables, err := filepath.Glob(source + "/words/it/*.ts")
	if err != nil || len(tables) == 0 || len(some) == 0 {
		t.Fatalf("%d tables, %d names with blanks: %v", len(tables), len(some), err)
	}
	for _, table := range tables {
		text, err := os.ReadFile(table)
		if err != nil {
			t.Fatal(err)
		}
		keys := word.FindAllStringSubmatch(string(text), -1)
		if len(keys) == 0 {
			t.Errorf("%s: no words were found", table)
		}
		for _, m := range keys {
			if !isSaid(m[1], page.String(), some) {
				t.Errorf("%s: %q is said nowhere", filepath.Base(table), m[1])
			}
		}
	}
}

func isSaid(key, page string, some []*regexp.Regexp) bool {
	// One and other are said by count, under their common part.
	for _, name := range []string{key, strings.TrimSuffix(strings.TrimSuffix(key, ".one"), ".other")} {
		if strings.Contains(page, "'"+name+"'") || strings.Contains(page, `"`+name+`"`) || slices.ContainsFunc(some, func(r *regexp.Regexp) bool { return r.MatchString(name) }) {
			return true
		}
	}
	return false
}
