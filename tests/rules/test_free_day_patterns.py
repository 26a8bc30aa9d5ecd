import pytest

from solver.rules import FreeDayPatterns
from tests.rules.contract import CIRCUMSTANCES, NIGHT, assert_faces_agree, sentences


def a_rule(**fields):
    return FreeDayPatterns.model_validate({"kind": "free_day_patterns"} | fields)


RULES = [
    a_rule(together=2),
    a_rule(after={"starts": NIGHT}, days_off_after=2),
    a_rule(together=1, after={"starts": NIGHT}),
    a_rule(together=2, across_weeks=True),
    a_rule(together=3, across_weeks=True, after={"starts": NIGHT}),
]


def test_what_is_broken_is_told():
    assert sentences(a_rule(together=2), {0: "09-17", 2: "09-17", 4: "09-17", 6: "09-17"}) == [
        "Ann has 1 day off in a row in the week up to 2026-03-08; the least is 2."
    ]


def test_sunday_and_monday_off_are_of_the_week_with_the_monday():
    works = {day: "09-17" for day in range(14) if day not in (2, 4, 6, 7)}
    rule = a_rule(together=2, across_weeks=True)
    assert sentences(rule, works, days=14) == [
        "Ann has 1 day off in a row in the week up to 2026-03-08; the least is 2."
    ]
    assert len(sentences(a_rule(together=2), works, days=14)) == 2


def test_days_off_before_the_period_count_across_weeks():
    works = dict.fromkeys(range(1, 7), "09-17")
    assert sentences(a_rule(together=2, across_weeks=True), works, consecutive_days_off=1) == []
    assert len(sentences(a_rule(together=2), works, consecutive_days_off=1)) == 1


@pytest.mark.parametrize("rule", RULES)
def test_automaton_and_judge_agree_after_a_day_off(rule):
    assert_faces_agree(rule, shifts=["09-17", "22-06"], days=7, history={"consecutive_days_off": 1})


def test_nobody_working_is_told_of_nothing_but_too_little():
    for rule in RULES:
        assert sum("least" not in told for told in sentences(rule, {})) == 0


@pytest.mark.parametrize("rule", RULES)
def test_automaton_and_judge_agree(rule):
    start, days, shifts = "2026-03-02", 7, ["09-17", "22-06"]
    assert_faces_agree(rule, shifts=shifts, days=days, start_date=start)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("circumstances", CIRCUMSTANCES)
def test_automaton_and_judge_agree_in_all_circumstances(rule, circumstances):
    assert_faces_agree(rule, shifts=["09-17", "22-06"], days=6, idle=True, **circumstances)


@pytest.mark.parametrize(("fields", "told"), [({}, "together")])
def test_what_asks_nothing_or_cannot_hold_is_refused(fields, told):
    with pytest.raises(ValueError, match=told):
        a_rule(**fields)
