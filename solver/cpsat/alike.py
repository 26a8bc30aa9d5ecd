"""Agents that are alike, so that engines may count them instead of naming them."""

from __future__ import annotations

from collections.abc import Iterable

from solver.compile.model import Model


def alike(model: Model, agents: Iterable[int]) -> list[list[int]]:
    """These agents, together where they may work the same tours at the same price and serve the same groups as well."""
    staff = model.staff
    groups: dict[tuple[int, ...], list[int]] = {}
    for agent in agents:
        columns = (
            *(staff.choice, staff.graph, staff.root, staff.profile, staff.rate, staff.preference, staff.wish),
            model.sums.row,
        )
        groups.setdefault(tuple(int(column[agent]) for column in columns), []).append(agent)
    return list(groups.values())
