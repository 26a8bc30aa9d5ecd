"""A small centre in which every cause there is keeps somebody away."""

import pytest

from solver.reading import read_request, read_roster

BREAK = {"id": "break", "category": "break", "minutes": 30, "paid": True, "after_shift_start": {"min": 60}}


def shift(start, end, *, day=2, pause=None, group="calls", name="shift"):
    """A shift of the roster on a day of March 2026, hours in UTC; `pause` is the hour of its half-hour break."""
    at = lambda hour: f"2026-03-{day + int(hour // 24):02d}T{int(hour % 24):02d}:{int(hour % 1 * 60):02d}:00+00:00"  # noqa: E731
    queue = {"category": "on_queue", "planning_group_id": group}
    activities = [{**queue, "start": at(start), "end": at(end)}]
    if pause is not None:
        activities = [
            {**queue, "start": at(start), "end": at(pause)},
            {"category": "break", "id": "break", "paid": True, "start": at(pause), "end": at(pause + 0.5)},
            {**queue, "start": at(pause + 0.5), "end": at(end)},
        ]
    return {
        "date": f"2026-03-{day:02d}", "work_plan_shift_id": name, "start": at(start), "end": at(end),
        "activities": activities,
    }  # fmt: skip


@pytest.fixture
def centre():
    """Two days from Monday, 2 March 2026, half hours; calls need three agents from 8 to 16, and mail one."""
    days = ("2026-03-02", "2026-03-03")
    return {
        "time_zone": "UTC",
        "planning_period": {"start_date": days[0], "days": 2},
        "interval_minutes": 30,
        "planning_groups": [
            {"id": "calls", "understaffing_cost_per_hour": 30, "overstaffing_cost_per_hour": 4},
            {"id": "mail", "understaffing_cost_per_hour": 20, "overstaffing_cost_per_hour": 4},
        ],
        "requirements": [
            {"planning_group_id": group, "start": f"{day}T08:00", "required": [heads] * 16}
            for day in days
            for group, heads in (("calls", 3), ("mail", 1))
        ],
        "work_plans": [
            {
                "id": "plan",
                "shifts": [
                    {
                        "id": "shift",
                        "start": {"earliest": "08:00", "latest": "12:00", "increment_minutes": 120},
                        "length_minutes": {"min": 240, "max": 240},
                        "activities": [BREAK],
                        "contiguous_work_minutes": {"min": 60},
                    },
                    {
                        "id": "late",
                        "start": {"earliest": "18:00", "latest": "18:00"},
                        "length_minutes": {"min": 480, "max": 480},
                    },
                ],
                "rules": [
                    {"kind": "days_worked", "per": "period", "max": 1},
                    {"kind": "minimum_rest", "minutes": 600},
                    {"kind": "overtime", "over_minutes": 60, "rate_multiplier": 1.5},
                ],
            },
            {
                "id": "mornings",
                "shifts": [
                    {
                        "id": "shift",
                        "start": {"earliest": "08:00", "latest": "08:00"},
                        "length_minutes": {"min": 120, "max": 120},
                    }
                ],
            },
        ],
        "agents": [
            {"id": "ann", "work_plan_id": "plan", "hourly_cost": 20},
            {"id": "ben", "work_plan_id": "plan", "hourly_cost": 21,
             "preferences": [{"start": "2026-03-03T08:00", "end": "2026-03-03T10:00", "kind": "avoid",
                              "cost_per_hour": 5}]},
            {"id": "cat", "work_plan_id": "plan", "hourly_cost": 22, "skills": [{"planning_group_id": "mail"}]},
            {"id": "dan", "work_plan_id": "plan", "hourly_cost": 20,
             "availability": [{"days": ["mon"], "from": "08:00", "to": "12:00"}]},
            {"id": "eve", "work_plan_id": "plan", "hourly_cost": 20,
             "time_off": [{"start": "2026-03-02T09:00", "end": "2026-03-02T20:00"}]},
            {"id": "fay", "work_plan_id": "mornings", "hourly_cost": 20},
            {"id": "gus", "work_plan_id": "plan", "hourly_cost": 20,
             "pinned_shifts": [{"work_plan_shift_id": "late", "start": "2026-03-02T18:00", "end": "2026-03-03T02:00"}]},
            {"id": "hal", "work_plan_id": "plan", "hourly_cost": 200, "work_plan_shift_ids": ["shift"]},
        ],
    }  # fmt: skip


@pytest.fixture
def roster():
    """Ann works on Monday morning, ben around noon, gus at night; nobody works on Tuesday."""
    return {
        "schedules": [
            {"agent_id": "ann", "shifts": [shift(8, 12, pause=9)]},
            {"agent_id": "ben", "shifts": [shift(10, 14, pause=11.5)]},
            {"agent_id": "cat", "shifts": [shift(8, 12, pause=9, group="mail")]},
            {"agent_id": "gus", "shifts": [{**shift(18, 26, name="late"), "pinned": True}]},
        ]
    }


@pytest.fixture
def both(centre, roster):
    return read_request(centre), read_roster(roster)
