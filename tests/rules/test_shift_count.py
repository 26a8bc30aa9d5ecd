import pytest

from solver.rules import ShiftCount
from tests.rules.contract import NIGHT, assert_faces_agree, sentences

PAST = [
    {"work_plan_shift_id": "from 22", "start": "2026-03-01T22:00", "end": "2026-03-02T06:00"},
    {"work_plan_shift_id": "from 09", "start": "2026-02-27T09:00", "end": "2026-02-27T17:00"},
]


def nights(**fields):
    return ShiftCount.model_validate({"kind": "shift_count", "starts": NIGHT} | fields)


def test_nights_beyond_the_limit_are_told():
    assert sentences(nights(max=1), {0: "22-06", 1: "09-17", 2: "01-07", 3: "20-02"}) == [
        "Ann works 3 shifts of that time of day in the week up to 2026-03-08; the most is 1."
    ]


def test_too_few_of_a_named_shift_are_told():
    assert sentences(ShiftCount(shift_ids=("from 09",), per="period", min=2), {0: "09-17", 1: "22-06"}) == [
        "Ann works 1 shift of from 09 in the period up to 2026-03-08; the least is 2."
    ]


def test_the_history_counts_toward_its_week():
    history = {"shifts": PAST}
    told = sentences(nights(max=1), {0: "22-06"}, week_starts_on="sunday", **history)
    assert told == ["Ann works 2 shifts of that time of day in the week up to 2026-03-07; the most is 1."]
    assert sentences(nights(max=1), {0: "22-06"}, **history) == []


@pytest.mark.parametrize("per", ["week", "period"])
@pytest.mark.parametrize("limits", [{"max": 1}, {"min": 2}, {"min": 1, "max": 2}])
@pytest.mark.parametrize("history", [{}, {"shifts": PAST}])
def test_automaton_and_judge_agree(per, limits, history):
    assert_faces_agree(
        nights(per=per, **limits), shifts=["09-17", "22-06"], days=5, start_date="2026-03-05", history=history
    )


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"max": 1}, "shift_ids"),
        ({"shift_ids": ["a"]}, "min, a max"),
        ({"shift_ids": ["a"], "min": 3, "max": 2}, "min 3 is greater than max 2"),
    ],
)
def test_what_asks_nothing_or_cannot_hold_is_refused(fields, told):
    with pytest.raises(ValueError, match=told):
        ShiftCount.model_validate({"kind": "shift_count"} | fields)
