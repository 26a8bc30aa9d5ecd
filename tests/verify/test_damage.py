"""A roster that is allowed, damaged in one way at a time: the judge names each damage, and nothing else."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
from pydantic import ValidationError

import solver.verify
from tests.verify.desk import a_shift, judged
from tests.verify.weekend import EIGHT, RULES, a_request, a_roster

LONDON = "Europe/London"
ANN, BOB, CID, DEE, EVE = range(5)
SUNDAY = "2026-10-25T{}+02:00"


def codes(roster, request=None):
    return sorted({violation.code for violation in judged(request or a_request(), roster).violations})


def test_the_roster_is_allowed():
    assert judged(a_request(), a_roster()).violations == ()


def test_activities_of_any_order_may_change_places():
    roster = a_roster()
    replace(
        BOB,
        0,
        a_shift("2026-10-24T22:00+03:00", "voice 240, coaching 30, voice 60, nap 30, voice 120", definition="night"),
    )(roster)
    assert codes(roster) == []


def test_a_time_without_an_offset_is_no_time():
    roster = a_roster()
    roster["schedules"][ANN]["shifts"][0]["start"] = "2026-10-24T08:00"
    with pytest.raises(ValidationError, match="carries its offset"):
        judged(a_request(), roster)


# Each damage is a function that changes the roster.


def replace(agent, number, shift):
    """Another shift; what it pays changes with it, so the schedule no longer tells."""

    def damage(roster):
        schedule = roster["schedules"][agent]
        schedule["paid_minutes"] = None
        schedule["shifts"][number : number + 1] = [shift] if shift else []

    return damage


def add(agent, shift):
    return replace(agent, 99, shift)


def drop(agent, number):
    return replace(agent, number, None)


def sunday(parts, clock="08:00"):
    """Ann's Sunday, planned otherwise."""
    return replace(ANN, 1, a_shift(SUNDAY.format(clock), parts))


def shift_field(agent, number, **fields):
    def damage(roster):
        roster["schedules"][agent]["shifts"][number].update(fields)

    return damage


def part(agent, shift, number, **fields):
    """One activity changed; paid minutes no longer told."""

    def damage(roster):
        schedule = roster["schedules"][agent]
        schedule["paid_minutes"] = schedule["shifts"][shift]["paid_minutes"] = None
        schedule["shifts"][shift]["activities"][number].update(fields)

    return damage


def both(*damages):
    def damage(roster):
        for one in damages:
            one(roster)

    return damage


def remove_part(agent, shift, number):
    def damage(roster):
        del roster["schedules"][agent]["shifts"][shift]["activities"][number]

    return damage


def add_schedule(agent_id):
    def damage(roster):
        roster["schedules"].append({"agent_id": agent_id, "shifts": []})

    return damage


def leave_out(agent):
    def damage(roster):
        del roster["schedules"][agent]

    return damage


def paid(agent, minutes):
    def damage(roster):
        roster["schedules"][agent]["paid_minutes"] = minutes

    return damage


def insert_part(agent, shift, number, **fields):
    def damage(roster):
        roster["schedules"][agent]["shifts"][shift]["activities"].insert(number, fields)

    return damage


def early(start, minutes=240):
    return a_shift(start, f"voice {minutes}", definition="early")


def night(start):
    return a_shift(start, "voice 180, nap 30, voice 120, coaching 30, voice 120", definition="night")


def pinned(parts, start="2026-10-26T12:00+02:00", definition=None):
    return replace(DEE, 0, a_shift(start, parts, definition=definition, pinned=True))


AS_PINNED = "voice 60, meeting 60, chat 120, voice 120"
NINE = "voice 120, break1 15, voice 105, meal 30, voice {}, break2 15, voice {}"

DAMAGES = {
    # people
    "an agent nobody knows": ("unknown_agent", add_schedule("zoe")),
    "an agent with two schedules": ("agent_twice", add_schedule("ann")),
    "a shift that pays a minute more": ("wrong_paid_minutes", shift_field(ANN, 0, paid_minutes=511)),
    "a schedule that forgets paid time off": ("wrong_paid_minutes", paid(ANN, 1410)),
    "a clock change paid as an hour": ("wrong_paid_minutes", shift_field(EVE, 1, paid_minutes=180)),
    # rules
    "another shift after too little rest": (
        "minimum_rest",
        replace(EVE, 0, a_shift("2026-10-24T09:00+03:00", NINE.format(150, 105))),
    ),
    "a third night after a day before the period": ("consecutive_days", add(BOB, night("2026-10-26T22:00+02:00"))),
    "a single day off": ("consecutive_days_off", add(EVE, early("2026-10-27T05:00+02:00"))),
    "an agent without work": ("days_worked", drop(CID, 0)),
    "an agent left out of the roster": ("days_worked", leave_out(CID)),
    "an hour more than may be paid": ("paid_minutes", sunday(NINE.format(150, 105))),
    "half a weekend": ("weekends_worked", drop(EVE, 1)),
    # presence
    "an end after the available hours": (
        "availability",
        replace(
            CID, 0, a_shift("2026-10-26T10:00+00:00", "chat 120, break1 15, chat 105, meal 30, chat 210", zone=LONDON)
        ),
    ),
    "a shift in time off": (
        "time_off",
        add(CID, a_shift("2026-10-27T09:00+00:00", "chat 120, break1 15, chat 105, meal 30, chat 210", zone=LONDON)),
    ),
    # pins
    "a pinned shift left out": ("pin_missing", drop(DEE, 0)),
    "everything of an agent with a pin left out": ("pin_missing", leave_out(DEE)),
    "a pinned shift an hour later": ("pin_moved", pinned(AS_PINNED, "2026-10-26T13:00+02:00")),
    "a pinned shift made longer": ("pin_moved", pinned(AS_PINNED + ", chat 60")),
    "a pinned meeting moved": ("pin_changed", pinned("voice 75, meeting 60, chat 105, voice 120")),
    "a pinned meeting left out": ("pin_changed", pinned("voice 180, chat 60, voice 120")),
    "a pinned meeting that is paid": ("pin_changed", part(DEE, 0, 1, paid=True)),
    "a break in a pinned shift": ("pin_changed", pinned("voice 60, meeting 60, chat 120, break1 15, voice 105")),
    "another planning group than pinned": ("pin_changed", pinned("chat 60, meeting 60, chat 120, voice 120")),
    "half the time on another group than pinned": (
        "pin_changed",
        pinned("voice 30, chat 30, meeting 60, chat 120, voice 120"),
    ),
    "a pinned shift of another kind": ("pin_changed", pinned(AS_PINNED, definition="day")),
    "a pinned shift not marked": ("pin_unmarked", shift_field(DEE, 0, pinned=False)),
    "a mark without a pin": ("not_pinned", shift_field(ANN, 1, pinned=True)),
    # calendar
    "a shift after the period": ("outside_period", add(EVE, early("2026-10-28T05:00+02:00"))),
    "a shift at the midnight that ends the period": (
        "outside_period",
        add(EVE, early("2026-10-28T00:00+02:00")),
    ),
    "a shift before the period": ("outside_period", add(EVE, early("2026-10-23T05:00+03:00"))),
    "the date of the day before": ("wrong_date", shift_field(ANN, 1, date="2026-10-24")),
    "the date on which a night ends": ("wrong_date", shift_field(BOB, 0, date="2026-10-25")),
    "two shifts on a day": ({"shift_not_allowed", "two_shifts_a_day"}, add(EVE, night("2026-10-25T22:00+02:00"))),
    "a shift before the one before ends": (
        {"shifts_overlap", "minimum_rest"},
        replace(BOB, 1, early("2026-10-25T03:30+03:00")),
    ),
    "the same shift twice": (
        {"shifts_overlap", "two_shifts_a_day"},
        add(EVE, early("2026-10-25T03:30+03:00")),
    ),
    "a shift without length": (
        "empty_shift",
        add(
            BOB,
            {
                "date": "2026-10-26",
                "start": "2026-10-26T22:00+02:00",
                "end": "2026-10-26T22:00+02:00",
                "work_plan_shift_id": "night",
            },
        ),
    ),
    "the offset of the day before": (
        "wrong_offset",
        shift_field(ANN, 1, start="2026-10-25T09:00+03:00"),
    ),
    "the offset of the planning zone for an agent elsewhere": (
        "wrong_offset",
        shift_field(CID, 0, end="2026-10-26T19:00+02:00"),
    ),
    "the offset of summer for one activity": ("wrong_offset", part(BOB, 0, 4, end="2026-10-25T06:00+03:00")),
    # whole shifts
    "a change of groups between two intervals": (
        "off_grid",
        sunday("voice 120, break1 15, voice 105, meal 30, chat 115, voice 95"),
    ),
    "a change of groups at half a minute": (
        "off_grid",
        both(part(ANN, 1, 4, end="2026-10-25T14:30:30+02:00"), part(ANN, 1, 5, start="2026-10-25T14:30:30+02:00")),
    ),
    "no activities": ("hole", shift_field(EVE, 0, activities=[])),
    "nothing planned for a while": ("hole", remove_part(ANN, 0, 2)),
    "nothing planned at first": ("hole", remove_part(ANN, 0, 0)),
    "nothing planned at last": ("hole", remove_part(DEE, 0, 3)),
    "two activities at once": ("activities_overlap", part(ANN, 1, 4, end="2026-10-25T14:45+02:00")),
    "an activity beyond the shift's end": ("outside_shift", part(ANN, 1, 5, end="2026-10-25T16:15+02:00")),
    "an activity without length": (
        "empty_activity",
        insert_part(
            ANN,
            1,
            5,
            category="on_queue",
            planning_group_id="chat",
            start="2026-10-25T14:30+02:00",
            end="2026-10-25T14:30+02:00",
        ),
    ),
    "time off within a shift": (
        {"wrong_category", "activity_not_due"},
        part(EVE, 0, 0, category="time_off", planning_group_id=None),
    ),
    # on queue
    "a planning group at lunch": ("group_off_queue", part(ANN, 1, 3, planning_group_id="voice")),
    "unpaid work": ("unpaid_queue", part(ANN, 1, 0, paid=False)),
    "work for no planning group": ("no_group", part(EVE, 0, 0, planning_group_id=None)),
    "work for a planning group that is not": ("unknown_group", part(EVE, 0, 0, planning_group_id="mail")),
    "work that the agent cannot do": ("unskilled", part(CID, 0, 0, planning_group_id="voice")),
    "a quarter of an hour on a group": (
        "short_stint",
        sunday("voice 120, break1 15, voice 105, meal 30, voice 90, chat 15, voice 105"),
    ),
    "a quarter of an hour before a break": (
        "short_stint",
        sunday("voice 105, chat 15, break1 15, voice 105, meal 30, voice 210"),
    ),
    "a quarter of an hour in a pinned shift": ("short_stint", pinned("voice 60, meeting 60, chat 15, voice 225")),
    # the definition
    "a shift that the work plan does not have": ("unknown_shift", shift_field(EVE, 0, work_plan_shift_id="late")),
    "a shift of no kind": ("unknown_shift", shift_field(EVE, 0, work_plan_shift_id=None)),
    "a shift of another work plan": (
        "unknown_shift",
        both(
            drop(DEE, 0), add(DEE, early("2026-10-27T05:00+02:00")), add(DEE, a_roster()["schedules"][DEE]["shifts"][0])
        ),
    ),
    "a shift that is none of the agent's own": (
        "shift_not_allowed",
        replace(EVE, 1, night("2026-10-25T22:00+02:00")),
    ),
    "an early shift on a Monday": ("wrong_weekday", add(EVE, early("2026-10-26T05:00+02:00"))),
    "a start too early": ("wrong_start", sunday("voice 120, break1 15, voice 165, meal 30, voice 150", "06:00")),
    "a start too late": ("wrong_start", sunday("voice 60, break1 15, voice 105, meal 30, voice 270", "10:15")),
    "a start between two starts": ("wrong_start", sunday(EIGHT, "08:30")),
    "the second half past three": ("wrong_start", replace(EVE, 1, early("2026-10-25T03:30+02:00"))),
    "a stop too late": ("wrong_stop", replace(EVE, 0, early("2026-10-24T05:00+03:00", 300))),
    "a stop too early by the hour that comes twice": ("wrong_stop", replace(EVE, 1, early("2026-10-25T03:00+03:00"))),
    "a length between two lengths": ("wrong_length", replace(EVE, 0, early("2026-10-24T05:00+03:00", 270))),
    "a shift too long": ("wrong_length", replace(EVE, 0, early("2026-10-24T03:00+03:00", 360))),
    "a shift of three days": (
        {"wrong_length", "weekends_worked"},
        replace(EVE, 1, early("2026-10-25T03:30+03:00", 3000)),
    ),
    # activities
    "no break": ("activity_missing", sunday("voice 240, meal 30, voice 210")),
    "no second break in a long shift": (
        "activity_missing",
        replace(ANN, 0, a_shift("2026-10-24T08:00+03:00", "voice 180, break1 15, voice 105, meal 30, voice 210")),
    ),
    "a break twice": (
        "activity_twice",
        sunday("voice 60, break1 15, voice 90, break1 15, voice 90, meal 30, voice 180"),
    ),
    "a second break in a short shift": (
        "activity_not_due",
        sunday("voice 120, break1 15, voice 105, meal 30, voice 90, break2 15, voice 105"),
    ),
    "a break of no name": ({"activity_not_due", "activity_missing"}, part(ANN, 1, 1, id=None)),
    "lunch before the first break": (
        "wrong_order",
        sunday("voice 60, meal 30, voice 90, break1 15, voice 285", "10:00"),
    ),
    "a break of half an hour": ("activity_length", sunday("voice 120, break1 30, voice 90, meal 30, voice 210")),
    "a meeting instead of a break": ("activity_category", part(ANN, 1, 1, category="meeting")),
    "an unpaid break": ("activity_paid", part(ANN, 1, 1, paid=False)),
    "a break too early": ("after_shift_start", sunday("voice 45, break1 15, voice 180, meal 30, voice 210")),
    "a break too late": ("after_shift_start", sunday("voice 195, break1 15, voice 90, meal 30, voice 150")),
    "a nap too late by elapsed time": (
        "after_shift_start",
        replace(
            BOB,
            0,
            a_shift(
                "2026-10-24T22:00+03:00", "voice 240, coaching 30, voice 105, nap 30, voice 75", definition="night"
            ),
        ),
    ),
    "a break too close to the end": (
        "before_shift_end",
        replace(ANN, 0, a_shift("2026-10-24T08:00+03:00", NINE.format(210, 45))),
    ),
    "lunch too late": ("activity_clock", sunday("voice 135, break1 15, voice 225, meal 30, voice 75")),
    "coaching before one at night": (
        "activity_clock",
        replace(
            BOB,
            0,
            a_shift("2026-10-24T22:00+03:00", "voice 90, coaching 30, voice 90, nap 30, voice 240", definition="night"),
        ),
    ),
    "work without a pause for too long": (
        "contiguous_work",
        sunday("voice 60, break1 15, voice 315, meal 30, voice 60", "07:00"),
    ),
    "activities too close together": ("activity_gap", sunday("voice 120, break1 15, voice 75, meal 30, voice 240")),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_each_damage_is_named(name):
    expected, damage = DAMAGES[name]
    roster = a_roster()
    damage(roster)
    assert roster != a_roster()
    assert codes(roster) == sorted({expected} if isinstance(expected, str) else expected)


def test_every_violation_that_the_judge_knows_has_its_damage():
    source = "".join(path.read_text(encoding="utf-8") for path in Path(solver.verify.__file__).parent.glob("*.py"))
    known = set(re.findall(r'(?:Fault|note)\(\s*"([a-z_]+)"', source))
    hard = {rule["kind"] for rule in RULES if rule["kind"] != "overtime"}
    expected = {code for codes, _ in DAMAGES.values() for code in ([codes] if isinstance(codes, str) else codes)}
    assert len(known) > 30
    assert known | hard == expected


@pytest.mark.parametrize("name", DAMAGES)
def test_each_damage_is_told_in_a_sentence_with_its_place(name):
    roster = a_roster()
    DAMAGES[name][1](roster)
    for violation in judged(a_request(), roster).violations:
        assert violation.text[0].isupper() or violation.text.split()[0].strip(",") in {"bob", "cid", "dee", "eve"}
        assert violation.text.endswith(".")
        if violation.path:
            assert leads_somewhere(violation.path, roster), violation.path


@pytest.mark.parametrize(("one", "other"), list(pairwise(DAMAGES)))
def test_two_damages_are_not_taken_for_a_good_roster(one, other):
    roster = a_roster()
    try:
        both(DAMAGES[one][1], DAMAGES[other][1])(roster)
    except (IndexError, KeyError):
        pytest.skip("the first took away what the second changes")
    assert codes(roster)


def leads_somewhere(path, document):
    for step in path.split("/")[1:]:
        if isinstance(document, list):
            if int(step) >= len(document):
                return False
            document = document[int(step)]
        elif step in document:
            document = document[step]
        else:
            return False
    return True
