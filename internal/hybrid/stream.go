package hybrid

import (
	"bytes"
	"errors"
	"io"

	"filippo.io/age"

	"varco/internal/envelope"
	"varco/internal/fault"
)

// SealTo is Seal for size bytes of data that are not in memory: it reads them and writes the
// file, of envelope.SealedSize of the padded size, as it goes. It refuses what Seal refuses, and
// fails with envelope.ErrSize when there are not size bytes; then what was written is good for
// nothing.
func SealTo(w io.Writer, recipient string, data io.Reader, size, limit int64) error {
	if err := envelope.CheckRecipient(recipient); err != nil {
		return err
	}
	to, err := age.ParseHybridRecipient(recipient)
	if err != nil {
		return fault.Wrap(fault.Internal, err, "sealing")
	}
	sealed, err := age.Encrypt(w, to)
	if err != nil {
		return err
	}
	if err := envelope.PadTo(sealed, data, size, limit); err != nil {
		return err
	}
	return sealed.Close()
}

// OpenTo is Open for an attachment of size bytes that is not in memory. It writes the data as it
// goes and returns their number. Each byte that it writes was authenticated, but whether the
// file goes on as it should is known only at its end: what was written counts when there is no
// error, and must be thrown away when there is one. An error of reading the file or of writing
// the data is returned as it is.
func (i Identity) OpenTo(w io.Writer, file io.Reader, size int64) (int64, error) {
	src, dst := &watchedReader{r: file}, &watchedWriter{w: w}
	n, err := i.openTo(dst, src, size)
	if err == nil {
		err = src.ends()
	}
	switch {
	case src.err != nil:
		return 0, src.err
	case dst.err != nil:
		return 0, dst.err
	case err == nil:
		return n, nil
	case errors.Is(err, ErrOther) || fault.KindOf(err) == fault.Refused:
		return 0, err
	default:
		return 0, fault.Refuse(fault.ClassEnvelope, "opening a blob: changed, cut short or longer")
	}
}

func (i Identity) openTo(w io.Writer, file io.Reader, size int64) (int64, error) {
	head := make([]byte, envelope.BlobHead)
	n, err := io.ReadFull(file, head)
	if err != nil {
		return 0, err
	}
	if err := envelope.CheckBlob(head[:n], size); err != nil {
		return 0, err
	}
	if i.key == nil {
		return 0, ErrOther
	}
	// Never more than was stated: what follows is looked for afterwards.
	opened, err := age.Decrypt(io.MultiReader(bytes.NewReader(head), io.LimitReader(file, size-envelope.BlobHead)), i.key)
	if _, ok := errors.AsType[*age.NoIdentityMatchError](err); ok {
		return 0, ErrOther
	}
	if err != nil {
		return 0, err
	}
	return envelope.UnpadTo(w, opened, envelope.PlainSize(size))
}

// watchedReader remembers why it could not be read, which age would tell as a damaged file.
type watchedReader struct {
	r   io.Reader
	err error
}

func (w *watchedReader) Read(p []byte) (int, error) {
	n, err := w.r.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		w.err = err
	}
	return n, err
}

// ends checks that nothing follows.
func (w *watchedReader) ends() error {
	n, err := io.Copy(io.Discard, io.LimitReader(w, 1))
	if err == nil && n > 0 {
		return fault.Refuse(fault.ClassEnvelope, "opening a blob: something follows it")
	}
	return err
}

// watchedWriter remembers why it could not be written.
type watchedWriter struct {
	w   io.Writer
	err error
}

func (w *watchedWriter) Write(p []byte) (int, error) {
	n, err := w.w.Write(p)
	if err != nil {
		w.err = err
	}
	return n, err
}
