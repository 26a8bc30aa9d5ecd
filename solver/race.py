"""The engines side by side: one core searches, the other proves, until time is up or the gap is small enough."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from solver.bound import PriceSearch
from solver.compile.model import Model, Plan
from solver.search import Annealer
from solver.search.incumbent import Incumbent
from solver.watch import Watch

CHUNK_SECONDS = 0.15
"""How long a kernel runs before it looks up."""

TELL_SECONDS = 0.5
"""How often progress is told."""


def race(model: Model, best: Incumbent, watch: Watch, tell: Callable[[str], None]) -> None:
    """Fills `best` with the best plan and bound that the time allows."""
    ended = threading.Event()

    def over() -> bool:
        return ended.is_set() or watch.over() or best.good_enough

    failures: list[BaseException] = []
    threads = [
        threading.Thread(target=_guard, args=(engine, (model, best, watch, over), failures, ended), daemon=True)
        for engine in (_search, _prove)
    ]
    for thread in threads:
        thread.start()
    told = -1
    while any(thread.is_alive() for thread in threads):
        if best.version != told:
            told = best.version
            tell("search")
        for thread in threads:
            thread.join(TELL_SECONDS / len(threads) if thread.is_alive() else 0)
        if watch.over():
            ended.set()
    if failures:
        raise failures[0]
    tell("search")


def _guard(engine, arguments, failures, ended) -> None:  # type: ignore[no-untyped-def]
    """Runs an engine; what goes wrong in it ends the race and is raised by it."""
    try:
        engine(*arguments)
    except BaseException as failure:
        failures.append(failure)
        ended.set()


def _search(model: Model, best: Incumbent, watch: Watch, over: Callable[[], bool]) -> None:
    """A first roster, then annealing from hot to cold over the time there is."""
    annealer = Annealer(model, model.request.options.seed)
    if not annealer.construct(lambda: watch.stop()):
        return
    best.offer(annealer.plan, annealer.cost)
    annealer.polish(over)
    best.offer(annealer.plan, annealer.cost)
    if not model.agents:
        return
    dearest = float(abs(model.coverage.curves[:, 1] - model.coverage.curves[:, 0]).max())
    moves = 20
    while not over():
        share = watch.share
        hot = dearest * HOT * (COLD / HOT) ** share
        began = time.monotonic()
        annealer.run(moves, hot, hot * 0.98, most_out=MOST_OUT, noise=0.0)
        took = time.monotonic() - began
        moves = max(5, int(moves * min(2.0, max(0.5, CHUNK_SECONDS / max(1e-6, took)))))
        best.offer(annealer.plan, annealer.cost)


HOT, COLD, MOST_OUT = 0.5, 0.01, 4


def _prove(model: Model, best: Incumbent, watch: Watch, over: Callable[[], bool]) -> None:
    """Prices that prove more and more."""
    prices = PriceSearch(model)
    while not over():
        known = best.cost
        guess = known - model.constant if known is not None else 0
        best.prove(prices.step(guess) + model.constant)


__all__ = ["Plan", "race"]
