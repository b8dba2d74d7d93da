# Handles of the house. Each one sets up what it needs: only Python 3.11 or newer has to be there.
.DEFAULT_GOAL := help
.PHONY: help run test proof bench lint dev lock clean

export LEADHOUSE_HOME ?= $(CURDIR)/var
VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do \
	$$p -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)

help: ## Show this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 8

run: $(VENV)/.installed ## Compute and publish the demo company with its twelve months
	$(BIN)/leadhouse demo
	$(BIN)/leadhouse backfill --from 2025-11-30 --month-ends

test: $(VENV)/.installed-dev lint ## Run every check and test
	$(BIN)/pytest

proof: $(VENV)/.installed-dev ## Run the long proofs: fourteen days replayed, generated rules and values, hostile text, public data (over an hour)
	$(BIN)/pytest -n 0 -v -m proof tests

bench: $(VENV)/.installed-dev ## Time the whole job on 10 000 generated leads; other sizes: benchmarks/whole_job.py
	$(BIN)/python benchmarks/whole_job.py

lint: $(VENV)/.installed-dev ## Check the style of Python and SQL
	$(BIN)/ruff check .
	$(BIN)/sqlfluff lint dbt_project/models

dev: $(VENV)/.installed ## Open Dagster's UI on http://127.0.0.1:3000
	mkdir -p $(LEADHOUSE_HOME)/dagster
	ln -sf $(CURDIR)/dagster.yaml $(LEADHOUSE_HOME)/dagster/dagster.yaml
	DAGSTER_HOME=$(LEADHOUSE_HOME)/dagster $(BIN)/dagster dev -h 127.0.0.1 -p 3000

lock: $(VENV)/.installed-dev ## Write the lock files anew from pyproject.toml
	$(BIN)/python -m pip install --quiet uv
	$(call compile,requirements.lock,--extra ui --extra excel --extra notify)
	$(call compile,requirements-dev.lock,--extra ui --extra excel --extra notify --extra dev)

clean: ## Remove the environment; the state under LEADHOUSE_HOME stays
	rm -rf $(VENV)

# setuptools is locked too: it builds the package itself.
compile = echo 'setuptools>=77' | $(BIN)/uv pip compile pyproject.toml - $(2) --output-file $(1) --quiet --upgrade \
	--universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-strip-extras \
	--custom-compile-command 'make lock'

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer with venv is needed (Debian: apt install python3-venv)." >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements.lock pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/.installed-dev: requirements-dev.lock $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	touch $@
