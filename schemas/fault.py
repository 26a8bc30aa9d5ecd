"""What is wrong with a request, with its place."""

from __future__ import annotations

from schemas.base import Schema


class Fault(Schema):
    """One fault: where it is, what was found, what was expected."""

    pointer: str
    found: str
    expected: str
    text: str


class RequestRefused(Exception):
    """A request that cannot be read; `faults` has every fault of it."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__("; ".join(fault.text for fault in faults[:5]))
        self.faults = faults
