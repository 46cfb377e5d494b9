# make run: the dashboard · make test: every check · make check: the quick ones
# make test-pythons: all but the browser's tests on every Python that is here
# make train RECIPE=simple-conv · make bench: how fast it is beside the usual ways
# make pictures: those of docs/tour.md and, with MNIST_LENS_DATA, of README.md taken anew
# Each takes PYTHON=/path/to/python3.12
SHELL := /bin/bash
PORT ?= 8501
ADDRESS ?= 127.0.0.1
RECIPE ?= simple-conv
VERSIONS ?= 3.11 3.12 3.13
VENV := .venv

# Where .venv is there for another version, PYTHON= gets an environment of its own beside it.
ifdef PYTHON
ifneq ($(wildcard $(VENV)/bin/pip),)
VERSION := $(shell $(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)
ifeq ($(and $(VERSION),$(wildcard $(VENV)/bin/python$(VERSION))),)
VENV := .venv-$(VERSION)
endif
endif
endif
BIN := $(VENV)/bin

.PHONY: run test test-python test-pythons check train bench pictures clean

run: $(VENV)/runtime.stamp
	@$(BIN)/mnist-lens data --fetch
	@$(BIN)/streamlit run dashboard/app.py --server.port $(PORT) --server.address $(ADDRESS)

test: $(VENV)/tests.stamp
	@$(BIN)/python tests/find_chromium.py --install
	$(MAKE) --no-print-directory check
	$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder

test-python: $(VENV)/tests.stamp
	$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder --ignore tests/browser

test-pythons: $(VENV)/runtime.stamp
	@set -o pipefail; $(BIN)/python tests/find_pythons.py $(VERSIONS) | while read -r version python; do \
	  echo "Python $$version: $$python"; \
	  $(MAKE) --no-print-directory PYTHON="$$python" test-python </dev/null || exit 1; done

check: $(VENV)/tests.stamp
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

train: $(VENV)/runtime.stamp
	@$(BIN)/mnist-lens train $(RECIPE)

bench: $(VENV)/tests.stamp
	@$(BIN)/python tests/find_chromium.py --install
	@$(BIN)/python benchmarks/training_epoch.py
	@$(BIN)/python benchmarks/predicting.py
	@$(BIN)/python benchmarks/explaining.py
	@$(BIN)/python benchmarks/queries.py
	@$(BIN)/python benchmarks/planted_slices.py
	@$(BIN)/python benchmarks/clicking.py
	@$(BIN)/python benchmarks/drawing.py
	@$(BIN)/python benchmarks/mapping.py
	@$(BIN)/python benchmarks/sessions.py

pictures: $(VENV)/tests.stamp
	$(BIN)/pytest tests/browser/test_tour.py --pictures

clean:
	rm -rf .venv .venv-*

# A stamp is touched only once pip has finished, so an interrupted set-up is taken up again.
$(VENV)/bin/pip:
	@for python in $(or $(PYTHON),python3.13 python3.12 python3.11 python3 python); do \
	  if $$python -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; then \
	    echo "Setting up $(VENV) with $$($$python --version) …"; exec $$python -m venv --clear $(VENV); fi; done; \
	echo "MNIST Lens needs Python 3.11, 3.12 or 3.13 with its venv module. $(if $(PYTHON),$(PYTHON) is none,None was found on PATH). Install one (on Debian: apt-get install python3 python3-venv) or name it: make PYTHON=/path/to/python3.12 $(MAKECMDGOALS)" >&2; exit 1

$(VENV)/runtime.stamp: requirements.txt pyproject.toml | $(VENV)/bin/pip
	@echo "Installing the pinned packages (a few minutes the first time) …"
	@$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/tests.stamp: requirements-dev.txt $(VENV)/runtime.stamp | $(VENV)/bin/pip
	@$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@
