"""Reading requests and rosters: every fault at once, each with its place."""

from solver.reading.both import read_request_and_maybe_roster
from solver.reading.contradictions import contradictions
from solver.reading.notes import defaults_used
from solver.reading.parse import parse as read_json
from solver.reading.read import read_as, read_request, read_roster

__all__ = [
    "contradictions",
    "defaults_used",
    "read_as",
    "read_json",
    "read_request",
    "read_request_and_maybe_roster",
    "read_roster",
]
