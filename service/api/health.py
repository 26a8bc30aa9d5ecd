"""Whether the service lives, and whether it can work."""

from __future__ import annotations

from fastapi import APIRouter

from schemas.answers import Health
from service import VERSION
from service.api.access import PUBLIC
from service.api.given import GivenSettings, GivenStore
from service.api.openapi import problems
from service.jobs.errors import NotReadyError

router = APIRouter(tags=["operations"])


@router.get("/healthz", openapi_extra=PUBLIC)
async def healthz() -> Health:
    """The process answers."""
    return Health(status="ok", version=VERSION)


@router.get("/readyz", openapi_extra=PUBLIC, responses=problems(503))
def readyz(store: GivenStore, settings: GivenSettings) -> Health:
    """Jobs can be kept and run: the database answers, can be written and is of this release, and a worker lives."""
    missing = store.shortcomings(beat_seconds=settings.beat_seconds, least_free_mb=settings.least_free_mb)
    if missing:
        raise NotReadyError(" ".join(missing), headers={"Retry-After": "5"})
    return Health(status="ok", version=VERSION)
