package varcotest

import "sync"

// trace listens to the statements that the store runs, while somebody wants to know.
type trace struct {
	mu         sync.Mutex
	on         bool     // guarded by mu
	statements []string // guarded by mu
}

func (t *trace) add(statement string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.on {
		t.statements = append(t.statements, statement)
	}
}

// Statements returns the text of every statement that fn causes, in order.
func (n *Network) Statements(fn func()) []string {
	n.trace.mu.Lock()
	n.trace.on, n.trace.statements = true, nil
	n.trace.mu.Unlock()
	fn()
	n.trace.mu.Lock()
	defer n.trace.mu.Unlock()
	n.trace.on = false
	return n.trace.statements
}
