"""The TypeScript types are those of the service."""

import pytest

from clients.typescript.generate import HERE, TYPES, document, first_line, has_npm, installed, run, types

STALE = "Maybe `make docs` was forgotten: python -m clients.typescript.generate"
with_npm = pytest.mark.skipif(not has_npm(), reason="node and npm are not installed")


def test_the_types_were_made_of_this_document():
    with TYPES.open(encoding="utf-8") as file:
        assert file.readline() == first_line(document()), STALE


@with_npm
def test_the_types_are_what_the_tool_makes_of_it():
    assert TYPES.read_text(encoding="utf-8") == types(document()), STALE


@with_npm
def test_the_types_are_typescript():
    run([str(installed() / "tsc"), "--noEmit", "--strict", str(HERE / TYPES.name)])
