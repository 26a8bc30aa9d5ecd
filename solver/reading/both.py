"""A request and a roster for it in one text."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from schemas.fault import Fault, RequestRefused
from schemas.request import RosterRequest
from schemas.roster import Roster
from solver.reading.parse import parse
from solver.reading.read import read_request, read_roster

T = TypeVar("T")
PARTS = ("request", "roster")


def read_request_and_maybe_roster(raw: bytes | str) -> tuple[RosterRequest, Roster | None]:
    """`{"request": …, "roster": …}`, where the roster may be missing or null.

    Raises:
        RequestRefused: with every fault of both, each at its place in the whole.
    """
    request, roster, faults = _read(raw, ("request",))
    if faults or request is None:
        raise RequestRefused(faults)
    return request, roster


def _read(raw: bytes | str, needed: tuple[str, ...]) -> tuple[RosterRequest | None, Roster | None, list[Fault]]:
    whole = parse(raw)
    if not isinstance(whole, dict):
        raise RequestRefused([_fault("", type(whole).__name__, "an object with a request and a roster")])
    if "roster" not in needed and whole.get("roster", "given") is None:
        del whole["roster"]
    faults = [_fault(f"/{name}", "nothing", f"a {name}") for name in needed if name not in whole]
    faults += [
        _fault("/" + name.replace("~", "~0").replace("/", "~1"), "an unknown field", "request and roster alone")
        for name in whole
        if name not in PARTS
    ]
    return _part(whole, "request", read_request, faults), _part(whole, "roster", read_roster, faults), faults


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
