"""Agents that are alike, so that engines may count them instead of naming them."""

from __future__ import annotations

from solver.compile.model import Model


def alike(model: Model) -> list[list[int]]:
    """Groups of agents who may work the same tours at the same price and serve the same groups equally well."""
    staff = model.staff
    rows = zip(staff.choice, staff.graph, staff.root, staff.profile, staff.rate, staff.preference, strict=True)
    groups: dict[tuple[int, ...], list[int]] = {}
    for agent, row in enumerate(rows):
        groups.setdefault(tuple(int(part) for part in row), []).append(agent)
    return list(groups.values())
