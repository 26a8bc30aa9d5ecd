"""The borders of a request: nobody, nothing needed, clock changes, midnight, the period's end, time that runs out."""

from __future__ import annotations

import copy
from typing import Any

from solver.reading import read_request
from solver.solve import Listener, solve
from solver.verify import judge

Json = dict[str, Any]

BASE: Json = {
    "time_zone": "Europe/Tallinn",
    "planning_period": {"start_date": "2026-03-02", "days": 7},
    "interval_minutes": 30,
    "planning_groups": [{"id": "g", "understaffing_cost_per_hour": 100, "overstaffing_cost_per_hour": 5}],
    "requirements": [{"planning_group_id": "g", "start": "2026-03-02T08:00", "required": [1] * 16}],
    "work_plans": [
        {
            "id": "p",
            "shifts": [
                {
                    "id": "day",
                    "start": {"earliest": "06:00", "latest": "12:00"},
                    "length_minutes": {"min": 240, "max": 480, "increment": 60},
                    "activities": [
                        {
                            "id": "meal",
                            "category": "meal",
                            "minutes": 30,
                            "paid": False,
                            "after_shift_start": {"min": 60},
                            "when_length_minutes": {"min": 300},
                        }
                    ],
                }
            ],
            "rules": [{"kind": "paid_minutes", "per": "week", "max": 2400}, {"kind": "minimum_rest", "minutes": 660}],
        }
    ],
    "agents": [{"id": "A", "name": "Ann", "work_plan_id": "p", "hourly_cost": 20}],
}


def a_request(**changes: Any) -> Json:
    return {**copy.deepcopy(BASE), **changes}


def solved(raw: Json, seconds: float = 30, **how: Any):  # type: ignore[no-untyped-def]
    request = read_request(raw)
    roster = solve(request, seconds=seconds, **how)
    if roster.cost is not None:
        judgement = judge(request, roster)
        assert judgement.violations == ()
        assert judgement.cost == roster.cost
    return roster


def plan_with(**shift: Any) -> list[Json]:
    plan = copy.deepcopy(BASE["work_plans"])
    plan[0]["shifts"][0].update(shift)
    return plan


def test_one_agent_covers_what_it_can_and_that_is_proved() -> None:
    roster = solved(a_request())
    assert roster.verdict == "optimal"
    assert len(roster.schedules[0].shifts) == 1
    # Eight hours of need, seven and a half on queue: half an hour short at 100, and 7.5 paid hours at 20.
    assert roster.cost.total == 50 + 150


def test_nobody_is_a_roster_too() -> None:
    roster = solved(a_request(agents=[]))
    assert roster.verdict == "optimal"
    assert roster.schedules == ()
    assert roster.cost.understaffing == 800


def test_nothing_needed_is_nobody_working() -> None:
    roster = solved(a_request(requirements=[]))
    assert roster.verdict == "optimal"
    assert roster.cost.total == 0


def test_fractions_of_a_head_are_priced() -> None:
    roster = solved(
        a_request(requirements=[{"planning_group_id": "g", "start": "2026-03-02T08:00", "required": [0.25] * 8}])
    )
    # Four hours at 20 and three quarters of a head too many at 5 would cost more than a quarter short at 100 an hour.
    assert roster.verdict == "optimal"
    assert roster.cost.total == min(4 * 20 + 4 * 0.75 * 5, 4 * 0.25 * 100)


def test_an_agent_without_a_possible_shift_is_named_with_the_smallest_conflict() -> None:
    agent = {
        **BASE["agents"][0],
        "availability": [{"days": ["mon"], "from": "08:00", "to": "10:00"}],
    }
    plans = copy.deepcopy(BASE["work_plans"])
    plans[0]["rules"].append({"kind": "days_worked", "per": "week", "min": 1})
    roster = solved(a_request(agents=[agent], work_plans=plans))
    assert roster.verdict == "infeasible"
    assert [message.path for message in roster.messages if message.code == "infeasible_agent"] == ["/agents/0"]
    text = next(message.text for message in roster.messages if message.code == "infeasible_agent")
    assert "Ann" in text
    assert "days_worked" in text
    assert "availability" in text
    assert "minimum_rest" not in text


def test_all_agents_without_a_roster_are_named_at_once() -> None:
    agents = [{**BASE["agents"][0], "id": f"A{n}", "name": f"Agent {n}"} for n in range(4)]
    plans = copy.deepcopy(BASE["work_plans"])
    plans[0]["rules"] = [
        {"kind": "days_worked", "per": "week", "min": 4, "max": 7},
        {"kind": "consecutive_days", "max": 1},
    ]
    for agent in agents[::2]:
        agent["availability"] = [
            {"days": ["mon", "tue", "wed", "thu", "fri", "sat", "sun"], "from": "06:00", "to": "20:00"}
        ]
        agent["time_off"] = [{"start": "2026-03-02T00:00", "end": "2026-03-03T00:00"}]
    roster = solved(a_request(agents=agents, work_plans=plans))
    assert roster.verdict == "infeasible"
    assert [m.path for m in roster.messages if m.code == "infeasible_agent"] == ["/agents/0", "/agents/2"]


def night(day: str, hours: int) -> Json:
    """A night of need from 22:00 that one shift of eight elapsed hours fits."""
    plans = plan_with(
        start={"earliest": "22:00", "latest": "22:00"}, length_minutes={"min": 480, "max": 480}, activities=[]
    )
    return a_request(
        planning_period={"start_date": day, "days": 2},
        requirements=[{"planning_group_id": "g", "start": f"{day}T22:00", "required": [1] * (2 * hours)}],
        work_plans=plans,
    )


def test_a_night_in_spring_ends_an_hour_later_on_the_clock() -> None:
    roster = solved(night("2026-03-28", 8))
    shift = roster.schedules[0].shifts[0]
    assert shift.start.isoformat() == "2026-03-28T22:00:00+02:00"
    assert shift.end.isoformat() == "2026-03-29T07:00:00+03:00"
    assert roster.cost.understaffing == 0
    assert sum(len(series.required) for series in roster.coverage) == 48 + 46


def test_a_night_in_autumn_ends_an_hour_earlier_on_the_clock() -> None:
    roster = solved(night("2026-10-24", 8))
    shift = roster.schedules[0].shifts[0]
    assert shift.end.isoformat() == "2026-10-25T05:00:00+02:00"
    assert shift.paid_minutes == 480
    assert roster.cost.understaffing == 0


def test_what_runs_over_the_period_is_there_and_is_one_too_many() -> None:
    raw = night("2026-03-03", 2)
    raw["planning_period"]["days"] = 1
    roster = solved(raw)
    shift = roster.schedules[0].shifts[0]
    assert shift.end.isoformat() == "2026-03-04T06:00:00+02:00"
    assert roster.cost.overstaffing == 6 * 5


def test_a_seed_gives_the_same_roster_when_it_stops_by_iterations() -> None:
    agents = [{**BASE["agents"][0], "id": f"A{n}", "hourly_cost": 15 + n} for n in range(6)]
    need = [
        {"planning_group_id": "g", "start": f"2026-03-0{d}T08:00", "required": [2, 3, 1, 4] * 4} for d in (2, 3, 4, 5)
    ]
    raw = a_request(agents=agents, requirements=need, options={"seed": 7, "iteration_limit": 300})
    first, second = (solved(raw, seconds=60) for _ in range(2))
    assert first.schedules == second.schedules
    assert first.cost == second.cost


def test_asked_to_stop_the_solver_answers_with_what_it_has() -> None:
    seen: list[float] = []
    roster = solved(
        a_request(agents=[{**BASE["agents"][0], "id": f"A{n}"} for n in range(5)]),
        seconds=600,
        stop=lambda: bool(seen),
        listener=Listener(progress=lambda p: seen.append(p.cost) if p.cost is not None else None),
    )
    assert roster.cost is not None


def test_stopped_before_the_first_roster_it_is_undecided() -> None:
    roster = solved(a_request(), stop=lambda: True)
    assert roster.verdict == "undecided"
    assert roster.schedules == ()
