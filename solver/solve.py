"""The recipe: from a request to a verified roster."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import floor
from typing import Literal

from schemas.job import COMPILING, Progress
from schemas.request import RosterRequest
from schemas.roster import Message, Roster, Statistics
from schemas.roster_rule import RosterRule
from solver.compile import Model, compile_request
from solver.compile.recipe import Stopped
from solver.cpsat.design import MOST_WAYS, suits_design
from solver.cpsat.groups import assign_groups
from solver.kernels.ready import make_ready, ready
from solver.price import breaks_a_hard_rule
from solver.race import race
from solver.roster import schedules_of
from solver.search.goals import race_for_goals
from solver.search.incumbent import Incumbent
from solver.verify import Judgement, judge
from solver.watch import Watch

LEAST_RESERVE = 0.15
"""Seconds that are always kept back for the end of a solve."""

RESERVE_FACTOR = 1.4
"""How much longer the last roster may take to write than the first one took."""

NAMING_SHARE, MOST_NAMING = 0.08, 8.0
"""Share of the time for naming planning groups at the end, and the most seconds that it gets."""

MOST_TOLD = 20
"""Messages about hard rules that no roster was found to keep, at most."""

LEAST_PAUSE = 2.0
"""Seconds between two rosters that the listener is given, at least."""


class WrongAnswerError(Exception):
    """The judge does not agree with the solver: a fault of ours, never an answer."""


@dataclass
class Listener:
    """Who is told what happens: progress, and better rosters as they are met."""

    progress: Callable[[Progress], None] = lambda _: None
    roster: Callable[[Roster], None] | None = None


def solve(
    request: RosterRequest,
    *,
    seconds: float | None = None,
    stop: Callable[[], bool] = lambda: False,
    listener: Listener | None = None,
    notes: tuple[Message, ...] = (),
    began: float | None = None,
) -> Roster:
    """The best roster that can be found in the time, judged and priced by the judge, with a proved bound.

    Args:
        request: a request that `read_request` let through.
        seconds: the time limit, in place of the request's own. Kernels that this machine has never compiled are
            compiled before it begins.
        stop: asked all the time; when it says yes the best roster so far is the answer.
        listener: told of progress and better rosters.
        notes: messages about the request that belong into the answer.
        began: when the caller's time began, on `time.monotonic`; now when it is not given.

    Raises:
        WrongAnswerError: the judge found a fault in the roster or another price.
    """
    watch = Watch(seconds if seconds is not None else request.options.time_limit_seconds, stop)
    if began is not None:
        watch.began = began
    run = _Run(request, watch, listener or Listener(), notes)
    wait_for_kernels(watch, run.listener)
    run.listener.progress(Progress(seconds=watch.seconds, phase="compile"))
    try:
        model = compile_request(request, watch.over)
    except Stopped:
        return run.without_roster("undecided")
    run.compile_seconds = watch.seconds
    if model.infeasible:
        return run.infeasible(model)
    best = Incumbent(model, request.options.target_gap_percent)
    engine = race if model.goals is None else race_for_goals
    run.moves = engine(model, best, watch, lambda phase: run.tell(best, phase))
    if best.plan is None:
        return run.undecided(model)
    return run.answer(best)


def wait_for_kernels(watch: Watch, listener: Listener) -> None:
    """Where they have never been compiled, the time limit begins when they are: a short one would see no roster."""
    if ready():
        return
    waited = watch.seconds

    def tell(seconds: float) -> None:
        listener.progress(Progress(seconds=0.0, phase=f"{COMPILING} ({seconds:.0f} s)"))

    make_ready(tell, watch.stop)
    watch.began = time.monotonic() - waited


@dataclass
class _Run:
    """One solve: its clock, its listener and what is to be reported of it."""

    request: RosterRequest
    watch: Watch
    listener: Listener
    notes: tuple[Message, ...] = ()
    compile_seconds: float = 0.0
    first_roster_seconds: float | None = None
    moves: int = 0
    _writing_took: float = 0.0
    _next_roster: float = 0.0  # seconds before which no further roster is written

    def tell(self, best: Incumbent, phase: str) -> None:
        """Passes on where the race stands, and now and then the roster itself."""
        seconds = self.watch.seconds
        model, plan, cost = best.model, best.plan, best.cost
        if plan is not None and breaks_a_hard_rule(model, plan):
            plan = cost = None  # it is where the search stands, and no roster yet
        self.listener.progress(
            Progress(
                seconds=round(seconds, 3),
                cost=None if cost is None else float(model.money(cost)),
                bound=None if best.bound is None else float(model.money(best.bound)),
                gap_percent=None if cost is None or best.bound is None else round(best.gap, 4),
                phase=phase,
            )
        )
        if plan is None:
            return
        first = self.first_roster_seconds is None
        if first:
            self.first_roster_seconds = seconds
        # One that is good enough is the answer, which is about to be written.
        wanted = (first or self.listener.roster is not None) and not best.good_enough
        if wanted and seconds >= self._next_roster and not self.watch.over():
            self._write(best)

    def _write(self, best: Incumbent) -> None:
        """Writes and judges the roster; what that takes is kept back for the last one."""
        roster = self.answer(best, quick=True)
        if self.listener.roster is not None and roster.cost is not None:
            self.listener.roster(roster)
        took = self._writing_took
        self.watch.reserve = LEAST_RESERVE + RESERVE_FACTOR * took + self._naming_seconds(best.model)
        self._next_roster = self.watch.seconds + max(LEAST_PAUSE, 10 * took)

    def answer(self, best: Incumbent, *, quick: bool = False) -> Roster:
        """Names the groups, writes the roster and has it judged."""
        plan, claimed, bound = best.snapshot()
        model = best.model
        named = plan
        if plan.group is None:
            seconds = 0.0 if quick else self._naming_seconds(model)
            named = assign_groups(model, plan, seconds=seconds, stop=self.watch.stop)
        began = self.watch.seconds
        roster = Roster(status="completed", name=self.request.name, schedules=schedules_of(model, named))
        judgement = judge(self.request, roster)
        if breaks_a_hard_rule(model, plan):
            return self.rule_not_kept(judgement)
        check(model, claimed, judgement)
        self._writing_took = self.watch.seconds - began
        total = judgement.total_ticks / model.ticks_per_unit
        proved = bound is not None and total <= bound
        return roster.model_copy(
            update={
                "verdict": "optimal" if proved else "feasible",
                "cost": judgement.cost,
                "lower_bound": judgement.cost.total if proved else None if bound is None else _down(model, bound),
                "gap_percent": _gap(model, total, bound),
                "coverage": judgement.coverage,
                "service": judgement.service,
                "violations": judgement.violations,
                "messages": (*self.notes, *_warnings(judgement)),
                "statistics": judgement.statistics.model_copy(update=self._times()),
            }
        )

    def _naming_seconds(self, model: Model) -> float:
        """Seconds kept back for naming the groups well."""
        return min(MOST_NAMING, NAMING_SHARE * self.watch.limit) if model.groups > 1 and model.whole else 0.0

    def _times(self) -> dict[str, object]:
        return {
            "solve_seconds": round(self.watch.seconds, 3),
            "compile_seconds": round(self.compile_seconds, 3),
            "first_roster_seconds": None if self.first_roster_seconds is None else round(self.first_roster_seconds, 3),
            "iterations": self.moves,
        }

    def infeasible(self, model: Model) -> Roster:
        """The answer when agents have no possible tour: each with its smallest conflict."""
        index = {a.id: row if a.row is None else a.row for row, a in enumerate(self.request.agents)}
        messages = tuple(
            Message(
                code="infeasible_agent",
                severity="error",
                text=conflict.text,
                path=f"/agents/{index[conflict.agent_id]}",
            )
            for conflict in model.infeasible
        )
        return self.without_roster("infeasible").model_copy(update={"messages": (*self.notes, *messages)})

    def undecided(self, model: Model) -> Roster:
        """The answer when no roster was found; a period that repeats may be too large to be designed."""
        without = self.without_roster("undecided")
        if not model.cyclic or suits_design(model):
            return without
        text = (
            f"In a cyclic period there is room for {MOST_WAYS:,} ways to work a shift: starts, lengths and places of "
            "breaks on all days. Maybe fewer starts, lengths or breaks are enough."
        )
        message = Message(code="too_many_ways", severity="error", text=text, path="/planning_period/cyclic")
        return without.model_copy(update={"messages": (*self.notes, message)})

    def rule_not_kept(self, judgement: Judgement) -> Roster:
        """The answer when no roster was found that keeps the hard rules of all agents together."""
        messages = [
            Message(
                code="roster_rule_not_kept",
                severity="error",
                text=f"No roster was found that keeps this rule: {broken.text} "
                "Maybe more time helps, or the rule a price (cost_per_hour, or cost), so that it may be broken.",
                path=broken.path,
            )
            for broken in judgement.violations
            if broken.code in RosterRule.book
        ]
        return self.without_roster("undecided").model_copy(update={"messages": (*self.notes, *messages[:MOST_TOLD])})

    def without_roster(self, verdict: Literal["infeasible", "undecided"]) -> Roster:
        """The answer when there is no roster."""
        return Roster(
            name=self.request.name,
            verdict=verdict,
            schedules=(),
            messages=self.notes,
            statistics=Statistics().model_copy(update=self._times()),
        )


def check(model: Model, claimed: int, judgement: Judgement) -> None:
    """The judge must accept the roster at the price that the solver claims, or more where stints had to be longer."""
    if judgement.violations:
        raise WrongAnswerError("; ".join(violation.text for violation in judgement.violations[:5]))
    price = judgement.total_ticks / model.ticks_per_unit
    if model.goals is not None:
        # Contacts outside goals are rounded down in claims, and split over groups as suits their prices.
        if price < claimed - 1 and model.groups == 1:
            raise WrongAnswerError(f"The judge's price is {float(price)} units, below the solver's claim {claimed}.")
        return
    # Stints that must be longer cost coverage, so with several groups the price may be higher. It is lower only where
    # agents are of unequal proficiency: the search splits those well, the naming of groups sometimes better.
    if (price < claimed and model.interchangeable) or (price > claimed and model.groups == 1):
        raise WrongAnswerError(f"The judge's price is {float(price)} units, the solver's claim {claimed}.")


def _gap(model: Model, total: Fraction, bound: int | None) -> float | None:
    """Percent of the cost that may still be saved."""
    if bound is None:
        return None
    if total <= bound:
        return 0.0
    return round(float(100 * (total - bound) / total), 4)


def _down(model: Model, bound: int) -> float:
    """The bound in currency, rounded down so that it stays one."""
    return floor(model.money(bound) * 10_000) / 10_000


def _warnings(judgement: Judgement) -> tuple[Message, ...]:
    """Priced breaches as messages: allowed, but worth knowing."""
    return tuple(
        Message(code=breach.code, severity="warning", text=breach.text, path=breach.path)
        for breach in judgement.priced_breaches
    )
