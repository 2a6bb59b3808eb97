# Two commands do everything, set-up included: `make check` and `make test`.
PYTHON ?= python3
VENV   ?= .venv
RANGE  ?=
BIN    := $(VENV)/bin
# `make check` looks at the project's own last commits; fewer where the clone has fewer.
LAST   := $(shell git rev-parse --quiet --verify --short HEAD~3 2>/dev/null || git rev-list --max-parents=0 HEAD 2>/dev/null | tail -n 1)

.PHONY: check test lint format bench clean help
.DEFAULT_GOAL := help

help: ## show this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

$(VENV)/pyvenv.cfg:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "riskbot needs Python 3.11 or newer; name one: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 2; }
	$(PYTHON) -m venv $(VENV)

# Editable, so that one environment serves using and developing; the wheel itself is tested by `make test`.
$(VENV)/.plain: pyproject.toml | $(VENV)/pyvenv.cfg
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

$(VENV)/.dev: pyproject.toml | $(VENV)/pyvenv.cfg
	$(BIN)/python -m pip install --quiet --editable '.[dev,learn]'
	@touch $@ $(VENV)/.plain

# What the wheel test installs from, so that no test needs a network.
$(VENV)/wheelhouse/.done: pyproject.toml $(VENV)/.dev
	$(BIN)/python tests/wheelhouse.py $(VENV)/wheelhouse
	@touch $@

check: $(VENV)/.plain ## set up and check the project's own last commits (RANGE=A..B for others)
	@# A "no" is a verdict (1), not a failure of this command; anything else is.
	@$(BIN)/riskbot check $(or $(RANGE),$(LAST)..HEAD) || { code=$$?; [ $$code -eq 1 ] || exit $$code; }

test: $(VENV)/.dev $(VENV)/wheelhouse/.done ## run the whole suite
	$(BIN)/python -m pytest -n auto

lint: $(VENV)/.dev ## ruff, mypy strict, import contract, spelling
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	PYTHONPATH=. $(BIN)/lint-imports
	$(BIN)/codespell riskbot docs benchmarks policies models *.md

format: $(VENV)/.dev ## rewrite the code as ruff likes it
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

bench: $(VENV)/.dev ## measure (REPO=path of a clone with a long history)
	$(BIN)/python -m pip install --quiet --editable '.[bench]'
	$(BIN)/python benchmarks/run.py $(REPO)

clean: ## remove what was built
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

.PHONY: look
look: $(VENV)/.plain ## draw the picture in the README anew
	$(BIN)/python docs/look.py
