package authz

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"regexp"
	"slices"

	"github.com/cedar-policy/cedar-go"
	"github.com/cedar-policy/cedar-go/x/exp/ast"
	"github.com/cedar-policy/cedar-go/x/exp/schema"
	"github.com/cedar-policy/cedar-go/x/exp/schema/resolved"
	"github.com/cedar-policy/cedar-go/x/exp/schema/validate"

	"varco/internal/act"
	"varco/internal/fault"
	"varco/internal/note"
)

// schemaFile is the one file of a policy folder that holds no policies.
const schemaFile = "schema.cedarschema"

var (
	policyFile = regexp.MustCompile(`^[a-z]+(-[a-z]+)*\.cedar$`)
	// policyID keeps an id one value of a line of a ledger record.
	policyID = regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`)
)

// answerable are the kinds that @answer may name. Any other would tell a caller whether
// what she asked for exists.
var answerable = []fault.Kind{fault.ReasonRequired, fault.FreshRequired}

// Policies is a policy set that was checked against its schema. It does not change.
type Policies struct {
	schema  *resolved.Schema
	words   words
	rules   rules
	byAct   map[act.Act]rules // those whose scope may be the act's; a policy of another scope decides nothing
	answers map[cedar.PolicyID]fault.Kind
	hash    note.Hash
}

type rule struct {
	id     cedar.PolicyID
	policy *cedar.Policy
}

// concerns reports whether the scope of a policy may be an action. Cedar would look at the scope first at each
// decision, and leave out the same ones: with most of them left out before, it decides in half the time.
func (r rule) concerns(action cedar.EntityUID) bool {
	switch scope := (*ast.Policy)(r.policy.AST()).Action.(type) {
	case ast.ScopeTypeEq:
		return scope.Entity == action
	case ast.ScopeTypeInSet:
		return slices.Contains(scope.Entities, action)
	default:
		return true
	}
}

// rules are sorted by id, so that an evaluation has one order.
type rules []rule

// All iterates over the policies; it is what Cedar asks for.
func (all rules) All() iter.Seq2[cedar.PolicyID, *cedar.Policy] {
	return func(yield func(cedar.PolicyID, *cedar.Policy) bool) {
		for _, r := range all {
			if !yield(r.id, r.policy) {
				return
			}
		}
	}
}

// Load reads a folder that holds schema.cedarschema, at least one file of policies
// ("<word>.cedar"), and nothing else.
//
// Each policy needs a unique @id, passes Cedar's strict validation, and names only words
// that the schema's enumerations list; @answer stands on a forbid only; other annotations
// are refused. The schema must fit the facts that Decide hands over.
func Load(fsys fs.FS) (*Policies, error) {
	p := &Policies{answers: map[cedar.PolicyID]fault.Kind{}}
	text, err := fs.ReadFile(fsys, schemaFile)
	if err != nil {
		return nil, fmt.Errorf("reading the policy schema: %w", err)
	}
	if err := p.readSchema(text); err != nil {
		return nil, fmt.Errorf("reading the policy schema: %w", err)
	}
	entries, err := fs.ReadDir(fsys, ".") // sorted by name
	if err != nil {
		return nil, fmt.Errorf("reading the policy folder: %w", err)
	}
	manifest := note.Print("policy-set")
	for _, e := range entries {
		content, err := p.readFile(fsys, e)
		if err != nil {
			return nil, fmt.Errorf("reading the policies in %s: %w", e.Name(), err)
		}
		manifest.Line("file", e.Name(), note.Sum(content).String())
	}
	if len(p.rules) == 0 {
		return nil, errors.New("reading the policy folder: it holds no policy")
	}
	slices.SortFunc(p.rules, func(a, b rule) int { return cmp.Compare(a.id, b.id) })
	p.byAct = map[act.Act]rules{}
	for uid := range p.schema.Actions {
		for _, r := range p.rules {
			if r.concerns(uid) {
				p.byAct[act.Act(uid.ID)] = append(p.byAct[act.Act(uid.ID)], r)
			}
		}
	}
	p.hash = note.Sum([]byte(manifest.String()))
	return p, nil
}

// Hash names the policy set: the SHA-256 of a text of the kind policy-set with a line
// "file <name> <SHA-256 of its bytes>" for each file, schema included, sorted by name.
func (p *Policies) Hash() note.Hash { return p.hash }

// IDs returns the ids of all policies, sorted.
func (p *Policies) IDs() []string {
	all := make([]string, len(p.rules))
	for i, r := range p.rules {
		all[i] = string(r.id)
	}
	return all
}

// Decides reports whether the schema puts the act under the policies. The service records
// the other acts itself, and Decide denies them.
func (p *Policies) Decides(a act.Act) bool {
	_, ok := p.schema.Actions[action(a)]
	return ok
}

func (p *Policies) readSchema(text []byte) error {
	var s schema.Schema
	s.SetFilename(schemaFile)
	if err := s.UnmarshalCedar(text); err != nil {
		return err
	}
	var err error
	if p.schema, err = s.Resolve(); err != nil {
		return err
	}
	p.words = wordsOf(p.schema)
	return p.rehearse()
}

// rehearse checks that the schema declares what Decide will hand to each of its actions.
func (p *Policies) rehearse() error {
	v := validate.New(p.schema)
	for uid := range p.schema.Actions {
		a := act.Act(uid.ID)
		if !slices.Contains(act.Acts, a) {
			return fmt.Errorf("the door knows no act %q", a)
		}
		q, err := p.question(&Facts{Act: a, Person: "p", Organisation: "o", Kind: act.INPS, Roles: []act.Role{act.Officer},
			Reason: act.ReasonNew, EntryKind: "message"})
		if err != nil {
			return err
		}
		if err := v.Request(q.request); err != nil {
			return err
		}
		for _, e := range []cedar.Entity{q.person, q.resource} {
			if err := v.Entity(e); err != nil {
				return fmt.Errorf("the entity %s of the act %s: %w", e.UID, a, err)
			}
		}
	}
	return nil
}

// readFile adds the policies of one file, and returns its bytes.
func (p *Policies) readFile(fsys fs.FS, e fs.DirEntry) ([]byte, error) {
	if !e.Type().IsRegular() || e.Name() != schemaFile && !policyFile.MatchString(e.Name()) {
		return nil, errors.New("not a file that belongs to a policy set")
	}
	content, err := fs.ReadFile(fsys, e.Name())
	if err != nil || e.Name() == schemaFile {
		return content, err
	}
	list, err := cedar.NewPolicyListFromBytes(e.Name(), content)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, errors.New("the file holds no policy")
	}
	for _, policy := range list {
		if err := p.add(policy); err != nil {
			return nil, fmt.Errorf("line %d: %w", policy.Position().Line, err)
		}
	}
	return content, nil
}

func (p *Policies) add(policy *cedar.Policy) error {
	id := cedar.PolicyID(policy.Annotations()["id"])
	if !policyID.MatchString(string(id)) {
		return fmt.Errorf("a policy needs an @id of lower-case words and hyphens, not %q", id)
	}
	if slices.ContainsFunc(p.rules, func(r rule) bool { return r.id == id }) {
		return fmt.Errorf("a second policy with the @id %q", id)
	}
	if err := p.annotate(id, policy); err != nil {
		return err
	}
	// The schema packages work on the same syntax tree under its older name.
	if err := validate.New(p.schema, validate.WithStrict()).Policy(string(id), (*ast.Policy)(policy.AST())); err != nil {
		return err
	}
	if err := p.words.check(policy); err != nil {
		return fmt.Errorf("for policy `%s`, %w", id, err)
	}
	p.rules = append(p.rules, rule{id, policy})
	return nil
}

func (p *Policies) annotate(id cedar.PolicyID, policy *cedar.Policy) error {
	for name, value := range policy.Annotations() {
		switch name {
		case "id":
		case "answer":
			kind := fault.Kind(value)
			if policy.Effect() != cedar.Forbid || !slices.Contains(answerable, kind) {
				return fmt.Errorf("the policy %s can't have @answer(%q)", id, value)
			}
			p.answers[id] = kind
		default:
			return fmt.Errorf("the policy %s has an unknown annotation @%s", id, name)
		}
	}
	return nil
}
