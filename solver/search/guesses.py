"""Guesses at the gap: CP-SAT gets what a roster within the guess may be made of, and the guess widens until one is.

Prices that prove a bound also say what every shift and every step of a tour loses at least. A roster within a guess of
the bound contains nothing that loses more, so the best of what is left is the best of all as soon as it lies within the
guess; and where it does not, no roster does, which raises the bound. Unlike closing, this needs no good roster to begin
with: a good one comes out of it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from solver.bound.lagrange import PriceSearch
from solver.bound.survivors import Survivors, survivors
from solver.compile.model import Model, Plan
from solver.cpsat.exact import Part, solve_exactly
from solver.search.annealing import plan_cost
from solver.search.incumbent import Incumbent

MOST_ARCS, MOST_OPTIONS = 12_000, 3_000
"""The most of graphs and options, of all agents, that is given to CP-SAT."""

SHARE = 0.25
"""How much of the time that is left one guess gets. Where that is too little a wider one is not tried."""

GROWTH, FEW_ARCS = 2, 1_000
"""How many times as many arcs the next guess may leave, counted from so many at least."""

HALVINGS = 8
"""How closely the guess that leaves so many arcs is looked for."""


class _Guess(NamedTuple):
    """Units beyond the bound, and what a roster within them may be made of."""

    beyond: int
    left: list[Survivors]

    @property
    def arcs(self) -> int:
        return sum(len(own.arcs) for own in self.left)

    @property
    def small_enough(self) -> bool:
        return self.arcs <= MOST_ARCS and sum(len(own.options) for own in self.left) <= MOST_OPTIONS

    @property
    def parts(self) -> list[Part]:
        return [Part(own.options, own.arcs) for own in self.left]


def widen(
    model: Model,
    prices: PriceSearch,
    best: Incumbent,
    *,
    first: int,
    seconds_left: Callable[[], float],
    over: Callable[[], bool],
    seed: int,
) -> None:
    """Guesses wider and wider until the best roster is proved, too much is left, or a guess takes too long.

    Args:
        model: the compiled request, with one planning group.
        prices: those that prove the bound, settled.
        best: there is a roster in it; takes better ones, and what is proved.
        first: the first guess in units; what the prices may still be off by is a good one.
        seconds_left: of the whole solve.
        over: asked again and again.
        seed: CP-SAT's seed.
    """
    if not model.whole:
        return  # a graph without its sums leaves too much, and a flow through it does not keep them
    assert prices.bound is not None
    bound = prices.bound + model.constant
    guess = _Guess(first, survivors(model, prices, first))
    while guess.small_enough and not over():
        exact = solve_exactly(
            model,
            seconds=SHARE * seconds_left(),
            stop=over,
            seed=seed,
            hint=_hint(best, bound, guess),
            parts=guess.parts,
        )
        if exact.plan is not None:
            best.offer(exact.plan, plan_cost(model, exact.plan))
        best.prove(min(exact.bound, bound + guess.beyond + 1))
        gap = best.snapshot()[1] - bound
        if not exact.proved or guess.beyond >= gap or over():
            return
        guess = _wider(model, prices, gap, guess)


def _hint(best: Incumbent, bound: int, guess: _Guess) -> Plan | None:
    """The best roster so far, where it is made of what is left."""
    plan, cost, _ = best.snapshot()
    return plan if cost <= bound + guess.beyond else None


def _wider(model: Model, prices: PriceSearch, gap: int, guess: _Guess) -> _Guess:
    """The whole gap where that leaves little enough, else a part of it that does."""
    most = GROWTH * max(guess.arcs, FEW_ARCS)
    whole = _Guess(gap, survivors(model, prices, gap))
    if whole.arcs <= most:
        return whole
    low, high = guess.beyond + model.quantum, gap
    found = _Guess(low, survivors(model, prices, low))
    for _ in range(HALVINGS):
        middle = (low + high) // 2
        tried = _Guess(middle, survivors(model, prices, middle))
        if tried.arcs <= most:
            low, found = middle, tried
        else:
            high = middle
    return found


__all__ = ["widen"]
