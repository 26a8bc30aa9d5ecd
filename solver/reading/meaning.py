"""Faults of meaning: what is well formed and still cannot be."""

from __future__ import annotations

from schemas.fault import Fault
from schemas.request import RosterRequest
from solver.reading import agents, cyclic, goals, groups, headcount, notice, period, plans, prices, roster_rules
from solver.reading.faults import Faults


def faults_in(request: RosterRequest) -> list[Fault]:
    """Every fault; with a period that is too large nothing further is looked at."""
    faults = Faults()
    zones = period.look(request, faults)
    if zones is None:
        return faults.found
    groups.look(request, zones, faults)
    goals.look(request, zones, faults)
    prices.look(request, faults)
    plans.look(request, faults)
    agents.look(request, zones, faults)
    notice.look(request, zones, faults)
    headcount.look(request, faults)
    roster_rules.look(request, faults)
    cyclic.look(request, faults)
    return faults.found
