package steward

import (
	"slices"
	"strings"
	"time"

	"varco/internal/act"
	"varco/internal/cli/desk"
	"varco/internal/cli/italian"
)

// change is one thing that a steward wants to change on the roster: a first flag that says
// what, and details that follow it.
type change struct {
	what    string            // name of the first flag
	who     string            // its value
	details map[string]string // of the flags after it, "role" excepted
	roles   []act.Role
}

// The first flags, and which details each takes.
var changes = map[string][]string{
	"add":            {"words", "name", "role", "act", "from", "until"},
	"designate":      {"words", "name", "role", "act", "from", "until"},
	"substitute":     {"for", "from", "until"},
	"end-substitute": {"for"},
	"remove":         {},
}

// maxAct is the longest number of an act that fits on a roster.
const maxAct = 60

// plan collects changes in the order in which their flags stand. Each flag of it is a token,
// so pflag hands them over in that order.
type plan struct{ changes []*change }

// token is a pflag.Value that adds to a plan.
type token struct {
	plan *plan
	name string
}

// String is what the flag is when it is not given.
func (t *token) String() string { return "" }

// Type is what help calls the value.
func (t *token) Type() string { return "testo" }

// Set adds a first flag or a detail of the one before.
func (t *token) Set(value string) error {
	if strings.TrimSpace(value) == "" || strings.HasPrefix(value, "--") {
		return desk.Misuse("All'opzione --%s manca il valore.", t.name)
	}
	if _, first := changes[t.name]; first {
		t.plan.changes = append(t.plan.changes, &change{what: t.name, who: value, details: map[string]string{}})
		return nil
	}
	if len(t.plan.changes) == 0 {
		return desk.Misuse("--%s viene dopo la modifica a cui si riferisce: --add, --designate, --substitute o --end-substitute.", t.name)
	}
	return t.plan.changes[len(t.plan.changes)-1].detail(t.name, value)
}

func (c *change) detail(name, value string) error {
	if !slices.Contains(changes[c.what], name) {
		return desk.Misuse("--%s non c'entra con --%s %s.", name, c.what, italian.Line(c.who))
	}
	if name == "role" {
		for role := range strings.SplitSeq(value, ",") {
			if !slices.Contains(act.Roles, act.Role(role)) {
				return desk.Misuse("Non c'è un ruolo «%s». I ruoli: %s", italian.Line(role), roleCodes())
			}
			c.roles = append(c.roles, act.Role(role))
		}
		return nil
	}
	if _, twice := c.details[name]; twice {
		return desk.Misuse("--%s è scritto due volte per --%s %s.", name, c.what, italian.Line(c.who))
	}
	c.details[name] = value
	return nil
}

func roleCodes() string {
	all := make([]string, len(act.Roles))
	for i, role := range act.Roles {
		all[i] = string(role)
	}
	return strings.Join(all, ", ")
}

// check refuses a change that lacks what it needs.
func (c *change) check() error {
	need := map[string][]string{"add": {"name", "role"}, "designate": {"act"}, "substitute": {"for", "until"}, "end-substitute": {"for"}}
	for _, name := range need[c.what] {
		if c.details[name] == "" && (name != "role" || len(c.roles) == 0) {
			return desk.Misuse("A --%s %s manca --%s.", c.what, italian.Line(c.who), name)
		}
	}
	number := c.details["act"]
	if len(number) > maxAct || number == "-" || strings.ContainsFunc(number, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return desk.Misuse("Il numero dell'atto si scrive senza spazi né accenti, al massimo %d caratteri: VD/2026/101", maxAct)
	}
	return nil
}

// term reads when a change begins and ends; both days are included. What was left out is zero.
func (r *run) term(c *change) (from, until time.Time, err error) {
	if day, ok := c.details["from"]; ok {
		if from, err = r.ParseDay(day); err != nil {
			return from, until, err
		}
	}
	if day, ok := c.details["until"]; ok {
		if until, err = r.ParseDay(day); err != nil {
			return from, until, err
		}
		until = until.AddDate(0, 0, 1)
		if !from.Before(until) || !r.Now().Before(until) {
			return from, until, desk.Misuse("--until %s è già passato, o viene prima di --from.", italian.Line(day))
		}
	}
	return from, until, nil
}
