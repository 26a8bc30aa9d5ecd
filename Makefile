# The commands of a checkout. `make check` is what CI runs.

bin := .venv/bin

.PHONY: check lint types imports test kernels docs lock fuzz

check: lint types imports test

lint:
	$(bin)/ruff check .

types:
	$(bin)/mypy

imports:
	$(bin)/lint-imports

test: kernels
	$(bin)/python -m pytest -n 2

# Compiles the solver's kernels once, into the cache beside them.
kernels:
	$(bin)/python -m solver.kernels

# Tries the service with whatever comes, for five minutes; the tests do so briefly.
fuzz:
	$(bin)/python -m bench.service.fuzz

# The pages of docs/reference that are made from the code, and the TypeScript types; these need Node.
docs:
	$(bin)/python -m docs.generate
	$(bin)/python -m clients.typescript.generate

# Newest versions that fit pyproject.toml, with the hash of every file, for every platform, naming no registry.
lock:
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--custom-compile-command "make lock" --upgrade -o requirements.lock
	uv pip compile pyproject.toml --extra dev --extra bench -c requirements.lock --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --custom-compile-command "make lock" --upgrade -o requirements-dev.lock
