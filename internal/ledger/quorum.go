package ledger

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"varco/internal/fault"
	"varco/internal/note"
)

const (
	// MaxWitnesses is how many witnesses a quorum may name.
	MaxWitnesses = note.MaxCosignatures

	maxGroups      = 32
	maxQuorumBytes = 64 << 10
	none           = "none"
)

// Witness cosigns the checkpoints of a log after checking that it only grew.
type Witness struct {
	Name string        // within its quorum's text
	Key  note.Verifier // of its cosignatures (note.ParseCosigner)
	URL  string        // submission prefix of C2SP tlog-witness; empty where nobody asks it
}

// Quorum says who witnesses a log and whose cosignatures are enough. The zero Quorum names
// nobody and asks for nothing.
type Quorum struct {
	Log       note.Verifier // of the log that it is about; nil when it names none
	Witnesses []Witness     // in order of their keys' names
	rule      *group        // nil: no cosignature is needed
}

// group is a witness, by its key's name, or the groups of which some are enough.
type group struct {
	witness string
	needs   int
	members []*group
}

// NewQuorum makes the quorum of any needs among witnesses, given by their verifier keys.
func NewQuorum(keys []string, needs int) (Quorum, error) {
	var text strings.Builder
	members := ""
	for i, key := range keys {
		name := "w" + strconv.Itoa(i+1)
		text.WriteString("witness " + name + " " + key + "\n")
		members += " " + name
	}
	if needs == 0 {
		return ParseQuorum(text.String() + "quorum none\n")
	}
	return ParseQuorum(text.String() + "group enough " + strconv.Itoa(needs) + members + "\nquorum enough\n")
}

// ParseQuorum reads a trust policy in the form of C2SP tlog-policy: lines "log <vkey> [<url>]",
// "witness <name> <vkey> [<url>]", "group <name> <k|any|all> <name>…" and one "quorum <name>",
// which may be none; empty lines, and comments that begin with "#". One log at most, since
// there is one here. Everything else is refused: class form, size, key, or duplicate where
// one name or key stands for two.
func ParseQuorum(text string) (Quorum, error) {
	if len(text) > maxQuorumBytes {
		return Quorum{}, fault.Refuse(fault.ClassSize, "reading a quorum: %d bytes, at most %d", len(text), maxQuorumBytes)
	}
	if text != "" && !strings.HasSuffix(text, "\n") || !utf8.ValidString(text) {
		return Quorum{}, unfitQuorum("not lines of text")
	}
	p := quorumParser{named: map[string]*group{}, grouped: map[string]bool{}, keys: map[string]bool{}}
	for line := range strings.Lines(text) {
		if err := p.line(strings.TrimSuffix(line, "\n")); err != nil {
			return Quorum{}, err
		}
	}
	if !p.done {
		return Quorum{}, unfitQuorum("no line says which quorum it is")
	}
	slices.SortFunc(p.Witnesses, func(a, b Witness) int { return strings.Compare(a.Key.Name(), b.Key.Name()) })
	return p.Quorum, nil
}

type quorumParser struct {
	Quorum
	named   map[string]*group
	grouped map[string]bool // names that are members of a group: each of one at most
	keys    map[string]bool // public keys, and names of keys
	groups  int
	done    bool
}

func (p *quorumParser) line(line string) error {
	line = strings.Trim(line, " \t")
	if line == "" || line[0] == '#' {
		return nil
	}
	if strings.ContainsFunc(line, func(c rune) bool { return c != '\t' && (c < ' ' || c > '~') }) {
		return unfitQuorum("a character that is not printable ASCII outside of a comment")
	}
	fields := strings.FieldsFunc(line, func(c rune) bool { return c == ' ' || c == '\t' })
	word, values := fields[0], fields[1:]
	switch {
	case word == "log" && (len(values) == 1 || len(values) == 2):
		return p.log(values[0])
	case word == "witness" && (len(values) == 2 || len(values) == 3):
		return p.witness(values)
	case word == "group" && len(values) >= 3:
		return p.group(values[0], values[1], values[2:])
	case word == "quorum" && len(values) == 1 && !p.done:
		p.done = true
		if values[0] == none {
			return nil
		}
		if p.rule = p.named[values[0]]; p.rule == nil {
			return unfitQuorum("the quorum is none that was named before")
		}
		return nil
	}
	return unfitQuorum("a line that does not belong here")
}

func (p *quorumParser) log(vkey string) (err error) {
	if p.Log != nil {
		return fault.Refuse(fault.ClassDuplicate, "reading a quorum: two logs")
	}
	p.Log, err = note.ParseVerifier(vkey)
	return err
}

func (p *quorumParser) witness(values []string) error {
	if len(p.Witnesses) == MaxWitnesses {
		return fault.Refuse(fault.ClassSize, "reading a quorum: more than %d witnesses", MaxWitnesses)
	}
	key, err := note.ParseCosigner(values[1])
	if err != nil {
		return err
	}
	// The same key under two names would count twice; two keys of one name could not both
	// stand below a checkpoint.
	public := strings.SplitN(values[1], "+", 3)[2] // ParseCosigner has read it in its one spelling
	if p.keys["key "+public] || p.keys["name "+key.Name()] {
		return fault.Refuse(fault.ClassDuplicate, "reading a quorum: a witness twice")
	}
	p.keys["key "+public], p.keys["name "+key.Name()] = true, true
	w := Witness{Name: values[0], Key: key}
	if len(values) == 3 {
		w.URL = values[2]
	}
	p.Witnesses = append(p.Witnesses, w)
	return p.name(w.Name, &group{witness: key.Name()})
}

func (p *quorumParser) group(name, needs string, members []string) error {
	if p.groups++; p.groups > maxGroups {
		return fault.Refuse(fault.ClassSize, "reading a quorum: more than %d groups", maxGroups)
	}
	g := new(group)
	for _, member := range members {
		m := p.named[member]
		if m == nil || p.grouped[member] {
			return unfitQuorum("a member of a group that was not named before, or is one already")
		}
		p.grouped[member] = true
		g.members = append(g.members, m)
	}
	switch needs {
	case "any":
		g.needs = 1
	case "all":
		g.needs = len(members)
	default:
		n, err := strconv.Atoi(needs)
		if err != nil || strconv.Itoa(n) != needs || n < 1 || n > len(members) {
			return unfitQuorum("a group that needs less than one of its members, or more than it has")
		}
		g.needs = n
	}
	return p.name(name, g)
}

func (p *quorumParser) name(name string, g *group) error {
	if p.done || slices.Contains([]string{none, "any", "all"}, name) {
		return unfitQuorum("a name that means something else, or that comes after the quorum")
	}
	if p.named[name] != nil {
		return fault.Refuse(fault.ClassDuplicate, "reading a quorum: the name %.40q stands for two", name)
	}
	p.named[name] = g
	return nil
}

func unfitQuorum(why string) error {
	return fault.Refuse(fault.ClassForm, "reading a quorum: %s", why)
}

// Keys returns the verifiers of the witnesses' cosignatures.
func (q Quorum) Keys() []note.Verifier {
	keys := make([]note.Verifier, len(q.Witnesses))
	for i, w := range q.Witnesses {
		keys[i] = w.Key
	}
	return keys
}

// IsNone reports whether no cosignature is needed: then nothing is witnessed.
func (q Quorum) IsNone() bool { return q.rule == nil }

// Witnessed reports whether the cosignatures make a quorum, and since when: the latest time
// such that those made then or later are enough. Nothing is witnessed when none is needed.
func (q Quorum) Witnessed(by []note.Cosigned) (at time.Time, ok bool) {
	if q.rule == nil {
		return time.Time{}, false
	}
	newest := slices.SortedFunc(slices.Values(by), func(a, b note.Cosigned) int { return b.At.Compare(a.At) })
	has := map[string]bool{}
	for _, c := range newest {
		has[c.Name] = true
		if q.rule.met(has) {
			return c.At, true
		}
	}
	return time.Time{}, false
}

func (g *group) met(has map[string]bool) bool {
	if g.witness != "" {
		return has[g.witness]
	}
	n := 0
	for _, m := range g.members {
		if m.met(has) {
			n++
		}
	}
	return n >= g.needs
}
