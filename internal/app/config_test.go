package app_test

import (
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"varco/internal/app"
	"varco/internal/httpapi"
)

const example = "../../docs/varcod.example.toml"

func TestExample(t *testing.T) {
	c, err := app.Load(example)
	must(t, err)
	folder, err := filepath.Abs(filepath.Dir(example))
	must(t, err)
	want := app.Config{Listen: app.DefaultListen, PublicURL: "https://varco.example.org", Origin: "varco.example.org/log",
		Database: filepath.Join(folder, "data/varco.db"), Blobs: filepath.Join(folder, "data/blobs"),
		Witnesses:      filepath.Join(folder, "witnesses.policy"),
		TrustedProxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32"), netip.MustParsePrefix("::1/128")},
		Limits:         app.Limits(httpapi.DefaultLimits),
		Metrics:        "127.0.0.1:8441",
		Credentials: app.Credentials{LogKey: filepath.Join(folder, "credentials", app.LogKeyFile),
			VaultKeys:       filepath.Join(folder, "credentials", app.VaultKeysFile),
			VaultCredential: filepath.Join(folder, "credentials", app.VaultCredentialFile),
			Issuers:         filepath.Join(folder, "credentials/issuers")}}
	if diff := cmp.Diff(want, c, cmp.Comparer(func(a, b netip.Prefix) bool { return a == b })); diff != "" {
		t.Errorf("the example (-want +got):\n%s", diff)
	}
}

// The example names every field that there is.
func TestExampleIsComplete(t *testing.T) {
	text, err := os.ReadFile(example)
	must(t, err)
	source, err := os.ReadFile("config.go")
	must(t, err)
	more, err := os.ReadFile("mail.go")
	must(t, err)
	source = append(source, more...)
	for _, tag := range regexp.MustCompile(`toml:"([a-z_]+)"`).FindAllSubmatch(source, -1) {
		field := regexp.MustCompile(`(?m)^(# )?(` + string(tag[1]) + ` = |\[` + string(tag[1]) + `\])`)
		if !field.Match(text) {
			t.Errorf("the example does not have %s", tag[1])
		}
	}
}

func TestConfigRefusals(t *testing.T) {
	text, err := os.ReadFile(example)
	must(t, err)
	for name, r := range map[string]struct{ old, new, want string }{
		"unknown field":     {"[limits]", "dog = 1\n[limits]", `no field "dog"`},
		"unknown in table":  {"log_key =", "log_keys =", "no field"},
		"capitals":          {"origin =", "Origin =", "lower case"},
		"twice":             {"origin =", "origin = \"x\"\norigin =", "already been defined"},
		"no origin":         {`origin = "varco.example.org/log"`, "", "origin is missing"},
		"no database":       {`database = "data/varco.db"`, "", "database is missing"},
		"no blobs":          {`blobs = "data/blobs"`, "", "blobs is missing"},
		"password in sight": {`"data/varco.db"`, `"postgres://varco:CANARY@localhost/varco"`, "holds a password"},
		"server in clear":   {`"data/varco.db"`, `"postgres://varco@db.example.org/varco"`, "verify-full"},
		"file and password": {`# pgpass =`, `pgpass =`, "for a database on a PostgreSQL server"},
		"two passwords":     {`"data/varco.db"`, "\"postgres://varco@localhost/varco?passfile=x\"\ncredentials.pgpass = \"x\"", "password twice"},
		"no key":            {`log_key = "credentials/log.key"`, "", "credentials.log_key is missing"},
		"no port":           {"127.0.0.1:8440", "127.0.0.1", "address:port"},
		"on all addresses":  {`"127.0.0.1:8440"`, `":8440"`, ""},
		"without proxy":     {"trusted_proxies = [\"127.0.0.1/32\", \"::1/128\"]", "", ""},
		"public in clear":   {"https://varco", "http://varco", "not https"},
		"public with path":  {"varco.example.org\"\n\n# The name", "varco.example.org/x\"\n\n# The name", "without path"},
		"public with query": {"varco.example.org\"\n\n# The name", "varco.example.org?x\"\n\n# The name", "without path"},
		"not an address":    {`"127.0.0.1/32"`, `"proxy.example"`, "trusted_proxies"},
		"no witnesses":      {`witnesses = "witnesses.policy"`, "", "witnesses is missing"},
		"own root":          {`# anchors =`, `anchors =`, "on localhost"},
		"limit too low":     {"person_at_once = 16", "person_at_once = 1", "limits.person_at_once is 1"},
		"limit below zero":  {"at_once = 512", "at_once = -1", "limits.at_once is -1"},
		"metrics for all":   {`"127.0.0.1:8441"`, `"0.0.0.0:8441"`, "metrics is not"},
		"mail in clear":     {`# [mail]`, "[mail]\nserver = \"smtp.example.org\"\nfrom = \"a@b.example\"", "not host:port"},
		"mail at no hour":   {`# [mail]`, "[mail]\nserver = \"smtp.example.org:25\"\nfrom = \"a@b.example\"\nhours = [\"8\"]", "not hours:minutes"},
		"mail by nobody":    {`# [mail]`, "[mail]\nserver = \"smtp.example.org:25\"", "not one plain address"},
		"mail without":      {`# [mail]`, "[mail]\nuser = \"x\"", "mail.server is missing"},
		"no TOML":           {"[credentials]", "[credentials", "expected"},
	} {
		t.Run(name, func(t *testing.T) {
			if !strings.Contains(string(text), r.old) {
				t.Fatalf("the example has no %q", r.old)
			}
			path := filepath.Join(t.TempDir(), "varcod.toml")
			must(t, os.WriteFile(path, []byte(strings.Replace(string(text), r.old, r.new, 1)), 0o600))
			_, err := app.Load(path)
			if r.want == "" && err == nil {
				return
			}
			if err == nil || r.want == "" || !strings.Contains(err.Error(), r.want) ||
				strings.Contains(err.Error(), "CANARY") {
				t.Errorf("got %v, want %q", err, r.want)
			}
		})
	}
}

func TestReach(t *testing.T) {
	for _, c := range []struct {
		listen, public, proxies string
		fine                    bool
	}{
		{"127.0.0.1:1", "", "", true},
		{"[::1]:1", "", "", true},
		{"localhost:1", "http://localhost:1", "", true},
		{"127.0.0.1:1", "https://varco.example.org", "", true},
		{"0.0.0.0:1", "", "127.0.0.1/32", false},
		{"0.0.0.0:1", "https://varco.example.org", "", false},
		{":1", "https://varco.example.org", "", false},
		{"192.0.2.1:1", "http://localhost:1", "192.0.2.0/24", false},
		{"192.0.2.1:1", "https://varco.example.org", "192.0.2.0/24", true},
	} {
		text := "origin = \"x\"\ndatabase = \"x\"\nblobs = \"x\"\nwitnesses = \"x\"\nlisten = \"" + c.listen + "\"\npublic_url = \"" + c.public + "\"\n"
		if c.proxies != "" {
			text += "trusted_proxies = [\"" + c.proxies + "\"]\n"
		}
		text += "[credentials]\nlog_key = \"x\"\nvault_keys = \"x\"\nvault_credential = \"x\"\nissuers = \"x\"\n"
		path := filepath.Join(t.TempDir(), "varcod.toml")
		must(t, os.WriteFile(path, []byte(text), 0o600))
		if _, err := app.Load(path); (err == nil) != c.fine {
			t.Errorf("%+v: %v", c, err)
		}
	}
}

func TestSecretFile(t *testing.T) {
	for url, want := range map[string]string{
		"https://idp.example.org":            "idp.example.org.secret",
		"https://idp.example.org/realms/one": "idp.example.org_realms_one.secret",
		"http://127.0.0.1:9000":              "127.0.0.1_9000.secret",
		"https://idp.example.org/../../etc":  "idp.example.org_.._.._etc.secret",
		"https://[::1]:1/":                   "___1__1_.secret",
	} {
		if got := app.SecretFile(url); got != want {
			t.Errorf("SecretFile(%s) = %s, want %s", url, got, want)
		}
	}
}
