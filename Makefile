# What each target needs is installed by the target itself, into .venv.
VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= python3

JAVASCRIPT := $(VENV)/javascript
# Of the .venv where it has one, else of the machine.
NODE := PATH="$(CURDIR)/$(BIN):$$PATH"
BIOME := $(NODE) $(JAVASCRIPT)/node_modules/.bin/biome

.PHONY: demo test test-policy test-javascript lint format installed test-site test-browser test-uninstall test-helpdesk nothing-is-lost pictures schema mutants bench bench-overhead bench-notices bench-reports clean

demo: $(VENV)/.app
	$(BIN)/beesender-support tiers
	$(BIN)/beesender-support deadline --tier Basic --category Incident --priority P1 \
	  --opened 2026-11-20T17:30:00+03:00 --time-zone GMT+3 --explain
	$(BIN)/beesender-support triage examples/tickets.csv --plans examples/plans.csv \
	  --now 2026-11-23T12:00:00+00:00

test: test-javascript test-policy

test-policy: $(VENV)/.test
	$(BIN)/python -m pytest $(addprefix beesender_support/tests/,policy wording screens cli docs) -q \
	  --numprocesses auto --cov --no-cov-on-fail

test-javascript: $(VENV)/.node
	$(NODE) node --test --test-reporter=dot beesender_support/tests/javascript/*.test.mjs

lint: $(VENV)/.lint $(JAVASCRIPT)/.installed
	$(BIN)/black --check --quiet .
	$(BIN)/isort --check-only --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/lint-imports --no-logo --no-cache
	$(BIN)/mypy
	$(BIOME) check --log-level=warn .

# What `make lint` and `make test` would install, for whoever runs them at once.
installed: $(VENV)/.test $(VENV)/.lint $(JAVASCRIPT)/.installed

format: $(VENV)/.lint $(JAVASCRIPT)/.installed
	$(BIN)/isort --quiet .
	$(BIN)/black --quiet .
	$(BIN)/ruff check --fix .
	$(BIOME) check --write --log-level=warn .

test-site:
	.ci/on-bench site

test-browser:
	.ci/on-bench browser

test-uninstall:
	.ci/on-bench uninstall

test-helpdesk:
	.ci/on-bench helpdesk

# Mail and chats with faults in between, from fifty beginnings; takes an hour or more.
nothing-is-lost:
	BEESENDER_SEEDS=50 BEESENDER_MESSAGES=300 .ci/on-bench site -q -k nothing_is_lost

# The pictures of the guides, taken anew by the browser tests.
pictures:
	folder=$$(mktemp -d) && chmod 777 $$folder && \
	SCREENSHOTS=$$folder .ci/on-bench browser -q && \
	for picture in docs/images/*.png; do cp $$folder/$$(basename $$picture) docs/images/; done

# Small changes of the policy, to see which of them no test notices; SAMPLE=0 tries all.
SAMPLE ?= 200
SEED ?= 0
mutants: $(VENV)/.test $(VENV)/.mutants
	$(BIN)/python .ci/mutants --sample $(SAMPLE) --seed $(SEED)

# What programs send to the intake and are answered, for their authors.
schema:
	.ci/on-bench schema

bench: $(VENV)/.benchmark
	$(BIN)/python benchmarks/working_time.py
	$(BIN)/python benchmarks/triage.py
	$(BIN)/python benchmarks/replay.py

bench-overhead:
	.ci/on-bench overhead

# Commits tickets and removes them again; takes some minutes.
bench-notices:
	.ci/on-bench notices

# Fills a site with tickets and empties it again; takes half an hour.
bench-reports:
	.ci/on-bench reports

$(VENV)/.app: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --editable .
	touch $@

$(VENV)/.test $(VENV)/.lint $(VENV)/.benchmark $(VENV)/.mutants: $(VENV)/.app
	$(BIN)/pip install --quiet --disable-pip-version-check --editable ".[$(patsubst .%,%,$(notdir $@))]"
	touch $@

# A machine without a Node that is recent enough gets one from PyPI.
$(VENV)/.node: $(VENV)/.app
	node --version 2>/dev/null | grep -qE '^v[2-9][0-9]\.' && npm --version >/dev/null 2>&1 || \
	$(BIN)/pip install --quiet --disable-pip-version-check --editable ".[node]"
	touch $@

$(JAVASCRIPT)/.installed: $(VENV)/.node tools/javascript/package-lock.json
	mkdir -p $(JAVASCRIPT)
	cp tools/javascript/package.json tools/javascript/package-lock.json tools/javascript/.npmrc $(JAVASCRIPT)
	cd $(JAVASCRIPT) && $(NODE) npm ci --silent --no-audit --no-fund
	touch $@

clean:
	rm -rf $(VENV)
