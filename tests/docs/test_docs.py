import json
import re
from pathlib import Path

import pytest

from docs.generate import PAGES, REFERENCE
from schemas.rule import Rule

DOCS = REFERENCE.parent
MARKDOWN = [*DOCS.rglob("*.md"), DOCS.parent / "README.md", DOCS.parent / "bench/README.md"]


@pytest.mark.parametrize("name", PAGES)
def test_a_generated_page_is_what_the_code_says(name):
    assert (REFERENCE / name).read_text(encoding="utf-8") == PAGES[name](), "Maybe `make docs` was forgotten."


@pytest.mark.parametrize("page", MARKDOWN, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path):
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8")):
        assert target.startswith("http") or (page.parent / target).exists(), target


def test_the_example_of_every_rule_is_a_rule():
    text = (REFERENCE / "rules.md").read_text(encoding="utf-8")
    examples = [json.loads(block) for block in re.findall(r"```json\n(.*?)\n```", text, re.DOTALL)]
    assert [example["kind"] for example in examples] == sorted(Rule.book)
    for example in examples:
        Rule.book[example["kind"]].model_validate(example)
