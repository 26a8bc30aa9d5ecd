"""Engines side by side, one a core: what they share, when they are done, and what went wrong in them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from solver.compile.model import Model
from solver.search.incumbent import Incumbent
from solver.watch import Watch

TELL_SECONDS = 0.25
"""How often it is looked for news to tell."""

GRACE_SECONDS = 2.0
"""How long an engine that was told to end is waited for; it is left to itself then, and ends with the process."""


@dataclass
class SideBySide:
    """The model, the best of everybody, the time, and how many moves the search has made."""

    model: Model
    best: Incumbent
    watch: Watch
    ended: threading.Event = field(default_factory=threading.Event)
    failures: list[BaseException] = field(default_factory=list)
    moves: int = 0

    def over(self) -> bool:
        """Whether there is no more to do."""
        limit = self.model.request.options.iteration_limit
        return (
            self.ended.is_set()
            or self.watch.over()
            or self.best.good_enough
            or (limit is not None and self.moves >= limit)
        )

    def run(self, engines: Sequence[Callable[[], None]], tell: Callable[[str], None]) -> None:
        """Runs the engines until the first of them, the search, is done, and tells what is new meanwhile.

        Raises:
            BaseException: whatever an engine raised.
        """
        threads = [threading.Thread(target=self._guarded, args=(engine,), daemon=True) for engine in engines]
        for thread in threads:
            thread.start()
        told = -1
        grace = GRACE_SECONDS
        while any(thread.is_alive() for thread in threads) and grace > 0:
            if self.best.version != told:
                told = self.best.version
                tell("search")
            for thread in threads:
                if thread.is_alive():
                    thread.join(TELL_SECONDS)
                    break
            if self.watch.over() or not threads[0].is_alive():
                self.ended.set()
                grace -= TELL_SECONDS
        if self.failures:
            raise self.failures[0]
        tell("search")

    def _guarded(self, engine: Callable[[], None]) -> None:
        """Runs an engine; what goes wrong in it ends the others and is raised by `run`."""
        try:
            engine()
        except BaseException as failure:
            self.failures.append(failure)
            self.ended.set()
