# Everything runs from .venv/, which each target sets up when it is missing or out of date.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help install run test lint bench clean

help: ## Show the targets.
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 20

install: $(STAMP) ## Set up .venv/ with the program and everything to develop it.

$(STAMP): setup.py pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "$(PYTHON) is older than Python 3.11: make PYTHON=python3.11 ..." >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) \
		|| { echo "no venv module: on Debian, apt-get install python3-venv" >&2; exit 1; }
	@# The pip that comes with Python 3.11 stumbles over constraints on packages with extras.
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade 'pip>=25,<27'
	$(BIN)/python -m pip install -qq --constraint constraints.txt --editable '.[dev]'
	@touch $@

run: $(STAMP) ## Clean the sample articles in seeds/ into output/.
	$(BIN)/taoxi run --input 'seeds/*' --output output --overwrite

test: $(STAMP) ## Run all tests.
	$(BIN)/python -m pytest

lint: $(STAMP) ## Check style and types.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(STAMP) ## Measure against the peers: make bench DATA=FOLDER (see benchmarks/README.md).
	@test -d "$(DATA)" || { echo "make bench DATA=FOLDER: see benchmarks/README.md" >&2; exit 2; }
	$(BIN)/python -m benchmarks.extract --data $(DATA)
	$(BIN)/python -m benchmarks.repair --data $(DATA)
	$(BIN)/python -m benchmarks.script --data $(DATA)
	$(BIN)/python -m benchmarks.lines
	$(BIN)/python -m benchmarks.duplicates --data $(DATA)

clean: ## Remove the environment and everything that was made.
	rm -rf $(VENV) output build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
