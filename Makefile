# Varco's everyday commands. `make demo` to try it, `make test` before a change goes in.

GO   ?= go
NEED := cc=build-essential node=nodejs npm=npm git=git initdb=postgresql chromium=chromium chromium-headless-shell=chromium-headless-shell strace=strace
LINT := bin/golangci-lint
NPM  := web/node_modules/.varco-installed
# A program under the race detector waits a second before it ends; the tests start hundreds.
RACE := CGO_ENABLED=1 GORACE=atexit_sleep_ms=10
# The packages whose tests take longest, so that they don't begin when everything else has ended.
FIRST := ./cmd/varcod ./internal/client ./internal/gate ./internal/httpapi
# They start nothing and share nothing: the race detector would find nothing, in ten times the time.
PURE := varco/internal/authz varco/internal/thread varco/dev/orientation
# It only starts a process, in which the race detector would find nothing either.
PAGE := varco/dev/page
# The linter vets, once.
VET  := -vet=off
STEP  = @printf '\n== %s %s\n' "$$(date +%T)"

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /\1	/p' $(MAKEFILE_LIST) | expand -t 10

build: need web ## the programs, into bin/
	$(STEP) build
	CGO_ENABLED=1 $(GO) build -trimpath -o bin/ ./cmd/...

demo: need web ## a sample network on this machine, thrown away at the end
	$(STEP) "build (some minutes the first time)"
	@CGO_ENABLED=1 $(GO) build -o bin/demo ./dev/demo
	@bin/demo

tour: need ## the main job on the sample network, step by step
	$(STEP) "build (some minutes the first time)"
	@CGO_ENABLED=1 $(GO) build -o bin/tour ./dev/tour
	@bin/tour

test: need page lint page-test go-test pure-test wasm ## everything that a change must pass

page-test: need page
	$(STEP) page-test
	$(GO) test $(VET) -timeout 40m $(PAGE)

go-test: need page
	$(STEP) go-test
	$(RACE) $(GO) test $(VET) -race -p 3 -timeout 40m $(FIRST) $$($(GO) list ./... | grep -vxF $(PURE:%=-e %) -e $(PAGE))

pure-test: need
	$(STEP) pure-test
	$(GO) test $(VET) $(PURE)

check: need ## the quick part of test, while working
	@test -z "$$(gofmt -l . | tee /dev/stderr)"
	$(GO) vet ./...
	$(GO) test -p 2 ./...

web: need $(NPM) ## the page, into web/dist
	$(STEP) web
	GO=$(GO) dev/core web/out/core.wasm
	cd web && node build.mjs

page: web ## the page's own types, linters
	$(STEP) page
	cd web && npm run --silent check

bench-web: web ## how large the page is, and how fast: for an otherwise idle machine
	$(STEP) bench-web
	node web/sizes.mjs
	$(GO) run ./dev/page -bench

lint: $(LINT) ## format, vet and linters (.golangci.yml)
	$(STEP) lint
	$(LINT) run ./...

wasm: need ## the client core for the browser, and all vectors in Node
	$(STEP) wasm
	dev/wasm

fuzz: ## each fuzz target for FUZZTIME (20s)
	$(STEP) fuzz
	dev/fuzz $(or $(FUZZTIME),20s)

bench: web ## what it can do on this machine, measured
	$(GO) run ./dev/bench

bench-once: need ## each benchmark once, but for the slow ones: that they still run
	$(STEP) bench-once
	$(GO) test $(VET) -run '^$$' -bench . -benchtime 1x -skip 'Verify/100000|Benchmark(Attach|Start|Serve)' \
		$$(git grep -l '^func Benchmark' -- '*_test.go' | xargs -n 1 dirname | sort -u | sed 's,^,./,')

clean: ## remove what was built
	rm -rf bin dev/*/node_modules web/node_modules web/out web/dist/*

need:
	@dev/need $(NEED)

# npm removes node_modules first, so the mark inside says that all of it was installed.
$(NPM): web/package-lock.json
	cd web && npm ci --no-audit --no-fund --ignore-scripts
	touch $@

$(LINT): dev/tools/go.mod
	$(STEP) "build of the linter, once: a few minutes"
	$(GO) -C dev/tools build -o $(CURDIR)/$@ github.com/golangci/golangci-lint/v2/cmd/golangci-lint

.PHONY: help build demo tour test page-test go-test pure-test check web page bench-web lint wasm fuzz bench bench-once clean need
