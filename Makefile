# Deep Learning Playground. `make run` is all it takes: every target sets up .venv by itself, and does so again only
# when the lock or the project's metadata changed.
#
#   make run PORT=8600            serve elsewhere
#   make test PYTHON=python3.13   the interpreter that .venv is made of

SHELL := /bin/sh
PORT ?= 8501
PYTHON ?=
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
UV := $(shell command -v uv 2>/dev/null || true)

.DEFAULT_GOAL := help
.PHONY: help run test check e2e bench lock clean

help:
	@echo "make run     serve the playground at http://localhost:$(PORT)"
	@echo "make test    unit, page and browser tests"
	@echo "make check   lint, format, types, import contracts, the house test"
	@echo "make e2e     browser tests alone"
	@echo "make bench   measurements (they assert nothing)"
	@echo "make lock    write requirements.lock anew (needs uv)"
	@echo "make clean   remove .venv, caches and build outputs"

run: $(READY)
	$(BIN)/playground serve --port $(PORT)

# Two files at a time; torch in one thread each, for threads that spin while they wait for each other are slow where cores are
# shared. Browser tests have the machine to themselves.
test: $(READY)
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder tests/unit tests/pages
	$(BIN)/python -m pytest tests/e2e --durations=15

check: $(READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m pytest tests/test_house.py

e2e: $(READY)
	$(BIN)/python -m pytest tests/e2e --durations=15

bench: $(READY)
	@for file in tests/bench/*.py; do echo "== $$file"; $(BIN)/python "$$file" || exit 1; done

# The ordinary index alone: a lock made from further folders or mirrors lacks hashes of what they do not hold.
lock:
	env -u PIP_FIND_LINKS -u UV_FIND_LINKS -u UV_INDEX -u UV_EXTRA_INDEX_URL \
	    uv pip compile pyproject.toml --group dev --group e2e --group bench --group headless \
	    --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	    --upgrade --quiet --output-file requirements.lock

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .e2e
	find playground pages tests -name __pycache__ -type d -prune -exec rm -rf {} +

# Everything at the lock's versions, each file checked against its hash, then this checkout itself as an editable
# install, built by the locked hatchling so that nothing unlocked is fetched.
$(READY): requirements.lock pyproject.toml
	@set -e; if [ ! -x $(BIN)/python ]; then \
	    rm -rf $(VENV); \
	    if [ -n "$(UV)" ] && [ -z "$(PYTHON)" ]; then \
	        uv venv --quiet --python '>=3.11,<3.14' $(VENV); \
	    else \
	        for python in $(or $(PYTHON),python3 python3.13 python3.12 python3.11); do \
	            if $$python -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' 2>/dev/null; then found=$$python; break; fi; \
	        done; \
	        if [ -z "$$found" ]; then \
	            echo "No suitable Python: tried $(or $(PYTHON),python3 python3.13 python3.12 python3.11), needed is 3.11, 3.12 or 3.13." >&2; \
	            echo "Install one, or name it: make PYTHON=/path/to/python3.12" >&2; exit 1; \
	        fi; \
	        if [ -n "$(UV)" ]; then uv venv --quiet --python "$$found" $(VENV); \
	        elif ! $$found -m venv $(VENV); then \
	            rm -rf $(VENV); echo "$$found cannot make virtual environments. On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; \
	        fi; \
	    fi; \
	fi
	@echo "Installing into $(VENV) (the first time this fetches PyTorch, which is large) ..."
	@set -e; if [ -n "$(UV)" ]; then \
	    uv pip install --quiet --python $(BIN)/python --require-hashes --no-deps -r requirements.lock; \
	    uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .; \
	else \
	    $(BIN)/python -m ensurepip >/dev/null 2>&1 || true; \
	    $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.lock; \
	    $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .; \
	fi
	@$(BIN)/python -c 'import cv2'  # the one wheel that may ask for what a slim machine lacks
	@touch $(READY)
