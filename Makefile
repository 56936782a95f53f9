# cdisc_conv. Two commands do all the set-up: `make demo` builds the example study, `make test` runs every check.
# Nothing but Python 3.11-3.13 (with venv) and make need be there.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check -q
STUDY ?= btrial
OUT ?= out/$(STUDY)
JOBS ?= 2
KILLS ?= 200
OTHERS ?= 20

.PHONY: help demo test lint types imports browser unit bench faults docs clean

help:
	@echo "make demo    set up .venv, build the study $(STUDY) into $(OUT), say where to look"
	@echo "make test    set up .venv, run ruff, mypy, lint-imports and pytest"
	@echo "make bench   measure against other packages"
	@echo "make faults  kill, starve and disturb nightly runs at length ($(KILLS) kills, some 15 minutes)"
	@echo "make docs    write the generated pages of docs/reference again"
	@echo "make clean   remove what demo and test made, but for .venv"

# The first Python of these that runs, is a version we support and can make a venv.
# Names are tried by running them: a version manager may put names on the path that do not run.
$(BIN)/python:
	@fits='import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))'; \
	for python in $(PYTHON) python3.13 python3.12 python3.11 python3 python; do \
	  if "$$python" -c "$$fits" >/dev/null 2>&1; then \
	    echo "$(VENV): $$("$$python" --version)"; \
	    exec "$$python" -m venv $(VENV); \
	  fi; \
	done; \
	echo "No Python 3.11, 3.12 or 3.13 with venv was found (Debian, Ubuntu: apt install python3-venv)." >&2; \
	echo "If it is elsewhere: make PYTHON=/path/to/python3.12 $(MAKECMDGOALS)" >&2; \
	exit 1

$(VENV)/.demo: pyproject.toml | $(BIN)/python
	@echo "installing cdisc_conv into $(VENV)"
	@$(PIP) install -e '.[report]'
	@touch $@

$(VENV)/.test: pyproject.toml | $(BIN)/python
	@echo "installing cdisc_conv and what its tests need into $(VENV)"
	@$(PIP) install -e '.[test]'
	@touch $(VENV)/.demo $@

# Findings about the data (exit code 1) are what a build is there to tell; anything worse stops the demo.
demo: $(VENV)/.demo
	@$(BIN)/cdisc-conv build $(STUDY) --out $(OUT) || [ $$? -eq 1 ]
	@if [ -e specs/$(STUDY)/adam/analysis_results.csv ]; then $(BIN)/cdisc-conv report $(STUDY) --package $(OUT); fi
	@$(BIN)/python tools/tour.py $(OUT) $(BIN)/cdisc-conv

test: lint types imports unit

lint: $(VENV)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.test
	$(BIN)/mypy

imports: $(VENV)/.test
	$(BIN)/lint-imports

# The pages of diff are opened in Chromium; where it is missing and may be installed, it is.
browser:
	@tools/browser.sh

unit: $(VENV)/.test browser
	$(BIN)/pytest -n $(JOBS)

bench: $(VENV)/.demo
	$(BIN)/python -m benchmarks

# Disk full and read-only output need a file system of their own; without the right to mount one they are left out.
faults: $(VENV)/.demo
	@if unshare -rm true 2>/dev/null; then within="unshare -rm"; else within=""; fi; \
	$$within $(BIN)/python tools/faults.py --kills $(KILLS) --others $(OTHERS)

docs: $(VENV)/.demo
	$(BIN)/python tools/make_reference.py

clean:
	rm -rf $(OUT) build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -not -path './$(VENV)/*' -prune -exec rm -rf {} +
