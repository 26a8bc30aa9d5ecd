"""The temperatures of the search by days."""

from itertools import pairwise

import pytest

from solver.search.cooling import COLDEST, NOISE, Cooling


def test_it_cools_from_the_hottest_to_the_coldest():
    cooling = Cooling(unit=2.0, hottest=50.0, enough=1000)
    (hot, blur), (cold, calm) = cooling.at(1, 0.001), cooling.at(999, 0.999)
    assert hot == pytest.approx(2.0 * 50.0, rel=0.02)
    assert blur == pytest.approx(NOISE * 100.0, rel=0.02)
    assert cold == pytest.approx(2.0 * COLDEST, rel=0.02)
    assert calm < 0.01 * blur


def test_with_a_tenth_of_the_moves_it_begins_at_a_tenth():
    assert Cooling(1.0, 50.0, 1000).at(1, 0.01)[0] == pytest.approx(5.0, rel=0.05)


def test_with_three_times_the_moves_it_cools_three_times():
    temperatures = [Cooling(1.0, 50.0, 1000).at(done, done / 3000)[0] for done in range(10, 3000, 10)]
    assert sum(later > earlier for earlier, later in pairwise(temperatures)) == 2


def test_it_is_never_colder_than_the_coldest():
    assert Cooling(1.0, 50.0, 1000).at(0, 0.5)[0] == COLDEST
