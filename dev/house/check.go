package house

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Imports says which packages each package of the module imports directly. Packages of
// the module are named by their folder below the root, all others by import path.
type Imports map[string][]string

// Check returns what breaks the floors and gates of the plan, in order, one line each.
func (p *Plan) Check(imports Imports) []string {
	var broken []string
	for _, pkg := range slices.Sorted(maps.Keys(imports)) {
		floor, ok := p.Floors[pkg]
		if !ok {
			broken = append(broken, pkg+" has no floor in docs/house.md")
			continue
		}
		for _, imported := range imports[pkg] {
			below, ours := p.Floors[imported]
			if ours && below.Level >= floor.Level {
				broken = append(broken, fmt.Sprintf("%s (floor %d) imports %s (floor %d)", pkg, floor.Level, imported,
					below.Level))
			}
			for _, gate := range p.Gates {
				if within(imported, gate.Import) && !slices.ContainsFunc(gate.Only, matches(pkg)) {
					broken = append(broken, fmt.Sprintf("%s imports %s, which is only for %s", pkg, imported,
						strings.Join(gate.Only, ", ")))
				}
			}
		}
	}
	return broken
}

// Forbidden returns those packages in a program that the rule keeps out of it.
func (p *Plan) Forbidden(rule Link, linked []string) []string {
	var none []string
	for _, word := range rule.None {
		if word != client {
			none = append(none, word)
			continue
		}
		for pkg, floor := range p.Floors {
			if floor.Client {
				none = append(none, pkg)
			}
		}
	}
	var found []string
	for _, pkg := range linked {
		if slices.ContainsFunc(none, func(word string) bool { return covers(word, pkg) }) {
			found = append(found, pkg)
		}
	}
	return found
}

// covers reports whether a word of a link rule names pkg.
func covers(word, pkg string) bool {
	if part, ok := strings.CutPrefix(word, "*"); ok {
		return strings.Contains(pkg, strings.TrimSuffix(part, "*"))
	}
	return within(pkg, word)
}

// within reports whether pkg is root or below it.
func within(pkg, root string) bool { return pkg == root || strings.HasPrefix(pkg, root+"/") }

// matches reports whether a pattern of a gate stands for pkg.
func matches(pkg string) func(pattern string) bool {
	return func(pattern string) bool {
		if folder, ok := strings.CutSuffix(pattern, "/..."); ok {
			return within(pkg, folder)
		}
		return pkg == pattern
	}
}
