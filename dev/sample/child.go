package sample

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

const (
	startLimit = 20 * time.Second
	stopLimit  = 10 * time.Second
	tailLines  = 15 // of a log, when its program has ended
)

// child is a program that runs beside this one.
type child struct {
	name  string
	cmd   *exec.Cmd
	log   string        // file with its standard error
	ended chan struct{} // closed when it has ended
}

// start starts a program and returns the first line of its standard output, which says that
// it is ready. Its log goes on where one was left.
func start(ctx context.Context, name, log string, cmd *exec.Cmd) (*child, string, error) {
	file, err := os.OpenFile(log, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, "", fmt.Errorf("starting %s: %w", name, err)
	}
	defer func() { _ = file.Close() }() // the program has its own
	cmd.Stderr = file
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return nil, "", fmt.Errorf("starting %s: %w", name, err)
	}
	if err := cmd.Start(); err != nil {
		return nil, "", fmt.Errorf("starting %s: %w", name, err)
	}
	c := &child{name: name, cmd: cmd, log: log, ended: make(chan struct{})}
	first := make(chan string, 1)
	go func() {
		lines := bufio.NewScanner(stdout)
		if lines.Scan() {
			first <- lines.Text()
		}
		_, _ = io.Copy(io.Discard, stdout)
		_ = cmd.Wait() // how it ended is in its log
		close(c.ended)
	}()
	select {
	case line := <-first:
		return c, line, nil
	case <-c.ended:
		return nil, "", c.death()
	case <-ctx.Done():
		err = ctx.Err()
	case <-time.After(startLimit):
		err = fmt.Errorf("not ready after %s", startLimit)
	}
	c.stop()
	return nil, "", fmt.Errorf("starting %s: %w\n%s", name, err, c.tail())
}

// stop asks the program to end, and ends it when it takes too long.
func (c *child) stop() {
	_ = c.cmd.Process.Signal(syscall.SIGTERM) // an error says that it has ended
	select {
	case <-c.ended:
	case <-time.After(stopLimit):
		c.kill()
	}
}

// kill ends the program at once.
func (c *child) kill() {
	_ = c.cmd.Process.Kill() // an error says that it has ended
	<-c.ended
}

// death is the error of a program that ended by itself: with the end of its log.
func (c *child) death() error {
	return fmt.Errorf("%s has ended by itself (%s):\n%s", c.name, c.cmd.ProcessState, c.tail())
}

// tail is the end of the program's log.
func (c *child) tail() string {
	text, err := os.ReadFile(c.log)
	if err != nil {
		return err.Error()
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	return "  " + strings.Join(lines[max(0, len(lines)-tailLines):], "\n  ")
}

// output runs a program to its end and returns what it wrote on its standard output.
func output(ctx context.Context, name string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = stopLimit
	out, err := cmd.Output()
	if err != nil {
		said := ""
		if exit, ok := errors.AsType[*exec.ExitError](err); ok {
			said = "\n" + strings.TrimSpace(string(exit.Stderr))
		}
		return "", fmt.Errorf("running %s %s: %w%s", name, strings.Join(args, " "), err, said)
	}
	return string(out), nil
}
