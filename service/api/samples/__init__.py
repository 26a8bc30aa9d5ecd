"""One small request and what comes of it; every example in the OpenAPI document is a part of these."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from schemas.answers import Evaluation, EvaluationRequest, Health, JobPage, RuleBook, Validation
from schemas.calendar import CalendarRequest, CalendarSubscription, CalendarSubscriptionList
from schemas.explanation import Explanation
from schemas.forecast import Forecast, ForecastRequest
from schemas.goal import ServiceTarget
from schemas.job import Job
from schemas.prediction import Prediction, PredictionRequest
from schemas.problem import Problem
from schemas.report import Report, ReportRequest
from schemas.request import RosterRequest, VolumeSeries
from schemas.roster import PredictedService, Roster
from schemas.roster_rule import RosterRule
from schemas.rule import Rule
from schemas.staffing import Staffing, StaffingRequest
from schemas.webhook import DeliveryList, Webhook, WebhookList, WebhookRequest
from service.api.samples import capacity, planning
from solver.roster_rules import BOOK as ROSTER_BOOK
from solver.rules import BOOK

Json = dict[str, Any]


def _read(name: str) -> Json:
    found: Json = json.loads((Path(__file__).parent / name).read_text(encoding="utf-8"))
    return found


def rule_sample(rule: type[Rule] | type[RosterRule]) -> Json:
    """The rule as its fields' own examples have it."""
    fields = {name: field.examples[0] for name, field in rule.model_fields.items() if field.examples and name != "cost"}
    return {"kind": rule.model_fields["kind"].default, **fields}


REQUEST = _read("request.json")
ROSTER = _read("roster.json")

_HERE = f"/v1/rosters/{ROSTER['id']}"
JOB: Json = {
    "id": ROSTER["id"],
    "name": REQUEST["name"],
    "status": "completed",
    "verdict": ROSTER["verdict"],
    "created_at": "2026-11-24T08:00:00Z",
    "started_at": "2026-11-24T08:00:00.250000Z",
    "finished_at": "2026-11-24T08:00:01.500000Z",
    "attempts": 1,
    "priority": 3,
    "progress": {
        "seconds": 0.9,
        "cost": ROSTER["cost"]["total"],
        "bound": ROSTER["lower_bound"],
        "gap_percent": ROSTER["gap_percent"],
        "phase": "search",
    },
    "cost": ROSTER["cost"]["total"],
    "lower_bound": ROSTER["lower_bound"],
    "gap_percent": ROSTER["gap_percent"],
    "error": None,
    "links": {
        "self": _HERE,
        "roster": f"{_HERE}/roster",
        "request": f"{_HERE}/request",
        "events": f"{_HERE}/events",
        "explanation": f"{_HERE}/explanation",
    },
    "parts": [
        {
            "name": "Part 1 of 2: voice",
            "status": "completed",
            "verdict": "optimal",
            "agents": 620,
            "attempts": 1,
            "cost": 48210.0,
            "lower_bound": 48210.0,
            "gap_percent": 0.0,
            "error": None,
        },
    ],
}
CALENDAR: Json = {
    "id": "01KAZ9Q2Y4V7M3N8B6C5D1E0FG",
    "job_id": ROSTER["id"],
    "agent_id": "A001",
    "created_at": "2026-11-24T09:00:00Z",
    "url": "https://stint.example.org/v1/calendars/EXAMPLE.ics",
    "links": {
        "self": f"{_HERE}/calendars/01KAZ9Q2Y4V7M3N8B6C5D1E0FG",
        "rotate": f"{_HERE}/calendars/01KAZ9Q2Y4V7M3N8B6C5D1E0FG/rotate",
    },
}
FAULT: Json = {
    "pointer": "/agents/0/work_plan_id",
    "found": "'shrot'",
    "expected": "the id of a work plan",
    "text": "Agent 'A001' has the work plan 'shrot', which there is not. Maybe 'short' is meant.",
}
VIOLATION: Json = {
    "code": "minimum_rest",
    "text": "Ann rests 480 minutes before the shift of 2026-12-01; at least 660 are due.",
    "agent_id": "A001",
    "date": "2026-12-01",
    "path": "/schedules/0/shifts/1",
}
MESSAGE: Json = {
    "code": "defaults_used",
    "severity": "info",
    "text": "Agents without skills serve every planning group.",
    "path": "/agents/1/skills",
}
STAFFING_REQUEST: Json = {
    "time_zone": "Europe/Tallinn",
    "interval_minutes": 30,
    "curve": True,
    "planning_groups": [
        {
            "id": "voice",
            "service_goal": {"percent": 80, "within_seconds": 20},
            "shrinkage_percent": 30,
            "max_occupancy_percent": 90,
            "intervals": [{"start": "2026-11-30T10:00", "volume": 100, "aht_seconds": 180, "staff": 13}],
        }
    ],
}
_SERVICE: Json = {
    "service_level_percent": 88.835,
    "occupancy_percent": 71.43,
    "mean_wait_seconds": 7.84,
    "abandonment_percent": 0.0,
}
_STAFFED: Json = {
    "start": "2026-11-30T10:00:00+02:00",
    "required": 14,
    "required_with_shrinkage": 20,
    **_SERVICE,
    "predicted": {
        "staff": 13,
        "service_level_percent": 79.559,
        "occupancy_percent": 76.92,
        "mean_wait_seconds": 17.11,
        "abandonment_percent": 0.0,
    },
    "curve": [{"staff": 14, **_SERVICE}],
}
STAFFING: Json = {
    "intervals": [_STAFFED],
    "planning_groups": [{"id": "voice", "intervals": [_STAFFED]}],
    "requirements": [{"planning_group_id": "voice", "start": "2026-11-30T10:00:00+02:00", "required": [14]}],
    "messages": [],
}
WEBHOOK: Json = {
    "id": "01M85PAKZ81QH8GZ1PZ5Q1X3YB",
    "url": "https://wfm.example.org/stint",
    "events": ["roster.completed", "roster.failed"],
    "job_id": JOB["id"],
    "created_at": "2026-11-24T09:00:00Z",
    "enabled": True,
    "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    "links": {
        "self": "/v1/webhooks/01M85PAKZ81QH8GZ1PZ5Q1X3YB",
        "deliveries": "/v1/webhooks/01M85PAKZ81QH8GZ1PZ5Q1X3YB/deliveries",
    },
}
DELIVERY: Json = {
    "id": "msg_01M85PB3DMVYB0B8A9FVXVZ4T5",
    "event": "roster.completed",
    "job_id": JOB["id"],
    "status": "pending",
    "attempts": 1,
    "created_at": "2026-11-24T09:01:00Z",
    "due_at": "2026-11-24T09:01:05Z",
    "finished_at": None,
    "answer": 503,
    "error": None,
}
EXPLANATION: Json = _read("explanation.json")
_JUDGED: Json = {"request": REQUEST, "roster": {"schedules": ROSTER["schedules"]}}
ALL: dict[type[BaseModel], Json] = {
    RosterRequest: REQUEST,
    Roster: {**ROSTER, "violations": [VIOLATION], "messages": [MESSAGE]},
    Job: JOB,
    JobPage: {"jobs": [JOB], "next_cursor": JOB["id"]},
    Problem: {
        "type": "urn:stint:problem:request-refused",
        "title": "The request has faults",
        "status": 422,
        "detail": FAULT["text"],
        "faults": [FAULT],
    },
    Validation: {"valid": False, "faults": [FAULT], "messages": []},
    Explanation: EXPLANATION,
    EvaluationRequest: {**_JUDGED, "work": planning.WORK},
    Evaluation: {
        **{name: ROSTER[name] for name in ("cost", "coverage", "violations", "statistics")},
        "paid_minutes": {schedule["agent_id"]: schedule["paid_minutes"] for schedule in ROSTER["schedules"]},
        "prediction": planning.PREDICTION,
        "messages": [],
    },
    RuleBook: {"rules": [{"kind": "minimum_rest", "text": "Between two shifts …", "schema": {"type": "object"}}]},
    StaffingRequest: STAFFING_REQUEST,
    Staffing: STAFFING,
    ForecastRequest: planning.FORECAST_REQUEST,
    Forecast: planning.FORECAST,
    PredictionRequest: {**_JUDGED, "work": planning.WORK, "simulation": planning.SIMULATION},
    Prediction: planning.PREDICTION,
    ReportRequest: {**_JUDGED, **planning.REPORTED},
    Report: planning.REPORT,
    WebhookRequest: {name: WEBHOOK[name] for name in ("url", "events", "job_id")},
    Webhook: WEBHOOK,
    WebhookList: {"webhooks": [{**WEBHOOK, "secret": None}]},
    DeliveryList: {"deliveries": [DELIVERY]},
    CalendarRequest: {"agent_id": "A001"},
    CalendarSubscription: CALENDAR,
    CalendarSubscriptionList: {"calendars": [{**CALENDAR, "url": None}]},
    Health: {"status": "ok", "version": "1.0.0"},
    **capacity.ALL,
    ServiceTarget: {"percent": 80, "within_seconds": 20, "per": "day", "missed_cost_per_contact": 50},
    VolumeSeries: {
        "planning_group_id": "voice",
        "start": "2026-11-30T08:00",
        "volume": [40, 52.5, 61],
        "aht_seconds": 240,
    },
    PredictedService: {
        "planning_group_id": "voice",
        "start": "2026-11-30T00:00:00+02:00",
        "contacts": 1840,
        "outside_goal": 361.2,
        "allowed_outside": 368,
        "percent": 80.37,
        "goal_percent": 80,
        "reached": True,
    },
    **{rule: rule_sample(rule) for rule in BOOK},
    **{rule: rule_sample(rule) for rule in ROSTER_BOOK},
}
