package liar

import (
	"crypto/ed25519"
	"crypto/rand"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"varco/internal/act"
	"varco/internal/api"
	"varco/internal/card"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/note"
	"varco/internal/thread"
)

// Lies are the lies that can be told by name, in the order of the ways that they are about: who
// is who, what was said, what is said next, what is attached.
var Lies = []Lie{
	directory("card", fault.ClassSubstitute, swapCards),
	directory("card-left-out", fault.ClassMissing, func(o *api.Organisation) { o.Cards = o.Cards[:len(o.Cards)-1] }),
	directory("name", fault.ClassSubstitute, func(o *api.Organisation) { o.Names[0].Text = "Qualcun Altro" }),
	directory("accomplice", fault.ClassSignature, seatAccomplice),
	directory("old-roster", fault.ClassRollback, olderRoster),
	page("drop", fault.ClassSequence, func(p *api.Page) { p.Entries = p.Entries[1:] }),
	// What a glimpse of the end can't notice.
	page("drop-early", fault.ClassSequence, func(p *api.Page) {
		if strings.Contains(p.Entries[0].Header, "\nsequence 0\n") {
			p.Entries = slices.Delete(p.Entries, 1, 2)
		}
	}),
	page("reorder", fault.ClassSequence, func(p *api.Page) { p.Entries[0], p.Entries[1] = p.Entries[1], p.Entries[0] }),
	page("fork", fault.ClassFork, func(p *api.Page) { p.Head = note.Sum(nil) }),
	page("member", fault.ClassSignature, func(p *api.Page) { addMember(&p.Entries[0].Header) }),
	page("header", fault.ClassSignature, func(p *api.Page) { later(&p.Entries[1].Header) }),
	page("receipt", fault.ClassReceipt, func(p *api.Page) { p.Entries[1].Receipt = p.Entries[0].Receipt }),
	// A device that remembers more refuses it; one that remembers nothing can't know.
	page("cut-short", fault.ClassRollback, cutShort),
	{Name: "steer", Kind: fault.Conflict, Method: http.MethodPost, Suffix: "/v1/entries", Withholds: true, Change: steer},
	{Name: "false-receipt", Class: fault.ClassReceipt, Method: http.MethodPost, Suffix: "/v1/entries", Withholds: true, Change: falseReceipt},
	{Name: "attachment", Class: fault.ClassSubstitute, Method: http.MethodGet, Suffix: "/v1/blobs/", Spoil: flip},
}

// directory is a lie about every office that has more than the caller may see to.
func directory(name string, class fault.Class, change func(*api.Organisation)) Lie {
	return Lie{Name: name, Class: class, Method: http.MethodGet, Suffix: "/v1/directory", Change: Changing(func(d *api.Directory) {
		for i, o := range d.Organisations {
			if o.Kind == act.INPS && len(o.Rosters) > 0 && len(o.Cards) > 1 && len(o.Names) > 0 {
				change(&d.Organisations[i])
			}
		}
	})}
}

// page is a lie about every thread in which somebody has answered.
func page(name string, class fault.Class, change func(*api.Page)) Lie {
	return Lie{Name: name, Class: class, Method: http.MethodPost, Suffix: "/readings", Change: Changing(func(p *api.Page) {
		if len(p.Entries) > 1 {
			change(p)
		}
	})}
}

// swapCards puts cards of the service's own in the place of all that are no stewards', with the
// same person, organisation and serial.
func swapCards(o *api.Organisation) {
	for i, text := range o.Cards {
		c, err := card.Parse([]byte(text), nil)
		if err != nil {
			continue
		}
		public, private, err := ed25519.GenerateKey(rand.Reader)
		if err != nil {
			continue
		}
		own := c.Card
		if own.SignsWith, err = note.NewPublicKey(public); err != nil {
			continue
		}
		own.Issued, own.Expires = own.Issued.Add(time.Second), own.Expires.Add(time.Second)
		if signed, err := card.Sign(own, note.NewSigner(card.SignatureName(own.Person, own.Serial), private)); err == nil {
			o.Cards[i] = string(signed)
		}
	}
}

// olderRoster leaves out the newest roster, and the cards that no other one names.
func olderRoster(o *api.Organisation) {
	if len(o.Rosters) < 2 {
		return
	}
	o.Rosters = o.Rosters[:len(o.Rosters)-1]
	o.Cards = slices.DeleteFunc(o.Cards, func(c string) bool {
		hash := note.Sum([]byte(c)).String()
		return !slices.ContainsFunc(o.Rosters, func(r string) bool { return strings.Contains(r, hash) })
	})
}

// seatAccomplice puts an accomplice's card under the name of the last person of the last roster.
func seatAccomplice(o *api.Organisation) {
	swapped := api.Organisation{Cards: slices.Clone(o.Cards)}
	swapCards(&swapped)
	for i, own := range swapped.Cards {
		roster := &o.Rosters[len(o.Rosters)-1]
		before, after := note.Sum([]byte(o.Cards[i])).String(), note.Sum([]byte(own)).String()
		if own != o.Cards[i] && strings.Contains(*roster, before) {
			*roster = strings.Replace(*roster, before, after, 1)
			o.Cards = append(o.Cards, own)
			return
		}
	}
}

// addMember adds a line for somebody who has the place and the card of another member.
func addMember(header *string) {
	var members []string
	for line := range strings.Lines(*header) {
		if strings.HasPrefix(line, "member ") {
			members = append(members, line)
		}
	}
	words := strings.Fields(members[0])
	words[1] = string(ids.NewPerson(rand.Reader))
	more := append(slices.Clone(members), strings.Join(words, " ")+"\n")
	slices.Sort(more)
	*header = strings.Replace(*header, strings.Join(members, ""), strings.Join(more, ""), 1)
}

// later lets an entry be of another time than its author has signed.
func later(header *string) {
	for line := range strings.Lines(*header) {
		at, is := strings.CutPrefix(strings.TrimSuffix(line, "\n"), "time ")
		if t, err := note.ParseTime(at); is && err == nil {
			*header = strings.Replace(*header, line, "time "+note.FormatTime(t.Add(time.Second))+"\n", 1)
			return
		}
	}
}

// cutShort leaves out the last entry, as if it had never been.
func cutShort(p *api.Page) {
	p.Entries = p.Entries[:len(p.Entries)-1]
	last, err := thread.Parse([]byte(p.Entries[len(p.Entries)-1].Header))
	if err == nil {
		p.Next, p.Head = last.Sequence+1, last.Hash()
	}
}

// steer says that the thread goes on elsewhere, and appends nothing.
func steer(int, []byte) (int, []byte) {
	return say(http.StatusConflict, api.Problem{Type: "/problems/conflict", Title: "conflict", Status: http.StatusConflict,
		Place: &api.Place{Thread: ids.NewThread(rand.Reader), Next: 1, Head: note.Sum(nil), Epoch: 1}})
}

// falseReceipt says that what was kept from the service was received.
func falseReceipt(int, []byte) (int, []byte) {
	return say(http.StatusCreated, api.Receipts{Receipts: []string{"varco/v1 receipt\n"}})
}

func say(status int, v any) (int, []byte) {
	answer, err := json.Marshal(v)
	if err != nil {
		return http.StatusInternalServerError, nil
	}
	return status, answer
}

// spoiled is the byte of an attachment that is changed, in the first chunk after the header.
const spoiled = 3000

func flip(piece []byte, at int64) {
	if i := spoiled - at; i >= 0 && i < int64(len(piece)) {
		piece[i] ^= 1
	}
}
