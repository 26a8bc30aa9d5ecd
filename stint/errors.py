"""What may go wrong for a caller, as exceptions that carry the service's own words."""

from __future__ import annotations

from schemas.fault import Fault
from schemas.problem import Problem


class StintError(Exception):
    """A call that could not be carried out."""


class UnreachableError(StintError):
    """The service did not answer, however often it was asked."""


class ProblemError(StintError):
    """The service said no; `problem` has its words, `status` the HTTP status."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"{problem.status} {problem.title}: {problem.detail}")
        self.problem = problem

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self.problem.status

    @property
    def faults(self) -> tuple[Fault, ...]:
        """Every fault of a request that was refused, each with its place."""
        return tuple(self.problem.faults or ())


class RefusedError(ProblemError):
    """The request has faults (422)."""


class NotAllowedError(ProblemError):
    """There was no key that the service knows (401), or the key may not do this (403)."""


class NotFoundError(ProblemError):
    """There is no such thing, or it is another tenant's (404)."""


class BusyError(ProblemError):
    """Too much was asked for at the moment (429, 503), also after waiting as long as the service said."""


class FailedError(StintError):
    """The job ended without a roster."""


KINDS: dict[int, type[ProblemError]] = {
    401: NotAllowedError,
    403: NotAllowedError,
    404: NotFoundError,
    422: RefusedError,
    429: BusyError,
    503: BusyError,
}


def error_of(problem: Problem) -> ProblemError:
    """The exception for a problem document."""
    return KINDS.get(problem.status, ProblemError)(problem)
