"""The recipe: from a request to a verified roster."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from schemas.job import Progress
from schemas.request import RosterRequest
from schemas.roster import Message, Roster, Statistics
from solver.compile import Model, Plan, compile_request
from solver.compile.recipe import Stopped
from solver.cpsat.groups import assign_groups
from solver.race import race
from solver.roster import schedules_of
from solver.search.incumbent import Incumbent
from solver.verify import Judgement, judge
from solver.watch import Watch

HARDLY = 0.25
"""Seconds that are always kept back for the end of a solve."""


class WrongAnswerError(Exception):
    """The judge does not agree with the solver: a fault of ours, never an answer."""


@dataclass
class Listener:
    """Who is told what happens: progress, and better rosters as they are met."""

    progress: Callable[[Progress], None] = lambda _: None
    roster: Callable[[Roster], None] = lambda _: None


@dataclass
class _Times:
    compile_seconds: float = 0.0
    first_roster_seconds: float | None = None
    notes: list[Message] = field(default_factory=list)


def solve(
    request: RosterRequest,
    *,
    seconds: float | None = None,
    stop: Callable[[], bool] = lambda: False,
    listener: Listener | None = None,
) -> Roster:
    """The best roster that can be found in the time, judged and priced by the judge, with a proved bound.

    Args:
        request: a request that `read_request` let through.
        seconds: the time limit, in place of the request's own.
        stop: asked all the time; when it says yes the best roster so far is the answer.
        listener: told of progress and better rosters.

    Raises:
        WrongAnswerError: the judge found a fault in the roster or another price.
    """
    listener = listener or Listener()
    watch = Watch(seconds if seconds is not None else request.options.time_limit_seconds, stop)
    times = _Times()
    listener.progress(Progress(seconds=watch.seconds, phase="compile"))
    try:
        model = compile_request(request, watch.over)
    except Stopped:
        return _without_roster(request, "undecided", watch, times)
    times.compile_seconds = watch.seconds
    if model.infeasible:
        return _infeasible(request, model, watch, times)
    best = Incumbent(model, request.options.target_gap_percent)
    race(model, best, watch, lambda phase: _tell(listener, best, watch, times, phase))
    if best.plan is None:
        return _without_roster(request, "undecided", watch, times)
    return _answer(model, best, watch, times)


def _tell(listener: Listener, best: Incumbent, watch: Watch, times: _Times, phase: str) -> None:
    """Passes on where the race stands; a roster only when it is the first one."""
    model = best.model
    if best.cost is not None and times.first_roster_seconds is None:
        times.first_roster_seconds = watch.seconds
    listener.progress(
        Progress(
            seconds=watch.seconds,
            cost=None if best.cost is None else float(model.money(best.cost)),
            bound=None if best.bound is None else float(model.money(best.bound)),
            gap_percent=None if best.cost is None or best.bound is None else best.gap,
            phase=phase,
        )
    )


def _answer(model: Model, best: Incumbent, watch: Watch, times: _Times) -> Roster:
    """Names the groups, writes the roster and has it judged."""
    assert best.plan is not None and best.cost is not None
    plan = name_groups(model, best.plan, watch)
    roster = Roster(status="completed", verdict="feasible", name=model.request.name, schedules=schedules_of(model, plan))
    judgement = judge(model.request, roster)
    check(model, best.cost, judgement)
    total = judgement.total_ticks / model.ticks_per_unit
    bound = best.bound
    proved = bound is not None and total <= bound
    return roster.model_copy(
        update={
            "verdict": "optimal" if proved else "feasible",
            "cost": judgement.cost,
            "lower_bound": judgement.cost.total if proved else (None if bound is None else _down(model, bound)),
            "gap_percent": _gap(judgement.cost.total, None if bound is None else float(model.money(bound)), proved),
            "coverage": judgement.coverage,
            "violations": judgement.violations,
            "messages": tuple(times.notes),
            "statistics": _statistics(judgement, watch, times),
        }
    )


def name_groups(model: Model, plan: Plan, watch: Watch) -> Plan:
    """The plan with the planning group of every on-queue slot."""
    left = max(HARDLY, watch.limit - watch.seconds - watch.reserve / 2)
    return assign_groups(model, plan, seconds=left, stop=watch.stop, seed=model.request.options.seed, workers=2)


def check(model: Model, claimed: int, judgement: Judgement) -> None:
    """The judge must accept the roster at the price that the solver claims, or at more where stints had to be longer."""
    if judgement.violations:
        raise WrongAnswerError("; ".join(violation.text for violation in judgement.violations[:5]))
    price = judgement.total_ticks / model.ticks_per_unit
    if price < claimed or (price > claimed and model.groups == 1):
        raise WrongAnswerError(f"The judge's price is {float(price)} units, the solver's claim {claimed}.")


def _gap(total: float, bound: float | None, proved: bool) -> float | None:
    if proved:
        return 0.0
    if bound is None:
        return None
    return round(100.0 * (total - bound) / total, 4) if total else 0.0


def _down(model: Model, bound: int) -> float:
    """The bound in currency, rounded down so that it stays one."""
    from math import floor

    return floor(model.money(bound) * 10_000) / 10_000


def _statistics(judgement: Judgement, watch: Watch, times: _Times) -> Statistics:
    return judgement.statistics.model_copy(
        update={
            "solve_seconds": round(watch.seconds, 3),
            "compile_seconds": round(times.compile_seconds, 3),
            "first_roster_seconds": None if times.first_roster_seconds is None else round(times.first_roster_seconds, 3),
        }
    )


def _infeasible(request: RosterRequest, model: Model, watch: Watch, times: _Times) -> Roster:
    index = {agent.id: row for row, agent in enumerate(request.agents)}
    messages = tuple(
        Message(code="infeasible_agent", severity="error", text=c.text, path=f"/agents/{index[c.agent_id]}")
        for c in model.infeasible
    )
    return _without_roster(request, "infeasible", watch, times).model_copy(update={"messages": messages})


def _without_roster(request: RosterRequest, verdict: str, watch: Watch, times: _Times) -> Roster:
    return Roster(
        status="completed", verdict=verdict, name=request.name, schedules=(), statistics=Statistics(
            solve_seconds=round(watch.seconds, 3), compile_seconds=round(times.compile_seconds, 3)
        ),
    )
