package core

import (
	"context"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"varco/internal/client"
	"varco/internal/ids"
)

// Find is what somebody looks for, in her own words.
type Find struct {
	Text string `json:"text"`
}

// Found are the threads in which it was said: of those that were read since unlocking, since
// nothing else is on this device. Nobody is asked, so that nobody learns what is looked for.
type Found struct {
	Threads []FoundIn `json:"threads"`
}

// FoundIn is one thread in which it was said, and where first.
type FoundIn struct {
	Thread ids.Thread `json:"thread"`
	Around string     `json:"around"` // what stands around it
	Times  int        `json:"times"`  // entries in which it was said
}

var _ = method(Page, "find", "find words in the threads that were read", func(c *Core, _ context.Context, f Find, _ Progress) (Found, error) {
	found := Found{Threads: []FoundIn{}}
	sought := plain(strings.TrimSpace(f.Text))
	if _, err := c.open(); err != nil || len(sought) == 0 {
		return found, err
	}
	for id, v := range c.threads {
		if one := findIn(v, sought); one.Times > 0 {
			one.Thread = id
			found.Threads = append(found.Threads, one)
		}
	}
	return found, nil
})

func findIn(v *client.Conversation, sought []rune) (found FoundIn) {
	for _, e := range v.Entries {
		text := norm.NFC.String(strings.Join(append([]string{e.Content.Text}, e.Content.Items...), " "))
		at := index(plain(text), sought)
		if at < 0 {
			continue
		}
		if found.Times++; found.Times == 1 {
			found.Around = around([]rune(text), at, len(sought))
		}
	}
	return found
}

// plain is a text without what people leave out when they look for it, accents and capitals:
// letter by letter, so that a place in it is the same place of the text.
func plain(text string) []rune {
	letters := []rune(norm.NFC.String(text))
	for i, r := range letters {
		base, _ := utf8.DecodeRuneInString(norm.NFD.String(string(r)))
		letters[i] = unicode.ToLower(base)
	}
	return letters
}

// index is where sought begins in text, -1 if nowhere.
func index(text, sought []rune) int {
	for at := range max(0, len(text)-len(sought)+1) {
		if slices.Equal(text[at:at+len(sought)], sought) {
			return at
		}
	}
	return -1
}

// shownAround is how many letters are shown before and after what was found.
const shownAround = 40

func around(text []rune, at, length int) string {
	return string(text[max(0, at-shownAround):min(len(text), at+length+shownAround)])
}
