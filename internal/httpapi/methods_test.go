package httpapi_test

import (
	"net/http"
	"strings"
	"testing"
)

// A path answers the methods of the document and no others, whoever asks; what was asked never
// comes back.
func TestOtherMethods(t *testing.T) {
	w := newWorld(t)
	for path, methods := range describe(t).Paths {
		at := strings.NewReplacer("{thread}", string(w.thread.State.Thread), "{entry}", string(w.entry)).Replace(path)
		for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions, http.MethodTrace} {
			if _, documented := methods[strings.ToLower(method)]; documented {
				continue
			}
			for _, who := range []string{"", "anna"} {
				a := w.ask(t, who, method, at, "CANARY", func(*http.Request) {})
				if a.status != http.StatusMethodNotAllowed && a.status != http.StatusNotFound || strings.Contains(string(a.body), "CANARY") {
					t.Errorf("%s %s by %q: %d %s", method, path, who, a.status, a.body)
				}
			}
		}
	}
}
