"""A day's volume times the share of it that comes at each time of day.

The logarithm of a day's volume is a level with a trend, an effect of its weekday, and one of a holiday and of the day
after one; recent days weigh more. How fast the past fades and how far the trend is followed is not chosen but mixed:
the last days are forecast from those before with every setting, and a setting weighs the more the nearer it came.
(A mix of forecasts is hard to beat: J. M. Bates, C. W. J. Granger, The combination of forecasts, 1969.) Shares are
those of the weekday, drawn toward those of all days where there are few of it.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from solver.forecast.history import Floats, History

HALF_LIVES = (14.0, 28.0, 84.0)
TRENDS = (0.0, 0.5)
"""How much of the trend that is found is followed."""

PROFILE_HALF_LIFE = 56.0
ORIGINS = 3
"""How many times the past is forecast to weigh the settings."""

_SHARPNESS = 4.0  # the power of its error by which a setting loses weight
_RIDGE = 1e-3
_ERRORS_ENOUGH = 50
_USUAL_SPREAD = 0.1
_SEEN_ENOUGH = 0.6
_LEAST_DAYS = 14
_TREND_DAYS = 28.0  # the trend is not followed further than this


@dataclass(frozen=True)
class Setting:
    """How fast the past fades (days) and how much of the trend is followed."""

    half_life: float
    trend: float


@dataclass(frozen=True)
class Days:
    """Which days are special."""

    special: Set[date]

    def columns(self, days: list[date]) -> tuple[Floats, Floats]:
        """Ones on special days, and ones on the days after, unless they are special too."""
        special = np.array([day in self.special for day in days], dtype=np.float64)
        after = np.array([_working_day_before(day) & self.special != set() for day in days], dtype=np.float64)
        return special, after * (1 - special)


def _working_day_before(day: date) -> set[date]:
    """The day before and, on a Monday, the weekend and the Friday before."""
    back = 3 if day.weekday() == 0 else 1
    return {day - timedelta(days=number) for number in range(1, back + 1)}


@dataclass(frozen=True)
class Model:
    """What was learnt; `predict` gives volumes by day and time of day."""

    setting: Setting
    last: date
    level: float
    slope: float  # a day
    weekdays: Floats  # effects by weekday; -inf where it is closed
    special: float  # effect; -inf where special days were closed
    after: float
    shares: Floats  # by weekday and time of day
    aht: Floats  # by time of day; nan where unknown

    def predict(self, days: list[date], special_days: Days) -> Floats:
        """Volumes by day and time of day."""
        special, after = special_days.columns(days)
        ahead = np.array([(day - self.last).days for day in days], dtype=np.float64)
        trend = self.setting.trend * self.slope * _TREND_DAYS * (1 - np.exp(-ahead / _TREND_DAYS))
        weekday = np.array([day.weekday() for day in days])
        closed = (special > 0) & np.isneginf(self.special)
        effect = np.where(special > 0, 0.0 if np.isneginf(self.special) else self.special, 0.0)
        totals = np.exp(self.level + trend + self.weekdays[weekday] + effect + self.after * after)
        found: Floats = np.where(closed, 0.0, totals)[:, None] * self.shares[weekday]
        return found


@dataclass(frozen=True)
class Spread:
    """How far off forecasts of the past were."""

    day: float  # standard deviation of a day's volume, of its forecast, chance of single contacts left out
    errors: Floats  # of intervals in their own standard deviations, whichever their sign, sorted

    def deviation(self, forecast: Floats) -> Floats:
        """Standard deviation of intervals: contacts come by chance, and days are busier or calmer than forecast."""
        found: Floats = np.sqrt(forecast + (self.day * forecast) ** 2)
        return found

    def width(self, percent: float) -> float:
        """Deviations to either side that so many percent of intervals kept within."""
        usual = NormalDist().inv_cdf(0.5 + percent / 200)
        return float(np.quantile(self.errors, percent / 100)) if self.errors.size >= _ERRORS_ENOUGH else usual


@dataclass(frozen=True)
class Mixture:
    """Models with weights that add up to 1."""

    models: tuple[tuple[float, Model], ...]
    spread: Spread

    def predict(self, days: list[date], special_days: Days) -> Floats:
        """Volumes by day and time of day."""
        parts = [weight * model.predict(days, special_days) for weight, model in self.models]
        found: Floats = np.sum(np.array(parts), axis=0)
        return found

    @property
    def aht(self) -> Floats:
        """Mean handle times by time of day; nan where unknown."""
        return self.models[0][1].aht


def fit(history: History, special_days: Days, horizon: int) -> Mixture:
    """The models, weighed by how they would have forecast the past over such a horizon."""
    settings = [Setting(*one) for one in product(HALF_LIVES, TRENDS)]
    errors = np.zeros(len(settings))
    tried: list[tuple[Floats, Floats]] = []
    for back in range(1, ORIGINS + 1):
        cut = history.days - back * horizon
        if cut < max(_LEAST_DAYS, horizon):
            break
        seen = history.until(cut)
        actual = history.volumes[cut : cut + horizon]
        days = history.dates()[cut : cut + horizon]
        forecasts = [learn(seen, special_days, setting).predict(days, special_days) for setting in settings]
        errors = errors + np.array([float(np.nansum(np.abs(forecast - actual))) for forecast in forecasts])
        tried.append((np.array(forecasts), actual))
    weights = np.maximum(errors, 1e-9) ** -_SHARPNESS if errors.any() else np.ones(len(settings))
    weights = weights / weights.sum()
    models = [learn(history, special_days, setting) for setting in settings]
    return Mixture(tuple(zip(weights.tolist(), models, strict=True)), _spread(tried, weights))


def _spread(tried: list[tuple[Floats, Floats]], weights: Floats) -> Spread:
    """What the mixture missed the past by."""
    mixed = [(np.tensordot(weights, forecasts, axes=1), actual) for forecasts, actual in tried]
    offs, errors = [_USUAL_SPREAD**2], []
    for forecast, actual in mixed:
        seen = ~np.isnan(actual)
        expected, came = np.where(seen, forecast, 0.0).sum(axis=1), np.where(seen, actual, 0.0).sum(axis=1)
        days = expected > 0
        offs += (((came - expected)[days] ** 2 - expected[days]) / expected[days] ** 2).tolist()
    spread = Spread(max(float(np.mean(offs)), 1e-6) ** 0.5, np.array([]))
    for forecast, actual in mixed:
        some = ~np.isnan(actual) & (forecast > 0)
        errors += (np.abs(actual - forecast)[some] / spread.deviation(forecast[some])).tolist()
    return Spread(spread.day, np.sort(np.array(errors)))


def learn(history: History, special_days: Days, setting: Setting) -> Model:
    """The model with a given setting."""
    dates = history.dates()
    weekday = np.array([day.weekday() for day in dates])
    age = np.arange(history.days, 0, -1, dtype=np.float64)
    special, after = special_days.columns(dates)
    shares = _shares(history, weekday, age, special)
    totals = _totals(history, weekday, shares)
    usual = (totals > 0) & ~np.isnan(totals)
    open_ = np.array([bool((usual & (weekday == day) & (special == 0)).any()) for day in range(7)])
    use = usual & (open_[weekday] | (special > 0))
    weights = np.where(use, 0.5 ** (age / setting.half_life), 0.0)
    columns = [np.ones(history.days), -age, *(1.0 * (weekday == day) for day in range(7)), special, after]
    design = np.stack(columns, axis=1)
    found = _regression(design[use], np.log(totals[use]), weights[use])
    level, slope, effects, special_effect, after_effect = found[0], found[1], found[2:9], found[9], found[10]
    fitted = np.exp(design[use] @ found)
    # From the mean of logarithms back to that of volumes; 1 where nothing ever came.
    scale = float((weights[use] * totals[use]).sum() / (weights[use] * fitted).sum()) if use.any() else 1.0
    seen_special = (special > 0) & usual
    closed_special = (special > 0).any() and not seen_special.any()
    return Model(
        setting=setting,
        last=dates[-1],
        level=float(level) + float(np.log(scale)),
        slope=float(slope),
        weekdays=np.where(open_, effects, -np.inf),
        special=-np.inf if closed_special else float(special_effect),
        after=float(after_effect),
        shares=shares,
        aht=_handle_times(history, age),
    )


def _regression(design: Floats, target: Floats, weights: Floats) -> Floats:
    """Weighted least squares; effects are drawn toward nothing a little, holidays more, for there are few of them."""
    days = float(weights.sum())
    penalty = np.array([0.0, 50.0, *[_RIDGE] * 7, 0.3, 1.0])
    penalty[1] *= days
    penalty[2:9] *= days
    left = design.T @ (weights[:, None] * design) + np.diag(penalty) + 1e-9 * np.eye(design.shape[1])
    return np.asarray(np.linalg.solve(left, design.T @ (weights * target)), dtype=np.float64)


def _shares(history: History, weekday: Floats, age: Floats, special: Floats) -> Floats:
    """Shares of a day's volume by weekday and time of day; each weekday's add up to 1."""
    fade = np.where(special > 0, 0.05, 1.0) * 0.5 ** (age / PROFILE_HALF_LIFE)
    seen = ~np.isnan(history.volumes)
    volumes = np.where(seen, history.volumes, 0.0)
    general = _mean(volumes, seen, fade)
    general /= max(general.sum(), 1e-300)
    found = np.zeros((7, volumes.shape[1]))
    for day in range(7):
        of = weekday == day
        own = _mean(volumes[of], seen[of], fade[of])
        if own.sum() <= 0:
            continue
        own /= own.sum()
        trust = fade[of].sum() / (fade[of].sum() + 1.0)
        found[day] = trust * own + (1 - trust) * np.where((volumes[of] > 0).any(axis=0), general, 0.0)
        found[day] /= found[day].sum()
    return found


def _mean(volumes: Floats, seen: NDArray[np.bool_], weights: Floats) -> Floats:
    total = (weights[:, None] * volumes).sum(axis=0)
    return np.asarray(total / np.maximum((weights[:, None] * seen).sum(axis=0), 1e-300), dtype=np.float64)


def _totals(history: History, weekday: Floats, shares: Floats) -> Floats:
    """Volumes of days; where times of day are missing the rest stands for all, and where most are there is none."""
    seen = ~np.isnan(history.volumes)
    part = (seen * shares[weekday]).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Floats = np.where(part >= _SEEN_ENOUGH, np.nansum(history.volumes, axis=1) / part, np.nan)
    return found


def _handle_times(history: History, age: Floats) -> Floats:
    """Mean handle times by time of day, drawn toward the mean of all."""
    told = ~np.isnan(history.aht) & ~np.isnan(history.volumes)
    weights = np.where(told, np.where(told, history.volumes, 0.0), 0.0) * (0.5 ** (age / 28.0))[:, None]
    work = np.where(told, weights * np.where(told, history.aht, 0.0), 0.0)
    if weights.sum() == 0:
        return np.full(history.volumes.shape[1], np.nan)
    mean = work.sum() / weights.sum()
    prior = weights.sum() / weights.shape[1] * 0.25 + 1e-9
    return np.asarray((work.sum(axis=0) + prior * mean) / (weights.sum(axis=0) + prior), dtype=np.float64)
