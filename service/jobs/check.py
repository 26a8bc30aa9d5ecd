"""Judging without solving: a request by itself, and a roster against its request."""

from __future__ import annotations

from schemas.answers import Evaluation, Validation
from schemas.fault import RequestRefused
from solver.reading import contradictions, defaults_used, read_request
from solver.reading.prediction import read_evaluation
from solver.verify import judge


def validate(raw: bytes) -> Validation:
    """Every fault of a request, or that there is none."""
    try:
        request = read_request(raw)
    except RequestRefused as refused:
        return Validation(valid=False, faults=tuple(refused.faults))
    return Validation(valid=True, messages=(*contradictions(request), *defaults_used(raw, request)))


def evaluate(raw: bytes) -> Evaluation:
    """What the judge says of `{"request": …, "roster": …}`, with `work` in it also the service that is predicted.

    Raises:
        RequestRefused: with every fault of both, each at its place in the whole.
    """
    request, roster, work = read_evaluation(raw)
    judgement = judge(request, roster)
    prediction = None
    if work is not None:
        from solver.prediction.formulas import predict  # numpy, which few calls need, is loaded by the first that does

        prediction = predict(request, roster, work)
    return Evaluation(
        cost=judgement.cost,
        coverage=judgement.coverage,
        service=judgement.service,
        violations=judgement.violations,
        priced_breaches=judgement.priced_breaches,
        paid_minutes=judgement.paid_minutes,
        statistics=judgement.statistics,
        prediction=prediction,
    )
