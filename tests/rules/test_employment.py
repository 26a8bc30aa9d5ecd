import pytest

from solver.rules import Employment
from tests.rules.contract import assert_faces_agree, sentences


def works(*days: int) -> dict[int, str]:
    return dict.fromkeys(days, "09-17")


def test_whoever_works_at_all_is_employed_once():
    assert sentences(Employment(), works(2, 4, 5)) == ["Ann works 1 day up to 2026-03-04 and is employed."]
    assert sentences(Employment(), {}) == []


def test_some_days_may_be_worked_without_employment():
    rule = Employment(from_days=3)
    assert sentences(rule, works(0, 1)) == []
    assert sentences(rule, works(0, 1, 5, 6)) == ["Ann works 3 days up to 2026-03-07 and is employed."]


@pytest.mark.parametrize("cost", [None, 3])
@pytest.mark.parametrize("from_days", [1, 2, 4])
def test_automaton_and_judge_agree(from_days, cost):
    assert_faces_agree(Employment(from_days=from_days, cost=cost), shifts=["06-14", "22-06"], days=4)
