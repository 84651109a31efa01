# Everything a checkout needs. `make` alone lists the targets.

SHELL := /bin/sh
.DEFAULT_GOAL := help

VENV := .venv
BIN := $(VENV)/bin
# The Python to make .venv with. Empty: the newest of 3.11 to 3.14 that runs here (a name on PATH may be a shim of nothing).
PYTHON ?=
USABLE := import ensurepip, sys, venv; sys.exit(not (3, 11) <= sys.version_info < (3, 15))
# How many tests run at a time.
WORKERS ?= 2

# Exact versions, for what is installed and for what builds it (older pips read the first name, newer ones the second).
export PIP_CONSTRAINT := constraints.txt
export PIP_BUILD_CONSTRAINT := constraints.txt
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_NO_INPUT := 1
# Nothing from the caller's own Python set-up leaks in.
unexport PYTHONPATH PYTHONHOME VIRTUAL_ENV

# Progress goes to stderr, so that `make bench` and `make demo` print nothing but their results.
say = @printf '%s\n' '==> $(1)' >&2

.PHONY: help
help: ## List the targets
	@grep -E '^[a-z-]+:.*## ' Makefile | awk -F ':.*## ' '{ printf "  make %-8s %s\n", $$1, $$2 }'

.PHONY: demo
demo: $(VENV)/.runtime ## Play one scripted call through flows/ and print its transcript
	@$(BIN)/offhook demo

.PHONY: check
check: $(VENV)/.dev ## Lint, format, types and import contracts
	$(call say,ruff check)
	@$(BIN)/ruff check --quiet .
	$(call say,ruff format --check)
	@$(BIN)/ruff format --quiet --diff . >&2
	$(call say,mypy --strict)
	@$(BIN)/mypy
	$(call say,import contracts)
	@$(BIN)/lint-imports --no-logo --no-cache > $(VENV)/.lint-imports 2>&1 || { cat $(VENV)/.lint-imports; exit 1; }

.PHONY: test
test: check ## Set up and run every check and test
	$(call say,pytest)
	@$(BIN)/python -m pytest -q -n $(WORKERS) --dist worksteal

.PHONY: bench
bench: $(VENV)/.dev ## Measure; prints one JSON object (PARTS='rounds waiting': only these)
	@$(BIN)/python -m tests.bench $(PARTS)

.PHONY: bench-large
bench-large: $(VENV)/.dev ## Measure with 100,000 runs that wait (minutes); prints one JSON object
	@$(BIN)/python -m tests.bench.large

.PHONY: soak
soak: $(VENV)/.dev ## Ten minutes of kills, then all faults, attacks and fuzzing (half an hour); prints a JSON object each
	@$(BIN)/python -m tests.soak
	@$(BIN)/python -m tests.faults
	@$(BIN)/python -m tests.attacks
	@$(BIN)/python -m tests.fuzz

.PHONY: mutants
mutants: $(VENV)/.dev ## Give flows one defect each, and count what lint, tests and exploring find (many minutes)
	@$(BIN)/python -m tests.mutation

# Seconds at most for each flow.
LIMIT ?= 300
.PHONY: explore
explore: $(VENV)/.dev ## Explore every flow of flows/, and write the table of docs/exploring.md (up to an hour and a half)
	@$(BIN)/python -m tests.exploring $(LIMIT)

.PHONY: format
format: $(VENV)/.dev ## Fix what ruff can fix, and format
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

.PHONY: wheel
wheel: $(VENV)/.runtime ## Build dist/*.whl
	@$(BIN)/python -m pip wheel -qq --no-deps --wheel-dir dist .
	@ls dist/*.whl

.PHONY: lock
lock: $(VENV)/.python ## Write constraints.txt anew: the newest versions that pyproject.toml allows
	$(call say,resolving the newest versions)
	@rm -rf $(VENV)/lock
	@$(BIN)/python -m venv $(VENV)/lock
	@# soupsieve (of the vendor's SDK) wants Python 3.11.5 from its version 3 on: a Debian has 3.11.2.
	@PIP_CONSTRAINT= PIP_BUILD_CONSTRAINT= $(VENV)/lock/bin/python -m pip install -qq '.[fast,dev]' editables 'soupsieve<3' >&2
	@{ echo '# Written by `make lock`: the exact versions that `make` installs.'; \
	   $(VENV)/lock/bin/python -m pip freeze --exclude offhook; } > constraints.txt
	@rm -rf $(VENV)/lock
	$(call say,wrote constraints.txt)

.PHONY: clean
clean: ## Remove .venv, caches and build results
	@rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .offhook_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamps: each is written when its step is done, so a second `make` does nothing.

$(VENV)/.python:
	@python='$(PYTHON)'; \
	for name in python3.14 python3.13 python3.12 python3.11 python3 python; do \
	  IFS=:; \
	  for folder in $$PATH; do \
	    [ -z "$$python" ] && [ -x "$$folder/$$name" ] || continue; \
	    "$$folder/$$name" -c '$(USABLE)' >/dev/null 2>&1 && python="$$folder/$$name"; \
	  done; \
	  unset IFS; \
	done; \
	if [ -z "$$python" ]; then \
	  echo 'No Python 3.11 to 3.14 with the modules venv and ensurepip was found (on Debian: apt install python3-venv).' >&2; \
	  echo 'Name one: make PYTHON=/path/to/python3' >&2; \
	  exit 1; \
	fi; \
	printf '==> %s with %s\n' '$(VENV)' "$$("$$python" -V)" >&2; \
	"$$python" -m venv --clear $(VENV) >&2
	@touch $@

$(VENV)/.runtime: $(VENV)/.python pyproject.toml constraints.txt
	$(call say,installing offhook)
	@$(BIN)/python -m pip install -qq --editable '.[fast]' >&2
	@$(BIN)/python -m compileall -q engine >&2  # as pip does for what it copies: where PYTHONDONTWRITEBYTECODE is set, nothing else would
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime
	$(call say,installing the development tools)
	@$(BIN)/python -m pip install -qq --editable '.[fast,dev]' >&2
	@touch $@
