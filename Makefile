PYTHON ?= $(shell command -v python3.11 || command -v python3)
BIN := .venv/bin
# Many tests wait for a host's turn: three at once keep two cores busy.
WORKERS ?= 3
PACKAGES := $(wildcard config*.py) decreewatch.py commands spiders monitor storage alerts web newsroom

.PHONY: install demo test test-slow lint bench clean

install: .venv/installed

# torch comes first and by its exact version: another package would draw in a CUDA build.
.venv/installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt torch
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[test]'
	touch $@

demo: install
	$(BIN)/decreewatch demo

test: install
	$(BIN)/python -m pytest -m 'not slow' -n $(WORKERS) --dist loadfile

test-slow: install
	$(BIN)/python -m pytest -m slow -n 2 --dist loadfile

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict $(PACKAGES)

bench: install
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[bench]'
	$(BIN)/python -m benchmarks

clean:
	rm -rf .venv var build *.egg-info
