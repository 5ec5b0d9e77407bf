package cli

import (
	"errors"
	"runtime/debug"
	"strings"

	"varco/internal/cli/desk"
	"varco/internal/cli/italian"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

const usageTemplate = `Uso:
{{- if .HasAvailableSubCommands}}
  {{.CommandPath}} COMANDO [opzioni]
{{- else}}
  {{.UseLine}}
{{- end}}
{{- if .HasExample}}

Esempi:
{{.Example}}
{{- end}}
{{- if .HasAvailableSubCommands}}

Comandi:{{range .Commands}}{{if .IsAvailableCommand}}
  {{rpad .Name .NamePadding }}  {{.Short}}{{end}}{{end}}
{{- end}}
{{- if .HasAvailableLocalFlags}}

Opzioni:
{{.LocalFlags.FlagUsages | trimTrailingWhitespaces | options}}
{{- end}}
{{- if .HasAvailableSubCommands}}

Per saperne di più su un comando: {{.CommandPath}} COMANDO --help
{{- end}}
`

const helpTemplate = `{{with (or .Long .Short)}}{{. | trimTrailingWhitespaces}}

{{end}}{{.UsageString}}`

// cobra keeps the functions of its templates for the whole process, so two runs must not add theirs at the same time.
func init() {
	cobra.AddTemplateFunc("options", func(usages string) string { return strings.ReplaceAll(usages, "(default ", "(se manca: ") })
}

// translate gives a tree of commands its language: help, usage, and what cobra says of flags.
func translate(root *cobra.Command) {
	root.SetUsageTemplate(usageTemplate)
	root.SetHelpTemplate(helpTemplate)
	root.SetFlagErrorFunc(wrongFlag)
	root.PersistentFlags().BoolP("help", "h", false, "mostra questo aiuto")
	root.SetHelpCommand(&cobra.Command{Use: "help [COMANDO]", Short: "Spiega un comando", Hidden: true,
		RunE: func(_ *cobra.Command, args []string) error {
			c, rest, err := root.Find(args)
			if err != nil || len(rest) > 0 {
				return desk.Misuse("Questo comando non c'è. Per l'elenco: varco --help")
			}
			return c.Help()
		}})
	root.InitDefaultCompletionCmd()
	for _, c := range root.Commands() {
		c.DisableFlagsInUseLine = true
		for _, child := range c.Commands() {
			child.DisableFlagsInUseLine = true
		}
		if c.Name() == "completion" {
			for _, shell := range c.Commands() {
				shell.Short = "Lo script per " + shell.Name()
			}
			c.Short = "Prepara il completamento dei comandi per la tua shell"
			c.Long = "Scrive lo script che completa i comandi con il tasto Tab. Le istruzioni, in inglese: varco completion SHELL --help"
		}
	}
}

// wrongFlag says what is wrong with a flag.
func wrongFlag(c *cobra.Command, err error) error {
	var absent *pflag.NotExistError
	var empty *pflag.ValueRequiredError
	var invalid *pflag.InvalidValueError
	switch {
	case errors.As(err, &absent):
		return desk.Misuse("Non c'è l'opzione «%s». Per l'elenco: %s --help", italian.Line(absent.GetSpecifiedName()), c.CommandPath())
	case errors.As(err, &empty):
		return desk.Misuse("All'opzione --%s manca il valore. Guarda: %s --help", empty.GetFlag().Name, c.CommandPath())
	case errors.As(err, &invalid):
		if desk.Told(err) {
			return invalid.Unwrap()
		}
		return desk.Misuse("Il valore «%s» non va bene per --%s. Guarda: %s --help", italian.Line(invalid.GetValue()), invalid.GetFlag().Name,
			c.CommandPath())
	}
	return desk.Misuse("Le opzioni non sono scritte bene. Guarda: %s --help", c.CommandPath())
}

func (r *run) version() *cobra.Command {
	return &cobra.Command{Use: "version", Short: "Dice quale versione del programma è questa", Args: desk.Takes(0, 0),
		RunE: func(*cobra.Command, []string) error {
			info, ok := debug.ReadBuildInfo()
			if !ok {
				return desk.Failed("Questo programma non sa di quale versione è.")
			}
			r.Say("varco %s, %s\n", info.Main.Version, info.GoVersion)
			for _, s := range info.Settings {
				if s.Key == "vcs.revision" {
					r.Say("sorgente %s\n", s.Value)
				}
			}
			return nil
		}}
}
