"""The one place where exceptions become HTTP: problem details (RFC 9457), each fault with its place, no traceback."""

from __future__ import annotations

import logging
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi_problem.error import Problem, StatusProblem
from fastapi_problem.handler import ExceptionHandler, add_exception_handler, new_exception_handler
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.routing import compile_path
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from schemas.fault import Fault, RequestRefused
from service.jobs.errors import ServiceError

REFUSED = "The request has faults"


class InternalProblem(StatusProblem):
    """What a caller hears of an error of ours; the log has the rest."""

    type_ = "internal-error"
    title = "Internal error"
    status = 500

    def __init__(self, _: str | None = None, **more: Any) -> None:
        super().__init__("The service met an error of its own. It has been logged; other requests are not affected.")


def add_error_answers(app: FastAPI) -> None:
    """Make every error of the app a problem document."""
    handler = new_exception_handler(
        logger=logging.getLogger("service.api"),
        unhandled_wrappers={"default": InternalProblem},
        handlers={ServiceError: _of_ours, RequestRefused: _of_refusal},
        http_exception_handler=_of_http,
        request_validation_handler=_of_parameters,
        documentation_uri_template="urn:stint:problem:{type}",
    )
    add_exception_handler(app, handler, generic_swagger_defaults=False)
    app.add_exception_handler(ServiceError, handler)
    app.add_exception_handler(RequestRefused, handler)
    app.add_middleware(Door, handler=handler)


class Door:
    """Answers what nobody foresaw. The framework would answer too, and then raise it again and drop the connection."""

    def __init__(self, app: ASGIApp, handler: ExceptionHandler) -> None:
        self._app = app
        self._handler = handler

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answered = False

        async def sending(message: Message) -> None:
            nonlocal answered
            answered = answered or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, sending)
        except Exception as error:
            if answered or scope["type"] != "http":
                raise
            await self._handler(Request(scope, receive), error)(scope, receive, send)


def _of_ours(_: ExceptionHandler, request: Request, error: ServiceError) -> Problem:
    return Problem(
        error.title,
        type_=kebab(type(error).__name__.removesuffix("Error")),
        detail=error.detail,
        status=error.status,
        headers=error.headers,
        **_faults(error.faults),
    )


def _of_refusal(_: ExceptionHandler, request: Request, refused: RequestRefused) -> Problem:
    return refusal(tuple(refused.faults))


def _of_http(_: ExceptionHandler, request: Request, error: HTTPException) -> Problem:
    """What the framework itself refuses: an unknown path, a wrong method."""
    sentences = {
        404: f"There is nothing at {request.url.path[:200]!r}. /docs lists what there is.",
        405: f"{request.url.path[:200]} does not take {request.method}.",
    }
    phrase = HTTPStatus(error.status_code).phrase
    headers = dict(error.headers or {})
    if error.status_code == 405:
        headers["Allow"] = _allowed(request) or headers["Allow"]
    return Problem(
        phrase,
        type_=kebab(phrase.title().replace(" ", "")),
        detail=sentences.get(error.status_code, str(error.detail)),
        status=error.status_code,
        headers=headers,
    )


def _allowed(request: Request) -> str:
    """All that the path takes; the framework names only what the first route with this path takes."""
    paths: dict[str, Any] = request.app.openapi()["paths"]
    operations: dict[str, Any] = next(
        (found for path, found in paths.items() if compile_path(path)[0].match(request.url.path)), {}
    )
    return ", ".join(sorted(method.upper() for method in operations))


def _of_parameters(_: ExceptionHandler, request: Request, error: RequestValidationError) -> Problem:
    """Parameters of the address, and headers, that do not fit."""
    return refusal(
        tuple(
            Fault(
                pointer="",
                found=repr(fault.get("input"))[:200],
                expected=str(fault["msg"]),
                text=f"The {fault['loc'][0]} parameter {fault['loc'][-1]!r} does not fit: {fault['msg']}.",
            )
            for fault in error.errors()
        )
    )


def refusal(faults: tuple[Fault, ...]) -> Problem:
    """The 422 that lists every fault."""
    detail = faults[0].text if len(faults) == 1 else f"{len(faults)} faults were found; `faults` has them all."
    return Problem(REFUSED, type_="request-refused", detail=detail, status=422, **_faults(faults))


def _faults(faults: tuple[Fault, ...]) -> dict[str, Any]:
    return {"faults": [fault.model_dump(mode="json") for fault in faults]} if faults else {}


def kebab(name: str) -> str:
    """`JobNotFound` as `job-not-found`."""
    return "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in name).removeprefix("-")
