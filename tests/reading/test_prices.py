"""Prices by time and depth: times that are some, and no depth cheaper than a lesser one."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from schemas.fault import RequestRefused
from solver.example import example_request
from solver.reading import read_request

Json = dict[str, Any]
SMALL_REQUEST = example_request(agents=3, days=7, seed=2)  # 120 an hour missing, 8 an hour too many


def faults(*prices: Json) -> dict[str, str]:
    """Texts of the faults by the rest of their pointer."""
    raw = copy.deepcopy(SMALL_REQUEST)
    raw["planning_groups"][0]["prices"] = list(prices)
    try:
        read_request(raw)
    except RequestRefused as refused:
        return {fault.pointer.removeprefix("/planning_groups/0/prices"): fault.text for fault in refused.faults}
    return {}


def under(cost: float, beyond: float = 0, **fields: Any) -> Json:
    return {"side": "understaffing", "cost_per_hour": cost, "beyond": beyond, **fields}


def test_dearer_with_depth_is_in_order() -> None:
    assert faults(under(130, 1), under(130, 2), under(500, 2.5, days=["mon"])) == {}


def test_a_deeper_shortage_may_not_cost_less() -> None:
    assert faults(under(119.5, 2)) == {
        "/0/cost_per_hour": (
            "On mon at 00:00 an agent missing on planning group 'care' costs 119.5 an hour beyond 2, but 120 beyond 0: "
            "a deeper shortage may not cost less an agent. "
            "Maybe the price of the lesser depth is for other times, or this one should be raised for them too."
        )
    }


def test_prices_that_fit_apart_but_not_at_the_same_time() -> None:
    deep = under(200, 2)
    dear = under(300, days=["fri"], **{"from": "08:00", "to": "10:00"})
    assert faults(deep) == faults(dear) == {}
    assert "On fri at 08:00" in faults(deep, dear)["/0/cost_per_hour"]
    # On Friday the deep price is another one.
    assert faults(deep, dear, under(300, 2, days=["fri"])) == {}


def test_a_night_that_reaches_into_the_next_day_is_seen_there() -> None:
    night = under(300, days=["sun"], **{"from": "22:00", "to": "30:00"})
    assert (
        "On mon at 01:00"
        in faults(night, under(200, 1, days=["mon"], **{"from": "01:00", "to": "02:00"}))["/1/cost_per_hour"]
    )


@pytest.mark.parametrize(
    ("place", "fields"),
    [
        ("/0", {"from": "10:00", "to": "10:00"}),
        ("/0/from", {"from": "10:05"}),
        ("/0/to", {"to": "10:05"}),
        ("/0/days", {"days": []}),
        ("/0/side", {"side": "both"}),
        ("/0/beyond", {"beyond": -1}),
        ("/0/when", {"when": "08:00"}),
    ],
)
def test_times_and_fields_that_cannot_be(place: str, fields: Json) -> None:
    assert place in faults(under(130, **fields))
