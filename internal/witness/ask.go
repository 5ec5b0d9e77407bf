package witness

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"varco/internal/fault"
	"varco/internal/ledger"
	"varco/internal/note"
)

const (
	// DefaultLimit is how long one witness may take to answer.
	DefaultLimit = 8 * time.Second

	maxAnswerBytes = 64 << 10
	// attempts: with the size that is remembered, with that of the answer, and once more when
	// another process of the same log was faster.
	attempts = 3
)

// Asker asks the witnesses of a quorum. It is safe for concurrent use.
type Asker struct {
	quorum ledger.Quorum
	client *http.Client
	limit  time.Duration

	mu   sync.Mutex
	seen map[string]int64 // guarded by mu: size of each witness's newest checkpoint
}

// Answer is what came of asking one witness.
type Answer struct {
	Name string        // of the witness's key
	Line string        // its cosignature line; empty if there is an error
	By   note.Cosigned // what the line says
	// Size is that of its newest checkpoint as the witness says, which nobody has signed.
	Size int64
	// Err: class rollback if the witness has seen a longer log, class fork if it has seen
	// another one, and otherwise why there is no cosignature now.
	Err error
}

// NewAsker makes an Asker. It refuses witnesses without an address, or with one that is
// neither https nor on this machine. Limit is for each witness, 0 for DefaultLimit.
func NewAsker(q ledger.Quorum, limit time.Duration) (*Asker, error) {
	for _, w := range q.Witnesses {
		u, err := url.Parse(w.URL)
		if err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" ||
			u.Scheme != "https" && (u.Scheme != "http" || !isLoopback(u.Hostname())) {
			return nil, fault.New(fault.Invalid, "reading the witnesses: %s has no https address (http is for this machine)", w.Name)
		}
	}
	if limit == 0 {
		limit = DefaultLimit
	}
	return &Asker{quorum: q, limit: limit, seen: map[string]int64{}, client: &http.Client{
		Transport: &http.Transport{Proxy: http.ProxyFromEnvironment, MaxResponseHeaderBytes: maxAnswerBytes, ForceAttemptHTTP2: true,
			IdleConnTimeout: time.Minute},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}, nil
}

func isLoopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}

// Quorum returns whom it asks.
func (a *Asker) Quorum() ledger.Quorum { return a.quorum }

// Ask asks all witnesses at once to cosign a checkpoint of the log, but for those whose key's
// name is in without. Prove proves that the log has grown to the checkpoint from an old size.
// It returns when all have answered, or when their time is over.
func (a *Asker) Ask(ctx context.Context, checkpoint []byte, without map[string]bool,
	prove func(ctx context.Context, old int64) (tlog.TreeProof, error)) ([]Answer, error) {
	text, err := note.Text(checkpoint)
	if err != nil {
		return nil, err
	}
	c, err := ledger.ReadCheckpoint(text)
	if err != nil {
		return nil, err
	}
	var asked []ledger.Witness
	for _, w := range a.quorum.Witnesses {
		if !without[w.Key.Name()] {
			asked = append(asked, w)
		}
	}
	answers := make([]Answer, len(asked))
	var all sync.WaitGroup
	for i, w := range asked {
		all.Go(func() {
			limited, cancel := context.WithTimeout(ctx, a.limit)
			defer cancel()
			answers[i] = a.one(limited, w, text, Request{Checkpoint: checkpoint}, c.Size, prove)
		})
	}
	all.Wait()
	return answers, nil
}

// one asks a witness, again where it has said that it has another size than was thought.
func (a *Asker) one(ctx context.Context, w ledger.Witness, text string, r Request, size int64,
	prove func(context.Context, int64) (tlog.TreeProof, error)) Answer {
	answer := Answer{Name: w.Key.Name(), Size: a.sizeOf(w)}
	for range attempts {
		if r.Old = answer.Size; r.Old > size {
			answer.Err = fault.Refuse(fault.ClassRollback, "asking the witness %s: it has seen %d leaves, and these are %d", w.Name, r.Old, size)
			return answer
		}
		if r.Proof, answer.Err = prove(ctx, r.Old); answer.Err != nil {
			return answer
		}
		status, body, err := a.post(ctx, w, r.Bytes())
		if err != nil {
			answer.Err = fault.Wrap(fault.Unavailable, err, "asking the witness %s", w.Name)
			return answer
		}
		switch status {
		case http.StatusOK:
			answer.Line, answer.By, answer.Err = note.FindCosignature(text, string(body), w.Key)
			if answer.Err == nil {
				answer.Size = size
				a.saw(w, size)
			}
			return answer
		case http.StatusConflict:
			if answer.Size, answer.Err = parseSize(strings.TrimSuffix(string(body), "\n")); answer.Err != nil {
				return answer
			}
			a.saw(w, answer.Size)
			if answer.Size == r.Old {
				answer.Err = forked(w, r.Old)
				return answer
			}
		case http.StatusUnprocessableEntity:
			answer.Err = forked(w, r.Old)
			return answer
		default:
			answer.Err = fault.New(fault.Unavailable, "asking the witness %s: it answers with status %d", w.Name, status)
			return answer
		}
	}
	answer.Err = fault.New(fault.Unavailable, "asking the witness %s: its size changes all the time", w.Name)
	return answer
}

func forked(w ledger.Witness, old int64) error {
	return fault.Refuse(fault.ClassFork, "asking the witness %s: the %d leaves that it has seen are not the first ones of this log", w.Name, old)
}

func (a *Asker) post(ctx context.Context, w ledger.Witness, body []byte) (int, []byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, strings.TrimSuffix(w.URL, "/")+addPath, bytes.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	request.Header.Set("Content-Type", "text/plain; charset=utf-8")
	response, err := a.client.Do(request)
	if err != nil {
		return 0, nil, err
	}
	got, err := io.ReadAll(io.LimitReader(response.Body, maxAnswerBytes+1))
	if err = errors.Join(err, response.Body.Close()); err == nil && len(got) > maxAnswerBytes {
		err = errors.New("the answer is too long")
	}
	return response.StatusCode, got, err
}

func (a *Asker) sizeOf(w ledger.Witness) int64 {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.seen[w.Key.Name()]
}

func (a *Asker) saw(w ledger.Witness, size int64) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.seen[w.Key.Name()] = size
}
