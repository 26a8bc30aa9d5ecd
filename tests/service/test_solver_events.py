"""Lines of a solver become events; large rosters are packed as they come, to the letter."""

import asyncio
import json

import pytest

from service.jobs import solver_events
from service.jobs.document import LargeRoster, ending_with, kept
from service.jobs.packed import unpacked
from service.jobs.solver_events import events_in

NASTY = 'Zoë "schedules": [\\"}} \n{"event":"final","roster":{'


def a_roster(name="", agents=200, **more):
    schedules = [{"agent_id": f"{NASTY} {number}", "shifts": []} for number in range(agents)]
    head = {"id": None, "status": "completed", "name": name, "cost": {"total": 12.5}, "lower_bound": 3, **more}
    return {**head, "schedules": schedules, "coverage": [], "statistics": {"schedules": 1}}


def a_line(kind="final", roster=None, separators=(",", ":"), key="roster"):
    return json.dumps({"event": kind, key: roster}, separators=separators, ensure_ascii=False).encode() + b"\n"


def events(*pieces, packing=True):
    async def taken():
        said = asyncio.StreamReader()
        for piece in pieces:
            said.feed_data(piece)
        said.feed_eof()
        return [event async for event in events_in(said, packing=packing)]

    return asyncio.run(taken())


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """Sizes at which a few thousand bytes are large, and many pieces."""
    monkeypatch.setattr(solver_events, "LARGE", 2_000)
    monkeypatch.setattr(solver_events, "PIECE", 700)


@pytest.mark.parametrize("piece", [1, 2, 3, 7, 64, 699, 700, 701, 5_000])
def test_a_large_roster_is_kept_as_a_small_one_would_be(monkeypatch, piece):
    monkeypatch.setattr(solver_events, "PIECE", piece)
    roster = a_roster(NASTY, verdict="feasible", gap_percent=76.0)
    [event] = events(a_line(roster=roster))
    assert isinstance(event.body, LargeRoster)
    assert json.loads(unpacked(kept(event.body))) == json.loads(kept(roster))
    ending = ending_with(event.body)
    assert (ending.status, ending.verdict, ending.cost, ending.lower_bound) == ("completed", "feasible", 12.5, 3)


@pytest.mark.parametrize("separators", [(",", ":"), (", ", ": ")])
@pytest.mark.parametrize("key", ["roster", "answer"])
def test_large_and_small_events_follow_each_other(separators, key):
    small, large = {"name": "small", "schedules": []}, a_roster("large")
    lines = [a_line("roster", roster, separators) for roster in (small, large, small, large)]
    lines.insert(1, b"Warning: of no interest\n")
    lines.append(a_line("final", large, separators, key))
    found = events(b"".join(lines))
    assert [event.kind for event in found] == ["roster"] * 4 + ["final"]
    assert [isinstance(event.body, LargeRoster) for event in found] == [False, True, False, True, True]
    assert [json.loads(unpacked(kept(event.body)))["name"] for event in found] == ["small", "large"] * 2 + ["large"]


def test_nothing_is_packed_for_whoever_takes_it_apart():
    [event] = events(a_line(roster=a_roster()), packing=False)
    assert event.body == a_roster()


@pytest.mark.parametrize("cut", [1, 2, 3, 1000])
def test_a_large_roster_that_was_cut_off_is_none(cut):
    line = a_line(roster=a_roster())
    assert events(line[:-cut]) == []


def test_a_large_line_that_ends_otherwise_is_no_event():
    line = a_line(roster=a_roster())
    assert [event.kind for event in events(line[:-2] + b']\n{"event":"failed","error":"no"}\n')] == ["failed"]


@pytest.mark.parametrize(
    "body",
    [
        {"agents": list(range(2_000))},  # no roster
        {"best": {"x": 1, "schedules": list(range(2_000))}},  # a roster within
        {"schedules": list(range(2_000))},  # nothing said before
    ],
)
def test_what_is_large_and_no_roster_with_a_head_is_taken_apart(body):
    [event] = events(a_line(key="answer", roster=body))
    assert event.body == body


def test_a_line_without_an_end_is_not_read_for_ever(monkeypatch):
    monkeypatch.setattr(solver_events, "LONGEST_LINE", 10_000)
    with pytest.raises(ValueError, match=r"more than 10,000 bytes"):
        events(b"x" * 20_000)
