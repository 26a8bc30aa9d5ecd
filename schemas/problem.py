"""The answer to a call that could not be carried out."""

from __future__ import annotations

from pydantic import Field

from schemas.base import Schema
from schemas.fault import Fault


class Problem(Schema):
    """Problem details (RFC 9457); `faults` has every fault of a request that was refused."""

    type: str = Field(description="What kind of problem it is; the same text for the same kind.")
    title: str = Field(description="The kind of problem in words.")
    status: int = Field(description="The HTTP status.")
    detail: str | None = Field(default=None, description="What happened this time.")
    faults: tuple[Fault, ...] = Field(default=(), description="Each fault with its place, found and expected.")
