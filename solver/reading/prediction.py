"""From text to a prediction request that can be relied on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from pydantic import BaseModel

from schemas.fault import RequestRefused
from schemas.prediction import PredictionRequest, Simulation
from schemas.request import RosterRequest
from schemas.roster import Roster
from schemas.staffing import StaffingRequest
from solver.reading.faults import Faults
from solver.reading.groups import unknown
from solver.reading.parse import parse
from solver.reading.read import read_as, read_request, read_roster
from solver.reading.staffing import read_staffing

Model = TypeVar("Model", bound=BaseModel)
MOST_CONTACTS = 50_000_000
"""Contacts of all runs of a simulation."""


def read_prediction(raw: bytes | str | dict[str, Any]) -> PredictionRequest:
    """The prediction request: its parts sound in form and meaning, and the work that of the request's groups.

    Raises:
        RequestRefused: with every fault that was found, each at its place in the whole.
    """
    faults = Faults()
    data = _object(raw, tuple(PredictionRequest.model_fields), faults)
    request, roster, work = _parts(data, faults)
    given = data.get("simulation")
    how = None if given is None else _part(data, "simulation", lambda part: read_as(Simulation, part), faults)
    if work is None and "work" not in data:
        faults.add(("work",), "nothing", "field 'work'", "The field 'work' is missing.")
    if work is not None:
        _size(work, how, faults)
    if faults.found or request is None or roster is None or work is None:
        raise RequestRefused(faults.found)
    return PredictionRequest(request=request, roster=roster, work=work, simulation=how)


def read_evaluation(raw: bytes | str) -> tuple[RosterRequest, Roster, StaffingRequest | None]:
    """`{"request": …, "roster": …}`, with or without `work`.

    Raises:
        RequestRefused: with every fault of all, each at its place in the whole.
    """
    faults = Faults()
    data = _object(raw, ("request", "roster", "work"), faults)
    if data.get("work", "given") is None:
        del data["work"]
    request, roster, work = _parts(data, faults)
    if faults.found or request is None or roster is None:
        raise RequestRefused(faults.found)
    return request, roster, work


def _object(raw: bytes | str | dict[str, Any], names: tuple[str, ...], faults: Faults) -> dict[str, Any]:
    """The object in the text; fields that it should not have are faults."""
    data = parse(raw) if isinstance(raw, (bytes, str)) else raw
    if not isinstance(data, dict):
        name = type(data).__name__
        faults.add((), name, "object", f"The text holds a {name} where an object with {', '.join(names)} is expected.")
        raise RequestRefused(faults.found)
    for name in data:
        if name not in names:
            told = f"There is no field {name!r} here. Maybe it is misspelt: an unknown field is never ignored."
            faults.add((name,), f"field {name!r}", "a known field", told)
    return data


def _parts(data: dict[str, Any], faults: Faults) -> tuple[RosterRequest | None, Roster | None, StaffingRequest | None]:
    request = _part(data, "request", read_request, faults)
    roster = _part(data, "roster", read_roster, faults)
    work = _part(data, "work", read_staffing, faults) if "work" in data else None
    if request is not None and work is not None:
        look_at_work(request, work, faults)
    return request, roster, work


def look_at_work(request: RosterRequest, work: StaffingRequest, faults: Faults) -> None:
    """The planning groups of the work are the request's."""
    known = {group.id for group in request.planning_groups}
    if not work.planning_groups and len(known) > 1:
        told = "The request has several planning groups and the work does not say whose it is. Maybe planning_groups is meant."
        faults.add(("work", "intervals"), "intervals without a planning group", "planning_groups", told)
    for number, group in enumerate(work.planning_groups):
        if group.id not in known:
            unknown(faults, ("work", "planning_groups", number, "id"), "planning group", group.id, known)


def _size(work: StaffingRequest, how: Simulation | None, faults: Faults) -> None:
    groups = work.planning_groups or (work,)
    contacts = sum(interval.volume for group in groups for interval in group.intervals)
    if how is not None and contacts * how.runs > MOST_CONTACTS:
        told = (
            f"{how.runs} runs of {contacts:,.0f} contacts are more than {MOST_CONTACTS:,} in all. Maybe fewer runs do."
        )
        faults.add(("simulation", "runs"), how.runs, f"at most {max(2, int(MOST_CONTACTS // contacts))}", told)


def _part(data: dict[str, Any], name: str, read: Callable[[Any], Model], faults: Faults) -> Model | None:
    """A part of the whole as it is read; what is wrong with it joins the faults, and there is nothing then."""
    if name not in data:
        faults.add((name,), "nothing", f"field {name!r}", f"The field {name!r} is missing.")
        return None
    try:
        return read(data[name])
    except RequestRefused as refused:
        faults.adopt(name, refused)
        return None
