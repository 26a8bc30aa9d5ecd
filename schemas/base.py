"""What all data that crosses a boundary has in common."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Schema(BaseModel):
    """Immutable data; a field that nobody knows is an error, and nothing is converted behind the caller's back."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, populate_by_name=True)
