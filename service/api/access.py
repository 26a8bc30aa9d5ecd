"""Who may call what. The application asks for every route, so that a new one is closed until it says otherwise."""

from __future__ import annotations

from typing import Annotated, Any, cast

from fastapi import Depends, Request
from fastapi.routing import APIRoute

from service.access.caller import SCOPE_MEANS, Caller, Scope
from service.access.guard import Guard, Shown
from service.access.pace import Pace
from service.jobs.errors import NotAllowedError

Json = dict[str, Any]

SCHEMES: Json = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "An API key, or a token of the identity provider."},
    "api_key": {"type": "apiKey", "in": "header", "name": "X-API-Key", "description": "An API key."},
}
"""How callers show who they are, as the OpenAPI document says it."""

PUBLIC: Json = {"security": []}
"""What a route says that anybody may call."""

HARMLESS = frozenset({"GET", "HEAD"})


def needs(scope: Scope) -> Json:
    """What a route says that needs another scope than its method does: `read` for GET, `submit` for all else."""
    return {"security": [{name: [scope]} for name in SCHEMES]}


def needed_by(route: APIRoute, method: str) -> Scope | None:
    """The scope that a route asks for; None where anybody may call it."""
    said = (route.openapi_extra or {}).get("security")
    if said is None:
        return "read" if method in HARMLESS else "submit"
    return cast(Scope, said[0]["bearer"][0]) if said else None


def admit(request: Request) -> None:
    """Let the caller in, or not; every route of the application depends on this, before anything else of it runs.

    Raises:
        NotKnownError: nobody that may come in.
        NotAllowedError: somebody that may not do this.
        TooManyCallsError: somebody whose tenant has called too often.
    """
    scope = needed_by(request.scope["route"], request.method)
    if scope is None:
        return
    guard = cast(Guard, request.app.state.guard)
    caller = guard.caller(
        Shown(request.headers.get("authorization"), request.headers.get("x-api-key"), request.headers.get("host", ""))
    )
    if not caller.may(scope):
        raise NotAllowedError(scope, ", ".join(sorted(caller.scopes)))
    request.state.caller = caller
    pace = cast(Pace | None, request.app.state.pace)
    if pace is not None:
        pace.keep(caller.tenant)


def describe_access(document: Json) -> None:
    """Say in the OpenAPI document what each operation needs, and what it answers to those who have it not."""
    document["components"]["securitySchemes"] = SCHEMES
    document["info"]["description"] += "\n\nScopes of a key: " + "; ".join(
        f"`{scope}` to {means}" for scope, means in SCOPE_MEANS.items()
    )
    for operations in document["paths"].values():
        for method, operation in operations.items():
            operation.setdefault("security", needs("read" if method.upper() in HARMLESS else "submit")["security"])


async def _caller(request: Request) -> Caller:
    return cast(Caller, request.state.caller)


GivenCaller = Annotated[Caller, Depends(_caller)]
