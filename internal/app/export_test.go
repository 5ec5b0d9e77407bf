package app

// ParseConfig reads the text of a configuration.
func ParseConfig(text []byte) error {
	_, err := parseConfig(text)
	return err
}
