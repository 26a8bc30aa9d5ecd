"""Figures for Prometheus: the queue, the solves, and what the API was asked."""

from __future__ import annotations

from typing import cast

from fastapi import APIRouter, Depends, FastAPI, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry
from prometheus_fastapi_instrumentator import Instrumentator

from service.api.access import PUBLIC, needs
from service.api.given import GivenSettings, GivenStore, Tenant
from service.jobs.errors import OthersFiguresError
from service.metrics import page
from service.settings import Settings

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60)
UNCOUNTED = ["/metrics", "/healthz", "/readyz"]


def add_metrics(app: FastAPI, settings: Settings) -> None:
    """Count what the application answers, and show it to who runs the service, or to all if the settings say so.

    The figures are of all tenants together: another tenant's admin would see in them that somebody else is at work.
    """
    app.state.counted = CollectorRegistry()
    Instrumentator(
        registry=app.state.counted, excluded_handlers=UNCOUNTED, should_exclude_streaming_duration=True
    ).instrument(app, latency_lowr_buckets=BUCKETS)
    router = APIRouter()
    if settings.open_metrics:
        access, guarded = PUBLIC, []
    else:
        access, guarded = needs("admin"), [Depends(_runs_the_service)]
    router.add_api_route(
        "/metrics", metrics, methods=["GET"], include_in_schema=False, openapi_extra=access, dependencies=guarded
    )
    app.include_router(router)


def _runs_the_service(tenant: Tenant, settings: GivenSettings) -> None:
    """Let nobody but the tenant in that the settings name.

    Raises:
        OthersFiguresError: it is another.
    """
    if tenant != settings.metrics_tenant:
        raise OthersFiguresError


def metrics(request: Request, store: GivenStore) -> Response:
    """The figures, in the text format of Prometheus."""
    counted = cast(CollectorRegistry, request.app.state.counted)
    return Response(page(store.load(), counted), media_type=CONTENT_TYPE_LATEST)
