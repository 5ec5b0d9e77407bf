package app

import (
	"net/http"
	"time"
)

// ParseConfig reads the text of a configuration.
func ParseConfig(text []byte) error {
	_, err := parseConfig(text)
	return err
}

// NewServer makes the service's server, in a hurry.
func NewServer(handler http.Handler, header, read, write, idle time.Duration) *http.Server {
	return newServer(handler, times{header, read, write, idle})
}
