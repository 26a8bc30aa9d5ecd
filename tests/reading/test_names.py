"""Names of what is not there: a misspelt one must not quietly ask nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest

from schemas.fault import RequestRefused
from solver.reading import read_request
from solver.rules import BOOK

Json = dict[str, Any]
LATE = {"shift_ids": ["late"]}
WRONG = {"shift_ids": ["late", "lat"]}
RULES: dict[str, tuple[Json, str]] = {
    "shift_count": (WRONG | {"max": 2}, "shift_ids/1"),
    "consecutive_shifts": (WRONG | {"max": 2}, "shift_ids/1"),
    "fairness": (WRONG, "shift_ids/1"),
    "forbidden_successions": (
        {"successions": [{"after": LATE, "forbidden": {"shift_ids": ["early"]}}, {"after": LATE, "forbidden": WRONG}]},
        "successions/1/forbidden/shift_ids/1",
    ),
    "free_day_patterns": ({"after": WRONG}, "after/shift_ids/1"),
    "rotation": ({"weeks_of_shifts": [["early"], ["late", "lat"], []]}, "weeks_of_shifts/1/1"),
}


def a_request(rule: Json) -> Json:
    lengths = {"min": 480, "max": 480}
    return {
        "time_zone": "UTC",
        "planning_period": {"start_date": "2026-03-02", "days": 7},
        "planning_groups": [{"id": "g"}],
        "work_plans": [
            {
                "id": "plan",
                "shifts": [
                    {"id": "early", "start": {"earliest": "06:00", "latest": "06:00"}, "length_minutes": lengths},
                    {"id": "late", "start": {"earliest": "14:00", "latest": "14:00"}, "length_minutes": lengths},
                ],
                "rules": [{"kind": "days_worked", "max": 5}, rule],
            }
        ],
        "agents": [{"id": "Ann", "work_plan_id": "plan"}],
    }


@pytest.mark.parametrize("kind", RULES)
def test_a_shift_that_the_work_plan_does_not_have_is_refused_where_a_rule_names_it(kind: str) -> None:
    fields, place = RULES[kind]
    with pytest.raises(RequestRefused) as refused:
        read_request(a_request({"kind": kind} | fields))
    (fault,) = refused.value.faults
    assert fault.pointer == f"/work_plans/0/rules/1/{place}"
    assert fault.found == "lat"
    assert fault.expected == "the id of a shift of work plan 'plan'"
    assert fault.text == "There is no shift of work plan 'plan' 'lat'; there are early, late. Maybe 'late' is meant."


@pytest.mark.parametrize("kind", RULES)
def test_shifts_that_it_has_are_fine(kind: str) -> None:
    fields, _ = RULES[kind]
    sound = json.loads(json.dumps(fields).replace('"lat"', '"early"'))
    assert read_request(a_request({"kind": kind} | sound))


@pytest.mark.parametrize("rule", BOOK, ids=lambda rule: rule.model_fields["kind"].default)
def test_every_rule_that_names_shifts_is_tried_here(rule: Any) -> None:
    fields = json.dumps(rule.model_json_schema())
    names = '"shift_ids"' in fields or "_of_shifts" in fields
    assert names == (rule.model_fields["kind"].default in RULES)


def test_a_shift_that_somebody_had_or_has_pinned_may_be_named() -> None:
    request = a_request({"kind": "shift_count", "shift_ids": ["night"], "max": 2})
    request["agents"][0]["history"] = {
        "shifts": [{"start": "2026-03-01T00:00", "end": "2026-03-01T08:00", "work_plan_shift_id": "night"}]
    }
    assert read_request(request)


def test_a_name_that_is_like_none_gets_no_advice() -> None:
    request = a_request({"kind": "shift_count", "shift_ids": ["xyz"], "max": 1})
    with pytest.raises(RequestRefused) as refused:
        read_request(request)
    assert "Maybe" not in refused.value.faults[0].text
