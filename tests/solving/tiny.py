"""Tiny requests drawn by hypothesis: small enough to list every roster, odd enough to find what is wrong."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

Json = dict[str, Any]

STARTS = ("2026-03-02", "2026-03-08", "2026-03-28", "2026-10-24")  # a Monday, a Sunday, before both clock changes
CLOCKS = ("00:00", "01:00", "02:00", "03:00", "06:00", "20:00", "22:00", "23:00")


def _clock(hour: int) -> str:
    return f"{hour:02d}:00"


@st.composite
def activities(draw: st.DrawFn) -> list[Json]:
    """No activity, one or two of an hour each, with windows now and then."""
    found = []
    for number in range(draw(st.sampled_from([0, 1, 1, 2]))):
        activity: Json = {"id": f"a{number}", "category": "break", "minutes": 60, "paid": draw(st.booleans())}
        window = draw(st.sampled_from(["none", "start", "end", "clock", "length"]))
        if window == "start":
            activity["after_shift_start"] = {"min": 60 * draw(st.integers(0, 2))}
        elif window == "end":
            activity["before_shift_end"] = {"min": 60 * draw(st.integers(0, 1)), "max": 120}
        elif window == "clock":
            activity["clock"] = {"earliest": draw(st.sampled_from(("00:00", "07:00", "21:00"))), "latest": "26:00"}
        elif window == "length":
            activity["when_length_minutes"] = {"min": 180}
        found.append(activity)
    return found


@st.composite
def shift_definitions(draw: st.DrawFn, number: int) -> Json:
    """A shift with one or two starts and one or two lengths."""
    earliest = draw(st.sampled_from((0, 1, 6, 8, 20, 22)))
    shortest = draw(st.sampled_from((120, 180)))
    shift: Json = {
        "id": f"s{number}",
        "start": {"earliest": _clock(earliest), "latest": _clock(earliest + draw(st.integers(0, 1)))},
        "length_minutes": {"min": shortest, "max": shortest + 60 * draw(st.integers(0, 1))},
        "activities": draw(activities()),
        "activity_order": draw(st.sampled_from(("listed", "any"))),
    }
    if draw(st.booleans()):
        shift["contiguous_work_minutes"] = {
            "min": 60 * draw(st.integers(0, 1)),
            "max": draw(st.sampled_from((120, 240))),
        }
    if draw(st.booleans()):
        shift["activity_gap_minutes"] = {"max": 60}
    return shift


@st.composite
def rules(draw: st.DrawFn) -> list[Json]:
    """Any of the rules, hard or priced."""
    book: list[Json] = [
        {"kind": "paid_minutes", "per": draw(st.sampled_from(("week", "period"))), "min": 120, "max": 300},
        {"kind": "days_worked", "per": draw(st.sampled_from(("week", "period"))), "max": 1},
        {"kind": "minimum_rest", "minutes": draw(st.sampled_from((600, 1260, 1320)))},
        {"kind": "consecutive_days", "max": 1},
        {"kind": "consecutive_days", "min": 2},
        {"kind": "shift_count", "shift_ids": ["s0"], "per": draw(st.sampled_from(("week", "period"))), "max": 1},
        {
            "kind": "forbidden_successions",
            "successions": [
                {"after": {"shift_ids": ["s0"]}, "forbidden": {"starts": {"earliest": "00:00", "latest": "12:00"}}}
            ],
        },
        {"kind": "consecutive_days_off", "min": 2},
        {"kind": "minimum_shift_notice", "minutes": draw(st.sampled_from((420, 1440, 1860)))},
        {"kind": "weekends_worked", "max": draw(st.integers(0, 1)), "whole": draw(st.booleans())},
        {
            "kind": "overtime",
            "per": draw(st.sampled_from(("day", "week"))),
            "over_minutes": 120,
            "rate_multiplier": 1.5,
        },
    ]
    chosen = draw(st.lists(st.sampled_from(range(len(book))), max_size=3, unique=True))
    found = [book[number] for number in sorted(chosen)]
    for rule in found:
        if rule["kind"] != "overtime" and draw(st.booleans()):
            rule["cost"] = draw(st.sampled_from((1, 7.5)))
    return found


@st.composite
def agents(draw: st.DrawFn, number: int, groups: list[str], day: str) -> Json:
    """An agent with this and that of its own."""
    agent: Json = {"id": f"A{number}", "work_plan_id": "plan", "hourly_cost": draw(st.sampled_from((0, 10, 12.5)))}
    if draw(st.booleans()):
        known = draw(st.lists(st.sampled_from(groups), min_size=1, unique=True))
        agent["skills"] = [
            {"planning_group_id": group, "proficiency": draw(st.sampled_from((1.0, 1.0, 0.5)))} for group in known
        ]
    if draw(st.integers(0, 3)) == 0:
        agent["time_zone"] = draw(st.sampled_from(("UTC", "Europe/Tallinn", "America/New_York")))
    if draw(st.integers(0, 2)) == 0:
        agent["availability"] = [
            {"days": ["mon", "tue", "sat", "sun"], "from": "00:00", "to": draw(st.sampled_from(("12:00", "30:00")))}
        ]
    if draw(st.integers(0, 3)) == 0:
        agent["time_off"] = [{"start": f"{day}T08:00", "end": f"{day}T12:00", "paid_minutes": 120}]
    if draw(st.integers(0, 2)) == 0:
        kind = draw(st.sampled_from(("avoid", "prefer")))
        agent["preferences"] = [
            draw(
                st.sampled_from(
                    (
                        {"start": f"{day}T07:00", "end": f"{day}T10:30", "kind": kind, "cost_per_hour": 4},
                        {"start": f"{day}T00:00", "end": f"{day}T22:00", "kind": kind, "cost": 6},
                        {"start": f"{day}T00:00", "end": f"{day}T22:00", "kind": kind, "cost": 6, "shift_ids": ["s0"]},
                    )
                )
            )
        ]
    if draw(st.integers(0, 4)) == 0:
        agent["work_plan_shift_ids"] = ["s0"]
    if draw(st.integers(0, 2)) == 0:
        hours = draw(st.sampled_from(("06 08", "07 10", "20 23")))
        start, end = (f"{day}T{hour}:00" for hour in hours.split())
        agent["published_shifts"] = [{"start": start, "end": end}]
    if draw(st.integers(0, 2)) == 0:
        agent["history"] = draw(
            st.sampled_from(
                (
                    {"consecutive_days_worked": 1, "days_worked_in_week": 1, "paid_minutes_in_week": 180},
                    {"consecutive_days_off": 1},
                    {"weekends_worked": 1, "paid_minutes_in_period": 60, "days_worked_in_period": 1},
                )
            )
        )
    return agent


@st.composite
def prices(draw: st.DrawFn) -> list[Json]:
    """None mostly; else up to three that hold at some times or beyond some depth, dearer the deeper."""
    found = []
    sides = ((), (("overstaffing", 10),), (("understaffing", 130), ("overstaffing", 9)))
    for side, dear in draw(st.sampled_from(sides)):
        price: Json = {"side": side, "cost_per_hour": dear + draw(st.sampled_from((0, 25.5)))}
        if draw(st.booleans()):
            price["beyond"] = draw(st.sampled_from((0, 0.5, 1)))
        if draw(st.booleans()):
            price["days"] = draw(st.sampled_from((["mon", "sat"], ["sun"], ["fri", "sun", "mon"])))
        if draw(st.booleans()):
            times = ({"to": "08:00"}, {"from": "03:00", "to": "09:00"}, {"from": "22:00", "to": "27:00"})
            price |= draw(st.sampled_from(times))
        found.append(price)
    if found and draw(st.booleans()):
        found.append({"side": found[-1]["side"], "beyond": 1.25, "cost_per_hour": 200})
    return found


@st.composite
def tiny_requests(draw: st.DrawFn) -> Json:
    """A request of one or two agents over one to three days, in hours."""
    day = draw(st.sampled_from(STARTS))
    groups = ["g1", "g2"][: draw(st.sampled_from((1, 1, 2)))]
    number = draw(st.sampled_from((1, 2, 2)))
    days = draw(st.integers(1, 3)) if number == 1 else draw(st.integers(1, 2))
    heads = st.sampled_from((0, 0, 1, 1, 1.5, 2))
    return {
        "time_zone": draw(st.sampled_from(("Europe/Tallinn", "Europe/Tallinn", "UTC"))),
        "planning_period": {"start_date": day, "days": days},
        "as_of": f"{day}T00:00",
        "interval_minutes": 60,
        "week_starts_on": draw(st.sampled_from(("monday", "sunday"))),
        "planning_groups": [
            {
                "id": group,
                "understaffing_cost_per_hour": draw(st.sampled_from((30, 120))),
                "overstaffing_cost_per_hour": draw(st.sampled_from((0, 8))),
                "minimum_staff": draw(st.integers(0, 1)),
                "prices": draw(prices()),
            }
            for group in groups
        ],
        "requirements": [
            {"planning_group_id": group, "start": f"{day}T06:00", "required": draw(st.lists(heads, max_size=8))}
            for group in groups
        ],
        "work_plans": [
            {
                "id": "plan",
                "shifts": [draw(shift_definitions(n)) for n in range(draw(st.integers(1, 2)))],
                "rules": draw(rules()),
            }
        ],
        "agents": [draw(agents(n, groups, day)) for n in range(number)],
        "options": {"time_limit_seconds": 20, "seed": 1, "minimum_stint_minutes": 60},
    }
