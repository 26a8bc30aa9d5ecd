"""From text or plain data to a request or a roster that can be relied on."""

from __future__ import annotations

import copy
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

import solver.rules  # noqa: F401  # a rule is known by being defined
from schemas.fault import Fault, RequestRefused
from schemas.request import RosterRequest
from schemas.roster import Roster
from solver.reading.meaning import faults_in
from solver.reading.parse import parse
from solver.reading.structure import faults_of, remove

Model = TypeVar("Model", bound=BaseModel)


def read_request(raw: bytes | str | dict[str, Any]) -> RosterRequest:
    """The request, sound in form and meaning.

    Raises:
        RequestRefused: with every fault that was found.
    """
    data = parse(raw) if isinstance(raw, (bytes, str)) else raw
    try:
        request = _read(RosterRequest, data)
    except RequestRefused as refused:
        raise RequestRefused([*refused.faults, *_meaning_without_strangers(data)]) from None
    faults = faults_in(request)
    if faults:
        raise RequestRefused(faults)
    return request


def _meaning_without_strangers(data: Any) -> list[Fault]:
    """Faults of meaning in data whose only faults of form are fields that nobody knows."""
    try:
        RosterRequest.model_validate(data)
    except ValidationError as wrong:
        errors = wrong.errors(include_url=False, include_input=False)
        if any(error["type"] != "extra_forbidden" for error in errors):
            return []
        known = copy.deepcopy(data)
        for error in errors:
            remove(known, error["loc"])
        try:
            return faults_in(RosterRequest.model_validate(known))
        except ValidationError:
            return []
    return []


def read_roster(raw: bytes | str | dict[str, Any]) -> Roster:
    """The roster, sound in form; whether it is allowed is for the judge to say.

    Raises:
        RequestRefused: with every fault that was found.
    """
    return _read(Roster, parse(raw) if isinstance(raw, (bytes, str)) else raw)


def _read(kind: type[Model], data: Any) -> Model:
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
        raise RequestRefused(faults_of(wrong, data)) from None
