package desk

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"varco/internal/cli/italian"
	"varco/internal/secret"
)

// fdFlag is a pflag.Value for a file descriptor.
type fdFlag struct{ n *int }

// FDFlag adds a flag for a file descriptor, which is negative when the flag is not given.
func FDFlag(c *cobra.Command, n *int, name, usage string) {
	*n = -1
	c.Flags().Var(fdFlag{n}, name, usage)
}

// String is what the flag is when it is not given.
func (fdFlag) String() string { return "" }

// Type is what help calls the value.
func (fdFlag) Type() string { return "numero" }

// Set reads the number.
func (f fdFlag) Set(value string) error {
	n, err := strconv.ParseUint(value, 10, 16)
	if err != nil {
		return Misuse("«%s» non è il numero di un descrittore.", italian.Line(value))
	}
	*f.n = int(n)
	return nil
}

// fd reads lines from a file descriptor that the caller of the program has opened.
func (r *Desk) fd(n int) *bufio.Reader {
	if n == 0 {
		return r.stdin
	}
	if r.fds[n] == nil {
		r.fds[n] = bufio.NewReader(os.NewFile(uintptr(n), fmt.Sprintf("fd %d", n)))
	}
	return r.fds[n]
}

// maxLine is more than any phrase or code has, in bytes.
const maxLine = 1 << 10

// SecretLine reads one line from a file descriptor.
func (r *Desk) SecretLine(n int) (secret.String, error) {
	line, err := await(r.ctx, func() ([]byte, error) { return readLine(r.fd(n)) })
	if r.ctx.Err() != nil {
		return secret.String{}, r.ctx.Err()
	}
	if err != nil {
		return secret.String{}, Misuse("Dal descrittore %d non si legge nulla: è aperto?", n)
	}
	if len(strings.TrimSpace(string(line))) == 0 {
		return secret.String{}, Misuse("Dal descrittore %d non è arrivato nulla.", n)
	}
	return secret.NewString(string(line)), nil
}

// readLine reads up to the end of a line, and no more than maxLine.
func readLine(in io.ByteReader) ([]byte, error) {
	var line []byte
	for len(line) < maxLine {
		b, err := in.ReadByte()
		if errors.Is(err, io.EOF) || err == nil && b == '\n' {
			break
		}
		if err != nil {
			return nil, err
		}
		line = append(line, b)
	}
	return line, nil
}

// writeSecret writes a line to a file descriptor.
func (r *Desk) writeSecret(n int, s secret.String) error {
	var out io.Writer
	switch n {
	case 1:
		out = r.Out
	case 2:
		out = r.Err
	default:
		out = os.NewFile(uintptr(n), fmt.Sprintf("fd %d", n))
	}
	if _, err := io.WriteString(out, s.Reveal()+"\n"); err != nil {
		return Misuse("Sul descrittore %d non si può scrivere: è aperto?", n)
	}
	return nil
}
