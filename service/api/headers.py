"""Headers that every answer carries, so that a browser does with it what is meant and nothing else."""

from __future__ import annotations

from fastapi import FastAPI
from starlette.datastructures import MutableHeaders
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.settings import Settings

EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
}
"""What an answer carries that says nothing else itself, as the service's pages do."""

YEAR_SECONDS = 365 * 24 * 60 * 60

ASKED_WITH = (
    "Authorization", "X-API-Key", "Content-Type", "Content-Encoding", "Idempotency-Key", "If-None-Match",
    "Last-Event-ID", "Prefer",
)  # fmt: skip
ANSWERED_WITH = (
    "Content-Disposition", "ETag", "Location", "Preference-Applied", "Retry-After", "WWW-Authenticate",
)  # fmt: skip


def add_headers(app: FastAPI, settings: Settings) -> None:
    """Make every answer of the app carry them, and let pages of the origins that are set call it."""
    app.add_middleware(SecureHeaders, https=(settings.public_url or "").startswith("https://"))
    if settings.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.cors_origins,
            allow_methods=("GET", "POST", "DELETE"),
            allow_headers=ASKED_WITH,
            expose_headers=ANSWERED_WITH,
        )


class SecureHeaders:
    """Adds what an answer does not carry yet."""

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        self._app = app
        self._everywhere = dict(EVERYWHERE)
        if https:
            self._everywhere["Strict-Transport-Security"] = f"max-age={YEAR_SECONDS}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._add(MutableHeaders(scope=message), scope["path"])
            await send(message)

        return await self._app(scope, receive, sending)

    def _add(self, headers: MutableHeaders, path: str) -> None:
        if path.startswith("/v1/"):
            headers.setdefault("Cache-Control", "no-store")  # a roster is about people
        for name, value in self._everywhere.items():
            headers.setdefault(name, value)
