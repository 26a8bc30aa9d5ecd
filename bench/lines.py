"""The line that is printed of an instance."""

from __future__ import annotations

from typing import Any

from bench.child import Outcome
from bench.family import Instance


def line_of(instance: Instance, outcome: Outcome) -> dict[str, Any]:
    """What is printed of an instance; the value is empty where there is no roster or the family refuses it."""
    line: dict[str, Any] = {
        "instance": instance.name,
        "value": None,
        "bound": None,
        "verdict": "failed",
        "seconds": round(outcome.seconds, 2),
        "peak_mb": round(outcome.peak_mb),
    }
    if outcome.roster is None:
        return line | {"error": outcome.error}
    roster = outcome.roster
    statistics = roster.get("statistics") or {}
    bound = roster.get("lower_bound")
    line |= {
        "bound": None if bound is None else round(instance.bound(bound), 4),
        "verdict": roster["verdict"],
        "gap_percent": roster.get("gap_percent"),
        "first_roster_seconds": outcome.first_roster_seconds,
        "compile_seconds": statistics.get("compile_seconds"),
    }
    if not roster.get("cost"):
        return line
    score = instance.score(roster)
    line |= {"value": score.value, "cost": roster["cost"]["total"], "lower_bound": bound} | score.figures
    if score.faults:
        line |= {"value": None, "verdict": "refused", "faults": len(score.faults), "first_fault": score.faults[0]}
    return line
