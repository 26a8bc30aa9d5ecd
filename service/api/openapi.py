"""The OpenAPI document: what FastAPI knows of the routes, and what it cannot know because we read bodies ourselves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from schemas.roster_rule import RosterRule
from schemas.rule import Rule
from service.api.access import describe_access

Json = dict[str, Any]

REF = "#/components/schemas/"
TOLD_APART_BY = "kind"


def json_body(model: type[BaseModel]) -> Json:
    """What a route says of a body that it reads itself."""
    schema = {"$ref": REF + model.__name__}
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def problems(*statuses: int) -> dict[int | str, Json]:
    """What a route says of the errors it may answer with."""
    content = {"application/problem+json": {"schema": {"$ref": f"{REF}Problem"}}}
    return {status: {"description": HTTPStatus(status).phrase, "content": content} for status in statuses}


def describe_with(app: FastAPI, samples: dict[type[BaseModel], Json]) -> Callable[[], Json]:
    """The function that FastAPI asks for the document; it is made once, at the first call."""

    def document() -> Json:
        if app.openapi_schema is None:
            app.openapi_schema = _document(app, samples)
        return app.openapi_schema

    return document


def _document(app: FastAPI, samples: dict[type[BaseModel], Json]) -> Json:
    document = get_openapi(
        title=app.title,
        version=app.version,
        description=app.description,
        routes=app.routes,
        separate_input_output_schemas=False,
    )
    schemas: Json = document["components"]["schemas"]
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    schemas.update(_schemas(samples))
    schemas["Rule"] = _any_of(Rule.book)
    schemas["WorkPlan"]["properties"]["rules"]["items"] = {"$ref": f"{REF}Rule"}
    schemas["RosterRule"] = _any_of(RosterRule.book)
    schemas["RosterRequest"]["properties"]["roster_rules"]["items"] = {"$ref": f"{REF}RosterRule"}
    for model, sample in samples.items():
        _exemplify({"$ref": REF + model.__name__}, sample, schemas)
    for path in document["paths"].values():
        for operation in path.values():
            _refuse_with_problems(operation)
    describe_access(document)
    for operations in document["paths"].values():
        for operation in operations.values():
            if operation["security"]:
                _add_problems(operation, 401, 403, 429, 503)
            if "requestBody" in operation:
                _add_problems(operation, 400, 413, 415)
    return document


def _schemas(models: Iterable[type[BaseModel]]) -> Json:
    """The schema of everything that goes in or out, and of every rule: all that there are samples of."""
    _, schema = models_json_schema([(model, "validation") for model in models], ref_template=REF + "{model}")
    found: Json = schema["$defs"]
    return found


def _any_of(book: Mapping[str, type[BaseModel]]) -> Json:
    """A rule is one of its book, told apart by its kind."""
    places = {kind: REF + rule.__name__ for kind, rule in sorted(book.items())}
    return {
        "oneOf": [{"$ref": place} for place in places.values()],
        "discriminator": {"propertyName": TOLD_APART_BY, "mapping": places},
    }


def _add_problems(operation: Json, *statuses: int) -> None:
    """Errors that an operation may answer with for what it is, and does not name itself."""
    answers = operation["responses"] | {str(status): answer for status, answer in problems(*statuses).items()}
    operation["responses"] = dict(sorted(answers.items()))


def _refuse_with_problems(operation: Json) -> None:
    """FastAPI announces its own 422; ours is a problem document."""
    refused = operation["responses"].get("422")
    if refused and "application/json" in refused["content"]:
        operation["responses"]["422"] = problems(422)[422]


def _exemplify(schema: Json, value: Any, schemas: Json) -> None:
    """Give each schema that the value goes through that part of the value as its example, unless it has one."""
    if "$ref" in schema:
        found = schemas[schema["$ref"].removeprefix(REF)]
        found.setdefault("examples", [value])
        _exemplify(found, value, schemas)
    elif isinstance(value, dict):
        for alternative in _alternatives(schema, value):
            _exemplify(alternative, value, schemas)
        for name, part in value.items():
            inner = schema.get("properties", {}).get(name) or schema.get("additionalProperties")
            if isinstance(inner, dict):
                _exemplify(inner, part, schemas)
    elif isinstance(value, list):
        for part in value:
            for alternative in (schema, *schema.get("anyOf", ())):
                _exemplify(alternative.get("items", {}), part, schemas)


def _alternatives(schema: Json, value: Json) -> list[Json]:
    """The schemas of a choice that an object may be meant for."""
    if "discriminator" in schema:
        place = schema["discriminator"]["mapping"].get(value.get(TOLD_APART_BY))
        return [{"$ref": place}] if place else []
    return [alternative for alternative in schema.get("anyOf", ()) if "$ref" in alternative]
