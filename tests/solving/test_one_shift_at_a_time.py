"""Nobody works two shifts at once, whatever the work plan says of rest."""

from __future__ import annotations

from typing import Any

import pytest

from schemas.fault import RequestRefused
from solver.compile.recipe import clocks_of, group_agents, rules_of
from solver.reading import read_request
from solver.solve import solve
from solver.verify import judge

Json = dict[str, Any]


def nights_and_mornings(rules: list[Json] | None = None, **agent: Any) -> Json:
    """A night from 18:00 to 06:00 and an early shift at 04:00, both wanted: one agent cannot do both in a row."""
    shifts = [
        {
            "id": name,
            "start": {"earliest": start, "latest": start},
            "length_minutes": {"min": length, "max": length},
            "activities": [],
        }
        for name, start, length in (("night", "18:00", 720), ("early", "04:00", 240))
    ]
    return {
        "time_zone": "UTC",
        "planning_period": {"start_date": "2026-03-02", "days": 2},
        "interval_minutes": 30,
        "planning_groups": [{"id": "g", "understaffing_cost_per_hour": 100, "overstaffing_cost_per_hour": 0}],
        "requirements": [
            {"planning_group_id": "g", "start": "2026-03-02T04:00", "required": [1] * 8},
            {"planning_group_id": "g", "start": "2026-03-02T18:00", "required": [1] * 28},
        ],
        "work_plans": [{"id": "p", "shifts": shifts, "rules": rules or []}],
        "agents": [{"id": "A", "name": "Ann", "work_plan_id": "p", "hourly_cost": 10, **agent}],
    }


def shifts_of(raw: Json) -> list[str]:
    request = read_request(raw)
    roster = solve(request, seconds=20)
    assert roster.verdict == "optimal"
    judgement = judge(request, roster)
    assert judgement.violations == ()
    assert judgement.cost == roster.cost
    return [f"{shift.start:%d %H}" for shift in roster.schedules[0].shifts]


@pytest.mark.parametrize("rules", [[], [{"kind": "minimum_rest", "minutes": 60, "cost": 1}]])
def test_a_night_is_not_followed_by_a_shift_that_begins_before_it_ends(rules: list[Json]) -> None:
    assert shifts_of(nights_and_mornings(rules)) == ["02 18"]


def test_the_last_shift_before_the_period_ends_before_the_first_one_of_it_begins() -> None:
    raw = nights_and_mornings(history={"last_shift_end": "2026-03-02T05:00"})
    raw["requirements"] = raw["requirements"][:1]
    assert shifts_of(raw) == []


def test_shifts_that_cannot_overlap_need_no_rule() -> None:
    raw = nights_and_mornings()
    raw["work_plans"][0]["shifts"].pop()
    request = read_request(raw)
    _, calendars, grid = clocks_of(request)
    catalogue, _, groups = group_agents(request, calendars, grid)
    assert rules_of(groups[0], catalogue) == ()


def test_a_pin_keeps_off_what_would_overlap_it() -> None:
    raw = nights_and_mornings(pinned_shifts=[{"start": "2026-03-03T05:30", "end": "2026-03-03T08:00"}])
    assert shifts_of(raw) == ["02 04", "03 05"]


def test_pinned_shifts_that_overlap_are_named_before_anything_is_solved() -> None:
    pins = [
        {"start": "2026-03-03T05:30", "end": "2026-03-03T08:00"},
        {"start": "2026-03-02T18:00", "end": "2026-03-03T06:00"},
    ]
    with pytest.raises(RequestRefused) as refused:
        read_request(nights_and_mornings(pinned_shifts=pins))
    assert [fault.pointer for fault in refused.value.faults] == ["/agents/0/pinned_shifts/0/start"]
    assert "until 2026-03-03T06:00" in refused.value.faults[0].text


def test_a_pinned_shift_that_overlaps_the_history_is_named_before_anything_is_solved() -> None:
    pins = [{"start": "2026-03-02T04:00", "end": "2026-03-02T08:00"}]
    history = {"last_shift_end": "2026-03-02T05:00"}
    with pytest.raises(RequestRefused) as refused:
        read_request(nights_and_mornings(pinned_shifts=pins, history=history))
    assert [fault.pointer for fault in refused.value.faults] == ["/agents/0/pinned_shifts/0/start"]
