"""From text to a request for a mix that can be relied on."""

from __future__ import annotations

from typing import Any

from schemas.fault import RequestRefused
from schemas.mix import MixRequest
from solver.reading.faults import Faults
from solver.reading.headcount import ids_of
from solver.reading.parse import parse
from solver.reading.read import read_as, read_request


def read_mix(raw: bytes | str | dict[str, Any]) -> MixRequest:
    """The request, sound in form and meaning.

    Raises:
        RequestRefused: with every fault that was found.
    """
    data = parse(raw) if isinstance(raw, (bytes, str)) else raw
    asked = read_as(MixRequest, data)
    faults = Faults()
    try:
        read_request(data["request"])
    except RequestRefused as refused:
        faults.adopt("request", refused)
    faults.twice(("contracts",), "contracts", (contract.id for contract in asked.contracts))
    plans = {plan.id for plan in asked.request.work_plans}
    groups = {group.id for group in asked.request.planning_groups}
    named_so = {contract_of(id_): id_ for agent in asked.request.agents for id_ in ids_of(agent)}
    for number, contract in enumerate(asked.contracts):
        place = ("contracts", number)
        if contract.work_plan_id not in plans:
            told = f"There is no work plan {contract.work_plan_id!r}."
            faults.add((*place, "work_plan_id"), contract.work_plan_id, "a work plan's id", told)
        for row, skill in enumerate(contract.skills):
            if skill.planning_group_id not in groups:
                told = f"There is no planning group {skill.planning_group_id!r}."
                where = (*place, "skills", row, "planning_group_id")
                faults.add(where, skill.planning_group_id, "a planning group's id", told)
        if contract.max is not None and contract.max < contract.min:
            told = f"There are to be at least {contract.min} and at most {contract.max} of contract {contract.id!r}."
            faults.add((*place, "max"), contract.max, f"at least {contract.min}", told)
        if contract.id in named_so:
            told = (
                f"An agent is called {named_so[contract.id]!r}, and the candidates of a contract are called "
                f"{contract.id}-1, {contract.id}-2 and so on. Maybe the contract can have a different id."
            )
            faults.add((*place, "id"), contract.id, "an id after which no agent is named", told)
    if not asked.request.requirements:
        told = "There are no requirements, so nobody is needed."
        faults.add(("request", "requirements"), "nothing", "requirements", told)
    faults.refuse()
    return asked


def contract_of(agent_id: str) -> str:
    """The contract after which a candidate is named: those of `ft` are `ft-1`, `ft-2` and so on."""
    name, _, number = agent_id.rpartition("-")
    return name if number.isdecimal() else ""
