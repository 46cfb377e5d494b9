# make run: the dashboard · make test: every check · make check: the quick ones
# make train RECIPE=simple-conv · make bench: how fast it is beside the usual ways
SHELL := /bin/bash
PORT ?= 8501
ADDRESS ?= 127.0.0.1
RECIPE ?= simple-conv
BIN := .venv/bin

.PHONY: run test check train bench clean

run: .venv/runtime.stamp
	@$(BIN)/mnist-lens data --fetch
	@$(BIN)/streamlit run dashboard/app.py --server.port $(PORT) --server.address $(ADDRESS)

test: .venv/tests.stamp
	@$(BIN)/python tests/find_chromium.py --install
	$(MAKE) --no-print-directory check
	$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder

check: .venv/tests.stamp
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

train: .venv/runtime.stamp
	@$(BIN)/mnist-lens train $(RECIPE)

bench: .venv/tests.stamp
	@$(BIN)/python tests/find_chromium.py --install
	@$(BIN)/python benchmarks/training_epoch.py
	@$(BIN)/python benchmarks/predicting.py
	@$(BIN)/python benchmarks/clicking.py

clean:
	rm -rf .venv

# A stamp is touched only once pip has finished, so an interrupted set-up is taken up again.
.venv/bin/pip:
	@for python in $(PYTHON) python3.13 python3.12 python3.11 python3 python; do \
	  if $$python -c 'import sys, venv, ensurepip; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; then \
	    echo "Setting up .venv with $$($$python --version) …"; exec $$python -m venv --clear .venv; fi; done; \
	echo "MNIST Lens needs Python 3.11, 3.12 or 3.13 with its venv module. None was found on PATH. Install one (on Debian: apt-get install python3 python3-venv) or name it: make PYTHON=/path/to/python3.12 $(MAKECMDGOALS)" >&2; exit 1

.venv/runtime.stamp: requirements.txt pyproject.toml | .venv/bin/pip
	@echo "Installing the pinned packages (a few minutes the first time) …"
	@$(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

.venv/tests.stamp: requirements-dev.txt .venv/runtime.stamp | .venv/bin/pip
	@$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@
