"""Whether agents stay on a planning group for long enough."""

from __future__ import annotations

from collections.abc import Iterator

from solver.verify.calendar import minute_of
from solver.verify.findings import Case, Findings, Seen


def look_at_stints(case: Case, seen: Seen, findings: Findings) -> None:
    """No stint on one planning group is shorter than the least, unless the whole on-queue stretch is."""
    least = case.request.options.minimum_stint_minutes
    for stretch in _stretches(seen):
        whole = stretch[-1][2] - stretch[0][1]
        for group, start, end in stretch:
            if end - start < min(least, whole):
                findings.add(
                    "short_stint",
                    f"{case.who}, {seen.shift.date}: {end - start} minutes on {group!r} are fewer than {min(least, whole)}.",
                    agent=case.agent.id, day=seen.shift.date, path=seen.path,
                )


def _stretches(seen: Seen) -> Iterator[list[tuple[str | None, int, int]]]:
    """On-queue time between other activities, as runs on one group."""
    stretch: list[tuple[str | None, int, int]] = []
    for activity in seen.shift.activities:
        if activity.category != "on_queue":
            if stretch:
                yield stretch
            stretch = []
            continue
        start, end = minute_of(activity.start), minute_of(activity.end)
        if stretch and stretch[-1][0] == activity.planning_group_id:
            start = stretch.pop()[1]
        stretch.append((activity.planning_group_id, start, end))
    if stretch:
        yield stretch
