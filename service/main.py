"""The web application: `uvicorn --factory service.main:create_app`, or `stint serve`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager, asynccontextmanager

from fastapi import Depends, FastAPI
from fastapi.routing import APIRoute

from service import VERSION
from service.access.guard import Guard, OpenTo
from service.access.pace import Pace
from service.adapters.identity import tokens_of
from service.api import (
    calendars,
    capacity,
    checks,
    downloads,
    explanations,
    forecasts,
    health,
    page,
    predictions,
    reports,
    rosters,
    samples,
    staffing,
    webhooks,
)
from service.api.access import admit
from service.api.errors import add_error_answers
from service.api.headers import add_headers
from service.api.log import CallLog
from service.api.metrics import add_metrics
from service.api.openapi import describe_with
from service.jobs.errands import Errands
from service.jobs.explanations import Explanations
from service.jobs.feed import Feed
from service.settings import Settings
from service.worker import Backend, embedded

DESCRIPTION = (
    "Shift scheduling for contact centres: staffing requirements and agent availability in, a verified roster at "
    "proved cost out. A request becomes a job; the job makes the roster."
)


def _operation_id(route: APIRoute) -> str:
    """The name of an operation, which clients that are made from the document call it by."""
    return f"{route.tags[0]}_{route.name}" if route.tags else route.name


def create_app(
    settings: Settings | None = None,
    open_backend: Callable[[Settings], AbstractContextManager[Backend]] = embedded,
    *,
    loopback: bool = False,
) -> FastAPI:
    """The application; while it runs, the backend is open.

    On a `loopback` address, which this host alone reaches, it is open to anybody for as long as no key was made.
    """
    settings = settings or Settings()
    open_to: OpenTo = "everybody" if settings.open_access else "this host" if loopback else "nobody"

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        backend = open_backend(settings)
        # Opened in a thread: DBOS would run the jobs on the loop that it finds, and that is the API's.
        app.state.backend = await asyncio.to_thread(backend.__enter__)
        app.state.errands = Errands(settings)
        app.state.explanations = Explanations(app.state.backend.store, app.state.errands)
        app.state.guard = Guard(app.state.backend.keys, tokens_of(settings), open_to)
        app.state.pace = None if settings.calls_per_minute is None else Pace(settings.calls_per_minute)
        app.state.feed = Feed(app.state.backend.store, settings.look_seconds)
        try:
            yield
        finally:
            await asyncio.to_thread(backend.__exit__, None, None, None)

    app = FastAPI(
        title="Stint",
        version=VERSION,
        description=DESCRIPTION,
        lifespan=lifespan,
        redirect_slashes=False,
        docs_url=None,  # the framework's pages load their scripts from elsewhere; ours does not
        redoc_url=None,
        dependencies=[Depends(admit)],
        generate_unique_id_function=_operation_id,
    )
    app.state.settings = settings
    add_error_answers(app)
    add_headers(app, settings)
    add_metrics(app, settings)
    app.add_middleware(CallLog)
    for part in (
        rosters,
        downloads,
        calendars,
        explanations,
        checks,
        staffing,
        forecasts,
        predictions,
        reports,
        capacity,
        webhooks,
        health,
        page,
    ):
        app.include_router(part.router)
    app.openapi = describe_with(app, samples.ALL)  # type: ignore[method-assign]  # as FastAPI documents it
    return app
