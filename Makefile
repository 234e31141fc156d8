# Broadsheet: `make repro` builds everything, `make test` checks everything. `make help` lists the rest.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENV := .venv
BIN := $(VENV)/bin
PORT ?= 5000
# The Python that makes the virtual environment: the first of these that is 3.11 or newer.
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
# Put pip options before it to take torch from elsewhere, such as an index of CPU-only wheels.
TORCH ?= $(shell grep '^torch==' requirements.lock)
# Without bytecode of all files that are installed: Python compiles those that it imports.
INSTALL := $(BIN)/pip install --quiet --no-compile
TRACKING_URI = $${MLFLOW_TRACKING_URI:-sqlite:///$(CURDIR)/mlflow.db}

export PATH := $(CURDIR)/$(BIN):$(PATH)
export DVC_NO_ANALYTICS := 1
export MLFLOW_DISABLE_TELEMETRY := true
export PIP_DISABLE_PIP_VERSION_CHECK := 1
unexport MLFLOW_RUN_ID PYTHONPATH PYTHONHOME

.PHONY: help
help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-6s %s\n", $$1, $$2 }' Makefile

.PHONY: repro
repro: $(VENV)/installed  ## set up and run the pipeline: corpus, models, report, MLflow run
	@dvc repro
	@echo
	@echo "See the run:      make ui"
	@echo "Cut a text:       $(BIN)/classify FILE"
	@echo "Read the report:  reports/index.html"

.PHONY: test
test: $(VENV)/installed-dev  ## lint, types and tests
	ruff check .
	ruff format --check .
	mypy
	pytest --numprocesses auto --maxprocesses 4 --dist worksteal

.PHONY: ui
ui: $(VENV)/installed  ## open the MLflow UI on this project's runs (PORT=5000)
	@[[ -n "$${MLFLOW_TRACKING_URI:-}" || -f mlflow.db || ! -f reports/metrics.json ]] || python -m pipeline.record
	@echo "http://127.0.0.1:$(PORT)  (stop with Ctrl-C)"
	@exec mlflow ui --backend-store-uri "$(TRACKING_URI)" --default-artifact-root "$(CURDIR)/mlruns" \
		--workers 1 --port $(PORT)

.PHONY: bench
bench: $(VENV)/installed-bench  ## measure on the real sets in ../shared, beside other tools
	@[[ -d ../shared ]] || { echo "make bench: the labelled sets are not here (../shared)" >&2; exit 1; }
	@broadsheet benchmark --shared ../shared
	@python -m benchmarks.segmentation --shared ../shared
	@python -m benchmarks.classification --shared ../shared

.PHONY: adapt
adapt: $(VENV)/installed  ## teach the encoder to read pages, anew: three quarters of an hour on two cores, needs ../shared
	@python -m pipeline.adapt
	@dvc commit --force adapt

.PHONY: finetune
finetune: $(VENV)/installed  ## teach the encoder topics, anew: ten minutes on a GPU, six hours on two cores, needs ../shared
	@dvc repro ingest
	@python -m pipeline.finetune
	@dvc commit --force finetune

.PHONY: gaps
gaps: $(VENV)/installed  ## describe the gaps of pages of real stories, anew: five minutes, needs ../shared
	@[[ -d ../shared ]] || { echo "make gaps: the real sets are not here (../shared)" >&2; exit 1; }
	@dvc repro mix export
	@python -m pipeline.gaps
	@dvc commit --force gaps

WIKI := data/wiki/export.xml.bz2

.PHONY: sections
sections: $(VENV)/installed-bench $(WIKI)  ## teach what cuts prose into sections, anew: a quarter of an hour, needs ../shared
	@[[ -d ../shared ]] || { echo "make sections: the real sets are not here (../shared)" >&2; exit 1; }
	@dvc repro export
	@python -m pipeline.sections
	@dvc commit --force sections

# The first pages of the English Wikipedia, as gensim ships them to test itself (CC BY-SA).
WIKI_SHA256 := a53f4648dec40467ebdcbc7a1307eddb51fe6e28e9309f6ebde81ba0d04bea2d

$(WIKI): | $(VENV)/bin/python
	@rm -rf build/gensim && mkdir -p $(@D) build/gensim
	@$(BIN)/pip download --quiet --no-deps --only-binary :all: --python-version 3.12 --dest build/gensim gensim==4.4.0
	@$(BIN)/python -m zipfile --extract build/gensim/gensim-*.whl build/gensim
	@cp build/gensim/gensim/test/test_data/enwiki-latest-*-shortened.bz2 $@
	@echo "$(WIKI_SHA256)  $@" | sha256sum --check --quiet

.PHONY: lock
lock: $(VENV)/installed-dev  ## resolve the dependencies in pyproject.toml anew
	@$(BIN)/pip install --quiet uv
	@grep '^torch==' requirements.lock > $(VENV)/torch.txt
	@$(call compile,requirements.lock,-c $(VENV)/torch.txt)
	@$(call compile,requirements-dev.lock,--extra dev -c requirements.lock)
	@$(call compile,requirements-bench.lock,--extra bench -c requirements-dev.lock)

# No header, comments or index in a lock: it reads the same wherever it was made.
compile = uv pip compile pyproject.toml --quiet --universal --python-version 3.11 \
	--no-header --no-annotate --no-emit-index-url --no-emit-find-links $(2) --output-file $(1)

.PHONY: clean
clean:  ## remove the virtual environment and tool caches; results and runs stay
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/bin/python:
	@[[ -n "$(PYTHON)" ]] || { echo "make: Python 3.11 or newer is needed: install it, or name it with PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "make: $(PYTHON) is older than Python 3.11: name a newer one with PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "make: $(PYTHON) has no venv module: on Debian and Ubuntu, run \`apt-get install python3-venv\`" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/installed: requirements.lock pyproject.toml | $(VENV)/bin/python
	$(INSTALL) $(TORCH)
	$(INSTALL) -r requirements.lock
	$(INSTALL) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/installed-dev: requirements-dev.lock $(VENV)/installed
	$(INSTALL) -r requirements-dev.lock
	@touch $@

$(VENV)/installed-bench: requirements-bench.lock $(VENV)/installed
	$(INSTALL) -r requirements-bench.lock
	@touch $@
