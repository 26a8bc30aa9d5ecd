"""Judging without solving: a request by itself, and a roster against its request."""

from __future__ import annotations

from schemas.answers import Evaluation, Validation
from schemas.fault import RequestRefused
from solver.reading import defaults_used, read_both, read_request
from solver.verify import judge


def validate(raw: bytes) -> Validation:
    """Every fault of a request, or that there is none."""
    try:
        request = read_request(raw)
    except RequestRefused as refused:
        return Validation(valid=False, faults=tuple(refused.faults))
    return Validation(valid=True, messages=defaults_used(raw, request))


def evaluate(raw: bytes) -> Evaluation:
    """What the judge says of `{"request": …, "roster": …}`.

    Raises:
        RequestRefused: with every fault of both, each at its place in the whole.
    """
    request, roster = read_both(raw)
    judgement = judge(request, roster)
    return Evaluation(
        cost=judgement.cost,
        coverage=judgement.coverage,
        violations=judgement.violations,
        priced_breaches=judgement.priced_breaches,
        paid_minutes=judgement.paid_minutes,
        statistics=judgement.statistics,
    )
