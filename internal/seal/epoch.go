package seal

import (
	"varco/internal/hybrid"
	"varco/internal/secret"
)

// Epoch is the private key of one epoch of a thread, and Recipient what its bodies are
// sealed to. It is not a person's identity, and its type keeps the two apart. It prints as
// "[secret]"; Reveal gives the text. The zero Epoch opens nothing.
type Epoch struct{ hybrid.Identity }

// NewEpoch draws a new Epoch.
func NewEpoch() (Epoch, error) {
	i, err := hybrid.NewIdentity()
	return Epoch{i}, err
}

// ParseEpoch reads the one spelling of an Epoch's private key, as Reveal gives it (class key).
func ParseEpoch(text secret.String) (Epoch, error) {
	i, err := hybrid.ParseIdentity(text)
	return Epoch{i}, err
}
