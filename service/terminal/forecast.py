"""A forecast in a few lines on the terminal: days, and how far off it would have been."""

from __future__ import annotations

from collections import defaultdict

from rich.console import Console
from rich.table import Table

from schemas.forecast import BackTest, Forecast, ForecastInterval


def show_forecast(console: Console, answer: Forecast) -> None:
    """Volumes by day, the back-test, and what is to be said."""
    for group in answer.planning_groups:
        console.print(group.id, markup=False)
        _show(console, group.intervals, group.back_test)
    if not answer.planning_groups:
        _show(console, answer.intervals, answer.back_test)
    for message in answer.messages:
        console.print(message.text, markup=False)


def _show(console: Console, intervals: tuple[ForecastInterval, ...], test: BackTest | None) -> None:
    days: dict[str, float] = defaultdict(float)
    for interval in intervals:
        days[interval.start[:10]] += interval.volume
    table = Table("Day", box=None)
    table.add_column("Volume", justify="right")
    for day, volume in days.items():
        table.add_row(day, f"{volume:,.0f}")
    console.print(table)
    if test is not None and test.interval.wape_percent is not None and test.naive_interval.wape_percent is not None:
        naive_interval, naive_day = test.naive_interval.wape_percent, test.naive_day.wape_percent
        console.print(
            f"Forecast of the {test.days} days from {test.start_date} from those before: off by "
            f"{test.interval.wape_percent:.1f} % of the volume an interval, {test.day.wape_percent:.1f} % a day; "
            f"the same weekday before, {naive_interval:.1f} % and {naive_day:.1f} %."
        )
