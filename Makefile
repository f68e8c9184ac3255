# `make help` shows what there is. Each target sets up what it needs; a repeat costs nothing.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help demo test test-crash check bench docs reference format setup lock clean
.DELETE_ON_ERROR:

VENV := .venv
BIN := $(VENV)/bin
JARS := .run/kafka/jars
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
ARGS ?=

help: ## Show this help
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' Makefile

demo: setup ## A synthetic kelurahan lives through two years on Kafka: eight quarters, sealed
	@$(BIN)/dtsen demo $(ARGS)

test: setup ## All tests, with a crash at every point (ARGS="-k words" chooses)
	@deploy/local/system.sh jdk
	@$(BIN)/python -m pytest -n auto --dist loadscope $(ARGS)

test-crash: setup ## Every crash point in a life of its own (longer than all other tests)
	@DTSEN_CRASH=all $(BIN)/python -m pytest -m crash $(ARGS)

check: $(BIN)/.installed ## Format, lint, types and the quick tests that need no Kafka (some four minutes on two cores)
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/python -m pytest -q -n auto --dist loadscope -m "not kafka and not crash and not long" $(ARGS)

bench: setup ## Benchmarks (tests/bench), apart from the tests
	@for bench in tests/bench/bench_*.py; do echo "== $$bench"; $(BIN)/python -m "tests.bench.$$(basename $$bench .py)" || exit 1; done

docs: $(BIN)/.installed ## The documentation as a site in build/docs: warnings and broken links are errors
	@$(BIN)/python -m sphinx -q -W --keep-going -b html -d build/doctrees docs build/docs
	@echo "Open build/docs/index.html"

reference: $(BIN)/.installed ## Write docs/reference and docs/rules anew from commands, topics, schemas, codes, metrics, rules
	@$(BIN)/python -m agents.reference docs/reference

format: $(BIN)/.installed ## Format and mend what can be mended
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

setup: $(BIN)/.installed $(JARS)/.complete ## Virtual environment, Java and Kafka's jars (the others call it)

lock: ## Compile requirements*.txt anew from pyproject.toml (by hand, never by a test)
	@deploy/local/lock.sh $(BIN)/python

clean: ## Stop the local broker; remove the environment, all data, caches
	@if [ -x $(BIN)/dtsen ]; then $(BIN)/dtsen broker stop || true; fi
	@rm -rf $(VENV) .run .hypothesis .mypy_cache .pytest_cache .ruff_cache build dist *.egg-info
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamps. The environment is installed from the lock, hash by hash; the project itself is installed in place.

$(BIN)/.locked: requirements-dev.txt
	@set -eu; if [ ! -x $(BIN)/python ]; then \
	  python=$$(deploy/local/system.sh python); echo "Making $(VENV) with $$("$$python" --version) ..."; "$$python" -m venv $(VENV); fi
	@echo "Installing the locked packages ..."
	@$(PIP) install --require-hashes --requirement requirements-dev.txt
	@touch $@

$(BIN)/.installed: $(BIN)/.locked pyproject.toml
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(JARS)/.complete: deploy/kafka/pom.xml
	@deploy/local/system.sh java
	@deploy/local/system.sh maven
	@echo "Fetching Kafka by Maven ..."
	@rm -rf $(JARS) && mkdir -p $(JARS)
	@mvn --batch-mode --file deploy/kafka/pom.xml dependency:copy-dependencies -DoutputDirectory="$(CURDIR)/$(JARS)" \
	  > .run/kafka/maven.log 2>&1 </dev/null || { cat .run/kafka/maven.log; exit 1; }
	@touch $@
