package httpapi_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"net/http"
	"runtime"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"varco/internal/api"
	"varco/internal/caller"
	"varco/internal/client"
	"varco/internal/ids"
	"varco/internal/keyring"
	"varco/internal/note"
	"varco/internal/seal"
	"varco/internal/store"
	"varco/internal/store/storetest"
	"varco/internal/thread"
	"varco/internal/varcotest"
)

// atOnce is at how many clients things are measured; page is how many entries are read.
var atOnce = []int{1, 8, 32}

const page = 10

// speakers are the members of the centres, each of whom has several sessions and threads.
var speakers = map[string]string{"alba-operatrice": "bruna-operatrice", "bruna-operatrice": "alba-operatrice",
	"dina-operatrice": "elsa-responsabile", "elsa-responsabile": "dina-operatrice"}

// BenchmarkPosts is messages to threads over HTTP, each client to her own thread: signed and
// sealed before, answered after the commit.
func BenchmarkPosts(b *testing.B) {
	s := newStack(b)
	for _, clients := range atOnce {
		b.Run(fmt.Sprintf("%s/clients=%d", storetest.Current(), clients), func(b *testing.B) {
			prepared := make([][][]byte, clients)
			for i := range prepared {
				prepared[i] = s.desks[i].write(b, share(b.N, clients, i))
			}
			s.measure(b, clients, func(i, n int) (string, []byte, int) {
				return "/v1/entries", prepared[i][n], http.StatusCreated
			})
		})
	}
}

// BenchmarkReads is readings of a page of ten entries over HTTP, each recorded before it is
// answered.
func BenchmarkReads(b *testing.B) {
	s := newStack(b)
	s.fill(b)
	reading := encoded(b, api.Read{Limit: page})
	for _, clients := range atOnce {
		b.Run(fmt.Sprintf("%s/clients=%d", storetest.Current(), clients), func(b *testing.B) {
			s.measure(b, clients, func(i, _ int) (string, []byte, int) {
				return "/v1/threads/" + string(s.desks[i].thread.Thread) + "/readings", reading, http.StatusOK
			})
		})
	}
}

// BenchmarkFloorReads is the floor under reading: the rows of the same page, by SQL alone, without
// a caller, a decision or a record.
func BenchmarkFloorReads(b *testing.B) {
	s := newStack(b)
	s.fill(b)
	for _, clients := range atOnce {
		b.Run(fmt.Sprintf("%s/clients=%d", storetest.Current(), clients), func(b *testing.B) {
			together(b, clients, func(i, _ int) error {
				return s.network.Store.Read(b.Context(), func(tx *store.Tx) error {
					rows, err := tx.Entries(s.desks[i].thread.Thread, 0, page)
					if err == nil && len(rows) != page {
						err = fmt.Errorf("%d rows", len(rows))
					}
					return err
				})
			})
		})
	}
}

// BenchmarkDenials is how long it takes to be told that there is no such thread: of one that is another
// centre's, and of one that does not exist. Whoever could tell the two apart would know that it is there.
func BenchmarkDenials(b *testing.B) {
	s := newStack(b)
	reading := encoded(b, api.Read{Limit: page})
	for _, clients := range []int{1, 8} {
		for _, what := range []string{"another's", "none"} {
			asked := make([]ids.Thread, clients)
			for i := range asked {
				asked[i] = ids.NewThread(rand.Reader)
				if what == "another's" {
					asked[i] = s.foreign(s.desks[i])
				}
			}
			b.Run(fmt.Sprintf("%s/%s/clients=%d", what, storetest.Current(), clients), func(b *testing.B) {
				s.measure(b, clients, func(i, _ int) (string, []byte, int) {
					return "/v1/threads/" + string(asked[i]) + "/readings", reading, http.StatusNotFound
				})
			})
		}
	}
}

// foreign is a thread of another centre.
func (s *stack) foreign(d *desk) ids.Thread {
	i := slices.IndexFunc(s.desks, func(other *desk) bool { return other.author != d.author && other.author != speakers[d.author] })
	return s.desks[i].thread.Thread
}

// fill gives each desk's thread a page of entries.
func (s *stack) fill(b *testing.B) {
	b.Helper()
	for _, d := range s.desks {
		for _, body := range d.write(b, page-1) {
			check(b, s.post(b.Context(), d.token, "/v1/entries", body, http.StatusCreated))
		}
	}
}

// stack is the service behind a listener on loopback, and clients of it.
type stack struct {
	url     string
	client  *http.Client
	desks   []*desk
	network *varcotest.Network
}

// desk is where one client works: her session, and a thread of her own.
type desk struct {
	author string
	token  string
	signer note.Signer
	thread thread.State
	like   thread.Entry // what all her entries say
}

func newStack(b *testing.B) *stack {
	b.Helper()
	n := varcotest.New(b)
	own := http.DefaultTransport.(*http.Transport).Clone() //nolint:forcetypeassert // net/http promises it
	own.MaxIdleConnsPerHost = slices.Max(atOnce)
	s := &stack{url: n.Listen(), client: &http.Client{Transport: own}, network: n}
	b.Cleanup(own.CloseIdleConnections)
	for len(s.desks) < slices.Max(atOnce) {
		for author, colleague := range speakers {
			s.desks = append(s.desks, newDesk(b, n, author, colleague))
		}
	}
	return s
}

// newDesk signs somebody in on a new device and lets her open a case.
func newDesk(b *testing.B, n *varcotest.Network, author, colleague string) *desk {
	b.Helper()
	device := n.NewDevice(author)
	u := n.Unlock(author, device)
	o, err := u.OpenCase(b.Context(), client.NewCase{With: n.Organisation("levante"), Topic: "RDL-01", Urgency: "U2",
		Content: client.Content{Text: "Buongiorno."}, Colleagues: []ids.Person{n.ID(colleague)}})
	check(b, err)
	first := o.Thread.Entries[0].Entry
	d := &desk{author: author, token: device.Client.Token().Reveal(), signer: signerOf(b, n, author), thread: o.Thread.State}
	d.like = thread.Entry{Thread: first.Thread, Epoch: 1, Author: first.Author, Card: first.Card, Kind: thread.Message,
		Rosters: first.Rosters, Time: n.Clock.Now(), NotAfter: n.Clock.Now().Add(thread.MaxLife)}
	return d
}

// signerOf opens somebody's keyring, as only her own device does.
func signerOf(b *testing.B, n *varcotest.Network, name string) note.Signer {
	b.Helper()
	me, err := n.Person(name).Me(b.Context())
	check(b, err)
	stored, err := n.Gate.Keyring(b.Context(), caller.Caller{Person: me.Person, Organisation: me.Organisation,
		Session: me.Session, Request: ids.NewRequest(rand.Reader)})
	check(b, err)
	sealed := keyring.Sealed{File: stored.File}
	for _, l := range stored.Locks {
		sealed.Locks = append(sealed.Locks, keyring.Lock(l))
	}
	keys, err := keyring.Open(sealed, n.Resident(name).Phrase, varcotest.Work())
	check(b, err)
	signer, err := keys.Signer(1)
	check(b, err)
	return signer
}

// write seals and signs the next messages of a thread, and packs each into a request.
func (d *desk) write(b *testing.B, count int) [][]byte {
	b.Helper()
	content, err := client.Content{Text: "Serve ancora un documento: lo mando domani, dopo averne parlato con lei."}.Bytes()
	check(b, err)
	requests := make([][]byte, count)
	for i := range requests {
		e := d.like
		e.ID, e.Sequence, e.Previous = ids.NewEntry(rand.Reader), d.thread.Next, d.thread.Head
		body, err := seal.Body(d.thread.Recipient(), seal.Binding{Thread: e.Thread, Entry: e.ID, Epoch: e.Epoch,
			Author: e.Author, Kind: string(e.Kind)}, content)
		check(b, err)
		e.Body = &thread.Sealed{Hash: note.Sum(body), Size: int64(len(body))}
		header, err := thread.Sign(e, d.signer)
		check(b, err)
		d.thread.Next, d.thread.Head = e.Sequence+1, note.Sum(header)
		requests[i] = encoded(b, api.Append{Parcels: []api.Parcel{{Header: string(header), Body: body}}})
	}
	return requests
}

// measure sends b.N requests by so many clients, each one after the other, and reports how
// many were answered in a second and how long one waited.
func (s *stack) measure(b *testing.B, clients int, request func(client, n int) (path string, body []byte, want int)) {
	b.Helper()
	together(b, clients, func(i, n int) error {
		path, body, want := request(i, n)
		return s.post(b.Context(), s.desks[i].token, path, body, want)
	})
}

// together has so many clients do b.N things between them, each one after the other, and reports
// how many a second, how long one waited, and how much of the processor one took: the last says
// most on a machine that does other things too. A server of the database is not in it.
func together(b *testing.B, clients int, do func(client, n int) error) {
	b.Helper()
	waits := make([][]time.Duration, clients)
	runtime.GC()
	before := processor(b)
	b.ResetTimer()
	var all sync.WaitGroup
	for i := range clients {
		all.Go(func() {
			for n := range share(b.N, clients, i) {
				begun := time.Now()
				if err := do(i, n); err != nil {
					b.Error(err)
					return
				}
				waits[i] = append(waits[i], time.Since(begun))
			}
		})
	}
	all.Wait()
	b.StopTimer()
	if b.Failed() {
		return
	}
	took := processor(b) - before
	sorted := slices.Sorted(slices.Values(slices.Concat(waits...)))
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "acts/s")
	b.ReportMetric(milliseconds(sorted, 50), "p50-ms")
	b.ReportMetric(milliseconds(sorted, 99), "p99-ms")
	b.ReportMetric(took.Seconds()*1000/float64(b.N), "cpu-ms")
}

// processor is how long this process has run on the machine's processors.
func processor(b *testing.B) time.Duration {
	b.Helper()
	var used syscall.Rusage
	check(b, syscall.Getrusage(syscall.RUSAGE_SELF, &used))
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}

func milliseconds(sorted []time.Duration, percent int) float64 {
	return float64(sorted[(len(sorted)-1)*percent/100].Microseconds()) / 1000
}

// share is how many of n the client i of several does.
func share(n, clients, i int) int { return (n + clients - 1 - i) / clients }

// post sends one request and reads its whole answer, which must have the wanted status.
func (s *stack) post(ctx context.Context, token, path string, body []byte, want int) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", "Bearer "+token)
	r.Header.Set("Content-Type", "application/json")
	resp, err := s.client.Do(r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	if resp.StatusCode != want {
		return fmt.Errorf("%s: %s: %s", path, resp.Status, answer)
	}
	return nil
}

func encoded(b *testing.B, v any) []byte {
	b.Helper()
	text, err := json.Marshal(v)
	check(b, err)
	return text
}

func check(b *testing.B, err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}
