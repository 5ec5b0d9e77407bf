package ledger

import (
	"strconv"
	"time"

	"varco/internal/fault"
	"varco/internal/ids"
	"varco/internal/note"
)

const receiptKind = "receipt"

// Receipt is the log's word that an entry is recorded. A retry gets the same bytes again.
type Receipt struct {
	Log        string // the origin of the log
	Thread     ids.Thread
	Entry      ids.Entry
	Header     note.Hash // of the entry's whole header, signatures included
	Leaf       int64     // index of the leaf whose record says that the entry was appended
	AdmittedAt time.Time // printed in UTC, cut to milliseconds
}

// Number is what people quote; see the function Number.
func (r Receipt) Number() string { return Number(r.Leaf) }

// Sign prints the receipt and signs it. The signer's name is the log's origin.
func (r Receipt) Sign(s note.Signer) ([]byte, error) {
	if err := r.check(s.Name()); err != nil {
		return nil, err
	}
	return note.Sign(r.text(), s)
}

// OpenReceipt reads a receipt that the log with the verifier signed. Whether it is for
// the entry that was sent is the caller's to compare.
func OpenReceipt(msg []byte, v note.Verifier) (Receipt, error) {
	text, err := note.Open(msg, v)
	if err != nil {
		return Receipt{}, err
	}
	s := note.Scan(text, receiptKind)
	var r Receipt
	r.Log = s.One("log")
	number := s.One("number")
	r.Thread = note.Parsed(s, s.One("thread"), ids.ParseThread)
	r.Entry = note.Parsed(s, s.One("entry"), ids.ParseEntry)
	r.Header = s.Hash(s.One("header"))
	r.Leaf = s.Int(s.One("leaf"))
	r.AdmittedAt = s.Time(s.One("admitted-at"))
	if err := s.Done(); err != nil {
		return Receipt{}, err
	}
	if leaf, err := ParseNumber(number); err != nil || leaf != r.Leaf {
		return Receipt{}, fault.Refuse(fault.ClassReceipt, "reading a receipt: its number is not that of its leaf")
	}
	if err := r.check(v.Name()); err != nil {
		return Receipt{}, err
	}
	if err := note.Same(text, r.text()); err != nil {
		return Receipt{}, err
	}
	return r, nil
}

func (r Receipt) text() string {
	return note.Print(receiptKind).
		Line("log", r.Log).
		Line("number", r.Number()).
		Line("thread", string(r.Thread)).
		Line("entry", string(r.Entry)).
		Line("header", r.Header.String()).
		Line("leaf", strconv.FormatInt(r.Leaf, 10)).
		Line("admitted-at", note.FormatTime(r.AdmittedAt)).
		String()
}

func (r Receipt) check(name string) error {
	if err := checkOrigin(r.Log, name); err != nil {
		return err
	}
	_, noThread := ids.ParseThread(string(r.Thread))
	_, noEntry := ids.ParseEntry(string(r.Entry))
	at, noTime := note.ParseTime(note.FormatTime(r.AdmittedAt))
	if noThread != nil || noEntry != nil || noTime != nil || at.IsZero() || r.Header.IsZero() ||
		!within(0, r.Leaf, MaxSize-1) {
		return fault.Refuse(fault.ClassReceipt, "checking a receipt: a value is missing or does not fit")
	}
	return nil
}
