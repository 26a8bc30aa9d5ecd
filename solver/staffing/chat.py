"""Agents who handle several contacts at a time, each the slower the more there are.

With n contacts spread evenly over c agents, each contact takes 1 + s (n / c - 1) times as long as it would alone (never
less), so n contacts end at a rate of n over that. The states are summed from the most usual one up to the full house
and down to the empty one; beyond the full house contacts wait for a place, and it works on at its rate.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from solver.staffing.erlang import Floats

_NOTHING = 1e-17


@dataclass(frozen=True)
class House:
    """So many agents with so many places each."""

    rate: Floats  # contacts that end during one handle time when every place is taken
    inverse: Floats  # time without anybody waiting, in units of the time in which all places are taken and nobody waits
    taken: Floats  # share of the places that are taken in that time

    @classmethod
    def of(cls, load: Floats, agents: Floats, concurrency: Floats, slowdown: Floats) -> House:
        """The house for a load in erlangs, handle times being those of a contact alone; slowdown is a share."""

        def rate(contacts: Floats) -> Floats:
            crowd = np.maximum(contacts / np.maximum(agents, 1e-300) - 1, 0.0)
            return contacts / (1 + slowdown * crowd)

        places = agents * concurrency
        alone, crowded = (
            load,
            load * (1 - slowdown) / np.maximum(1 - load * slowdown / np.maximum(agents, 1e-300), 1e-9),
        )
        usual = np.floor(np.clip(np.where(load <= agents, alone, crowded), 0.0, places))
        time, busy, full = np.ones(places.shape), usual.copy(), np.where(usual == places, 1.0, 0.0)
        term, contacts = np.ones(places.shape), usual
        while (going := (contacts < places) & (term > _NOTHING * time)).any():
            contacts = np.where(going, contacts + 1, contacts)
            term = np.where(going, term * load / np.maximum(rate(contacts), 1e-300), 0.0)
            time += term
            busy += contacts * term
            full = np.where(going & (contacts == places), term, full)
        term, contacts = np.ones(places.shape), usual
        while (going := (contacts > 0) & (term > _NOTHING * time)).any():
            term = np.where(going, term * rate(contacts) / load, 0.0)
            contacts = np.where(going, contacts - 1, contacts)
            time += term
            busy += contacts * term
        with np.errstate(divide="ignore", over="ignore"):
            return cls(rate(places), time / full, busy / time / np.maximum(places, 1e-300))

    def occupancy(self, all_taken: Floats, waits: Floats) -> Floats:
        """Share of the places that are taken, from the probability that all are without a queue and that of waiting."""
        queue = waits - all_taken
        return np.where(self.rate > 0, np.clip(self.taken * (1 - queue) + queue, 0.0, 1.0), 1.0)
