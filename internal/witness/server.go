package witness

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"github.com/transparency-dev/formats/log"

	"varco/internal/ledger"
	"varco/internal/note"
)

// Server is a witness of the logs in its folder. It is an http.Handler of the path
// /add-checkpoint, and is safe for concurrent use. One process at a time has the folder.
type Server struct {
	folder string
	signer note.Signer
	vkey   string
	lock   *os.File

	mu   sync.Mutex
	logs map[string]*state // guarded by mu; by origin
}

// Open opens a witness's folder: see Create and Add. Now is the clock of its cosignatures.
func Open(folder string, now func() time.Time) (*Server, error) {
	s := &Server{folder: folder}
	var err error
	if s.signer, s.vkey, err = readKey(folder, now); err != nil {
		return nil, fmt.Errorf("opening a witness: %w", err)
	}
	if s.lock, err = lock(filepath.Join(folder, keyFile)); err != nil {
		return nil, fmt.Errorf("opening a witness: %w", err)
	}
	if s.logs, err = loadStates(folder); err != nil {
		return nil, errors.Join(fmt.Errorf("opening a witness: %w", err), s.lock.Close())
	}
	return s, nil
}

// Close lets another process have the folder.
func (s *Server) Close() error { return s.lock.Close() }

// Key returns the verifier key of its cosignatures.
func (s *Server) Key() string { return s.vkey }

// Logs returns how many logs it knows.
func (s *Server) Logs() int { return len(s.logs) }

// ServeHTTP answers a request as C2SP tlog-witness says.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	if r.URL.Path != addPath {
		w.WriteHeader(http.StatusNotFound)
		return
	}
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxRequestBytes))
	if err != nil {
		w.WriteHeader(http.StatusRequestEntityTooLarge)
		return
	}
	status, answer := s.add(body)
	if status == http.StatusConflict {
		w.Header().Set("Content-Type", sizeMedia)
	}
	w.WriteHeader(status)
	_, _ = io.WriteString(w, answer) // who is gone asks again
}

// add checks a request and answers it with a status and a body.
func (s *Server) add(body []byte) (int, string) {
	r, err := ParseRequest(body)
	if err != nil {
		return http.StatusBadRequest, ""
	}
	text, signed, err := note.Uncosigned(r.Checkpoint)
	if err != nil {
		return http.StatusBadRequest, ""
	}
	said, err := ledger.ReadCheckpoint(text)
	if err != nil {
		return http.StatusBadRequest, ""
	}
	s.mu.Lock() // until the new checkpoint is on the disk: else an older one could follow it
	defer s.mu.Unlock()
	known := s.logs[said.Origin]
	if known == nil {
		return http.StatusNotFound, ""
	}
	c, err := ledger.OpenCheckpoint(signed, said.Origin, known.log)
	if err != nil {
		return http.StatusForbidden, ""
	}
	return s.grow(known, r, state{vkey: known.vkey, log: known.log, msg: signed, last: c}, text)
}

// grow cosigns a checkpoint that the log has signed, if it follows what was seen.
func (s *Server) grow(known *state, r Request, next state, text string) (int, string) {
	signed := next.last
	conflict := strconv.FormatInt(known.last.Size, 10) + "\n"
	switch {
	case r.Old > signed.Size:
		return http.StatusBadRequest, ""
	case r.Old != known.last.Size, r.Old == signed.Size && signed.Root != known.last.Root:
		return http.StatusConflict, conflict
	case ledger.CheckConsistency(r.Proof, signed.Size, signed.Root, r.Old, known.last.Root) != nil:
		return http.StatusUnprocessableEntity, ""
	}
	if known.msg == nil || signed.Size > known.last.Size {
		if err := replace(s.folder, log.ID(signed.Origin)+logFile, next.text()); err != nil {
			return http.StatusInternalServerError, ""
		}
		*known = next
	}
	line, err := note.SignLine(text, s.signer)
	if err != nil {
		return http.StatusInternalServerError, ""
	}
	return http.StatusOK, line
}
