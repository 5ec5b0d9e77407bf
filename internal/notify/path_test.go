package notify_test

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"varco/internal/act"
	"varco/internal/client"
	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/notify"
	"varco/internal/secret"
	"varco/internal/store"
	"varco/internal/store/storetest"
	"varco/internal/varcotest"
)

func TestMain(m *testing.M) { os.Exit(storetest.OnBoth(m)) }

const (
	alba   = "alba-operatrice"
	bruna  = "bruna-operatrice"
	franca = "franca-referente"
	gino   = "gino-referente"
	canary = "CANARINO-2210"
)

// scene is a network whose people are told by a real mail server.
type scene struct {
	*varcotest.Network
	*post
	keeper *notify.Keeper
	log    bytes.Buffer
	before int
}

func newScene(t *testing.T, given ...string) *scene {
	t.Helper()
	s := &scene{Network: varcotest.New(t), post: newPost(t, true)}
	hours, err := notify.ParseHours([]string{"08:00", "13:00"}, "Europe/Rome")
	must(t, err)
	s.keeper = &notify.Keeper{Outbox: s.Gate, Sender: s.sender(t), Hours: hours, Now: s.Clock.Now,
		Log: slog.New(slog.NewTextHandler(&s.log, nil))}
	for _, name := range given {
		must(t, s.Person(name).PutNotices(t.Context(), name+"@"+canary+".example"))
	}
	return s
}

// tell looks, and returns who was told.
func (s *scene) tell(t *testing.T) []string {
	t.Helper()
	must(t, s.keeper.Look(t.Context()))
	var told []string
	all := s.got()
	for _, m := range all[s.before:] {
		name, _, _ := strings.Cut(m.to, "@")
		told = append(told, name)
	}
	s.before = len(all)
	slices.Sort(told)
	return told
}

func (s *scene) want(t *testing.T, what string, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, s.tell(t)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

// open opens a case of Alba's and Bruna's with Franca, whose substitute is Gino.
func (s *scene) open(t *testing.T) *client.Opened {
	t.Helper()
	opened, err := s.Person(alba).OpenCase(t.Context(), client.NewCase{With: s.Organisation("levante"), Topic: "RDL-01", Urgency: "U2",
		Content: client.Content{Text: canary}, Inside: client.Content{Text: canary}, Colleagues: []ids.Person{s.ID(bruna)}, Holder: s.ID(franca)})
	must(t, err)
	return opened
}

func (s *scene) answer(t *testing.T, name string, o *client.Opened) {
	t.Helper()
	v, err := s.Person(name).ReadThread(t.Context(), o.Thread.State.Thread, act.ReasonAnswer)
	must(t, err)
	_, err = s.Person(name).Post(t.Context(), v, client.Content{Text: canary})
	must(t, err)
}

// until moves the clock to the next hour of notices.
func (s *scene) until() {
	_, next := s.keeper.Hours.Around(s.Clock.Now())
	s.Clock.Advance(next.Sub(s.Clock.Now()))
}

// Everybody on whose list something has come by somebody else is told once, at the next hour;
// nobody is told of what she wrote, or of what she may not see yet.
func TestWhoIsTold(t *testing.T) {
	s := newScene(t, alba, bruna, franca, gino)
	o := s.open(t)
	s.open(t)
	s.want(t, "before the hour")
	s.until()
	s.want(t, "two cases", bruna, franca)
	s.want(t, "at once again")
	s.answer(t, franca, o)
	s.answer(t, bruna, o)
	s.Clock.Advance(time.Hour)
	s.want(t, "within the hour")
	s.until()
	s.want(t, "two answers", alba, bruna, franca)
	s.until()
	s.want(t, "nothing has come")
	for _, m := range s.got() {
		if strings.Contains(strings.ReplaceAll(m.text, m.to, ""), canary) || strings.Contains(m.text, "-operatrice, ") {
			t.Errorf("a notice says more:\n%s", m.text)
		}
	}
	if strings.Contains(s.log.String(), canary) {
		t.Errorf("the log holds an address:\n%s", s.log.String())
	}
	s.sweep(t)
}

// sweep looks for addresses in the files of the database.
func (s *scene) sweep(t *testing.T) {
	t.Helper()
	if strings.Contains(s.Database, "://") {
		return // a server's files are swept by the service's own test
	}
	files := 0
	must(t, filepath.WalkDir(filepath.Dir(s.Database), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		files++
		text, err := os.ReadFile(path)
		if bytes.Contains(text, []byte(canary)) {
			t.Errorf("%s holds an address", path)
		}
		return err
	}))
	if files == 0 {
		t.Error("there is nothing to sweep")
	}
}

// Who wants no mail any more, and who has left, is told nothing, also of what came before.
func TestWhoIsNotTold(t *testing.T) {
	s := newScene(t, bruna, franca)
	s.open(t)
	must(t, s.Person(bruna).PutNotices(t.Context(), ""))
	if address, err := s.Person(bruna).Notices(t.Context()); err != nil || address != "" {
		t.Errorf("an address that was taken back: %q, %v", address, err)
	}
	s.SignRoster("ines-direttrice", func(d *client.RosterDraft) { must(t, d.Remove(s.ID(franca))) })
	s.until()
	s.want(t, "who has left or wants none")
	must(t, s.Person(bruna).PutNotices(t.Context(), bruna+"@"+canary+".example"))
	s.until()
	s.want(t, "what came while she wanted none")
}

// In each hour at most one, whatever fails, and in the end one.
func TestOnceAnHour(t *testing.T) {
	s := newScene(t, franca)
	o := s.open(t)
	s.until()
	hour, next := s.keeper.Hours.Around(s.Clock.Now())
	// A process takes it and dies: nobody knows whether it went out.
	claimed, err := s.Gate.ClaimNotices(t.Context(), hour, next, 10)
	if err != nil || len(claimed) != 1 || claimed[0].Address.Reveal() != franca+"@"+canary+".example" {
		t.Fatalf("claimed %v, %v", claimed, err)
	}
	s.want(t, "within the hour of a crash")
	s.until()
	s.want(t, "at the next", franca)

	// A server refuses for now: it is tried again within the hour, later and later.
	s.mu.Lock()
	s.answers[franca+"@"+canary+".example"] = errors.New("try later")
	s.mu.Unlock()
	s.answer(t, bruna, o)
	s.until()
	s.want(t, "a busy server")
	s.mu.Lock()
	delete(s.answers, franca+"@"+canary+".example")
	s.mu.Unlock()
	s.want(t, "too soon")
	s.Clock.Advance(time.Minute)
	s.want(t, "a minute later", franca)

	// Something comes while the notice of what came before is on its way.
	s.answer(t, bruna, o)
	s.until()
	s.keeper.Sender = meanwhile{s.keeper.Sender, func() { s.Clock.Advance(time.Second); s.answer(t, bruna, o) }}
	s.want(t, "on its way", franca)
	s.keeper.Sender = s.sender(t)
	s.want(t, "of the same hour")
	s.until()
	s.want(t, "what came meanwhile", franca)
}

// meanwhile is a sender during whose work something happens.
type meanwhile struct {
	notify.Sender
	do func()
}

func (m meanwhile) Send(ctx context.Context, to secret.String, at time.Time) error {
	m.do()
	return m.Sender.Send(ctx, to, at)
}

func TestAddresses(t *testing.T) {
	s := newScene(t)
	for _, wrong := range []string{"x", "Anna <anna@x.example>", "anna@x.example, b@x.example", "anna@localhost", "anna@x.example\r\nBcc: b@x.example",
		`"a b"@x.example`, "anna @x.example", "ànna@x.example", strings.Repeat("a", 250) + "@x.example"} {
		if err := s.Person(alba).PutNotices(t.Context(), wrong); fault.KindOf(err) != fault.Invalid {
			t.Errorf("%q: %v", wrong, err)
		}
	}
	must(t, s.Person(alba).PutNotices(t.Context(), "anna.b+avvisi@x-y.example"))
	if address, err := s.Person(alba).Notices(t.Context()); err != nil || address != "anna.b+avvisi@x-y.example" {
		t.Errorf("%q, %v", address, err)
	}
}

// An address that can't be read keeps back nobody else's notice: its person's waits for the next hour.
func TestUnreadableAddress(t *testing.T) {
	s := newScene(t, bruna, franca)
	s.open(t)
	must(t, s.Store.Write(t.Context(), func(tx *store.Tx) error { return tx.PutAddress(s.ID(bruna), []byte("spoilt")) }))
	s.until()
	if err := s.keeper.Look(t.Context()); err == nil {
		t.Error("nobody is told that an address can't be read")
	}
	s.want(t, "the others", franca)
}
