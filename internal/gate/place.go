package gate

import (
	"varco/internal/api"
	"varco/internal/fault"
	"varco/internal/thread"
)

// MovedError is a conflict (kind conflict) over a place in a thread, told to a member of it: where its
// next entry goes. With it she can sign a recusal anew without reading the thread.
type MovedError struct {
	Place api.Place
	cause error
}

// Error says what the conflict is.
func (m *MovedError) Error() string { return m.cause.Error() }

// Unwrap returns the conflict.
func (m *MovedError) Unwrap() error { return m.cause }

// unmoved refuses entries, as a conflict, when the thread by which their author has chosen does not end any
// more where she has read it to. One that is not hers, or that there is not, is to her as one that has moved.
func (d *desk) unmoved(r ruling, end *api.End) error {
	if end == nil {
		return nil
	}
	th, _, err := d.Thread(end.Thread)
	if err != nil {
		return err
	}
	if m := th.State.Member(d.who.Person); m != nil && m.Organisation == d.who.Organisation && th.State.Head == end.Head {
		return nil
	}
	return d.late(r, fault.Refuse(fault.ClassFork, "appending entries: the thread that they were chosen by ends elsewhere"), "appending entries")
}

// conflict tells somebody who lost a race to fetch what is new and try again. An entry in its right
// place may be refused with the same classes for another reason.
func (d *desk) conflict(err error, e *thread.Entry, s *thread.State) error {
	c := fault.ClassOf(err)
	if c != fault.ClassSequence && c != fault.ClassFork || e.Sequence == s.Next && e.Previous == s.Head {
		return err
	}
	err = fault.Wrap(fault.Conflict, err, "appending an entry")
	if s.Member(d.who.Person) == nil {
		return answered{err}
	}
	return answered{&MovedError{api.Place{Thread: s.Thread, Next: s.Next, Head: s.Head, Epoch: s.Epoch()}, err}}
}
