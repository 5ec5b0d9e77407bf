package card

import (
	"strings"
	"time"

	"varco/internal/fault"
	"varco/internal/note"
)

// MaxRoots is how many roots can succeed each other.
const MaxRoots = 16

const successionKind = "root-succession"

// Succession is what two roots say together: that the new one signs from now on.
type Succession struct {
	Old, New string // verifier keys
	Issued   time.Time
	// Ends is when the last card that the old root has signed stops counting: not before
	// Issued, and at most MaxLife after it.
	Ends time.Time
}

// SignSuccession makes the note of a succession, signed by the old root and then by the new.
func SignSuccession(s Succession, older, newer note.Signer) ([]byte, error) {
	text := s.text()
	if _, _, _, err := scanSuccession(text); err != nil {
		return nil, err
	}
	return note.Sign(text, older, newer)
}

func (s *Succession) text() string {
	return note.Print(successionKind).Line("old", s.Old).Line("new", s.New).
		Line("issued", note.FormatTime(s.Issued)).Line("ends", note.FormatTime(s.Ends)).String()
}

func scanSuccession(text string) (s Succession, older, newer note.Verifier, err error) {
	in := note.Scan(text, successionKind)
	s.Old, s.New = in.One("old"), in.One("new")
	older = note.Parsed(in, s.Old, note.ParseVerifier)
	newer = note.Parsed(in, s.New, note.ParseVerifier)
	s.Issued, s.Ends = in.Time(in.One("issued")), in.Time(in.One("ends"))
	if err := in.Done(); err != nil {
		return s, nil, nil, err
	}
	if s.Old == s.New || s.Ends.Before(s.Issued) || s.Ends.Sub(s.Issued) > MaxLife {
		return s, nil, nil, fault.Refuse(fault.ClassForm, "reading a succession: of a root by itself, or its end is out of range")
	}
	return s, older, newer, note.Same(text, s.text())
}

// ParseSuccession reads a succession and verifies both signatures. Whether either root is to
// be trusted is for who reads it: see NewRoot.
func ParseSuccession(msg []byte) (Succession, error) {
	s, _, err := openSuccession(msg)
	return s, err
}

func openSuccession(msg []byte) (Succession, [2]note.Verifier, error) {
	text, err := note.Text(msg)
	if err != nil {
		return Succession{}, [2]note.Verifier{}, err
	}
	s, older, newer, err := scanSuccession(text)
	if err != nil {
		return s, [2]note.Verifier{}, err
	}
	_, err = note.Open(msg, older, newer)
	return s, [2]note.Verifier{older, newer}, err
}

// SplitSuccessions cuts a text of successions, one after the other, into its notes.
func SplitSuccessions(text string) []string {
	const first = "varco/v1 " + successionKind + "\n"
	var notes []string
	for part := range strings.SplitAfterSeq(text, "\n"+first) {
		notes = append(notes, part)
	}
	// Each part but the last ends with the first line of the next.
	for i := range len(notes) - 1 {
		notes[i] = strings.TrimSuffix(notes[i], first)
		notes[i+1] = first + notes[i+1]
	}
	if len(notes) == 1 && notes[0] == "" {
		return nil
	}
	return notes
}

// Root is the network's root with those that it succeeded and that have succeeded it. As a
// note.Verifier it is the newest of them; where a steward card is read (ParseSteward, NewBook)
// it stands for all, each for the cards that it may have signed.
type Root struct {
	note.Verifier
	reigns []reign
}

// reign is a root with what a succession says of it; both times are zero for the newest.
type reign struct {
	verifier note.Verifier
	until    time.Time // it endorses cards that were issued before
	ends     time.Time // when those stop counting
}

// NewRoot makes a root of the one that a program trusts and of all successions, oldest first.
// The trusted root must be one of those that they name: it may be the first, in a program that
// is older than they are, the last, or between. It refuses successions that don't follow each
// other (class fork), or that are of other roots (untrusted), and what ParseSuccession refuses.
func NewRoot(trusted note.Verifier, successions ...[]byte) (*Root, error) {
	if len(successions) >= MaxRoots {
		return nil, fault.Refuse(fault.ClassSize, "reading the root's successions: %d of them", len(successions))
	}
	r := &Root{Verifier: trusted, reigns: []reign{{verifier: trusted}}}
	known := len(successions) == 0
	last := Succession{}
	for i, msg := range successions {
		s, both, err := openSuccession(msg)
		if err != nil {
			return nil, err
		}
		if i > 0 && (s.Old != last.New || !s.Issued.After(last.Issued)) {
			return nil, fault.Refuse(fault.ClassFork, "reading the root's successions: one does not follow the one before")
		}
		if i == 0 {
			r.reigns[0].verifier = both[0]
			known = trusted == both[0] // by name and key
		}
		r.reigns[i].until, r.reigns[i].ends = s.Issued, s.Ends
		r.reigns = append(r.reigns, reign{verifier: both[1]})
		known = known || trusted == both[1]
		last, r.Verifier = s, both[1]
	}
	if !known {
		return nil, fault.Refuse(fault.ClassUntrusted, "reading the root's successions: none is of the root that is trusted")
	}
	return r, nil
}

// endorser finds out which root has signed a steward card, of those that might have, and
// until when the card counts because of it; the zero time is as long as it says itself.
func endorser(root note.Verifier, msg []byte, before []note.Verifier, issued time.Time) (time.Time, error) {
	reigns := []reign{{verifier: root}}
	if r, ok := root.(*Root); ok {
		reigns = r.reigns
	}
	var failed error
	for i := len(reigns) - 1; i >= 0; i-- {
		_, err := note.Open(msg, append(before[:len(before):len(before)], reigns[i].verifier)...)
		if err == nil {
			if !reigns[i].until.IsZero() && !issued.Before(reigns[i].until) {
				return time.Time{}, fault.Refuse(fault.ClassUntrusted, "reading a steward card: issued when another root had succeeded its own")
			}
			return reigns[i].ends, nil
		}
		if failed == nil {
			failed = err
		}
	}
	return time.Time{}, failed
}
