// Package typescript writes the page's types from those of internal/core, so that the page
// and the core can't drift: make web writes them, and a test says when they are stale.
//
// It knows what crosses that boundary and no more: structs of texts, numbers, booleans, bytes
// (as base64), lists, and other structs. Words of a closed vocabulary become unions of
// literals, identifiers and other texts string. Any other type is an error.
package typescript

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"varco/internal/act"
	"varco/internal/client"
	"varco/internal/core"
	"varco/internal/fault"
	"varco/internal/personal"
	"varco/internal/session"
	"varco/internal/thread"
	"varco/internal/verify"
)

const head = `// The types of the client core. Written by dev/typescript from internal/core: change those, and
// run go test ./dev/typescript -update.

`

// words are the closed vocabularies.
var words = map[reflect.Type][]string{
	reflect.TypeFor[act.Kind]():       texts(act.Kinds),
	reflect.TypeFor[act.Role]():       texts(act.Roles),
	reflect.TypeFor[act.Seat]():       texts(act.Seats),
	reflect.TypeFor[act.Reason]():     texts(act.Reasons),
	reflect.TypeFor[act.Outcome]():    texts(act.Outcomes),
	reflect.TypeFor[verify.Result]():  texts(verify.Results),
	reflect.TypeFor[core.Standing]():  texts(core.Standings),
	reflect.TypeFor[fault.Kind]():     texts(fault.Kinds),
	reflect.TypeFor[fault.Class]():    texts(fault.Classes),
	reflect.TypeFor[thread.Side]():    texts([]thread.Side{thread.INPS, thread.Internal, thread.Partner}),
	reflect.TypeFor[thread.Kind]():    texts(thread.Kinds),
	reflect.TypeFor[core.Key]():       texts(core.Keys),
	reflect.TypeFor[personal.Kind]():  texts(personal.Kinds),
	reflect.TypeFor[core.Task]():      texts(core.Tasks),
	reflect.TypeFor[core.RosterAct](): texts(core.RosterActs),
	reflect.TypeFor[client.Due]():     texts(client.Dues),
	reflect.TypeFor[client.Doubt]():   texts(client.Doubts),
	reflect.TypeFor[session.Device](): texts(session.Devices),
	reflect.TypeFor[thread.Phase]():   texts([]thread.Phase{thread.PhaseOpen, thread.PhaseResolved, thread.PhaseClosed}),
}

// names that would be taken for something else beside each other.
var names = map[reflect.Type]string{
	reflect.TypeFor[act.Kind]():      "OrganisationKind",
	reflect.TypeFor[act.Reason]():    "ReasonCode",
	reflect.TypeFor[act.Outcome]():   "RecordOutcome",
	reflect.TypeFor[verify.Result](): "VerifyResult",
	reflect.TypeFor[fault.Kind]():    "FaultKind",
	reflect.TypeFor[thread.Kind]():   "EntryKind",
	reflect.TypeFor[core.Key]():      "FailureKey",
	reflect.TypeFor[personal.Kind](): "TellingKind",
}

func texts[T ~string](all []T) []string {
	list := make([]string, len(all))
	for i, word := range all {
		list[i] = string(word)
	}
	return list
}

// Types returns the text of web/src/core/types.ts.
func Types() (string, error) {
	w := &writer{done: map[string]reflect.Type{}}
	methods := core.Methods()
	for _, m := range methods {
		for _, t := range []reflect.Type{m.Params, m.Answer} {
			if _, err := w.name(t); err != nil {
				return "", fmt.Errorf("writing the types of %s: %w", m.Name, err)
			}
		}
	}
	if _, err := w.name(reflect.TypeFor[core.Failure]()); err != nil {
		return "", fmt.Errorf("writing the type of a failure: %w", err)
	}
	slices.Sort(w.written)
	return head + strings.Join(w.written, "\n") + w.table(core.Page, "PageMethods", methods) +
		w.table(core.Worker, "WorkerMethods", methods), nil
}

// writer writes each named type once.
type writer struct {
	done    map[string]reflect.Type
	written []string
}

func (w *writer) table(side core.Side, name string, methods []core.Method) string {
	text := "\nexport interface " + name + " {\n"
	for _, m := range methods {
		if m.Side == side {
			params, _ := w.name(m.Params) // written before
			answer, _ := w.name(m.Answer)
			text += fmt.Sprintf("  /** %s */\n  readonly %s: { readonly params: %s; readonly answer: %s };\n", m.Summary, m.Name, params, answer)
		}
	}
	return text + "}\n"
}

// name returns how a type is named in TypeScript, after writing it.
func (w *writer) name(t reflect.Type) (string, error) {
	if list, ok := words[t]; ok {
		return w.once(t, func(name string) (string, error) {
			return "export type " + name + " = '" + strings.Join(list, "' | '") + "';\n", nil
		})
	}
	switch t.Kind() {
	case reflect.String:
		return "string", nil
	case reflect.Bool:
		return "boolean", nil
	case reflect.Int, reflect.Int64:
		return "number", nil
	case reflect.Pointer:
		return w.name(t.Elem())
	case reflect.Slice, reflect.Array:
		if t.Elem().Kind() == reflect.Uint8 {
			return "string", nil // base64
		}
		element, err := w.name(t.Elem())
		return "readonly " + element + "[]", err
	case reflect.Struct:
		return w.once(t, func(name string) (string, error) {
			fields, err := w.fields(t)
			if fields == "" {
				return "export type " + name + " = Readonly<Record<string, never>>;\n", err
			}
			return "export interface " + name + " {\n" + fields + "}\n", err
		})
	default:
		return "", fmt.Errorf("there is no TypeScript for %s", t)
	}
}

// once writes a type unless it is there. Two types of one name are an error.
func (w *writer) once(t reflect.Type, write func(name string) (string, error)) (string, error) {
	name := t.Name()
	if other, ok := names[t]; ok {
		name = other
	}
	switch before, ok := w.done[name]; {
	case ok && before != t:
		return "", fmt.Errorf("%s and %s have one name", before, t)
	case ok:
		return name, nil
	}
	w.done[name] = t
	text, err := write(name)
	w.written = append(w.written, text)
	return name, err
}

func (w *writer) fields(t reflect.Type) (string, error) {
	var text strings.Builder
	for field := range t.Fields() {
		tag, optional := field.Tag.Get("json"), ""
		name, options, _ := strings.Cut(tag, ",")
		if field.Anonymous && name == "" {
			inner, err := w.fields(field.Type)
			if err != nil {
				return "", err
			}
			text.WriteString(inner)
			continue
		}
		if name == "" {
			return "", fmt.Errorf("%s.%s has no name in JSON", t, field.Name)
		}
		if strings.Contains(options, "omitempty") {
			optional = "?"
		}
		of, err := w.name(field.Type)
		if err != nil {
			return "", fmt.Errorf("%s.%s: %w", t, field.Name, err)
		}
		fmt.Fprintf(&text, "  readonly %s%s: %s;\n", name, optional, of)
	}
	return text.String(), nil
}
