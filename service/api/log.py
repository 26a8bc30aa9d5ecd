"""A line in the log for each call that was answered: what was asked, by which tenant, about which job."""

from __future__ import annotations

import time

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

QUIET = ("/healthz", "/readyz", "/metrics", "/web/")
"""Asked so often, or of so little news, that they are logged only when something is wrong."""

log = structlog.get_logger("service.api")


class CallLog:
    """Writes the line when the answer has gone out, or has been broken off."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 0
        began = time.monotonic()

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, sending)
        finally:
            if status >= 500 or status == 0 or not scope["path"].startswith(QUIET):
                _write(scope, status, time.monotonic() - began)


def _write(scope: Scope, status: int, seconds: float) -> None:
    """What is logged of a call: never its query, which may hold a secret, nor its body."""
    caller = scope.get("state", {}).get("caller")
    job_id = scope.get("path_params", {}).get("job_id")
    known = {"tenant": caller.tenant if caller else None, "job": job_id}
    route = getattr(scope.get("route"), "path", None) or "unknown"
    log.info(
        "call", method=scope["method"], route=route, status=status, seconds=round(seconds, 4),
        **{name: value for name, value in known.items() if value is not None},
    )  # fmt: skip
