# make setup | demo | test | bench | lint | format | docs | constraints | clean
# Needs python3 >= 3.11 with venv, and nothing else; everything stays inside this folder, most of it in .venv.

SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/ready

.DEFAULT_GOAL := help
.PHONY: help setup demo test bench lint format docs constraints clean

help:
	@echo "make setup        install everything into .venv, at the pinned versions"
	@echo "make demo         run the main job through Airflow against the sandbox; UI=1 leaves Airflow's page up"
	@echo "make test         run the tests; ARGS='-k axis' hands options to pytest"
	@echo "make bench        measure speed and memory beside others; takes minutes, and 5 GB of room in this folder"
	@echo "make lint         check format, lint, types, import floors, generated pages; changes nothing"
	@echo "make format       format the code, and mend what lint can mend"
	@echo "make docs         write the generated pages of docs/ anew"
	@echo "make constraints  resolve the pinned versions anew"
	@echo "make clean        remove .venv, caches and what the demo left"

setup: $(READY)

# Runs again when the pins or the dependencies have changed; pip then only fetches what differs.
$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 15))' || { \
	  echo "lienthong needs Python 3.11 to 3.14; '$(PYTHON)' is $$($(PYTHON) --version 2>&1). Name another one: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "Python's venv module is missing. On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; }
	@echo "Setting up .venv; the first time takes one to three minutes."
	@test -x $(BIN)/pip || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade --constraint constraints.txt pip
	@echo "Installing lienthong, its extras and what its tests need ($$(grep -c == constraints.txt) pinned packages at most)."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --build-constraint constraints.txt \
	  --editable '.[all]' --group dev
	@touch $@
	@echo "Ready: $(BIN)/lienthong --help"

demo: setup
	@$(BIN)/lienthong demo --airflow $(if $(UI),--ui)

test: setup
	@$(BIN)/pytest $(ARGS)

bench: setup
	@$(foreach program,benchmarks/edxml.py benchmarks/directory.py,$(BIN)/python $(program) &&) true

lint: setup
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports --config pyproject.toml
	$(BIN)/python docs/generate_reference.py --check

format: setup
	$(BIN)/ruff check --fix-only
	$(BIN)/ruff format

docs: setup
	@$(BIN)/python docs/generate_reference.py

# The result must work anywhere: no index address, no path, no hash of one machine's downloads.
constraints: setup
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --upgrade --all-extras --group dev \
	  --no-emit-index-url --no-emit-find-links --no-annotate --custom-compile-command 'make constraints' \
	  --output-file constraints.txt pyproject.toml

clean:
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis build dist var
