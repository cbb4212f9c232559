# Each target does its own set-up; what is done already is not done again.
PYTHON ?= python3
PORT ?= 5000
# One order of the tests for everybody, so that the same tree gets the same answer; --randomly-seed=N tries another.
PYTEST_ARGUMENTS ?= -n 2 --randomly-seed=20261125
BIN := .venv/bin
VENDOR := tracker/static/vendor/manifest.json
export PORT

.DEFAULT_GOAL := help
.PHONY: help run test bench lint format migrate front-end machine locks

help:  ## List the targets
	@sed -n 's/^\([a-z-]*\):.*  ## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 20

run: .venv/run-stamp front-end  ## Serve the tracker on http://127.0.0.1:5000 (PORT=)
	@exec $(BIN)/python setup/serve.py

test: .venv/test-stamp front-end machine  ## Run every test (PYTEST_ARGUMENTS=, REQUIRE_ALL=1)
	@$(BIN)/pytest $(PYTEST_ARGUMENTS)

bench: .venv/test-stamp front-end machine  ## Measure pages and jobs beside a bare application (BENCH=)
	@$(BIN)/pytest -n 0 -p no:randomly -s $(or $(BENCH),tests/bench)

lint: .venv/test-stamp  ## Check style, types, layers and templates
	@sh setup/lint.sh

format: .venv/test-stamp  ## Lay out the code as `make lint` wants it
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format --quiet .

migrate: .venv/run-stamp  ## Bring the database up to date
	@$(BIN)/flask db upgrade

front-end: .venv/run-stamp  ## Fetch GOV.UK Frontend
	@$(BIN)/python setup/front_end.py

machine: .venv/run-stamp  ## Install what the tests need beside Python, where that is possible
	@$(BIN)/python setup/machine.py

locks: .venv/test-stamp  ## Write the lock files anew from pyproject.toml
	@sh setup/locks.sh

.venv/run-stamp: requirements.lock
	@sh setup/environment.sh $(PYTHON) requirements.lock
	@touch $@

.venv/test-stamp: requirements-dev.lock .venv/run-stamp
	@sh setup/environment.sh $(PYTHON) requirements-dev.lock
	@touch $@
