import pytest

from solver.rules import ForbiddenSuccessions
from tests.rules.contract import assert_faces_agree, sentences

LATE = {"work_plan_shift_id": "from 14", "start": "2026-03-01T14:00", "end": "2026-03-01T22:00"}
RULE = ForbiddenSuccessions.model_validate(
    {
        "kind": "forbidden_successions",
        "successions": [
            {"after": {"shift_ids": ["from 14"]}, "forbidden": {"shift_ids": ["from 06"]}},
            {
                "after": {"starts": {"earliest": "20:00", "latest": "23:59"}},
                "forbidden": {"starts": {"earliest": "05:00", "latest": "15:00"}},
            },
        ],
    }
)


def test_an_early_shift_after_a_late_one_is_told():
    assert sentences(RULE, {0: "14-22", 1: "06-14", 2: "06-14"}) == [
        "Ann works from 06 on 2026-03-03, the day after from 14."
    ]


def test_a_day_off_between_is_enough():
    assert sentences(RULE, {0: "14-22", 2: "06-14", 3: "22-06", 5: "14-22"}) == []


def test_the_day_before_the_period_is_seen():
    assert sentences(RULE, {0: "06-14"}, shifts=[LATE]) == ["Ann works from 06 on 2026-03-02, the day after from 14."]
    assert sentences(RULE, {0: "06-14"}) == []


@pytest.mark.parametrize("history", [{}, {"shifts": [LATE]}])
def test_automaton_and_judge_agree(history):
    assert_faces_agree(RULE, shifts=["06-14", "14-22", "22-06"], days=4, history=history)
