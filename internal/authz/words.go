package authz

import (
	"fmt"

	"github.com/cedar-policy/cedar-go"
	"github.com/cedar-policy/cedar-go/x/exp/schema/resolved"
	"github.com/go-json-experiment/json"
)

// words are the values of the schema's enumerations, by type. cedar-go 1.9 accepts any
// value of an enumerated type, in policies and in requests; a misspelt role would never be
// held by anybody, and a forbid for it would never hold. So both are looked up here.
type words map[cedar.EntityType]map[string]cedar.EntityUID

func wordsOf(s *resolved.Schema) words {
	w := words{}
	for name, enum := range s.Enums {
		w[name] = map[string]cedar.EntityUID{}
		for _, uid := range enum.Values {
			w[name][string(uid.ID)] = uid
		}
	}
	return w
}

// get returns a word as a Cedar value; "" is the word "none".
func (w words) get(name cedar.EntityType, word string) (cedar.EntityUID, error) {
	if word == "" {
		word = none
	}
	uid, ok := w[name][word]
	if !ok {
		return cedar.EntityUID{}, fmt.Errorf("stating the facts: the schema has no %s %q", name, word)
	}
	return uid, nil
}

// check refuses a policy that names a value which its enumeration does not list, or an
// entity of any other type: rules speak of roles and kinds, never of one person, one
// organisation or one thread.
func (w words) check(policy *cedar.Policy) error {
	text, err := policy.MarshalJSON()
	if err != nil {
		return err
	}
	var tree any
	if err := json.Unmarshal(text, &tree); err != nil {
		return err
	}
	return w.walk(tree)
}

// walk visits Cedar's JSON form of a policy, in which every entity is an object of exactly
// "type" and "id" (https://docs.cedarpolicy.com/policies/json-format.html).
func (w words) walk(tree any) error {
	switch node := tree.(type) {
	case map[string]any:
		name, isType := node["type"].(string)
		id, isID := node["id"].(string)
		if isType && isID && len(node) == 2 {
			return w.known(cedar.EntityType(name), id)
		}
		for _, child := range node {
			if err := w.walk(child); err != nil {
				return err
			}
		}
	case []any:
		for _, child := range node {
			if err := w.walk(child); err != nil {
				return err
			}
		}
	}
	return nil
}

func (w words) known(name cedar.EntityType, id string) error {
	if name == actionType {
		return nil // Cedar's own validation knows the actions
	}
	if _, ok := w[name][id]; !ok {
		return fmt.Errorf("the schema has no word %s::%q", name, id)
	}
	return nil
}
