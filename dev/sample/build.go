package sample

import (
	"context"
	"path/filepath"
)

// programs are what is built: the service, the command line, the verifier, and a browser
// without a screen.
var programs = []string{"varco/cmd/varcod", "varco/cmd/varco", "varco/cmd/varco-verify", "varco/dev/browser"}

// build builds the programs of this source tree into a folder.
func build(ctx context.Context, folder string) error {
	_, err := output(ctx, "go", append([]string{"build", "-o", folder + string(filepath.Separator)}, programs...)...)
	return err
}
