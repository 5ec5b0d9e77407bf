package desk

import (
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/spf13/cobra"
)

// JSONFlag lets a command answer with JSON, for programs. Names of members are in English and stay;
// what people wrote is as they wrote it.
func (r *Desk) JSONFlag(c *cobra.Command) *cobra.Command {
	c.Flags().BoolVar(&r.json, "json", false, "risponde in JSON, per un programma")
	return c
}

// Show answers with v in JSON when that was asked for, else it lets show write for people.
func (r *Desk) Show(v any, show func()) error {
	if !r.json {
		show()
		return nil
	}
	if err := json.MarshalWrite(r.Out, v, jsontext.Multiline(true), json.FormatNilSliceAsNull(false)); err != nil {
		return err
	}
	r.Say("\n")
	return nil
}
