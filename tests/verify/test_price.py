"""What rosters cost, with sums that a planner can do in the head."""

from fractions import Fraction

import pytest

from schemas.money import TICKS_PER_CURRENCY
from tests.verify.desk import a_shift, judged

NOON = "2026-10-26T12:00+02:00"


def a_request(*, groups=None, requirements=(), rules=(), start_date="2026-10-26", days=1, minimum_stint=30, **agent):
    """A Monday, voice at 100 for an hour missing and 10 for an hour too many, and Ann."""
    return {
        "time_zone": "Europe/Tallinn",
        "planning_period": {"start_date": start_date, "days": days},
        "planning_groups": groups or [a_group("voice", 100, 10)],
        "requirements": [
            {"planning_group_id": group, "start": start, "required": required}
            for group, start, required in requirements
        ],
        "work_plans": [
            {
                "id": "plan",
                "shifts": [
                    {
                        "id": "any",
                        "start": {"earliest": "00:00", "latest": "23:45"},
                        "length_minutes": {"min": 60, "max": 900},
                    },
                    {
                        "id": "day",
                        "start": {"earliest": "00:00", "latest": "23:45"},
                        "length_minutes": {"min": 60, "max": 900},
                        "activities": [{"id": "meal", "category": "meal", "minutes": 30, "paid": False}],
                    },
                ],
                "rules": list(rules),
            }
        ],
        "agents": [{"id": "ann", "name": "Ann", "work_plan_id": "plan", **agent}],
        "options": {"minimum_stint_minutes": minimum_stint},
    }


def a_group(name, under, over, **fields):
    return {"id": name, "understaffing_cost_per_hour": under, "overstaffing_cost_per_hour": over, **fields}


def court(request, *shifts):
    """The judgement of Ann's shifts, which break nothing."""
    judgement = judged(request, {"schedules": [{"agent_id": "ann", "shifts": shifts}]})
    assert judgement.violations == ()
    cost = judgement.cost
    parts = (
        cost.regular_pay,
        cost.overtime_pay,
        cost.understaffing,
        cost.overstaffing,
        cost.preferences,
        cost.rules,
    )
    assert cost.total == pytest.approx(sum(parts), abs=5e-4)
    return judgement


def queue(start, minutes, group="voice"):
    return a_shift(start, f"{group} {minutes}", definition="any")


def test_nobody_and_nothing_costs_nothing():
    assert court(a_request()).total_ticks == 0


def test_an_unpaid_meal_is_not_paid():
    judgement = court(a_request(hourly_cost=20), a_shift(NOON, "voice 240, meal 30, voice 210"))
    assert judgement.cost.regular_pay == 150  # 7.5 hours
    assert judgement.paid_minutes == {"ann": 450}


def test_paid_is_what_the_definition_says_when_the_roster_does_not():
    shift = a_shift(NOON, "voice 240, meal 30, voice 210")
    for activity in shift["activities"]:
        activity["paid"] = None
    assert court(a_request(hourly_cost=20), shift).paid_minutes == {"ann": 450}


def test_hours_missing_and_hours_too_many():
    # Two are needed for two hours; Ann is there for the second of them and an hour more.
    request = a_request(requirements=[("voice", "2026-10-26T11:00", [2] * 8)])
    judgement = court(request, queue(NOON, 120))
    assert (judgement.cost.understaffing, judgement.cost.overstaffing) == (300, 10)
    assert judgement.statistics.coverage_percent == 25
    assert judgement.statistics.short_hours == 3
    assert judgement.statistics.over_hours == 1
    assert judgement.statistics.required_hours == 4
    assert judgement.statistics.scheduled_hours == 2


def test_an_agent_covers_by_proficiency():
    request = a_request(
        requirements=[("voice", "2026-10-26T12:00", [1, 1, 1, 1])],
        skills=[{"planning_group_id": "voice", "proficiency": 0.8}],
    )
    judgement = court(request, queue(NOON, 60))
    assert judgement.cost.understaffing == 20
    assert judgement.coverage[0].net[48:52] == (-0.2,) * 4


def test_too_much_in_one_hour_does_not_make_up_for_too_little_in_another():
    request = a_request(
        requirements=[("voice", "2026-10-26T12:00", [1.5] * 4)],
        skills=[{"planning_group_id": "voice", "proficiency": 1.25}],
    )
    assert court(request, queue(NOON, 60)).cost.understaffing == 25
    assert court(request, queue(NOON, 120)).cost.overstaffing == 12.5


def test_each_group_has_its_own_prices():
    request = a_request(
        groups=[a_group("voice", 100, 10), a_group("chat", 60, 6)],
        requirements=[("voice", "2026-10-26T12:00", [1] * 8), ("chat", "2026-10-26T12:00", [1] * 8)],
    )
    judgement = court(request, a_shift(NOON, "voice 60, chat 60", definition="any"))
    assert judgement.cost.understaffing == 160


def test_the_least_staff_raises_what_is_required_but_not_nothing():
    request = a_request(
        groups=[a_group("voice", 100, 10, minimum_staff=3)],
        requirements=[("voice", "2026-10-26T12:00", [1, 1, 1, 1, 0, 0, 0, 0])],
    )
    assert court(request).cost.understaffing == 300


def a_price(side, cost, **fields):
    return {"side": side, "cost_per_hour": cost, **fields}


def test_a_deep_shortage_costs_more_from_its_depth_on():
    group = a_group("voice", 100, 10, prices=[a_price("understaffing", 300, beyond=2)])
    request = a_request(groups=[group], requirements=[("voice", "2026-10-26T12:00", [4] * 4)])
    # Four missing: two at 100, two at 300. With Ann three: two at 100, one at 300.
    assert court(request).cost.understaffing == 800
    assert court(request, queue(NOON, 60)).cost.understaffing == 500


def test_the_square_of_a_surplus_is_a_price_for_each_head():
    prices = [a_price("overstaffing", 2 * k + 1, beyond=k) for k in range(1, 4)]
    request = a_request(groups=[a_group("voice", 100, 1, prices=prices)])
    request["agents"] = [{**request["agents"][0], "id": f"a{n}", "name": f"A{n}"} for n in range(3)]
    schedules = [{"agent_id": f"a{n}", "shifts": [queue(NOON, 60)]} for n in range(3)]
    assert judged(request, {"schedules": schedules}).cost.overstaffing == 9


def test_a_price_holds_on_its_days_and_between_its_clock_times():
    prices = [a_price("understaffing", 200, days=["mon"], **{"from": "12:30", "to": "13:00"})]
    prices += [a_price("understaffing", 999, days=["tue"])]
    request = a_request(
        groups=[a_group("voice", 100, 10, prices=prices)], requirements=[("voice", "2026-10-26T12:00", [1] * 8)]
    )
    assert court(request).cost.understaffing == 50 + 100 + 100


def test_a_price_that_crosses_midnight_belongs_to_the_day_on_which_it_begins():
    prices = [a_price("overstaffing", 30, days=["mon"], **{"from": "23:00", "to": "25:00"})]
    request = a_request(groups=[a_group("voice", 100, 10, prices=prices)])
    assert court(request, queue("2026-10-26T22:00+02:00", 240)).cost.overstaffing == 10 + 2 * 30 + 10


def test_of_two_prices_for_the_same_time_and_depth_the_later_holds():
    prices = [a_price("understaffing", 200), a_price("understaffing", 150)]
    request = a_request(
        groups=[a_group("voice", 100, 10, prices=prices)], requirements=[("voice", "2026-10-26T12:00", [1] * 4)]
    )
    assert court(request).cost.understaffing == 150


def test_work_after_the_period_is_too_much():
    judgement = court(a_request(), queue("2026-10-26T22:00+02:00", 480))
    assert judgement.cost.overstaffing == 80
    assert sum(sum(series.scheduled) for series in judgement.coverage) == 32
    assert sum(len(series.scheduled) for series in judgement.coverage) == 96 + 24


def test_the_hour_that_comes_twice_is_needed_twice_and_paid_twice():
    request = a_request(
        start_date="2026-10-25",
        requirements=[("voice", "2026-10-25T00:00", [0] * 12 + [1] * 8 + [0] * 80)],
        hourly_cost=20,
    )
    assert court(request).cost.understaffing == 200
    judgement = court(request, queue("2026-10-25T03:00+03:00", 120))
    assert (judgement.cost.understaffing, judgement.cost.overstaffing) == (0, 0)
    assert judgement.cost.regular_pay == 40
    assert [len(series.required) for series in judgement.coverage] == [100]


def test_the_hour_that_is_left_out_is_not_paid():
    request = a_request(start_date="2026-03-29", hourly_cost=20)
    shift = queue("2026-03-29T02:00+02:00", 120)
    assert shift["end"] == "2026-03-29T05:00:00+03:00"
    judgement = court(request, shift)
    assert judgement.cost.regular_pay == 40
    assert [len(series.required) for series in judgement.coverage] == [92]


WINDOW = {"start": "2026-10-26T13:00", "end": "2026-10-26T17:00", "cost_per_hour": 5}


@pytest.mark.parametrize(
    ("kind", "minutes", "cost"),
    [("avoid", 60, 0), ("avoid", 150, 7.5), ("avoid", 480, 20), ("prefer", 60, 20), ("prefer", 150, 12.5)],
)
def test_preferences_cost_by_the_hour(kind, minutes, cost):
    request = a_request(preferences=[{"kind": kind, **WINDOW}])
    assert court(request, queue(NOON, minutes)).cost.preferences == cost


def test_a_meal_is_within_the_shift_that_an_agent_would_rather_not_work():
    request = a_request(preferences=[{"kind": "avoid", **WINDOW}])
    assert court(request, a_shift(NOON, "voice 60, meal 30, voice 30")).cost.preferences == 5


def test_date_times_are_on_the_clock_of_the_request():
    # 13:00 to 17:00 in Tallinn is 11:00 to 15:00 in London.
    request = a_request(preferences=[{"kind": "avoid", **WINDOW}], time_zone="Europe/London")
    shift = a_shift("2026-10-26T14:00+00:00", "voice 120", definition="any", zone="Europe/London")
    assert court(request, shift).cost.preferences == 5


def test_overtime_is_paid_on_top():
    rule = {"kind": "overtime", "per": "day", "over_minutes": 480, "rate_multiplier": 1.5}
    judgement = court(a_request(rules=[rule], hourly_cost=24), queue("2026-10-26T08:00+02:00", 540))
    assert (judgement.cost.regular_pay, judgement.cost.overtime_pay) == (216, 12)
    assert judgement.statistics.overtime_minutes == 60


def test_two_tiers_of_overtime_add_up():
    rules = [
        {"kind": "overtime", "per": "day", "over_minutes": 480, "rate_multiplier": 1.5},
        {"kind": "overtime", "per": "day", "over_minutes": 600, "rate_multiplier": 1.5},
    ]
    assert court(a_request(rules=rules, hourly_cost=24), queue("2026-10-26T08:00+02:00", 660)).cost.overtime_pay == 48


def test_a_rule_with_a_cost_may_be_broken():
    rule = {"kind": "paid_minutes", "per": "period", "min": 480, "cost": 0.25}
    judgement = court(a_request(rules=[rule]), queue(NOON, 420))
    assert judgement.cost.rules == 15
    assert [breach.text for breach in judgement.priced_breaches] == [
        "Ann is paid for 420 minutes in the period up to 2026-10-26; the least is 480."
    ]


def test_a_rule_without_a_cost_may_not():
    rule = {"kind": "paid_minutes", "per": "period", "min": 480}
    judgement = judged(a_request(rules=[rule]), {"schedules": [{"agent_id": "ann", "shifts": [queue(NOON, 420)]}]})
    assert [(violation.code, violation.agent_id) for violation in judgement.violations] == [("paid_minutes", "ann")]
    assert judgement.cost.rules == 0


def test_paid_time_off_counts_and_is_not_priced():
    request = a_request(
        hourly_cost=20, time_off=[{"start": "2026-10-25T00:00", "end": "2026-10-26T08:00", "paid_minutes": 300}]
    )
    judgement = court(request, queue(NOON, 60))
    assert judgement.paid_minutes == {"ann": 360}
    assert judgement.cost.regular_pay == 20


def test_money_is_exact_to_the_tick():
    # A third of a hundredth of a cent: 5 minutes short of 0.001 heads at 0.0001 an hour.
    request = a_request(groups=[a_group("voice", 0.0001, 0)], requirements=[("voice", "2026-10-26T12:00", [0.001])])
    judgement = court(request)
    assert Fraction(judgement.total_ticks, TICKS_PER_CURRENCY) == Fraction(1, 10_000) * Fraction(1, 1000) * Fraction(
        1, 4
    )
    assert judgement.cost.total == 0


@pytest.mark.parametrize(("hourly", "total"), [(0.0002, 0.0), (0.0006, 0.0002), (0.001, 0.0002), (0.0014, 0.0004)])
def test_half_of_the_last_decimal_is_rounded_to_the_even_one(hourly, total):
    request = a_request(groups=[a_group("voice", hourly, 0)], requirements=[("voice", "2026-10-26T12:00", [1])])
    assert court(request).cost.total == total


def test_an_agent_left_out_works_nothing():
    request = a_request(preferences=[{"kind": "prefer", **WINDOW}])
    judgement = judged(request, {"schedules": []})
    assert judgement.cost.total == 20
    assert judgement.paid_minutes == {"ann": 0}


def test_work_before_the_period_is_too_much():
    # Monday in Tokyo begins at 17:00 of Sunday in Tallinn.
    request = a_request(time_zone="Asia/Tokyo", hourly_cost=20)
    judgement = court(request, a_shift("2026-10-26T00:00+09:00", "voice 120", definition="any", zone="Asia/Tokyo"))
    assert (judgement.cost.overstaffing, judgement.cost.regular_pay) == (20, 40)
    assert judgement.coverage[0].start.isoformat() == "2026-10-25T17:00:00+02:00"
    assert sum(judgement.coverage[0].scheduled) == 8
    assert judgement.statistics.scheduled_hours == 0  # of the period


def test_a_day_worked_from_midnight_to_midnight_is_one_series():
    request = a_request(rules=[])
    request["work_plans"][0]["shifts"][0]["length_minutes"]["max"] = 1440
    judgement = court(request, queue("2026-10-26T00:00+02:00", 1440))
    assert [len(series.scheduled) for series in judgement.coverage] == [96]
    assert judgement.coverage[0].scheduled == (1,) * 96


def test_only_agents_with_a_shift_are_scheduled():
    assert court(a_request()).statistics.agents_scheduled == 0
    statistics = court(a_request(), queue(NOON, 60)).statistics
    assert (statistics.agents_scheduled, statistics.shifts) == (1, 1)
