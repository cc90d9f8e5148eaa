# What people type. Needs nothing but Python 3.11 or newer with venv; everything lands in .venv.
# The package index, extra indexes, wheel folders and certificates are those of your own pip configuration.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
ARGS ?=

# Libraries of a module system or another project must not leak in.
unexport PYTHONPATH
# Libraries are compiled once, not in every process.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo test lint env install python clean

help: ## Show the targets.
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-6s %s\n", $$1, $$2 }' Makefile
	@echo "  PYTHON=/path/to/python3.12 makes the environment with another Python; ARGS=... goes to the command."

demo: env ## Start Neo4j, load the shipped data, train, write edges back, validate them, report.
	@$(BIN)/cisgraph demo $(ARGS)

test: env ## Run every test.
	@$(BIN)/python -m pytest $(ARGS)

lint: env ## Check style, formatting and types.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# The stamp says where and from what the environment was made, and is written last.
key = { pwd; cat pyproject.toml constraints.txt | cksum; }

env: ## Make or renew the environment; instant when nothing has changed.
	@if [ -f $(STAMP) ] && [ "$$($(key))" = "$$(cat $(STAMP))" ] && $(BIN)/python -c ''; then :; \
	 else $(MAKE) --no-print-directory install; fi

# Half-finished, moved or broken environments are made anew; of a whole one only the versions are renewed.
install: python
	@if [ -f $(STAMP) ] && [ "$$(head -n 1 $(STAMP))" = "$$(pwd)" ] && $(BIN)/python -c ''; \
	 then echo "renewing $(VENV)"; rm $(STAMP); \
	 else echo "making $(VENV) with $(PYTHON) (with CUDA libraries some 6 GB; minutes, the first time)"; \
	      $(PYTHON) -m venv --clear $(VENV); fi
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt uv
	@configuration=$$($(BIN)/python -m pip config list); \
	 setting() { for section in :env: install global; do \
	   echo "$$configuration" | sed -n "s/^$$section\.$$1=['\"]\(.*\)['\"]$$/\1/p"; \
	 done | head -n 1 | sed 's/\\n/ /g'; }; \
	 : $${UV_DEFAULT_INDEX:=$${UV_INDEX_URL:-$$(setting index-url)}}; \
	 : $${UV_INDEX:=$${UV_EXTRA_INDEX_URL:-$$(setting extra-index-url)}}; \
	 : $${UV_FIND_LINKS:=$$(setting find-links | tr -s ' ' ',')}; \
	 : $${SSL_CERT_FILE:=$$(setting cert)}; \
	 for name in UV_DEFAULT_INDEX UV_INDEX UV_FIND_LINKS SSL_CERT_FILE; do \
	   eval "value=\$$$$name"; if [ -n "$$value" ]; then export $$name; else unset $$name; fi; \
	 done; \
	 if [ -n "$$UV_INDEX" ]; then export UV_INDEX_STRATEGY=$${UV_INDEX_STRATEGY:-unsafe-best-match}; fi; \
	 $(BIN)/uv pip install --python $(BIN)/python --constraint constraints.txt \
	   --build-constraint constraints.txt --editable '.[model,dev]'
	@$(key) > $(STAMP)

python:
	@command -v $(PYTHON) > /dev/null || \
	 { echo "cisgraph needs Python 3.11 or newer, and there is no $(PYTHON): make ... PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	 { echo "cisgraph needs Python 3.11 or newer, $(PYTHON) is $$($(PYTHON) -V 2>&1): make ... PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2> /dev/null || \
	 { echo "$(PYTHON) lacks venv or ensurepip: install them (Debian, Ubuntu: apt install python3-venv), or make ... PYTHON=/path/to/python3.11" >&2; exit 1; }

clean: ## Remove the environment, caches and builds; data, reports and the database stay.
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage lightning_logs
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
