# Pactbook's commands. `make` alone lists them.

export UV_PYTHON_DOWNLOADS := never
# Where Python may write no bytecode, each process would compile all that it imports: a second.
export UV_COMPILE_BYTECODE := 1
export UV_COMPILE_BYTECODE_TIMEOUT := 600
unexport VIRTUAL_ENV

PYTHON ?= python3
UV := $(or $(shell command -v uv 2>/dev/null),.uv/bin/uv)
COMPILE := $(UV) pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header $(UPGRADE)
INSTALL := $(UV) pip install --quiet --python .venv
EDITABLE := $(INSTALL) --no-deps --build-constraints requirements-build.txt --editable .
FRONTEND := $(wildcard api/explorer/hatch_build.py api/explorer/frontend/* api/explorer/frontend/.npmrc)
PROJECT := pyproject.toml requirements-build.txt $(FRONTEND)

# Without the explorer there is no stamp, so that the next `make` tries to build it again.
BUILT := test -f api/explorer/static/bundle.json
UNBUILT := echo "The explorer could not be built; all else works. The next make tries again."

.DEFAULT_GOAL := help
.PHONY: help serve test bench lint format lock
.DELETE_ON_ERROR:

help:  ## List these commands.
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-7s %s\n", $$1, $$2 }' Makefile

serve: .venv/serve  ## Serve the graph and its explorer.
	@.venv/bin/pactbook serve

test: .venv/test .venv/clients/installed  ## Run every test.
	.venv/bin/python -m pytest

bench: .venv/bench  ## Measure the seven questions of a front end; takes a while.
	.venv/bin/python -m tests.benchmarks

lint: .venv/test  ## Check the format, the style and the types.
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/pyright

format: .venv/test  ## Bring the code into its format.
	.venv/bin/ruff check --fix --exit-zero --quiet .
	.venv/bin/ruff format .

lock: | $(UV)  ## Pin the requirements again; UPGRADE=--upgrade moves the pins.
	$(COMPILE) pyproject.toml -o requirements.txt
	$(COMPILE) pyproject.toml --group dev -c requirements.txt -o requirements-dev.txt
	$(COMPILE) pyproject.toml --group bench -c requirements-dev.txt -o requirements-bench.txt
	$(COMPILE) --group build -c requirements-dev.txt -o requirements-build.txt
	$(COMPILE) --group uv -o requirements-uv.txt
	$(COMPILE) --group clients -o tests/clients/requirements.txt

.venv/serve: requirements.txt $(PROJECT) | .venv/bin/python
	$(INSTALL) --require-hashes -r requirements.txt
	$(EDITABLE)
	@$(BUILT) && touch $@ || $(UNBUILT)

.venv/test: requirements-dev.txt $(PROJECT) | .venv/bin/python
	$(INSTALL) --require-hashes -r requirements-dev.txt
	$(EDITABLE)
	@$(BUILT) && touch $@ .venv/serve || $(UNBUILT)

.venv/bench: requirements-bench.txt .venv/test
	$(INSTALL) --require-hashes -r requirements-bench.txt
	@touch $@

# Generators for Python want another graphql-core than the server, so they stand apart.
.venv/clients/installed: tests/clients/requirements.txt | .venv/bin/python
	$(UV) venv --quiet --clear .venv/clients
	$(UV) pip install --quiet --python .venv/clients --require-hashes -r $<
	@touch $@

.venv/bin/python: | $(UV)
	$(UV) venv --quiet --clear .venv

# uv by whichever of venv and pip the machine has; `--target` also works where pip is managed.
.uv/bin/uv: requirements-uv.txt
	@rm -rf .uv
	@{ $(PYTHON) -m venv .uv >.uv.log 2>&1 && \
	  .uv/bin/python -m pip install --quiet --require-hashes -r $<; } || \
	{ rm -rf .uv && $(PYTHON) -m pip install --quiet --target .uv --require-hashes -r $<; } || \
	{ cat .uv.log; rm -rf .uv .uv.log; exit 1; }
	@rm -f .uv.log
	@touch $@
