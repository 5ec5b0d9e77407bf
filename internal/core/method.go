package core

import (
	"context"
	"maps"
	"reflect"
	"slices"

	"github.com/go-json-experiment/json"

	"varco/internal/fault"
)

// Side says who may call a method.
type Side string

// The sides.
const (
	Page   Side = "page"   // the page
	Worker Side = "worker" // the Worker's own script, for another Worker
)

// Method is one thing that the core can be asked.
type Method struct {
	Name    string
	Side    Side
	Params  reflect.Type
	Answer  reflect.Type
	Summary string

	aside bool // waits beside the calls that wait for each other
	do    func(c *Core, ctx context.Context, params []byte, progress Progress) ([]byte, error)
}

// None is what a method takes or answers that has nothing to say.
type None struct{}

// Methods lists every method, by name.
func Methods() []Method {
	names := slices.Sorted(maps.Keys(methods))
	all := make([]Method, len(names))
	for i, name := range names {
		all[i] = methods[name]
	}
	return all
}

var methods = map[string]Method{}

// aside registers a method that takes long by its nature, and so takes no turn.
func aside[P, A any](side Side, name, summary string, do func(*Core, context.Context, P, Progress) (A, error)) struct{} {
	method(side, name, summary, do)
	m := methods[name]
	m.aside = true
	methods[name] = m
	return struct{}{}
}

// method registers a method when the program starts.
func method[P, A any](side Side, name, summary string, do func(*Core, context.Context, P, Progress) (A, error)) struct{} {
	methods[name] = Method{Name: name, Side: side, Summary: summary, Params: reflect.TypeFor[P](), Answer: reflect.TypeFor[A](),
		do: func(c *Core, ctx context.Context, params []byte, progress Progress) ([]byte, error) {
			p, err := decode[P](params)
			if err != nil {
				return nil, err
			}
			answer, err := do(c, ctx, p, progress)
			if err != nil {
				return nil, err
			}
			b, err := json.Marshal(answer)
			if err != nil {
				return nil, fault.Wrap(fault.Internal, err, "writing an answer to the page")
			}
			return b, nil
		}}
	return struct{}{}
}
