package main

import "varco/internal/verify"

// exits are the ends of the program by result.
var exits = map[verify.Result]int{verify.Whole: 0, verify.Tampered: 1, verify.Incomplete: 2}

// exitUnwitnessed ends a run that found the log whole, and not witnessed to its end.
const exitUnwitnessed = 4

func exitOf(r verify.Report) int {
	if r.Result == verify.Whole && r.Quorum && (r.Witnessed == nil || r.Witnessed.Size < r.Size) {
		return exitUnwitnessed
	}
	return exits[r.Result]
}

// exitUnverified ends a run that could say nothing about the log.
const exitUnverified = 3
