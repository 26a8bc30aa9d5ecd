"""Every rule of the book is complete: it can be read about, tried and trusted."""

import json
from inspect import cleandoc
from pathlib import Path

import pytest

import solver.rules
from schemas.rule import Rule
from solver.rules import BOOK, TourRule

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs/reference/rules.md"


def kind_of(rule):
    return rule.model_fields["kind"].default


each = pytest.mark.parametrize("rule", BOOK, ids=kind_of)


def test_the_book_lists_every_rule_there_is():
    assert {kind_of(rule): rule for rule in BOOK} == Rule.book


def test_every_file_of_a_rule_is_in_the_book():
    shared = {"__init__", "base", "kinds", "limits", "runs"}
    files = {path.stem for path in Path(solver.rules.__file__).parent.glob("*.py")} - shared
    assert files == {kind_of(rule) for rule in BOOK}


@each
def test_a_rule_is_named_after_its_kind(rule):
    assert rule.__name__ == kind_of(rule).title().replace("_", "")


@each
def test_a_rule_has_a_description_and_a_sentence(rule):
    first, *rest = cleandoc(rule.__dict__["__doc__"]).split("\n\n")
    assert first.endswith(".")
    assert rest, "what is one breach?"
    assert rule.__dict__["sentence"].startswith("{agent} ")
    assert rule.__dict__["sentence"].endswith(".")


@each
def test_a_rule_says_how_it_hinders_and_how_near_its_limit_is(rule):
    assert rule.__dict__["hinders"], "what a planner is told when it keeps agents from one more shift"
    assert rule.margins is not TourRule.margins


@each
def test_each_number_of_a_rule_can_be_made_less_strict(rule):
    example = {name: field.examples[0] for name, field in rule.model_fields.items() if field.examples}
    given = rule.model_validate({"kind": kind_of(rule)} | example)
    for lever in given.levers():
        assert lever.unit
        assert lever.text.format(value=7) != lever.text
        assert lever.field in rule.model_fields
        given.model_copy(update={lever.field: lever.asks_nothing})


@each
def test_every_field_of_a_rule_is_described(rule):
    assert [name for name, field in rule.model_fields.items() if name != "kind" and not field.description] == []


@each
def test_a_rule_has_an_example_that_it_accepts(rule):
    example = {
        name: field.examples[0] for name, field in rule.model_fields.items() if field.examples and name != "cost"
    }
    assert example
    assert rule.model_validate({"kind": kind_of(rule), **example}).kind == kind_of(rule)


@each
def test_a_rule_has_tests_by_hand_and_by_force(rule):
    text = (Path(__file__).parent / f"test_{kind_of(rule)}.py").read_text(encoding="utf-8")
    assert "assert sentences(" in text
    assert "assert_faces_agree(" in text


@each
def test_a_rule_is_on_the_reference_page(rule):
    section = PAGE.read_text(encoding="utf-8").split(f"\n## {kind_of(rule)}\n")[1].split("\n## ")[0]
    assert cleandoc(rule.__doc__) in section
    assert f'"kind": {json.dumps(kind_of(rule))}' in section
