"""`python -m bench.real_calls [CSV]`: from a bank's real calls to a roster, and the real calls against that roster.

The calls are the 5-minute counts of `bench.call_arrivals`. The last four weeks are forecast from those before, beside
the same weekday's last volumes. For one of the weeks the forecast becomes requirements, the requirements a roster of
invented agents (`solver.example`), and the roster's service is predicted. Then the calls that really came are played
against it, in the very five minutes in which they came.

Not in the data and assumed: 180 s of handle time and 180 s of patience, both exponential, and a goal of 80 % in 20 s.
The whole bank needs several hundred agents, so the agents get a share of its calls that fits them, each call drawn by
chance; the forecast is of the whole bank, where chance matters less.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from bench.child import solve_in_child
from bench.family import DataMissingError, data_files
from schemas.clock import LocalDateTime
from schemas.forecast import Forecast, PastInterval
from schemas.prediction import Simulation
from solver.example import example_request
from solver.forecast.back_test import error_of, naive_forecast, of_days
from solver.forecast.forecast import forecast
from solver.forecast.history import history_of
from solver.prediction.formulas import predict
from solver.prediction.simulate import simulate
from solver.reading.forecast import read_forecast
from solver.reading.prediction import read_prediction
from solver.reading.staffing import read_staffing
from solver.staffing.requirements import staffing

Json = dict[str, Any]
Counts = Mapping[datetime, int]

AHT_SECONDS, PATIENCE_SECONDS, GOAL = 180, 180, {"percent": 80, "within_seconds": 20}
INTERVAL, FINE = 15, 5
DAYS = 28
TIME_ZONE, COUNTRY = "America/New_York", "US"
GROUP = "care"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print a JSON line for the forecast and one for the week."""
    parser = argparse.ArgumentParser(prog="python -m bench.real_calls", description=__doc__)
    parser.add_argument("paths", nargs="*", type=Path, metavar="CSV")
    parser.add_argument("--agents", type=int, default=100)
    parser.add_argument("--week", type=int, default=1, choices=range(1, 5), help="of the four that are forecast")
    parser.add_argument("--seconds", type=float, default=60.0, help="for the roster")
    parser.add_argument("--runs", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1, help="draws which calls are the agents'")
    asked = parser.parse_args(arguments)
    try:
        path = data_files("call_arrivals", asked.paths, "*.csv")[0]
    except DataMissingError as missing:
        print(missing, file=sys.stderr)
        return 2
    counts = counted(path)
    first = last_weeks(counts)
    made = made_before(counts, first)
    print(json.dumps(beside_naive(counts, made, first)), flush=True)
    monday = first + timedelta(days=7 * (asked.week - 1))
    print(json.dumps(week(counts, made, monday, asked.agents, asked.seconds, asked.runs, asked.seed)))
    return 0


def counted(path: Path) -> dict[datetime, int]:
    """Calls by the five minutes in which they came."""
    with path.open(newline="") as file:
        return {datetime.fromisoformat(row["DateTime"]): int(row["Calls"]) for row in csv.DictReader(file)}


def last_weeks(counts: Counts) -> date:
    """The Monday with which the last four weeks begin."""
    last = max(counts).date()
    return last - timedelta(days=last.weekday() + 21)


def made_before(counts: Counts, first: date) -> Forecast:
    """The forecast of the four weeks from what went before."""
    return forecast(read_forecast(_history(counts, first) | {"start_date": str(first), "days": DAYS}))


def _history(counts: Counts, until: date) -> Json:
    past = [{"start": _text(at), "volume": calls} for at, calls in sorted(counts.items()) if at.date() < until]
    return {
        "time_zone": TIME_ZONE,
        "interval_minutes": INTERVAL,
        "history_interval_minutes": FINE,
        "country": COUNTRY,
        "history": past,
    }


def beside_naive(counts: Counts, made: Forecast, first: date) -> Json:
    """Errors of the forecast and of the same weekday's last volumes, on the very days that followed."""
    whole = [PastInterval(start=LocalDateTime(_text(at)), volume=calls) for at, calls in sorted(counts.items())]
    table = history_of(whole, ZoneInfo(TIME_ZONE), INTERVAL, FINE)
    cut = (first - table.first).days
    dates, actual = table.dates()[cut : cut + DAYS], table.volumes[cut : cut + DAYS]
    guess = np.zeros(actual.shape)
    for one in made.intervals:
        at = datetime.fromisoformat(one.start)
        if (row := (at.date() - first).days) < len(dates):
            guess[row, (at.hour * 60 + at.minute) // INTERVAL] = one.volume
    low_high = {(one.start[:16]): (one.low, one.high) for one in made.intervals}
    inside = [
        low_high[_text(at)][0] <= actual[row, slot] <= low_high[_text(at)][1]
        for row, day in enumerate(dates)
        for slot in range(actual.shape[1])
        if _text(at := datetime(day.year, day.month, day.day) + timedelta(minutes=slot * INTERVAL)) in low_high
        and not np.isnan(actual[row, slot])
    ]
    naive = naive_forecast(table.until(cut), dates)
    return {
        "forecast_from": str(first),
        "days": len(dates),
        "history_days": cut,
        **{
            f"{name}_{by}": error_of(*(of_days if by == "day" else lambda *both: both)(table_, actual)).model_dump()
            for name, table_ in (("forecast", guess), ("naive", naive))
            for by in ("interval", "day")
        },
        "inside_80_percent_intervals": round(100 * float(np.mean(inside)), 1),
        "messages": [message.text for message in made.messages],
    }


def week(counts: Counts, made: Forecast, monday: date, agents: int, seconds: float, runs: int, seed: int) -> Json:
    """A roster for the forecast of a week, its predicted service, and that of the calls which really came."""
    volumes = {
        one.start: one.volume for one in made.intervals if monday <= _day(one.start) < monday + timedelta(days=7)
    }
    request = example_request(agents=agents, start_date=monday, time_zone=TIME_ZONE, interval_minutes=INTERVAL)
    share = fitting_share(volumes, sum(sum(series["required"]) for series in request["requirements"]))
    planned = work({start: share * volume for start, volume in volumes.items()}, INTERVAL)
    needed = staffing(read_staffing(planned))
    request["requirements"] = [series.model_dump(mode="json") for series in needed.requirements]
    outcome = solve_in_child(request, seconds=seconds)
    if outcome.roster is None or not outcome.roster["schedules"]:
        return {"week": str(monday), "error": outcome.error or "no roster"}
    roster = {"schedules": outcome.roster["schedules"]}
    expected = read_prediction({"request": request, "roster": roster, "work": planned})
    drawn = thinned(counts, monday, share, seed)
    came = read_prediction({"request": request, "roster": roster, "work": work(drawn, FINE)})
    by_formula = predict(expected.request, expected.roster, expected.work)
    by_play = simulate(expected.request, expected.roster, expected.work, Simulation(runs=runs))
    achieved = simulate(came.request, came.roster, came.work, Simulation(runs=runs, arrivals="as_given"))
    figures = ("service_level_percent", "mean_wait_seconds", "abandonment_percent", "occupancy_percent")
    return {
        "week": str(monday),
        "agents": agents,
        "share_of_calls": share,
        "calls_forecast": round(sum(volumes.values()) * share),
        "calls_came": round(sum(drawn.values())),
        "required_hours": by_formula.period.required_hours,
        "staff_hours": by_formula.period.staff_hours,
        "short_hours": by_formula.period.short_hours,
        "roster": {name: outcome.roster[name] for name in ("verdict", "lower_bound", "gap_percent")}
        | {"cost": outcome.roster["cost"]["total"], "seconds": round(outcome.seconds, 1)},
        "predicted_by_formula": {name: getattr(by_formula.period, name) for name in figures},
        "predicted_by_simulation": {name: _told(by_play.period, name) for name in figures},
        "achieved": {name: _told(achieved.period, name) for name in figures},
        "days": [
            {
                "date": str(day.date),
                "predicted_percent": played.service_level_percent.mean if played.service_level_percent else None,
                "achieved_percent": day.service_level_percent.mean if day.service_level_percent else None,
                "calls_forecast": played.volume.mean,
                "calls_came": day.volume.mean,
            }
            for played, day in zip(by_play.planning_groups[0].days, achieved.planning_groups[0].days, strict=True)
        ],
    }


def _told(span: Any, name: str) -> Json | None:
    estimate = getattr(span, name)
    return None if estimate is None else estimate.model_dump()


def fitting_share(volumes: Mapping[str, float], hours: float) -> float:
    """Share of the calls, in hundredths, that needs about as many agents as the example's own calls do."""
    found = 0.01
    for hundredth in range(1, 101):
        needed = staffing(read_staffing(work({at: hundredth / 100 * n for at, n in volumes.items()}, INTERVAL)))
        if sum(interval.required for interval in needed.planning_groups[0].intervals) > hours:
            break
        found = hundredth / 100
    return found


def work(volumes: Mapping[str, float], step: int) -> Json:
    """A staffing request."""
    intervals = [{"start": at, "volume": volume, "aht_seconds": AHT_SECONDS} for at, volume in volumes.items()]
    return {
        "time_zone": TIME_ZONE,
        "interval_minutes": step,
        "service_goal": GOAL,
        "patience_seconds": PATIENCE_SECONDS,
        "planning_groups": [{"id": GROUP, "intervals": intervals}],
    }


def thinned(counts: Counts, monday: date, share: float, seed: int) -> dict[str, float]:
    """The agents' share of the week's calls, each call drawn by chance; up to the last quarter-hour that is whole."""
    draw = np.random.default_rng(seed)
    quarters: dict[datetime, int] = defaultdict(int)
    for at in counts:
        quarters[at - timedelta(minutes=at.minute % INTERVAL)] += 1
    return {
        _text(at): float(draw.binomial(calls, share))
        for at, calls in sorted(counts.items())
        if monday <= at.date() < monday + timedelta(days=7)
        and quarters[at - timedelta(minutes=at.minute % INTERVAL)] == INTERVAL // FINE
    }


def _text(at: datetime) -> str:
    return at.isoformat(timespec="minutes")


def _day(start: str) -> date:
    return date.fromisoformat(start[:10])


if __name__ == "__main__":
    sys.exit(main())
