"""Judging without solving: a request by itself, and a roster against its request."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from schemas.answers import Evaluation, Validation
from schemas.fault import Fault, RequestRefused
from schemas.request import RosterRequest
from schemas.roster import Roster
from solver.reading import defaults_used, read_json, read_request, read_roster
from solver.verify import judge

T = TypeVar("T")
PARTS = ("request", "roster")


def validate(raw: bytes) -> Validation:
    """Every fault of a request, or that there is none."""
    try:
        request = read_request(raw)
    except RequestRefused as refused:
        return Validation(valid=False, faults=tuple(refused.faults))
    return Validation(valid=True, messages=defaults_used(raw, request))


def evaluate(raw: bytes) -> Evaluation:
    """What the judge says of `{"request": …, "roster": …}`.

    Raises:
        RequestRefused: with every fault of both, each at its place in the whole.
    """
    request, roster = _read_both(raw)
    judgement = judge(request, roster)
    return Evaluation(
        cost=judgement.cost,
        coverage=judgement.coverage,
        violations=judgement.violations,
        priced_breaches=judgement.priced_breaches,
        paid_minutes=judgement.paid_minutes,
        statistics=judgement.statistics,
    )


def _read_both(raw: bytes) -> tuple[RosterRequest, Roster]:
    whole = read_json(raw)
    if not isinstance(whole, dict):
        raise RequestRefused([_fault("", type(whole).__name__, "an object with a request and a roster")])
    faults = [_fault(f"/{name}", "nothing", f"a {name}") for name in PARTS if name not in whole]
    faults += [
        _fault("/" + name.replace("~", "~0").replace("/", "~1"), "an unknown field", "request and roster alone")
        for name in whole
        if name not in PARTS
    ]
    request = _part(whole, "request", read_request, faults)
    roster = _part(whole, "roster", read_roster, faults)
    if faults or request is None or roster is None:
        raise RequestRefused(faults)
    return request, roster


def _part(whole: dict[str, Any], name: str, read: Callable[[Any], T], faults: list[Fault]) -> T | None:
    """A part of the whole as it is read; what is wrong with it joins the faults, and there is nothing then."""
    if name not in whole:
        return None
    try:
        return read(whole[name])
    except RequestRefused as refused:
        faults += [fault.model_copy(update={"pointer": f"/{name}{fault.pointer}"}) for fault in refused.faults]
    return None


def _fault(pointer: str, found: str, expected: str) -> Fault:
    return Fault(
        pointer=pointer, found=found, expected=expected, text=f"Found {found} at {pointer!r}, expected {expected}."
    )
