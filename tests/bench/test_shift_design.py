"""Shift design on a week made up here, and its rules: kinds of shifts, and a week that repeats."""

from __future__ import annotations

import copy

from bench.family import Json
from bench.shift_design import Design, Template
from schemas.roster import Roster
from solver.reading import read_request, read_roster
from solver.solve import solve
from solver.verify import judge

NIGHT = Template("N", (1320, 1380), (480, 540))
"""22:00 or 23:00, for eight or nine hours: past the last midnight too."""

TEXT = """#MinuteInterval:
60
#DaysPerCycle:
7
#FlagCyclical: yes or no
yes
#Requirements:
{required}
#Shift templates
#Abbr, Full name, Start, + Minutes,  -Minutes, Length, +Minutes, -Minutes, available days
N Nachtschicht 22:0 60 0 480 60 0 *
#UnderCover:
1
#Overcover:
1
#Shifts:
60
"""


def week() -> Design:
    """Two people from 22:00 to 06:00 each night, Sunday's ending on the first morning."""
    return Design.read("made-up", TEXT.format(required=" ".join(["2"] * 6 + ["0"] * 16 + ["2"] * 2 + [""]) * 7))


def solved(request: Json) -> Roster:
    return solve(read_request(request), seconds=30)


def test_file_is_read() -> None:
    assert week().templates == (NIGHT,)


def test_one_kind_covers_the_week_and_is_proved() -> None:
    roster = solved(week().request())
    score = week().score(roster.model_dump(mode="json"))
    assert roster.cost is not None
    assert (roster.verdict, roster.cost.total, roster.lower_bound) == ("optimal", 60, 60)
    assert (score.value, score.faults, score.figures["kinds"], score.figures["shifts"]) == (60, (), 1, 14)


def test_nobody_works_two_shifts_at_once() -> None:
    """A long night ends after the early shift begins, so that it takes other people."""
    request = week().request()
    early = {"id": "F", "start": {"earliest": "05:00", "latest": "05:00"}, "length_minutes": {"min": 480, "max": 480}}
    request["work_plans"][0]["shifts"].append(early)
    request["requirements"][0]["required"] = ([2] * 5 + [4] + [2] * 7 + [0] * 9 + [2] * 2) * 7
    roster = solved(request)
    assert roster.cost is not None
    assert (roster.verdict, roster.cost.total, roster.violations) == ("optimal", 120, ())


def test_without_the_cycle_the_first_morning_is_short() -> None:
    """Six hours of two people are short at the beginning, and as many are over after the end if they come."""
    request = week().request()
    del request["planning_period"]["cyclic"]
    # The last night covers 2 h for two people and is 6 h over: it is better left out, 2 x 2 h short instead.
    assert (cost := solved(request).cost) is not None
    assert cost.total == 60 + 60 * (2 * 6 + 2 * 2)


def test_kinds_beyond_a_hard_most_are_a_violation() -> None:
    request = week().request()
    roster = read_roster({"schedules": solved(request).model_dump(mode="json")["schedules"]})
    strict = copy.deepcopy(request) | {"roster_rules": [{"kind": "shift_kinds", "max": 0}]}
    faults = judge(read_request(strict), roster).violations
    assert [(fault.code, fault.path) for fault in faults] == [("shift_kinds", "/roster_rules/0")]


def test_named_agents_are_searched_and_their_kinds_priced() -> None:
    """Two people of unequal pay, one of whom must start an hour later: a second kind costs less than an hour short."""
    request = week().request()
    del request["planning_period"]["cyclic"]
    request["planning_period"]["days"] = 1
    request["requirements"][0]["required"] = [0] * 22 + [1, 2]
    request["planning_groups"][0]["overstaffing_cost_per_hour"] = 0
    request["agents"] = [
        {"id": "Ann", "work_plan_id": "any", "hourly_cost": 1},
        {
            "id": "Bo",
            "work_plan_id": "any",
            "hourly_cost": 2,
            "availability": [{"days": ["mon"], "from": "23:00", "to": "32:00"}],
        },
    ]
    request["roster_rules"] = [{"kind": "shift_kinds", "max": 1, "cost": 20}]
    request["options"] = {"iteration_limit": 2000}
    roster = solved(request)
    assert roster.cost is not None
    # Ann from 22:00 and Bo from 23:00, eight hours each at 1 and 2, and one kind too many.
    assert roster.cost.total == 8 + 16 + 20
    assert roster.lower_bound is None or roster.lower_bound <= roster.cost.total
