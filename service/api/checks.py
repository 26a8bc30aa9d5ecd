"""What is said of a request or a roster at once, without a job and without solving."""

from __future__ import annotations

from inspect import cleandoc

from fastapi import APIRouter

from schemas.answers import Evaluation, EvaluationRequest, RuleBook, RulePage, Validation
from schemas.request import RosterRequest
from schemas.rule import Rule
from service.api.access import needs
from service.api.given import JsonBody
from service.api.openapi import json_body, problems
from service.jobs.check import evaluate, validate

router = APIRouter(prefix="/v1", tags=["checks"])


@router.post("/validations", openapi_extra=json_body(RosterRequest) | needs("read"), responses=problems(413, 415))
def validations(raw: JsonBody) -> Validation:
    """Every fault of a request, and the defaults it would use, without solving it."""
    return validate(raw)


@router.post(
    "/evaluations", openapi_extra=json_body(EvaluationRequest) | needs("read"), responses=problems(413, 415, 422)
)
def evaluations(raw: JsonBody) -> Evaluation:
    """Cost, coverage and violations of a roster, by the judge, without solving."""
    return evaluate(raw)


@router.get("/rules")
def rules() -> RuleBook:
    """Every rule that a work plan may have."""
    return RuleBook(rules=tuple(_page(rule) for _, rule in sorted(Rule.book.items())))


def _page(rule: type[Rule]) -> RulePage:
    kind = rule.model_fields["kind"].default
    return RulePage(kind=kind, text=cleandoc(rule.__doc__ or ""), json_schema=rule.model_json_schema())
