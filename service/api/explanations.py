"""Why a roster is as it is, or why there is none."""

from __future__ import annotations

import json
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from fastapi.concurrency import run_in_threadpool

from schemas.explanation import Explanation
from service.api.given import GivenExplanations, GivenJob
from service.api.openapi import problems
from service.jobs.errors import AgentNotFoundError

router = APIRouter(prefix="/v1/rosters", tags=["rosters"])


@router.get("/{job_id}/explanation", response_model=Explanation, responses=problems(404, 503))
async def explanation(
    job: GivenJob,
    explanations: GivenExplanations,
    agent_id: Annotated[str | None, Query(description="What is told of one agent alone.")] = None,
) -> Response:
    """Why: short intervals and their causes, how near each agent is to its rules' limits, conflicts and their cures.

    Of a job that has ended. It is made when it is first asked for, which takes some seconds, and kept.
    """
    body = await explanations.of(job)
    if agent_id is not None:
        body = await run_in_threadpool(_of_agent, body, job.id, agent_id)
    return Response(body, media_type="application/json")


def _of_agent(body: bytes, job_id: str, agent_id: str) -> bytes:
    """The explanation with this agent's parts and without intervals."""
    whole: dict[str, Any] = json.loads(body)
    agents = [agent for agent in whole["agents"] if agent["agent_id"] == agent_id]
    conflicts = [agent for agent in whole["infeasible_agents"] if agent_id in (agent["agent_id"], *agent["like_it"])]
    if not agents and not conflicts:
        raise AgentNotFoundError(f"The explanation of job {job_id} tells nothing of an agent {agent_id!r}.")
    part = {**whole, "short_intervals": [], "agents": agents, "infeasible_agents": conflicts}
    return json.dumps(part, separators=(",", ":"), ensure_ascii=False).encode()
