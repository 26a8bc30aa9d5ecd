"""The engines side by side, one a core, until time is up or the gap is small enough.

One core searches from the first moment. The other proves: it looks for prices of the slots that make the bound good,
and those prices also guide the search. Once they get no better, it searches too.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from math import ceil
from typing import TYPE_CHECKING

import numpy as np

from solver.bound import PriceSearch
from solver.bound.shape import suits_columns, suits_days
from solver.compile.model import Ints, Model, Plan
from solver.cpsat.counting import suits_counting
from solver.cpsat.design import design, suits_design
from solver.cpsat.exact import solve_exactly
from solver.cpsat.master import choose_tours
from solver.kernels.first import introduce
from solver.price import plan_cost as true_cost
from solver.price import together_cost
from solver.search import Annealer
from solver.search.annealing import plan_cost
from solver.search.days import DaySearch
from solver.search.incumbent import Incumbent
from solver.search.pool import TourPool
from solver.side_by_side import SideBySide
from solver.watch import Watch

if TYPE_CHECKING:
    from solver.bound.columns import ColumnSearch

CHUNK_SECONDS = 0.1
"""How long a kernel runs before it looks up."""

HOTTEST, COLDEST = 4.0, 0.05
"""Temperatures in prices of one missing agent for one slot."""

MOVES_PER_AGENT_WHEN_HOT = 1000
"""With fewer moves than this for each agent the search starts cooler."""

NOISE = 0.1
"""How much the slots' prices are blurred, in prices of one missing agent."""

MOST_OUT = 2
"""Most agents that leave at once."""


BREAKS_SHARE = 0.05
"""How much of the time that is left CP-SAT gets to place all breaks of each day at once."""

CHOOSING_SHARE = 0.4
"""How much of the time that is left CP-SAT gets to choose among the tours of good rosters."""

MOST_AGENTS_TO_CHOOSE_FOR = 200

CORES = 2

COUNTING_SHARE = 0.5
"""How much of the time CP-SAT gets for people who are counted rather than named."""

CLOSING_SHARE = 0.5
"""How much of the time that is left CP-SAT gets to close a small problem."""

ATTEMPTS = 4
"""How often it is looked whether a problem has become small enough to close."""

FIRST_STEPS = 25
"""Steps of subgradients before the linear program, which has less far to go from where they lead than from nothing."""

MOST_COLUMNS = 8000
"""Tours that the linear program keeps."""

PROVING_SHARE = 0.4
"""Share of the time after which the prices of many agents by days need not settle: a second search is worth more."""

RESTARTS = 2
"""How often the prices are stirred again once they have settled."""


@dataclass
class _Track(SideBySide):
    """What the engines of the race share besides."""

    pool: TourPool = field(kw_only=True)
    guide: Ints | None = None
    follow: bool = False  # whether the search goes on from better rosters that others find
    columns: ColumnSearch | None = None  # where the search stops annealing and looks into neighbourhoods with these


def race(model: Model, best: Incumbent, watch: Watch, tell: Callable[[str], None]) -> int:
    """Fills `best` with the best plan and bound that the time allows; returns how many moves the search made."""
    track = _Track(model, best, watch, pool=TourPool(model))
    limit = model.request.options.iteration_limit
    if suits_design(model) and (model.cyclic or limit is None):
        _design(track)
    if not best.good_enough and not model.cyclic and suits_counting(model) and limit is None:
        _count(track)
    if best.good_enough or model.cyclic:  # no other engine knows that a period repeats
        tell("search")
        return 0
    introduce(model)
    engines = (_search, _prove) if not suits_days(model) else (_search_by_days, _prove_by_days)
    track.run([partial(engine, track) for engine in engines], tell)
    return track.moves


def _search(track: _Track) -> None:
    """A first roster, then annealing from hot to cold over the time there is."""
    annealer = Annealer(track.model, track.model.request.options.seed)
    # The first roster is worth having even when time is up: without it there is no answer at all.
    if not annealer.construct(track.watch.stop):
        return
    track.best.offer(annealer.plan, annealer.cost)
    annealer.polish(track.over)
    track.best.offer(annealer.plan, annealer.cost)
    _cool(track, annealer)
    if track.columns is not None and not track.over():
        _look_around(track, track.columns, seed=track.model.request.options.seed + 1)


def _prove(track: _Track) -> None:
    """Prices that prove more and more; when they have settled, a second search."""
    if not track.model.agents:
        nobody = Plan.empty(track.model)
        track.best.prove(plan_cost(track.model, nobody))
        return
    if suits_columns(track.model):
        _prove_by_columns(track)
        return
    prices = PriceSearch(track.model)
    prices.step(None)  # however short the search is, something is proved of its roster
    _tell_prices(track, prices)
    for _ in range(RESTARTS + 1):
        _raise_bound(track, prices)
    if track.model.request.options.iteration_limit is not None or track.best.plan is None or track.over():
        return
    _place_breaks(track)
    annealer = Annealer(track.model, track.model.request.options.seed + 1)
    annealer.take(track.best.plan)
    for attempt in range(1, ATTEMPTS + 1):
        _raise_bound(track, prices)
        if track.over() or _close(track, prices):
            break
        # A smaller gap leaves less: search for a while, then look again.
        _cool(track, annealer, until=attempt / (ATTEMPTS + 1))
    _choose(track, annealer)
    _cool(track, annealer)


def _count(track: _Track) -> None:
    """People who are alike are counted by CP-SAT, which often finds and proves the best before a search is begun."""
    counted = solve_exactly(
        track.model,
        seconds=COUNTING_SHARE * track.watch.left,
        stop=track.over,
        seed=track.model.request.options.seed,
        workers=CORES,
    )
    if len(track.model.presence.where):
        _offer(track, counted.plan)  # its own cost leaves out the rules that count agents
    elif counted.plan is not None and counted.cost is not None:
        track.best.offer(counted.plan, counted.cost)
    track.follow = True
    track.best.prove(counted.bound)


def _design(track: _Track) -> None:
    """Numbers of shifts by kind and day, where nothing else is to be chosen."""
    share = 1.0 if track.model.cyclic else COUNTING_SHARE
    designed = design(
        track.model,
        seconds=share * track.watch.left,
        stop=track.over,
        found=lambda plan: _offer_design(track, plan),
        seed=track.model.request.options.seed,
        workers=CORES,
    )
    track.best.prove(designed)
    track.follow = True


def _offer_design(track: _Track, plan: Plan) -> None:
    """Offers a plan, whose shifts beside each other the incumbent prices itself."""
    track.best.offer(plan, true_cost(track.model, plan) - together_cost(track.model, plan))


def _prove_by_columns(track: _Track) -> None:
    """Where a linear program over tours is quick: it proves, and rosters are made out of what it mixes."""
    from solver.bound.columns import ColumnSearch
    from solver.search.dives import dive
    from solver.search.guesses import widen

    model = track.model
    # A roster of its own, in which everybody has a tour that keeps all sums.
    first = Annealer(model, model.request.options.seed + 1)
    if not first.construct(track.watch.stop):
        return
    prices = PriceSearch(model)
    for _ in range(FIRST_STEPS):
        if track.over():
            break
        prices.step(first.cost - model.constant)
    columns = ColumnSearch(model, lambda: track.watch.left, search=prices)
    columns.begin(first.plan)
    track.follow = True
    while not track.over() and columns.step():
        _tell_prices(track, columns.search)
    _tell_prices(track, columns.search)
    if track.over() or model.request.options.iteration_limit is not None:
        return
    random = np.random.default_rng(model.request.options.seed)
    _offer(track, dive(columns, track.over, random))
    if not columns.solve():
        return
    track.columns = columns.twin()
    if track.best.plan is not None and columns.search.bound is not None:
        # Where the program cannot better its mixture, bound and mixture differ by no more than the last rounding.
        widen(
            model,
            columns.search,
            track.best,
            first=max(0, ceil(columns.cost - model.constant - columns.search.bound)),
            seconds_left=lambda: track.watch.left,
            over=track.over,
            seed=model.request.options.seed,
        )
    _look_around(track, columns, seed=model.request.options.seed)


def _look_around(track: _Track, columns: ColumnSearch, *, seed: int) -> None:
    """Neighbourhoods until time is up, each thread with a program of its own."""
    from solver.search.dives import Neighbourhoods

    random = np.random.default_rng(seed)
    if not columns.solve():
        return
    neighbourhoods = Neighbourhoods(columns, track.best, track.over, track.watch.limit, random)
    while not track.over():
        neighbourhoods.look_at_one()
        columns.trim(MOST_COLUMNS)


def _search_by_days(track: _Track) -> None:
    """Where the graphs do not hold every rule: a first roster, and then a day or two of an agent at a time."""
    options = track.model.request.options
    search = DaySearch(track.model, options.seed)
    if search.begin():
        track.best.offer(search.plan, search.cost)
    if not search.construct(track.watch.stop):
        return
    track.best.offer(search.plan, search.cost)
    search.cool(track.best, over=track.over, share=lambda: track.watch.share, limit=options.iteration_limit)
    track.moves += search.moves


def _prove_by_days(track: _Track) -> None:
    """Prices of graphs that allow too much still prove; when they have settled, a second search."""
    model = track.model
    prices = PriceSearch(model)
    prices.begin_level()
    _tell_prices(track, prices)
    limited = model.request.options.iteration_limit is not None
    _raise_bound(track, prices, until=1.0 if limited else PROVING_SHARE)
    if track.over() or limited:
        return
    search = DaySearch(model, model.request.options.seed + 1)
    if search.construct(track.over):
        search.cool(track.best, over=track.over, share=lambda: track.watch.share)
        track.moves += search.moves


def _offer(track: _Track, plan: Plan | None) -> bool:
    """Offers a plan that was found; whether it is the best so far."""
    return plan is not None and track.best.offer(plan, plan_cost(track.model, plan))


def _tell_prices(track: _Track, prices: PriceSearch) -> None:
    """What prices prove, and the prices themselves, for everybody."""
    assert prices.bound is not None
    track.best.prove(prices.bound + track.model.constant)
    track.guide = prices.guide


def _raise_bound(track: _Track, prices: PriceSearch, until: float = 1.0) -> None:
    """Better prices until they settle or the share `until` of the time is used, told to everybody as they come."""
    while not track.over() and not prices.settled and (until == 1.0 or track.watch.share < until):
        known = track.best.cost
        prices.step(known - track.model.constant if known is not None else None)
        _tell_prices(track, prices)
    prices.rekindle()


def _place_breaks(track: _Track) -> None:
    """All breaks of each day at once, the shifts staying where they are."""
    from solver.cpsat.breaks import improve_breaks

    plan, _, _ = track.best.snapshot()
    seconds = BREAKS_SHARE * track.watch.left
    seed = track.model.request.options.seed
    _offer(track, improve_breaks(track.model, plan, seconds=seconds, stop=track.over, seed=seed))


def _choose(track: _Track, annealer: Annealer) -> None:
    """The best combination of the tours that good rosters had; the search goes on from it."""
    model = track.model
    if track.over() or len(model.agents) > MOST_AGENTS_TO_CHOOSE_FOR:
        return
    plan, _, _ = track.best.snapshot()
    seconds = CHOOSING_SHARE * track.watch.left
    chosen = choose_tours(
        model, track.pool.tours(), plan, seconds=seconds, stop=track.over, seed=model.request.options.seed
    )
    if chosen is not None and _offer(track, chosen):
        annealer.take(chosen)


def _close(track: _Track, prices: PriceSearch) -> bool:
    """Where prices leave little, CP-SAT proves the best of it; False when they leave too much to try."""
    from solver.bound.survivors import survivors
    from solver.cpsat.closing import close, small_enough

    model = track.model
    if not model.whole:
        # A graph without its sums leaves too much, and a flow through it does not keep them.
        return False
    plan, cost, _ = track.best.snapshot()
    assert prices.bound is not None
    left = survivors(model, prices, cost - model.constant - prices.bound)
    if not small_enough(left):
        return False
    closed = close(
        model,
        left,
        plan,
        seconds=CLOSING_SHARE * track.watch.left,
        stop=track.over,
        seed=model.request.options.seed,
        workers=1,
    )
    _offer(track, closed.plan)
    # A roster outside of what is left costs more than the one that the gap was measured against.
    if closed.bound is not None:
        track.best.prove(min(cost, closed.bound))
    return True


def _cool(track: _Track, annealer: Annealer, until: float = 1.0) -> None:
    """Annealing in chunks; the temperature follows the share of the time (or of the moves) that is used.

    It ends when the share `until` of the time is used.
    """
    model = track.model
    if not model.agents:
        return
    curves = model.coverage.curves
    dearest = float(np.abs(np.diff(curves[:, :2], axis=1)).max(initial=1)) or 1.0
    limit = model.request.options.iteration_limit
    moves, rate, began, before = 20, 0.0, time.monotonic(), annealer.moves
    while not track.over() and track.columns is None and (until == 1.0 or track.watch.share < until):
        left = track.watch.left
        planned = limit if limit is not None else annealer.moves + rate * left
        hottest = HOTTEST * min(1.0, max(0.05, planned / (MOVES_PER_AGENT_WHEN_HOT * len(model.agents))))
        share = annealer.moves / limit if limit is not None else track.watch.share
        hot = dearest * hottest * (COLDEST / hottest) ** share if hottest > COLDEST else dearest * COLDEST
        guide = track.guide if limit is None else None
        annealer.run(moves, hot, hot, most_out=MOST_OUT, guide=guide, noise=NOISE * dearest)
        track.moves += moves
        took = time.monotonic() - began
        rate = (annealer.moves - before) / max(1e-6, took)
        chunk = max(5, min(2 * moves, int(rate * CHUNK_SECONDS)))
        moves = chunk if limit is None else max(1, min(500, limit - track.moves))
        if track.follow and track.best.cost is not None and track.best.cost < annealer.cost:
            annealer.take(track.best.snapshot()[0])
        if track.best.offer_from(annealer):
            track.pool.add(track.best.snapshot()[0])
