"""Rosters that nobody would write: the judge finds fault with them and does not break."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from schemas.request import RosterRequest
from schemas.roster import Roster
from solver.verify import judge
from tests.verify.weekend import a_request, a_roster

REQUEST = RosterRequest.model_validate(a_request())
STRANGE = [
    None,
    "",
    "x",
    0,
    -1,
    10**9,
    True,
    False,
    [],
    "0001-01-01T00:00:00+14:00",
    "0001-01-01T00:00:00-12:00",
    "9999-12-31T23:59:59-12:00",
    "9999-12-31T23:59:59+14:00",
    "2026-10-25T03:30:00+02:00",
    "2026-10-25T03:30:00+02:15:30",
    "0001-01-01",
    "9999-12-31",
    "off_queue",
    "unavailable",
    "voice",
    "chat",
]


def places(document, path=()):
    """The path of everything in the document."""
    items = document.items() if isinstance(document, dict) else enumerate(document)
    for key, value in items:
        yield (*path, key)
        if isinstance(value, dict | list):
            yield from places(value, (*path, key))


PLACES = list(places(a_roster()))
TIMES = [path for path in PLACES if path[-1] in {"start", "end"}]


def put(document, path, value):
    for step in path[:-1]:
        document = document[step]
    document[path[-1]] = value


def value_at(document, path):
    for step in path:
        document = document[step]
    return document


def violations(roster):
    return judge(REQUEST, Roster.model_validate(roster)).violations


@pytest.mark.parametrize("minutes", [-1440, -60, -15, -5, -1, 1, 5, 15, 60, 1440])
def test_no_time_can_be_moved_by_itself(minutes):
    for path in TIMES:
        roster = a_roster()
        moment = datetime.fromisoformat(value_at(roster, path)) + timedelta(minutes=minutes)
        put(roster, path, moment.isoformat())
        assert violations(roster), path


@pytest.mark.parametrize("hours", [-2, -1, 1, 2])
def test_no_offset_can_be_another(hours):
    for path in TIMES:
        roster = a_roster()
        moment = datetime.fromisoformat(value_at(roster, path))
        elsewhere = moment.utcoffset() + timedelta(hours=hours)
        put(roster, path, moment.isoformat()[:-6] + f"+{elsewhere.seconds // 3600:02d}:00")
        assert violations(roster), path


def test_nothing_can_be_left_out_that_is_not_optional():
    optional = {"paid_minutes", "pinned", "paid", "id", "planning_group_id", "work_plan_shift_id"}
    for path in PLACES:
        roster = a_roster()
        parent = value_at(roster, path[:-1])
        del parent[path[-1]]
        try:
            found = violations(roster)
        except ValidationError:
            continue  # it is no roster then
        assert found or path[-1] in optional, path


@given(st.lists(st.tuples(st.sampled_from(PLACES), st.sampled_from(STRANGE)), min_size=1, max_size=4))
@settings(max_examples=400, deadline=2000)
def test_whatever_is_a_roster_is_judged(changes):
    roster = a_roster()
    for path, value in changes:
        try:
            put(roster, path, value)
        except (KeyError, IndexError, TypeError):
            continue  # an earlier change took the place away
    try:
        judgement = judge(REQUEST, Roster.model_validate(roster))
    except ValidationError:
        return
    assert judgement.total_ticks >= 0 or judgement.violations
    assert all(violation.text for violation in judgement.violations)


@pytest.mark.parametrize("year", ["0001", "9999"])
@pytest.mark.parametrize("offset", ["-12:00", "+00:00", "+14:00"])
def test_a_time_at_the_end_of_the_world_is_only_wrong(year, offset):
    for path in TIMES:
        roster = a_roster()
        put(roster, path, f"{year}-{'01-01T00:00' if year == '0001' else '12-31T23:59'}:00{offset}")
        assert violations(roster), path
