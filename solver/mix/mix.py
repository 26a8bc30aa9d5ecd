"""The mix: candidates, the cheapest roster of them, and how many of each work in it."""

from __future__ import annotations

import time
from collections.abc import Callable

from schemas.mix import Contract, ContractCount, MixRequest, WorkPlanMix
from schemas.roster import Message, Roster
from solver.mix.candidates import most_of, with_candidates
from solver.reading.headcount import everybody
from solver.reading.mix import contract_of, read_mix
from solver.solve import solve


def answer(raw: bytes, stop: Callable[[], bool]) -> WorkPlanMix:
    """The errand: the mix for the text of a request.

    Raises:
        RequestRefused: with every fault of the request.
    """
    began = time.monotonic()
    return work_plan_mix(read_mix(raw), stop, began)


def work_plan_mix(
    asked: MixRequest, stop: Callable[[], bool] = lambda: False, began: float | None = None
) -> WorkPlanMix:
    """The cheapest mix of contracts found in the request's time, with the roster that shows it does the work."""
    most = most_of(asked)
    roster = solve(everybody(with_candidates(asked, most)), stop=stop, began=began)
    counts = [_count(contract, roster, number) for contract, number in zip(asked.contracts, most, strict=True)]
    employed = sum(
        float(contract.employment_cost) * count.agents for contract, count in zip(asked.contracts, counts, strict=True)
    )
    return WorkPlanMix(
        verdict=roster.verdict or "undecided",
        contracts=tuple(counts),
        cost=roster.cost,
        employment_cost=employed,
        lower_bound=roster.lower_bound,
        gap_percent=roster.gap_percent,
        roster=roster.model_copy(update={"schedules": tuple(s for s in roster.schedules if s.shifts)}),
        messages=(*_limits(asked, counts), *(m for m in roster.messages if m.code != "employment")),
    )


def _count(contract: Contract, roster: Roster, most: int) -> ContractCount:
    working = [
        schedule for schedule in roster.schedules if contract_of(schedule.agent_id) == contract.id and schedule.shifts
    ]
    minutes = sum(schedule.paid_minutes or 0 for schedule in working)
    return ContractCount(contract_id=contract.id, agents=len(working), paid_hours=round(minutes / 60, 2), most=most)


def _limits(asked: MixRequest, counts: list[ContractCount]) -> list[Message]:
    """Contracts of which all candidates were taken: with more of them it might be cheaper."""
    return [
        Message(
            code="contract_exhausted",
            severity="warning",
            text=f"All {count.most} of contract {count.contract_id!r} are taken; with a larger max it may be cheaper, "
            "and the bound holds for this max alone.",
            path=f"/contracts/{number}/max",
        )
        for number, count in enumerate(counts)
        if count.agents == count.most and asked.contracts[number].max is None
    ]
