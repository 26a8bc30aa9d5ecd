"""The call centre's week on a file made up here: read, solved down to the tours, scored by the family's own rules."""

from __future__ import annotations

import copy

import pytest

from bench.family import Json
from bench.multiskill_shift_design import Break, Centre, Template
from schemas.roster import Roster
from solver.reading import read_request
from solver.solve import solve

HEAD = """Granularity: 60
Days: 7
Skills: 2
Duties Per Week (per Skill): (2,7) (2,7)
Average Number Of Hours Per Week (per Skill): 30 30
NumberOfShiftTemplates: 2

D Day 08:00 10:00 * 360 420 30 Break 60 * * 120 120 *
N Night 22:00 24:00 * 240 300 60 NoBreak *

Requirements: Compact
"""


def need(hour: int) -> str:
    """One of each skill from 8:00 to 14:00 but for the break at 11:00, one of the first from 24:00 to 04:00."""
    return "1/1" if hour in (8, 9, 10, 12, 13) else "1/0" if hour < 4 else "0/0"


def centre() -> Centre:
    rows = [f"{hour:02d}:00 / {hour + 1:02d}:00 " + " ".join([need(hour)] * 7) for hour in range(24)]
    return Centre.read("made-up", HEAD + "\n".join(rows))


@pytest.fixture(scope="module")
def roster() -> Json:
    solved: Roster = solve(read_request(centre().request()), seconds=60)
    return solved.model_dump(mode="json")


def test_file_is_read() -> None:
    made = centre()
    assert made.templates == (
        Template("D", (480, 600), None, (360, 420), Break(60, None, None, 120, 120)),
        Template("N", (1320, 1440), None, (240, 300), None),
    )
    assert (made.duties, made.hours, made.step) == (((2, 7), (2, 7)), (30, 30), 60)


def test_week_is_designed_and_staffed_with_the_fewest_agents(roster: Json) -> None:
    """Seven day shifts of each skill and seven nights: two agents for the second skill, three for fourteen duties."""
    score = centre().score(roster)
    assert (score.value, score.faults) == (120, ())
    figures = score.figures
    assert (figures["short_minutes"], figures["over_minutes"], figures["kinds"]) == (0, 0, 2)
    assert figures["agents"] == [3, 2]
    assert centre().bound(roster["lower_bound"]) == 120


def damaged(roster: Json, **shift: str) -> Json:
    """The roster with other times of the first shift that is worked."""
    copied = copy.deepcopy(roster)
    next(s for schedule in copied["schedules"] for s in schedule["shifts"]).update(shift)
    return copied


def test_shift_of_no_template_is_a_fault(roster: Json) -> None:
    shift = next(s for schedule in roster["schedules"] for s in schedule["shifts"])
    faults = centre().score(damaged(roster, end=shift["end"].replace(":00:00", ":30:00"))).faults
    assert any(fault.startswith("No template") for fault in faults)


def test_tour_without_two_days_off_is_a_fault(roster: Json) -> None:
    copied = copy.deepcopy(roster)
    ids = [s["agent_id"] for s in copied["schedules"] if s["agent_id"].startswith("agent-skill-2") and s["shifts"]]
    first, second = (next(s for s in copied["schedules"] if s["agent_id"] == name) for name in ids)
    first["shifts"], second["shifts"] = first["shifts"] + second["shifts"], []
    assert any("no two days off" in fault for fault in centre().score(copied).faults)
