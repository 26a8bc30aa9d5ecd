"""Whether agents stay on a planning group for long enough."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from solver.verify.findings import Case, Fault, Findings, Piece, Seen
from solver.verify.pins import named_stretches


class _Stint(NamedTuple):
    group: str | None
    start: int
    end: int
    first: Piece


def look_at_stints(case: Case, seen: Seen, findings: Findings) -> None:
    """No stint on one planning group is shorter than the least, unless the whole time on queue around it is."""
    least = case.request.options.minimum_stint_minutes
    named = named_stretches(seen, case.calendar.written)
    for stretch in _stretches(seen, named):
        asked = min(least, stretch[-1].end - stretch[0].start)
        for group, start, end, first in stretch:
            if end - start < asked:
                text = f"{first.name} is {end - start} minutes on planning group {group!r}; at least {asked} are asked for."
                findings.on_shift(case, seen, Fault("short_stint", text))


def _stretches(seen: Seen, named: list[tuple[int, int, str]]) -> Iterator[list[_Stint]]:
    """Time on queue that nothing interrupts, as stints; a stretch whose group is pinned interrupts like an activity."""
    stretch: list[_Stint] = []
    for piece in seen.pieces:
        free = piece.on_queue and not any(start <= piece.start and piece.end <= end for start, end, _ in named)
        if stretch and (not free or piece.start != stretch[-1].end):
            yield stretch
            stretch = []
        if not free:
            continue
        group = piece.activity.planning_group_id
        if stretch and stretch[-1].group == group:
            stretch[-1] = stretch[-1]._replace(end=piece.end)
        else:
            stretch.append(_Stint(group, piece.start, piece.end, piece))
    if stretch:
        yield stretch
