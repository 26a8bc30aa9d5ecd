"""Server-sent events, line by line."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Event:
    """What happened to a job: `status`, or `progress` with a better cost, bound or gap."""

    kind: str
    id: str
    data: Any


@dataclass
class Parser:
    """Puts lines together to events."""

    kind: str = "message"
    id: str = ""
    data: list[str] = field(default_factory=list)

    def take(self, line: str) -> Event | None:
        """The event that the line ends, or None."""
        if line:
            name, _, value = line.partition(":")
            value = value.removeprefix(" ")
            if name == "event":
                self.kind = value
            elif name == "id":
                self.id = value
            elif name == "data":
                self.data.append(value)
            return None
        event = Event(self.kind, self.id, json.loads("\n".join(self.data))) if self.data else None
        self.kind, self.data = "message", []
        return event
