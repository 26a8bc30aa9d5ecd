import pytest

from solver.rules import MinimumShiftNotice
from tests.rules.contract import assert_faces_agree, sentences

TOLD = {
    "as_of": "2026-03-01T12:00",
    "published_shifts": [
        {"start": "2026-03-02T09:00", "end": "2026-03-02T17:00"},
        {"start": "2026-03-04T22:00", "end": "2026-03-05T06:00"},
    ],
}
TWO_DAYS = MinimumShiftNotice(minutes=2 * 1440)


def test_what_was_published_stays():
    assert sentences(TWO_DAYS, {0: "09-17"}, **TOLD) == []


@pytest.mark.parametrize(
    ("works", "told"),
    [
        ({}, "Ann loses a published shift on 2026-03-02, with less than 2880 minutes of notice."),
        ({0: "10-18"}, "Ann has a published shift moved on 2026-03-02, with less than 2880 minutes of notice."),
        ({0: "09-18"}, "Ann has a published shift moved on 2026-03-02, with less than 2880 minutes of notice."),
        ({0: "09-17", 1: "11-19"}, "Ann has a new shift on 2026-03-03, with less than 2880 minutes of notice."),
    ],
)
def test_changes_within_the_notice_are_told(works, told):
    assert sentences(TWO_DAYS, works, **TOLD) == [told]


def test_the_notice_ends_at_a_minute():
    assert sentences(TWO_DAYS, {0: "09-17", 1: "12-20"}, **TOLD) == []
    assert len(sentences(MinimumShiftNotice(minutes=2881), {0: "09-17", 1: "12-20"}, **TOLD)) == 1


def test_after_the_notice_all_may_change():
    assert sentences(TWO_DAYS, {0: "09-17", 3: "09-17", 4: "22-06"}, **TOLD) == []


def test_a_published_shift_moved_out_of_the_notice_is_a_change_too():
    assert len(sentences(MinimumShiftNotice(minutes=1300), {0: "10-18"}, **TOLD)) == 1
    assert len(sentences(MinimumShiftNotice(minutes=1261), {0: "10-18"}, **TOLD)) == 1
    assert sentences(MinimumShiftNotice(minutes=1260), {0: "10-18"}, **TOLD) == []


def test_without_an_instant_nothing_is_asked():
    assert sentences(TWO_DAYS, {1: "11-19"}) == []


@pytest.mark.parametrize("minutes", [1, 1259, 1260, 1261, 4320, 100_000])
@pytest.mark.parametrize("start_date", ["2026-03-02", "2026-03-04"])
def test_automaton_and_judge_agree(minutes, start_date):
    rule = MinimumShiftNotice(minutes=minutes, cost=3)
    shifts = ["09-17", "10-18", "22-06"]
    assert_faces_agree(rule, shifts=shifts, days=4, start_date=start_date, history=TOLD, idle=True)


@pytest.mark.parametrize(
    ("as_of", "start_date"), [("2026-03-27T10:00", "2026-03-27"), ("2026-10-24T10:00", "2026-10-24")]
)
def test_automaton_and_judge_agree_when_clocks_change(as_of, start_date):
    shift = {"start": f"{start_date}T22:00", "end": f"{start_date[:-2]}{int(start_date[-2:]) + 1}T06:00"}
    history = {"as_of": as_of, "published_shifts": [shift]}
    rule = MinimumShiftNotice(minutes=2160)
    assert_faces_agree(rule, shifts=["22-06", "09-17"], days=4, start_date=start_date, history=history)
