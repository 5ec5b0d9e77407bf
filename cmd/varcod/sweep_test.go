package main

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"varco/dev/sample"
	"varco/internal/bundle"
	"varco/internal/client"
	"varco/internal/envelope"
	"varco/internal/hybrid"
	"varco/internal/store/storetest"
)

// The places that are swept. What was kept is the database with its write-ahead log, since
// either may hold what was written last; of one on a server also its rows, since its files have long
// values in pieces and compressed.
const (
	database    = "the database"
	writeAhead  = "the write-ahead log"
	sharedIndex = "the index of the write-ahead log"
	whatIsKept  = "the database with its write-ahead log"
	serverLog   = "the log of the database's server"
	attachments = "the folder of attachments"
	serviceLog  = "the service's log"
	ledgerText  = "the ledger's records"
	auditBundle = "an auditor's bundle"
	settings    = "the configuration"
	credentials = "the credentials"
)

// marker is something that was given to the network, with the places where it must be found,
// which proves that they are searched, and those where it may. It may be nowhere else.
type marker struct {
	what string
	text []byte
	must []string
	may  []string

	never    bool // not even in memory
	inMemory bool // the service works with it
}

// One canary runs through everything. What people write, who they are and what opens it is
// found in no file of the service, while it runs and after it has stopped; the auditor's bundle
// has no content, no name, and nothing that is sealed; and what people write, and what opens it,
// is not even in the service's memory.
func TestSweep(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, kind storetest.Kind) {
		server := ""
		if kind == storetest.PostgreSQL {
			server = kind.New(t)
		}
		n := raise(t, server)
		c := letFly(t, n)
		file := takeBundle(t, c.auditor, c.anchors.Origin)
		checkBundle(t, file, c.anchors, nil)

		c.sweepMemory(t)
		running := places(t, n, server, file)
		newest := marker{what: "the newest body", text: c.newest, must: []string{whatIsKept}, may: []string{database, writeAhead}}
		if server == "" {
			newest.must = append(newest.must, writeAhead)
		}
		sweep(t, "running", running, append(c.markers, newest))

		n.Stop()
		stopped := places(t, n, server, file)
		if server == "" {
			if len(stopped[writeAhead]) > 0 {
				t.Error("a service that has stopped leaves a write-ahead log behind")
			}
			newest.must = []string{database, whatIsKept}
		} else {
			var sealed []byte
			for _, value := range storetest.Sealed(t, server) {
				sealed = append(sealed, value[tinkPrefix:]...)
			}
			looksRandom(t, "what the sealed columns hold", sealed)
		}
		sweep(t, "stopped", stopped, append(c.markers, newest))
		whole, err := filepath.Glob(filepath.Join(n.Dir, "service", "blobs", "whole", "*"))
		must(t, err)
		if len(whole) == 0 {
			t.Error("no attachment is kept")
		}
		for _, name := range whole {
			content, err := os.ReadFile(name)
			must(t, err)
			looksRandom(t, "an attachment", content[envelope.BlobHead:])
		}
	})
}

// sweep looks for every marker in every place.
func sweep(t *testing.T, when string, places map[string][]byte, markers []marker) {
	t.Helper()
	f := newFinder(t, append(textsOf(markers), []byte(plant))...)
	for place, content := range places {
		found := f.find(content)
		for _, m := range markers {
			forms, required := found[string(m.text)], slices.Contains(m.must, place)
			switch {
			case required && forms == nil:
				t.Errorf("%s: %s is not in %s, so it was not searched", when, m.what, place)
			case forms != nil && !required && !slices.Contains(m.may, place):
				t.Errorf("%s: %s is in %s %q", when, m.what, place, forms)
			}
		}
		// What was found nowhere would have been found: planted, it is.
		planted := slices.Insert(bytes.Clone(content), len(content)/2, []byte(plant)...)
		if found[plant] != nil || f.find(planted)[plant] == nil {
			t.Errorf("%s: in %s a plant is there before it is planted, or not found after", when, place)
		}
	}
}

// tinkPrefix is what all that is sealed with one key begins with.
const tinkPrefix = 5

// looksRandom checks that no value of a byte is more frequent than chance makes it: with 255 degrees
// of freedom chi-squared passes the limit once in 10^12 times. With a tenth of it in clear it does.
func looksRandom(t *testing.T, what string, content []byte) {
	t.Helper()
	const limit = 450
	unlike := func(content []byte) (chi float64) {
		var counts [256]float64
		for _, b := range content {
			counts[b]++
		}
		mean := float64(len(content)) / 256
		for _, n := range counts {
			chi += (n - mean) * (n - mean) / mean
		}
		return chi
	}
	if chi := unlike(content); chi > limit {
		t.Errorf("%s, %d bytes, does not look random: %.0f", what, len(content), chi)
	}
	clear := bytes.Repeat([]byte("Centro antiviolenza di Valdoria. "), len(content)/10/33+1)
	if chi := unlike(append(bytes.Clone(content[len(clear):]), clear...)); chi <= limit {
		t.Errorf("%s, %d bytes, would look random with a tenth in clear: %.0f", what, len(content), chi)
	}
}

func textsOf(markers []marker) [][]byte {
	var all [][]byte
	for _, m := range markers {
		all = append(all, m.text)
	}
	return all
}

// plant is what nobody has given to the network.
const plant = "nessuno lo ha scritto"

// places reads everything that there is to sweep.
func places(t *testing.T, n *sample.Network, server string, file []byte) map[string][]byte {
	t.Helper()
	read := func(names ...string) []byte {
		var all []byte
		for _, name := range names {
			content, err := os.ReadFile(filepath.Join(n.Dir, "service", name))
			if !errors.Is(err, fs.ErrNotExist) {
				must(t, err)
			}
			all = append(all, content...)
		}
		return all
	}
	found := map[string][]byte{
		database: read("varco.db"), writeAhead: read("varco.db-wal"), sharedIndex: read("varco.db-shm"),
		whatIsKept: read("varco.db", "varco.db-wal"), serviceLog: read("varcod.log"),
		settings: read("varcod.toml", "anchors.toml"), auditBundle: file, ledgerText: recordsOf(t, file),
	}
	if server != "" {
		found[whatIsKept] = storetest.Rows(t, server)
		for _, name := range storetest.Files(t, server) {
			place := database
			if filepath.Base(filepath.Dir(name)) == "pg_wal" {
				place = writeAhead
			} else if filepath.Base(name) == "log" {
				place = serverLog
			}
			content, err := os.ReadFile(name)
			must(t, err)
			found[place] = append(found[place], content...)
		}
		found[whatIsKept] = slices.Concat(found[whatIsKept], found[database], found[writeAhead])
	}
	// Names of files are swept too: they are on the disk like what is in them.
	must(t, fs.WalkDir(os.DirFS(filepath.Join(n.Dir, "service", "blobs")), ".", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			found[attachments] = append(append(found[attachments], name...), read(filepath.Join("blobs", name))...)
		}
		return err
	}))
	keys, err := os.ReadDir(filepath.Join(n.Dir, "service", "credentials"))
	must(t, err)
	for _, key := range keys {
		found[credentials] = append(found[credentials], read(filepath.Join("credentials", key.Name()))...)
	}
	swept := []string{"anchors.toml", "blobs", "credentials", "network.toml", "varco.db", "varco.db-shm", "varco.db-wal", "varcod.log", "varcod.toml"}
	all, err := os.ReadDir(filepath.Join(n.Dir, "service"))
	must(t, err)
	for _, f := range all {
		if !slices.Contains(swept, f.Name()) {
			t.Errorf("the service has made %s, which nobody sweeps", f.Name())
		}
	}
	return found
}

// recordsOf is the text of all records of a bundle, without the notes beside them.
func recordsOf(t *testing.T, file []byte) []byte {
	t.Helper()
	in, err := bundle.NewReader(bytes.NewReader(file))
	must(t, err)
	var all strings.Builder
	for in.Leaves() < in.Manifest().Size {
		line, err := in.Next()
		must(t, err)
		if line.Leaf != nil {
			all.WriteString(line.Leaf.Text)
		}
	}
	return []byte(all.String())
}

// canary is a network through which the markers have gone.
type canary struct {
	network  *sample.Network
	anchors  client.Anchors
	auditor  *client.Unlocked
	markers  []marker
	identity hybrid.Identity // of her card
	newest   []byte          // out of the sealed body that was posted last
}

// mark adds a marker that must be in some places and may be in no others.
func (c *canary) mark(what, text string, must ...string) {
	c.markers = append(c.markers, marker{what: what, text: []byte(text), must: must})
}

// kept adds what the service keeps as it is, and what it may show elsewhere.
func (c *canary) kept(what string, text []byte, elsewhere ...string) {
	c.markers = append(c.markers, marker{what: what, text: text, must: append(elsewhere, whatIsKept), may: []string{database, writeAhead}})
}

// draw makes up a marker that is found in no file.
func (c *canary) draw(what string) string {
	text := "Canarino" + rand.Text()
	c.mark(what, text)
	return text
}

// never says of the last markers that they are not even in memory.
func (c *canary) never(last int) {
	for i := range last {
		c.markers[len(c.markers)-1-i].never = true
	}
}

// content makes up what somebody writes.
func (c *canary) content(what string) client.Content {
	text := c.draw(what)
	c.never(1)
	return client.Content{Text: text}
}
