"""The examples show every rule there is, are in order, and have rosters."""

import json
from pathlib import Path

import pytest

from solver.reading import contradictions, read_request
from solver.roster_rules import BOOK as ROSTER_BOOK
from solver.rules import BOOK
from solver.solve import solve
from solver.verify import judge

FOLDER = Path(__file__).parents[1] / "examples"
EXAMPLES = {path.stem: path for path in sorted(FOLDER.glob("*.json"))}


def rules_of(path):
    return {rule["kind"] for plan in json.loads(path.read_text())["work_plans"] for rule in plan["rules"]}


def test_every_rule_of_the_book_is_in_an_example():
    shown = set().union(*(rules_of(path) for path in EXAMPLES.values()))
    assert {rule.model_fields["kind"].default for rule in BOOK} - shown == set()


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_is_in_order(name):
    assert contradictions(read_request(EXAMPLES[name].read_bytes())) == ()


def test_every_rule_of_the_roster_that_counts_or_ties_agents_is_in_an_example():
    rules = [rule for path in EXAMPLES.values() for rule in json.loads(path.read_text()).get("roster_rules", ())]
    kinds = {rule.model_fields["kind"].default for rule in ROSTER_BOOK} - {"shift_kinds"}
    assert kinds - {rule["kind"] for rule in rules} == set()


@pytest.mark.parametrize("name", ["minors", "rotation", "service_goal", "together"])
def test_a_small_example_has_a_roster(name):
    raw = json.loads(EXAMPLES[name].read_bytes())
    raw["options"] = {"iteration_limit": 20, "time_limit_seconds": 600, "target_gap_percent": 50}
    request = read_request(raw)
    roster = solve(request)
    assert judge(request, roster).violations == ()
    assert roster.statistics.coverage_percent > 50
