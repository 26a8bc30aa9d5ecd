"""What the reader of a roster should know of how its request was read."""

from __future__ import annotations

from typing import Any

from schemas.request import RosterRequest
from schemas.roster import Message
from solver.reading.parse import parse

OPTIONS = ("time_limit_seconds", "target_gap_percent", "seed", "minimum_stint_minutes")


def defaults_used(raw: bytes | str | dict[str, Any], request: RosterRequest) -> tuple[Message, ...]:
    """One message for each kind of default that was used, and one where requirements were rounded."""
    raw = parse(raw) if isinstance(raw, (bytes, str)) else raw
    notes = [
        _default(f"{name} was not given: {getattr(request, name)} is used.", f"/{name}")
        for name in ("week_starts_on", "interval_minutes", "currency")
        if name not in raw
    ]
    given = raw.get("options") or {}
    absent = [f"{name} {getattr(request.options, name):g}" for name in OPTIONS if name not in given]
    if absent:
        notes.append(_default(f"Options that were not given: {', '.join(absent)}.", "/options"))
    groups = raw.get("planning_groups") or []
    for name in ("understaffing_cost_per_hour", "overstaffing_cost_per_hour"):
        without = [str(group.get("id")) for group in groups if name not in group]
        if without:
            value = next(getattr(g, name) for g in request.planning_groups if g.id == without[0])
            notes.append(
                _default(f"{name} was not given for {', '.join(without[:5])}: {value} is used.", "/planning_groups")
            )
    rounded = sum(
        round(value * 1000) != value * 1000 for series in request.requirements for value in series.required if value % 1
    )
    if rounded:
        notes.append(
            Message(
                code="required_rounded",
                severity="info",
                path="/requirements",
                text=f"{rounded} requirements have more than three decimals and were rounded to thousandths of an agent.",
            )
        )
    return tuple(notes)


def _default(text: str, path: str) -> Message:
    return Message(code="defaults_used", severity="info", text=text, path=path)
