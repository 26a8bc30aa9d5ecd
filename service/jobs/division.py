"""Large requests in parts: divided into jobs of their own, and one roster again when the last of them has ended."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import partial
from typing import Literal

import structlog

from schemas.fault import RequestRefused
from service.jobs.document import ending_with
from service.jobs.engine import Engine
from service.jobs.errands import answered, roster_answered
from service.jobs.errors import ErrandFailedError
from service.jobs.job import Attempt, Ending, NewJob, Whole, new_id
from service.jobs.patience import patiently
from service.jobs.store import JobStore
from service.settings import Settings

log = structlog.get_logger()


def is_large(attempt: Attempt, settings: Settings) -> bool:
    """Whether a request is worth looking for parts; a part is not divided again."""
    return (
        settings.divide_from_agents is not None
        and attempt.agents >= settings.divide_from_agents
        and not attempt.is_part
    )


async def divide(attempt: Attempt, store: JobStore, settings: Settings, engine: Engine) -> bool:
    """Make jobs of the parts of a request; False when it has only one, or the attempt is no longer the current one."""
    places = await patiently(engine.places)
    orders = {"least_agents": settings.least_agents_of_a_part, "places": places}
    raw = json.dumps(orders)[:-1].encode() + b',"request":' + attempt.request + b"}"
    try:
        parts = (await answered("divide", raw, settings))["parts"]
    except (ErrandFailedError, RequestRefused) as error:
        log.warning("not divided", said=str(error)[:500])
        return False
    if len(parts) < 2:
        return False
    jobs = [
        NewJob(
            id=new_id(),
            tenant=attempt.tenant,
            name=part["name"],
            request=json.dumps(part["request"], separators=(",", ":"), ensure_ascii=False).encode(),
            time_limit_seconds=part["seconds"],
            priority=attempt.priority,
            agents=part["agents"],
            parent_id=attempt.job_id,
            part=number,
        )
        for number, part in enumerate(parts, start=1)
    ]
    done = await patiently(partial(store.divide, attempt.job_id, attempt.number, jobs, engine.submit))
    if done:
        log.info("divided", parts=len(jobs), agents=[job.agents for job in jobs], places=places)
    return done


async def join(whole: Whole, settings: Settings) -> Ending:
    """How a job ends whose parts have: as the worst of them did, with a roster where all have one."""
    rosters = [roster for roster in whole.rosters if roster is not None]
    roster, error = None, _first_error(whole)
    if len(rosters) == len(whole.parts):
        raw = b'{"request":' + whole.request + b',"rosters":[' + b",".join(rosters) + b"]}"
        try:
            roster = await roster_answered("join", raw, settings)
        except (ErrandFailedError, RequestRefused) as refused:
            error = error or f"The rosters of the parts could not be made one: {refused}"
    if error is None and roster is None and not whole.cancel_requested:
        error = f"{len(whole.parts) - len(rosters)} of {len(whole.parts)} parts have no roster."
    status: Literal["completed", "cancelled", "failed"] = (
        "failed" if error is not None else "cancelled" if whole.cancel_requested else "completed"
    )
    if roster is None:
        return Ending(status, error=error)
    return replace(ending_with(roster), status=status, error=error)


def _first_error(whole: Whole) -> str | None:
    """Why the first part failed that did."""
    return next((f"{part.name} failed. {part.error}" for part in whole.parts if part.status == "failed"), None)
