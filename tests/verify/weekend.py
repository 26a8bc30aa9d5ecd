"""A weekend on which the clocks go back, with a roster that is allowed."""

from __future__ import annotations

from tests.verify.desk import Json, a_shift

DAY = {
    "id": "day",
    "start": {"earliest": "07:00", "latest": "10:00", "increment_minutes": 60},
    "length_minutes": {"min": 480, "max": 540, "increment": 60},
    "contiguous_work_minutes": {"min": 45, "max": 285},
    "activity_gap_minutes": {"min": 90},
    "activities": [
        {
            "id": "break1",
            "category": "break",
            "minutes": 15,
            "paid": True,
            "after_shift_start": {"min": 60, "max": 180},
        },
        {
            "id": "meal",
            "category": "meal",
            "minutes": 30,
            "paid": False,
            "clock": {"earliest": "11:00", "latest": "14:00"},
        },
        {
            "id": "break2",
            "category": "break",
            "minutes": 15,
            "paid": True,
            "before_shift_end": {"min": 60},
            "when_length_minutes": {"min": 540},
        },
    ],
}
EARLY = {
    "id": "early",
    "days": ["sat", "sun", "tue"],
    "start": {"earliest": "03:00", "latest": "05:00", "increment_minutes": 30},
    "stop": {"earliest": "06:30", "latest": "09:30"},
    "length_minutes": {"min": 240, "max": 300, "increment": 60},
}
NIGHT = {
    "id": "night",
    "days": ["sat", "sun", "mon"],
    "start": {"earliest": "22:00", "latest": "23:00", "increment_minutes": 30},
    "length_minutes": {"min": 480, "max": 540, "increment": 60},
    "activity_order": "any",
    "activities": [
        {"id": "nap", "category": "meal", "minutes": 30, "paid": False, "after_shift_start": {"min": 120, "max": 360}},
        {
            "id": "coaching",
            "category": "training",
            "minutes": 30,
            "paid": True,
            "clock": {"earliest": "25:00", "latest": "30:00"},
        },
    ],
}
RULES = [
    {"kind": "minimum_rest", "minutes": 660},
    {"kind": "consecutive_days", "max": 3},
    {"kind": "consecutive_days_off", "min": 2},
    {"kind": "days_worked", "per": "period", "min": 1, "max": 3},
    {"kind": "paid_minutes", "per": "period", "max": 1830},
    {"kind": "weekends_worked", "whole": True},
    {"kind": "overtime", "per": "day", "over_minutes": 480, "rate_multiplier": 1.5},
]


def a_request() -> Json:
    """Saturday 24 to Tuesday 27 October 2026; on Sunday it is 03:00 to 04:00 twice."""
    return {
        "time_zone": "Europe/Tallinn",
        "planning_period": {"start_date": "2026-10-24", "days": 4},
        "planning_groups": [
            {"id": "voice", "understaffing_cost_per_hour": 100, "overstaffing_cost_per_hour": 10},
            {"id": "chat", "understaffing_cost_per_hour": 60, "overstaffing_cost_per_hour": 6},
        ],
        "requirements": [{"planning_group_id": "voice", "start": "2026-10-24T08:00", "required": [1] * 36}],
        "work_plans": [
            {"id": "full", "shifts": [DAY, EARLY, NIGHT], "rules": RULES},
            {"id": "free", "shifts": [DAY]},
        ],
        "agents": [
            {
                "id": "ann",
                "name": "Ann",
                "work_plan_id": "full",
                "hourly_cost": 20,
                "skills": [{"planning_group_id": "voice"}, {"planning_group_id": "chat", "proficiency": 0.8}],
                "time_off": [{"start": "2026-10-27T00:00", "end": "2026-10-28T00:00", "paid_minutes": 420}],
            },
            {
                "id": "bob",
                "work_plan_id": "full",
                "hourly_cost": 24,
                "skills": [{"planning_group_id": "voice"}],
                "history": {"consecutive_days_worked": 1},
            },
            {
                "id": "cid",
                "work_plan_id": "full",
                "time_zone": "Europe/London",
                "skills": [{"planning_group_id": "chat"}],
                "availability": [{"days": ["mon", "tue"], "from": "08:00", "to": "17:00"}],
                "time_off": [{"start": "2026-10-27T00:00", "end": "2026-10-28T00:00"}],
            },
            {
                "id": "dee",
                "work_plan_id": "free",
                "pinned_shifts": [
                    {
                        "start": "2026-10-26T12:00",
                        "end": "2026-10-26T18:00",
                        "activities": [
                            {
                                "category": "on_queue",
                                "planning_group_id": "voice",
                                "start": "2026-10-26T12:00",
                                "end": "2026-10-26T13:00",
                            },
                            {
                                "category": "meeting",
                                "id": "meeting",
                                "paid": False,
                                "start": "2026-10-26T13:00",
                                "end": "2026-10-26T14:00",
                            },
                        ],
                    }
                ],
            },
            {"id": "eve", "work_plan_id": "full", "work_plan_shift_ids": ["day", "early"]},
        ],
    }


EIGHT = "voice 120, break1 15, voice 105, meal 30, chat 120, voice 90"


def a_roster() -> Json:
    """Everybody where they may be; hours are local, the night and the early shift go over the change of clocks."""
    return {
        "schedules": [
            {
                "agent_id": "ann",
                "paid_minutes": 1830,
                "shifts": [
                    a_shift(
                        "2026-10-24T08:00+03:00",
                        "voice 120, break1 15, voice 105, meal 30, chat 150, break2 15, voice 105",
                    ),
                    a_shift("2026-10-25T08:00+02:00", EIGHT),
                    a_shift("2026-10-26T08:00+02:00", EIGHT),
                ],
            },
            {
                "agent_id": "bob",
                "paid_minutes": 900,
                "shifts": [
                    a_shift(
                        "2026-10-24T22:00+03:00",
                        "voice 180, nap 30, voice 120, coaching 30, voice 120",
                        definition="night",
                    ),
                    a_shift(
                        "2026-10-25T22:00+02:00",
                        "voice 180, coaching 30, voice 120, nap 30, voice 120",
                        definition="night",
                    ),
                ],
            },
            {
                "agent_id": "cid",
                "paid_minutes": 450,
                "shifts": [
                    a_shift(
                        "2026-10-26T09:00+00:00",
                        "chat 120, break1 15, chat 105, meal 30, chat 210",
                        zone="Europe/London",
                    )
                ],
            },
            {
                "agent_id": "dee",
                "paid_minutes": 300,
                "shifts": [
                    a_shift(
                        "2026-10-26T12:00+02:00",
                        "voice 60, meeting 60, chat 120, voice 120",
                        definition=None,
                        pinned=True,
                    )
                ],
            },
            {
                "agent_id": "eve",
                "paid_minutes": 480,
                "shifts": [
                    a_shift("2026-10-24T05:00+03:00", "voice 240", definition="early"),
                    a_shift("2026-10-25T03:30+03:00", "chat 240", definition="early"),
                ],
            },
        ]
    }
