"""The roster of the whole from those of its parts, judged as a whole: an errand of the solver's process."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from schemas.request import RosterRequest
from schemas.roster import Message, Roster, Statistics, Verdict
from solver.reading import defaults_used, read_json, read_request
from solver.verify import judge

Json = dict[str, Any]

ROUNDING = Decimal("0.0001")
"""Costs are given to four decimals; by less than this a part's may differ from what it really is."""

WORST: tuple[Verdict, ...] = ("infeasible", "undecided", "feasible", "optimal")


class PartsDisagreeError(Exception):
    """The roster of the whole is not what its parts amount to: a fault of ours, never an answer."""


def answer(raw: bytes, stop: Callable[[], bool]) -> Roster:
    """The roster of `{"request": …, "rosters": […]}`."""
    given = read_json(raw)
    rosters = [Roster.model_validate(roster, strict=False) for roster in given["rosters"]]
    return joined(given["request"], read_request(given["request"]), rosters)


def joined(data: Json, request: RosterRequest, rosters: Sequence[Roster]) -> Roster:
    """The roster of the whole, judged as a whole; without schedules where a part has none.

    Args:
        data: the request of the whole as it came in.
        request: the same, read.
        rosters: the rosters of its parts.

    Raises:
        PartsDisagreeError: the whole breaks a rule, or does not cost what its parts cost.
    """
    verdict = min((roster.verdict or "undecided" for roster in rosters), key=WORST.index)
    notes = (*defaults_used(data, request), _note(rosters))
    if any(roster.cost is None for roster in rosters):
        messages = (*notes, *_errors(request, rosters))
        return Roster(name=request.name, verdict=verdict, schedules=(), messages=messages, statistics=_times(rosters))
    schedules = {schedule.agent_id: schedule for roster in rosters for schedule in roster.schedules}
    whole = Roster(
        name=request.name,
        verdict=verdict,
        schedules=tuple(schedules[agent.id] for agent in request.agents if agent.id in schedules),
    )
    judgement = judge(request, whole)
    if judgement.violations:
        raise PartsDisagreeError("; ".join(violation.text for violation in judgement.violations[:5]))
    cost = judgement.cost.total
    claimed = sum(Decimal(str(roster.cost.total)) for roster in rosters if roster.cost is not None)
    if abs(claimed - Decimal(str(cost))) > ROUNDING * len(rosters):
        raise PartsDisagreeError(f"The whole costs {cost}, its parts {claimed}.")
    bound = cost if verdict == "optimal" else _bound(rosters)
    warnings = (
        Message(code=breach.code, severity="warning", text=breach.text, path=breach.path)
        for breach in judgement.priced_breaches
    )
    return whole.model_copy(
        update={
            "cost": judgement.cost,
            "lower_bound": bound,
            "gap_percent": None if bound is None else _gap(cost, bound),
            "coverage": judgement.coverage,
            "messages": (*notes, *warnings),
            "statistics": judgement.statistics.model_copy(update=_times(rosters).model_dump(exclude_unset=True)),
        }
    )


def _bound(rosters: Sequence[Roster]) -> float | None:
    """The sum of the bounds, None where one is missing. That of a proved part is its cost, which may be rounded up."""
    whole = Decimal(0)
    for roster in rosters:
        if roster.lower_bound is None:
            return None
        whole += Decimal(str(roster.lower_bound)) - (ROUNDING if roster.verdict == "optimal" else 0)
    return float(whole)


def _gap(cost: float, bound: float) -> float:
    return 0.0 if cost <= bound else round(100 * (cost - bound) / cost, 4)


def _note(rosters: Sequence[Roster]) -> Message:
    sizes = ", ".join(str(len(roster.schedules)) for roster in rosters)
    text = (
        f"The request falls into {len(rosters)} parts that share no agents and no planning groups (scheduled agents: "
        f"{sizes}); each was solved by itself. Costs and bounds are the sums of theirs."
    )
    return Message(code="solved_in_parts", severity="info", text=text)


def _errors(request: RosterRequest, rosters: Sequence[Roster]) -> tuple[Message, ...]:
    """What the parts say that have no roster, without their paths, which count the agents of a part."""
    return tuple(
        message.model_copy(update={"path": None})
        for roster in rosters
        for message in roster.messages
        if message.severity == "error"
    )


def _times(rosters: Sequence[Roster]) -> Statistics:
    """How long it took: parts run side by side, so that the longest counts."""
    known = [roster.statistics for roster in rosters if roster.statistics is not None]
    firsts = [each.first_roster_seconds for each in known if each.first_roster_seconds is not None]
    return Statistics(
        solve_seconds=max((each.solve_seconds for each in known), default=0.0),
        compile_seconds=max((each.compile_seconds for each in known), default=0.0),
        first_roster_seconds=max(firsts) if len(firsts) == len(rosters) else None,
        iterations=sum(each.iterations for each in known),
    )
