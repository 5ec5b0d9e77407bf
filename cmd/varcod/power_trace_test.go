package main

import (
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// call is a system call that succeeded. Begun and ended are numbers of lines of the trace: one
// that ended before another began had its effect when that began.
type call struct {
	name, path   string // path of the file or socket, of the one that is written if there are two
	data         string // as far as it has strings
	begun, ended int
}

func (c call) syncs() bool { return c.name == "fdatasync" || c.name == "fsync" }

func (c call) writes() bool {
	return strings.Contains(c.name, "write") || c.name == "copy_file_range" || c.name == "sendfile" || c.name == "splice"
}

// isLog reports whether it is about a write-ahead log: a database is as its log says.
func (c call) isLog() bool {
	return strings.HasSuffix(c.path, "/varco.db-wal") || filepath.Base(filepath.Dir(c.path)) == "pg_wal"
}

func (c call) isSocket() bool {
	return strings.HasPrefix(c.path, "TCP:[") || strings.HasPrefix(c.path, "TCPv6:[")
}

// resumedForm is what stands before the rest of a call that others came between.
var resumedForm = regexp.MustCompile(`^<\.\.\. \w+ resumed>`)

// parseTrace reads what strace has written. A call that others came between stands in two lines.
func parseTrace(t *testing.T, path string) []call {
	t.Helper()
	text, err := os.ReadFile(path)
	must(t, err)
	type begin struct {
		text string
		line int
	}
	unfinished := map[string]begin{} // by process
	var all []call
	for i, line := range strings.Split(string(text), "\n") {
		process, said, found := strings.Cut(line, " ")
		if !found {
			continue
		}
		said, begun := strings.TrimLeft(said, " "), i
		if first, cut := strings.CutSuffix(said, " <unfinished ...>"); cut {
			unfinished[process] = begin{first, i}
			continue
		}
		if mark := resumedForm.FindString(said); mark != "" {
			said, begun = unfinished[process].text+said[len(mark):], unfinished[process].line
		}
		if c, ok := parseCall(said); ok {
			c.begun, c.ended = begun, i
			all = append(all, c)
		}
	}
	return all
}

// parseCall reads a call with its arguments: what stands between <> is the file of a descriptor, and
// what stands in quotes a string. All of both is in hexadecimal, so that no sign in them misleads; there are
// megabytes of it, for which regular expressions take half a minute under the race detector.
func parseCall(said string) (call, bool) {
	name, rest, found := strings.Cut(said, "(")
	end := strings.LastIndex(rest, ") ")
	if !found || end < 0 || strings.Contains(rest[end:], "(INJECTED)") || !succeeded.MatchString(rest[end:]) {
		return call{}, false // it failed, or is no call
	}
	c := call{name: name}
	args := rest[:end]
	files := between(args, "<", ">")
	switch {
	case len(files) > 0 && c.name == "copy_file_range":
		c.path = unhex(files[len(files)-1])
	case len(files) > 0:
		c.path = unhex(files[0])
	}
	var data strings.Builder
	for _, s := range between(args, `"`, `"`) {
		data.WriteString(unhex(s))
		data.WriteByte('\n')
	}
	c.data = data.String()
	return c, true
}

// succeeded is what stands behind a call's arguments when it did.
var succeeded = regexp.MustCompile(`^\) += \d`)

// between are the parts of a text between two marks. "->", which stands in a socket's name, ends none.
func between(text, left, right string) (all []string) {
	for {
		_, rest, found := strings.Cut(text, left)
		if !found {
			return all
		}
		end := strings.Index(rest, right)
		for end > 0 && rest[end-1] == '-' && right == ">" {
			next := strings.Index(rest[end+1:], right)
			if next < 0 {
				return all
			}
			end += 1 + next
		}
		if end < 0 {
			return all
		}
		all, text = append(all, rest[:end]), rest[end+len(right):]
	}
}

// unhex reads "\x2f\x74", and leaves what is not of that form.
func unhex(s string) string {
	if !strings.HasPrefix(s, `\x`) {
		return s
	}
	b, err := hex.DecodeString(strings.ReplaceAll(s, `\x`, ""))
	if err != nil {
		return s
	}
	return string(b)
}

// acknowledgements are how many answers were looked at.
type acknowledgements struct{ entries, parts, blobs int }

var (
	partForm   = regexp.MustCompile(`^PUT /v1/blobs/(b-[a-z0-9-]+)/parts/\d+ `)
	wholeForm  = regexp.MustCompile(`^POST /v1/blobs/(b-[a-z0-9-]+)/whole `)
	entryForm  = regexp.MustCompile(`entry (e-[a-z0-9-]+)`)
	appendForm = regexp.MustCompile(`^POST /v1/(?:entries|cases) `)
)

// unsynced looks at every answer that acknowledges something, and tells which stand for what a
// power cut might have taken.
func unsynced(calls []call) (seen acknowledgements, wrong []string) {
	asked := map[string]call{} // on each socket, what was read since the last answer
	for _, c := range onSockets(calls) {
		if c.name == "read" {
			request, found := asked[c.path]
			if !found {
				request = c
				request.data = ""
			}
			request.data += strings.TrimSuffix(c.data, "\n")
			asked[c.path] = request
			continue
		}
		if !strings.HasPrefix(c.data, "HTTP/1.1 ") {
			continue // the rest of an answer
		}
		request := asked[c.path]
		delete(asked, c.path)
		if !strings.HasPrefix(c.data, "HTTP/1.1 20") {
			continue
		}
		answer := fmt.Sprintf("line %d: %.40q answered %.20q", c.begun+1, request.data, c.data)
		if part := partForm.FindStringSubmatch(request.data); part != nil {
			seen.parts++
			if !partIsSafe(calls, request, c, part[1]) {
				wrong = append(wrong, answer+": the part was not synced")
			}
		}
		if whole := wholeForm.FindStringSubmatch(request.data); whole != nil {
			seen.blobs++
			if !moveIsSafe(calls, c, whole[1]) {
				wrong = append(wrong, answer+": its folder was not synced")
			}
		}
		if !appendForm.MatchString(request.data) {
			continue
		}
		for _, entry := range entryForm.FindAllStringSubmatch(c.data, -1) {
			seen.entries++
			if !entryIsSafe(calls, c, entry[1]) {
				wrong = append(wrong, answer+": "+entry[1]+" was in no log that was synced")
			}
		}
	}
	return seen, wrong
}

// onSockets are the readings and writings of sockets in their order: what is read there is known
// when the call ends, and what is written when it begins.
func onSockets(calls []call) []call {
	var all []call
	for _, c := range calls {
		if c.isSocket() && (c.name == "read" || c.writes()) {
			all = append(all, c)
		}
	}
	at := func(c call) int {
		if c.name == "read" {
			return c.ended
		}
		return c.begun
	}
	slices.SortStableFunc(all, func(a, b call) int { return at(a) - at(b) })
	return all
}

// entryIsSafe reports whether an entry was written to a log, with the mark of its commit where
// there is one to be seen, and synced, before an answer was.
func entryIsSafe(calls []call, answer call, entry string) bool {
	for i, w := range calls {
		if !w.isLog() || !w.writes() || !strings.Contains(w.data, entry) {
			continue
		}
		if strings.HasSuffix(w.path, "-wal") {
			if i = commitAfter(calls, i); i < 0 {
				continue
			}
			w = calls[i]
		}
		if synced(calls[i:], w, answer) {
			return true
		}
	}
	return false
}

// commitAfter finds where the page that ends a transaction of SQLite was written: its frame's head
// of 24 bytes says the size of the database, and 0 for all others (fileformat2, "WAL Frame Header").
func commitAfter(calls []call, from int) int {
	for i := from - 1; i >= 0 && i < len(calls); i++ {
		head := calls[i]
		if !head.isLog() || !head.writes() || len(head.data) != 24+1 || head.data[4:8] == "\x00\x00\x00\x00" {
			continue
		}
		for j := i + 1; j < len(calls); j++ {
			if calls[j].isLog() && calls[j].writes() {
				return j
			}
		}
	}
	return -1
}

// synced reports whether a file was synced after a writing had ended and before an answer began.
func synced(calls []call, writing, answer call) bool {
	for _, s := range calls {
		if s.syncs() && s.path == writing.path && s.begun > writing.ended && s.ended < answer.begun {
			return true
		}
	}
	return false
}

// partIsSafe reports whether all that was written to a blob since a request was synced.
func partIsSafe(calls []call, request, answer call, blob string) bool {
	var last call
	for _, w := range calls {
		if w.writes() && w.ended > request.ended && strings.HasSuffix(w.path, "/begun/"+blob) {
			last = w
		}
	}
	return last.path != "" && synced(calls, last, answer)
}

// moveIsSafe reports whether a blob was moved among the whole ones and both folders were synced.
func moveIsSafe(calls []call, answer call, blob string) bool {
	for _, m := range calls {
		from, to, _ := strings.Cut(strings.TrimSpace(m.data), "\n")
		if !strings.HasPrefix(m.name, "rename") || !strings.HasSuffix(to, "/whole/"+blob) {
			continue
		}
		old, whole := m, m
		old.path, whole.path = filepath.Dir(from), filepath.Dir(to)
		return synced(calls, whole, answer) && synced(calls, old, answer)
	}
	return false
}
