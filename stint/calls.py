"""Each call of the service once, for the client that waits and the one that does not: what to send, how to read it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, TypeVar
from uuid import uuid4

from pydantic import BaseModel

from schemas.answers import Evaluation, JobPage, RuleBook, Validation
from schemas.capacity import CapacityPlan
from schemas.explanation import Explanation
from schemas.job import Job
from schemas.mix import WorkPlanMix
from schemas.problem import Problem
from schemas.roster import Roster
from schemas.staffing import Staffing

T = TypeVar("T")
Body = Mapping[str, Any] | BaseModel | bytes | str
"""A request: plain data, one of the models of `schemas`, or its JSON."""

Form = Literal["json", "csv", "csv-days", "xlsx", "ics"]
JSON = {"Content-Type": "application/json"}
AGAIN = frozenset({429, 502, 503, 504})
"""Answers after which the same call may be tried again."""


@dataclass(frozen=True)
class Call(Generic[T]):
    """A call: what is sent, and how its answer is read. Every call may be sent twice: submitting carries a key."""

    method: str
    path: str
    read: Callable[[bytes], T]
    body: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)
    query: dict[str, str | int] = field(default_factory=dict)


Model = TypeVar("Model", bound=BaseModel)


def reader(model: type[Model]) -> Callable[[bytes], Model]:
    """Reads an answer; fields that a later service has added are left aside."""
    return lambda content: model.model_validate_json(content, extra="ignore")


def nothing(_: bytes) -> None:
    """Reads an answer without a body."""


def as_json(body: Body) -> bytes:
    """A body as JSON."""
    if isinstance(body, BaseModel):
        return body.model_dump_json(by_alias=True, exclude_unset=True).encode()
    if isinstance(body, bytes):
        return body
    return body.encode() if isinstance(body, str) else json.dumps(body).encode()


def problem_of(status: int, content: bytes) -> Problem:
    """The problem document of an answer, also of one that some proxy on the way wrote."""
    try:
        return Problem.model_validate_json(content, extra="ignore")
    except ValueError:
        text = content[:200].decode(errors="replace").strip()
        return Problem(type="about:blank", title="No answer of Stint", status=status, detail=text or "nothing was said")


def _post(path: str, body: Body, model: type[Model]) -> Call[Model]:
    return Call("POST", path, reader(model), as_json(body), dict(JSON))


def submit(request: Body, key: str | None, priority: int | None) -> Call[Job]:
    """Ask for a roster; the key makes sure that a second try makes no second job."""
    headers = {**JSON, "Idempotency-Key": key or str(uuid4())}
    query: dict[str, str | int] = {} if priority is None else {"priority": priority}
    return Call("POST", "/v1/rosters", reader(Job), as_json(request), headers, query)


def jobs(status: str | None, limit: int, cursor: str | None) -> Call[JobPage]:
    """A page of jobs, newest first."""
    query: dict[str, str | int] = {"limit": limit}
    query |= {name: value for name, value in (("status", status), ("cursor", cursor)) if value is not None}
    return Call("GET", "/v1/rosters", reader(JobPage), query=query)


def job(job_id: str) -> Call[Job]:
    """How a job stands."""
    return Call("GET", f"/v1/rosters/{job_id}", reader(Job))


def roster(job_id: str) -> Call[Roster]:
    """The best roster so far."""
    return Call("GET", f"/v1/rosters/{job_id}/roster", reader(Roster))


def download(job_id: str, form: Form, agent_id: str | None) -> Call[bytes]:
    """The roster as a file."""
    query: dict[str, str | int] = {"format": form}
    if agent_id is not None:
        query["agent_id"] = agent_id
    return Call("GET", f"/v1/rosters/{job_id}/roster", bytes, query=query)


def request(job_id: str) -> Call[Any]:
    """What was asked, as plain data."""
    return Call("GET", f"/v1/rosters/{job_id}/request", json.loads)


def explanation(job_id: str) -> Call[Explanation]:
    """Why the roster is as it is."""
    return Call("GET", f"/v1/rosters/{job_id}/explanation", reader(Explanation))


def cancel(job_id: str) -> Call[Job]:
    """Stop a job and keep its best roster."""
    return Call("POST", f"/v1/rosters/{job_id}/cancel", reader(Job))


def erase(job_id: str) -> Call[None]:
    """Erase a job with all that belongs to it."""
    return Call("DELETE", f"/v1/rosters/{job_id}", nothing)


def validate(body: Body) -> Call[Validation]:
    """Every fault of a request."""
    return _post("/v1/validations", body, Validation)


def evaluate(asked: Body, made: Body) -> Call[Evaluation]:
    """Cost, coverage and violations of a roster."""
    whole = b'{"request":' + as_json(asked) + b',"roster":' + as_json(made) + b"}"
    return _post("/v1/evaluations", whole, Evaluation)


def staffing(body: Body) -> Call[Staffing]:
    """Volumes and goals to agents needed."""
    return _post("/v1/staffing", body, Staffing)


def capacity_plan(body: Body) -> Call[CapacityPlan]:
    """Weeks of work and people to hires."""
    return _post("/v1/capacity-plans", body, CapacityPlan)


def work_plan_mix(body: Body) -> Call[WorkPlanMix]:
    """How many people on which contract."""
    return _post("/v1/work-plan-mixes", body, WorkPlanMix)


def rules() -> Call[RuleBook]:
    """The rule book."""
    return Call("GET", "/v1/rules", reader(RuleBook))
