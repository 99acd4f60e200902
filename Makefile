# Everything one does here, as one word. `make` alone lists it.
#
# The environment is .venv/, made from a lock file: exact versions with hashes. The files .venv/.*-stamp remember
# what was installed from which lock, so that nothing is installed twice.

PYTHON ?= python3
PORT ?= 8000
NIGHTLY ?=
ROWS ?=
FUZZ ?= 5000
# One more than there are cores: many tests wait for other processes.
JOBS ?= $(shell $(PYTHON) -c "import os; print((os.cpu_count() or 1) + 1)")
# By file, in the order of tests/conftest.py.
DEALT := --dist loadfile --no-loadscope-reorder
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet --quiet
# What is imported is compiled then. To compile all that the packages bring takes as long as to unpack them.
INSTALL := $(PIP) install --no-compile
TOOLS := .cache/tools
PEERS := .cache/peers
OWN := bot handlers tests benchmarks
# The tests start the bot in many processes: what one of them has compiled, the others find.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo environment browser test test-translation pytest check lint types imports dead content found format bench faults fuzz audit sbom screens lock clean

help: ## this list
	@echo 'make WORD, where WORD is one of'
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1 \2/p' $(MAKEFILE_LIST) | while read -r word what; do printf '  %-16s %s\n' "$$word" "$$what"; done
	@echo 'PYTHON=python3.12 chooses the Python of a new .venv (3.11 or newer).'

demo: $(VENV)/.demo-stamp $(VENV)/.project-stamp ## try the bot on phones in the browser (PORT=8000)
	@$(BIN)/lotse demo --port $(PORT)

environment: $(VENV)/.dev-stamp $(VENV)/.project-stamp ## make .venv for development, and run nothing

test: check pytest ## everything (REQUIRE_ALL=1: a skip is a failure; TEST_POSTGRES_URL=...: that server)

pytest: $(VENV)/.dev-stamp $(VENV)/.project-stamp ## the tests alone (ARGS=... are pytest's; JOBS=0: one after the other)
	@echo '== tests'
	@$(BIN)/python -m pytest -p tests.require_all -rs -n $(JOBS) $(DEALT) $(ARGS)

# Two at once, each with its words in one piece: mypy takes as long as all others together.
check: $(VENV)/.dev-stamp $(VENV)/.project-stamp ## all checks that run nothing
	@$(MAKE) --no-print-directory --jobs 2 --output-sync=target types lint imports dead content found

lint: $(VENV)/.dev-stamp ## ruff: rules and format
	@echo '== ruff'
	@$(BIN)/ruff check --quiet $(OWN)
	@$(BIN)/ruff format --quiet --check $(OWN) || { echo 'Not formatted as agreed: make format'; exit 1; }

types: $(VENV)/.dev-stamp $(VENV)/.project-stamp ## mypy, strict
	@echo '== mypy'
	@$(BIN)/mypy

imports: $(VENV)/.dev-stamp $(VENV)/.project-stamp ## directions of imports
	@echo '== import directions'
	@$(BIN)/lint-imports --no-logo --cache-dir .cache/imports

dead: $(VENV)/.dev-stamp ## code that nobody calls
	@echo '== unused code'
	@$(BIN)/vulture

content: $(VENV)/.dev-stamp $(VENV)/.project-stamp ## questions and texts, gaps in a translation included
	@echo '== content'
	@$(BIN)/lotse check --strict

# Its other use: the test modules are compiled once, and not by each process of the tests at the same time.
found: $(VENV)/.dev-stamp $(VENV)/.project-stamp ## whether all tests can be found
	@echo '== tests are found'
	@mkdir -p .cache
	@$(BIN)/python -m pytest -n 0 --collect-only >.cache/found.txt || { cat .cache/found.txt; exit 1; }

format: $(VENV)/.dev-stamp ## bring the code into its agreed form
	@$(BIN)/ruff check --quiet --fix $(OWN)
	@$(BIN)/ruff format $(OWN)

browser: $(VENV)/.dev-stamp ## install a Chromium for the browser tests, where the system has none
	@$(BIN)/playwright install chromium

bench: $(VENV)/.dev-stamp $(VENV)/.project-stamp $(PEERS)/lotse/.made-stamp $(PEERS)/ptb/.made-stamp $(PEERS)/aiogram/.made-stamp ## measure what the README claims, beside other libraries (QUICK=1: does it run?; WRITE=1: into docs)
	@$(BIN)/python -m benchmarks $(if $(QUICK),--quick) $(if $(WRITE),--write)

test-translation: $(VENV)/.dev-stamp $(VENV)/.project-stamp ## translate by a real LibreTranslate server with Apertium (installs both; not in `make test`)
	@tests/translation/real/install.sh
	@$(BIN)/python -m pytest -p tests.require_all -rs -m translation tests/translation/real

faults: $(VENV)/.dev-stamp $(VENV)/.project-stamp ## play every fault and write the table into docs/reliability.md (NIGHTLY=1: large amounts, hours; ROWS='14 15': those alone, no page)
	@NIGHTLY=$(NIGHTLY) $(BIN)/python -m pytest -p tests.require_all -p tests.catalogue -rs -n $(JOBS) $(DEALT) \
		$(if $(filter-out 0,$(NIGHTLY)),--timeout 14400) $(if $(ROWS),--rows '$(ROWS)') -m 'row or faults' --table docs/reliability.md

fuzz: $(VENV)/.dev-stamp $(VENV)/.project-stamp $(TOOLS)/.made-stamp ## look for input that breaks something (FUZZ=5000 examples of each kind)
	@FUZZ=$(FUZZ) $(BIN)/python -m pytest -q -n 0 tests/fuzz
	@$(TOOLS)/bin/python -c 'import atheris' 2>/dev/null || $(TOOLS)/bin/python -m pip -qq install 'atheris>=3,<4' \
		|| { echo 'Without atheris: it does not install on this Python.'; exit 0; }; \
	for parser in yaml condition calendar markup catalogue button; do \
		PYTHONPATH="$$($(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))'):." \
			$(TOOLS)/bin/python -m tests.fuzz.guided $$parser $(FUZZ) || exit 1; done

audit: $(TOOLS)/.made-stamp ## known vulnerabilities of what the lock files name (needs a source of advisories)
	@scripts/audit.sh $(TOOLS)/bin

sbom: $(TOOLS)/.made-stamp ## what a running bot consists of, as CycloneDX: build/sbom.json
	@mkdir -p build
	@$(TOOLS)/bin/cyclonedx-py requirements --pyproject pyproject.toml --short-PURLs --output-reproducible \
		--output-file build/sbom.json requirements.lock 2>/dev/null
	@echo "build/sbom.json: $$($(TOOLS)/bin/python -c 'import json; print(len(json.load(open("build/sbom.json"))["components"]))') packages"

screens: $(VENV)/.dev-stamp $(VENV)/.project-stamp ## draw every screen in every language into screens/
	@$(BIN)/python -m tests.browser.screens screens

lock: ## write the lock files anew (UPGRADE=1: with the newest versions allowed)
	@PYTHON='$(PYTHON)' UPGRADE='$(UPGRADE)' scripts/lock.sh

clean: ## remove what can be made again; data/ stays
	@rm -rf $(VENV) .cache .ruff_cache .hypothesis build dist ./*.egg-info

$(VENV)/.made-stamp:
	@command -v $(PYTHON) >/dev/null || { echo 'There is no $(PYTHON) here. Lotse needs Python 3.11 or newer: PYTHON=... names it.' >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "$(PYTHON) is too old ($$($(PYTHON) --version 2>&1)). Lotse needs 3.11 or newer: PYTHON=... names it." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
		|| { echo '$(PYTHON) cannot make an environment. On Debian and Ubuntu: apt install python3-venv' >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.demo-stamp: requirements-demo.lock | $(VENV)/.made-stamp
	@echo 'Installing what the demo needs into $(VENV)/ ...'
	@$(INSTALL) --require-hashes -r requirements-demo.lock
	@touch $@

# The development lock holds everything the demo's holds, in the same versions (a test sees to that).
$(VENV)/.dev-stamp: requirements-dev.lock | $(VENV)/.demo-stamp
	@echo 'Installing what development needs into $(VENV)/ ...'
	@$(INSTALL) --require-hashes -r requirements-dev.lock
	@touch $@

# Tools that look at the project from outside have an environment of their own: what is tested is not changed by them.
$(TOOLS)/.made-stamp: requirements-tools.lock
	@echo 'Installing the tools of audit and sbom into $(TOOLS)/ ...'
	@$(PYTHON) -m venv $(TOOLS)
	@$(TOOLS)/bin/python -m pip --disable-pip-version-check --quiet --quiet install --require-hashes -r requirements-tools.lock
	@touch $@

# Bots are measured in environments of their own: ours in that of an installation, other libraries' with the versions their users have.
$(PEERS)/lotse/.made-stamp: requirements.lock
$(PEERS)/ptb/.made-stamp: benchmarks/peers/requirements-ptb.lock
$(PEERS)/aiogram/.made-stamp: benchmarks/peers/requirements-aiogram.lock
$(PEERS)/%/.made-stamp:
	@echo 'Installing $* as it is measured into $(PEERS)/$*/ ...'
	@$(PYTHON) -m venv $(PEERS)/$*
	@$(PEERS)/$*/bin/python -m pip --disable-pip-version-check --quiet --quiet install --require-hashes -r $^
	@touch $@

# setuptools, which builds the project, stands in every lock: nothing comes from outside them.
$(VENV)/.project-stamp: pyproject.toml | $(VENV)/.demo-stamp
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@
