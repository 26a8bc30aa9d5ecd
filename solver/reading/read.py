"""From text or plain data to a request or a roster that can be relied on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

import solver.roster_rules  # a rule is known by being defined
import solver.rules  # noqa: F401
from schemas.fault import Fault, RequestRefused
from schemas.request import RosterRequest
from schemas.roster import Roster
from solver.reading.headcount import everybody
from solver.reading.meaning import faults_in
from solver.reading.parse import parse
from solver.reading.remainder import faults_of_meaning
from solver.reading.structure import faults_of

Model = TypeVar("Model", bound=BaseModel)
Further = Callable[[Any, ValidationError], list[Fault]]


def read_request(raw: bytes | str | dict[str, Any]) -> RosterRequest:
    """The request, sound in form and meaning, with an entry for each agent.

    Raises:
        RequestRefused: with every fault that was found.
    """
    request = read_as(RosterRequest, raw, faults_of_meaning)
    faults = faults_in(request)
    if faults:
        raise RequestRefused(faults)
    return everybody(request)


def read_roster(raw: bytes | str | dict[str, Any]) -> Roster:
    """The roster, sound in form; whether it is allowed is for the judge to say.

    Raises:
        RequestRefused: with every fault that was found.
    """
    return read_as(Roster, raw)


def read_as(kind: type[Model], raw: bytes | str | Any, further: Further | None = None) -> Model:
    """Text or plain data as a model, sound in form.

    Args:
        kind: the model.
        raw: JSON, or the data that it holds.
        further: finds more faults where the form has some.

    Raises:
        RequestRefused: with every fault that was found.
    """
    data = parse(raw) if isinstance(raw, (bytes, str)) else raw
    if not isinstance(data, dict):
        name = type(data).__name__
        raise RequestRefused(
            [
                Fault(
                    pointer="",
                    found=name,
                    expected="object",
                    text=f"The text holds a {name} where an object is expected.",
                )
            ]
        )
    try:
        return kind.model_validate(data)
    except ValidationError as wrong:
        raise RequestRefused(faults_of(wrong, data) + (further(data, wrong) if further else [])) from None
