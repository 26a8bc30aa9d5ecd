"""How good a forecast would have been: the last days of history, forecast from those before, beside a plain guess."""

from __future__ import annotations

from datetime import date

import numpy as np

from schemas.forecast import BackTest, ForecastError
from solver.forecast.history import Floats, History
from solver.forecast.model import Days, fit

MOST_DAYS = 28
LEAST_BEFORE = 14


def back_test(history: History, special_days: Days, percent: float) -> BackTest | None:
    """Up to four weeks, at most a third of history; None where that leaves too little to learn from."""
    days = min(MOST_DAYS, history.days // 3 // 7 * 7)
    cut = history.days - days
    if not days or cut < LEAST_BEFORE:
        return None
    seen, dates, actual = history.until(cut), history.dates()[cut:], history.volumes[cut:]
    mixture = fit(seen, special_days, days)
    forecast = mixture.predict(dates, special_days)
    naive = naive_forecast(seen, dates)
    half = mixture.spread.width(percent) * mixture.spread.deviation(forecast)
    told = ~np.isnan(actual)
    inside = (np.abs(actual - forecast) <= half)[told & (forecast > 0)]
    return BackTest(
        start_date=dates[0],
        days=days,
        interval=error_of(forecast, actual),
        day=error_of(*of_days(forecast, actual)),
        naive_interval=error_of(naive, actual),
        naive_day=error_of(*of_days(naive, actual)),
        inside_percent=round(100 * float(inside.mean()), 1) if inside.size else None,
    )


def naive_forecast(history: History, days: list[date]) -> Floats:
    """Every day as the last one of its weekday of which there is anything."""
    found = np.zeros((len(days), history.volumes.shape[1]))
    dates = history.dates()
    for row, day in enumerate(days):
        for past in range(history.days - 1, -1, -1):
            if dates[past].weekday() == day.weekday() and not np.isnan(history.volumes[past]).all():
                found[row] = np.nan_to_num(history.volumes[past])
                break
    return found


def error_of(forecast: Floats, actual: Floats) -> ForecastError:
    """Errors where there are actuals."""
    told = ~np.isnan(actual)
    guess, came = forecast[told], actual[told]
    total = float(came.sum())
    if total <= 0:
        return ForecastError(wape_percent=None, mape_percent=None, bias_percent=None)
    some = came > 0
    return ForecastError(
        wape_percent=round(100 * float(np.abs(guess - came).sum()) / total, 2),
        mape_percent=round(100 * float((np.abs(guess - came)[some] / came[some]).mean()), 2),
        bias_percent=round(100 * float((guess - came).sum()) / total, 2),
    )


def of_days(forecast: Floats, actual: Floats) -> tuple[Floats, Floats]:
    """Sums of the days over the intervals that have actuals; nan where a day has none."""
    told = ~np.isnan(actual)
    sums = np.where(told.any(axis=1), np.where(told, actual, 0.0).sum(axis=1), np.nan)
    return np.where(told, forecast, 0.0).sum(axis=1), sums
