"""Lists in JSON as tuples, with faults that stay countable however long a list is."""

from __future__ import annotations

from typing import Any

from pydantic import GetCoreSchemaHandler, ValidationError, ValidatorFunctionWrapHandler
from pydantic_core import CoreSchema, InitErrorDetails, PydanticCustomError, core_schema

MOST_FAULTS = 1000
"""So many faults are told; who has more has the first ones to begin with."""


class ListAsTuple:
    """A tuple that is written as a list. Its items are looked at up to the one that makes the faults a thousand.

    Pydantic alone keeps an error of a kilobyte for each item of a list: a body of some megabytes, wrong throughout,
    would take all the memory there is.
    """

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        items: Any = handler(source)
        items["fail_fast"] = True
        return core_schema.no_info_wrap_validator_function(_bounded, items)


def _bounded(given: Any, validated: ValidatorFunctionWrapHandler) -> Any:
    items = tuple(given) if isinstance(given, list) else given
    try:
        return validated(items)
    except ValidationError as first:
        place = first.errors(include_url=False, include_input=False, include_context=False)[0]["loc"]
        if not place:
            raise
        start = int(place[0])
    faults: list[InitErrorDetails] = []
    for number in range(start, len(items)):
        faults += _faults_of(items[number], number, validated)
        if len(faults) >= MOST_FAULTS:
            break
    raise ValidationError.from_exception_data("list", faults)


def _faults_of(item: Any, number: int, validated: ValidatorFunctionWrapHandler) -> list[InitErrorDetails]:
    """The faults of one item of a list, at their places in it."""
    try:
        validated((item,))
    except ValidationError as wrong:
        return [
            InitErrorDetails(
                type=PydanticCustomError(error["type"], "{said}", {"said": error["msg"]}),
                loc=(number, *error["loc"][1:]),
                input=error["input"],
            )
            for error in wrong.errors(include_url=False)
        ]
    return []
