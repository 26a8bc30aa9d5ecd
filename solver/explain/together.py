"""Rules of all agents together that keep one more from being there: seats taken, somebody to be kept apart from."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from schemas.request import Agent
from solver.explain.standing import ELSEWHERE, Standing
from solver.roster_rules import CountRule, SameShifts


def held_away(standing: Standing) -> dict[str, NDArray[np.bool_]]:
    """By kind of rule, [agents, slots]: whether one more agent on site then would break the rule or have to pay for it.

    Who would have to come without the others of a team is held away as well, unless some of them may be off.
    """
    there = standing.place != ELSEWHERE
    found: dict[str, NDArray[np.bool_]] = {}
    for rule in standing.request.roster_rules:
        if isinstance(rule, CountRule) and rule.where == "on_site":
            counted = _rows(standing, rule.counts)
            number = there[counted].sum(axis=0)
            more = np.array([rule.units(n + 1) > rule.units(n) for n in range(int(number.max(initial=0)) + 1)], bool)
            held = counted[:, None] & more[number][None, :]
        elif isinstance(rule, SameShifts) and not rule.may_be_off:
            held = np.repeat(_rows(standing, rule.ties)[:, None], there.shape[1], axis=1)
        else:
            continue
        found[rule.kind] = found.get(rule.kind, np.zeros_like(there)) | (held & ~there)
    return found


def _rows(standing: Standing, asked: Callable[[Agent], bool]) -> NDArray[np.bool_]:
    """Of whom the rule says so."""
    return np.array([asked(person.case.agent) for person in standing.people], bool)
