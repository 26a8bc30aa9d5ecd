"""Samples of what is said about work rather than about rosters: forecasts, predicted service, reports."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

Json = dict[str, Any]

_PAST: Json = {"start": "2026-11-23T10:00", "volume": 96, "aht_seconds": 181.5}
FORECAST_REQUEST: Json = {
    "time_zone": "Europe/Tallinn",
    "interval_minutes": 30,
    "start_date": "2026-11-30",
    "days": 7,
    "country": "EE",
    "special_days": [{"date": "2026-12-04", "name": "Sale", "factor": 1.4}],
    "planning_groups": [
        {"id": "voice", "history": [_PAST], "actuals": [{"start": "2026-11-30T10:00", "volume": 110}]},
    ],
}
_ERROR: Json = {"wape_percent": 5.4, "mape_percent": 6.5, "bias_percent": 2.7}
_BACK_TEST: Json = {
    "start_date": "2026-11-02",
    "days": 28,
    "interval": _ERROR,
    "day": _ERROR,
    "naive_interval": _ERROR,
    "naive_day": _ERROR,
    "inside_percent": 81.0,
}
_TO_COME: Json = {
    "start": "2026-11-30T10:30:00+02:00",
    "volume": 101.2,
    "low": 84.0,
    "high": 118.4,
    "aht_seconds": 180.9,
    "actual": False,
}
_RESCALED: Json = {"date": "2026-11-30", "forecast_so_far": 98.0, "actual_so_far": 110.0, "factor": 1.0542}
FORECAST: Json = {
    "intervals": [_TO_COME],
    "back_test": _BACK_TEST,
    "rescaled": [_RESCALED],
    "planning_groups": [
        {"id": "voice", "intervals": [_TO_COME], "back_test": _BACK_TEST, "rescaled": [_RESCALED]},
    ],
    "messages": [],
}

SIMULATION: Json = {"runs": 20, "seed": 1, "routing": "skills", "arrivals": "random"}
WORK: Json = {
    "time_zone": "Europe/Tallinn",
    "interval_minutes": 30,
    "planning_groups": [
        {
            "id": "voice",
            "service_goal": {"percent": 80, "within_seconds": 20},
            "patience_seconds": 120,
            "shrinkage_percent": 10,
            "intervals": [
                {"start": "2026-11-30T10:00", "volume": 4, "aht_seconds": 180},
                {"start": "2026-11-30T10:30", "volume": 9, "aht_seconds": 180},
            ],
        },
    ],
}
PREDICTION: Json = json.loads((Path(__file__).parent / "prediction.json").read_text(encoding="utf-8"))
REPORTED: Json = {
    "title": "Support, 30 November",
    "audience": "team",
    "work": WORK,
    "actuals": [
        {"start": "2026-11-30T10:00", "volume": 5, "aht_seconds": 190, "answered_in_goal": 4, "abandoned": 1},
        {"start": "2026-11-30T10:30", "volume": 7, "aht_seconds": 175, "answered_in_goal": 6, "abandoned": 0},
    ],
    "states": [
        {"agent_id": "A001", "category": "on_queue", "start": "2026-11-30T10:04:30", "end": "2026-11-30T12:00:00"},
        {"agent_id": "A001", "category": "break", "start": "2026-11-30T12:00:00", "end": "2026-11-30T12:15:00"},
    ],
    "handled": [
        {"agent_id": "A001", "planning_group_id": "voice", "contacts": 24, "handle_seconds": 4320},
        {"agent_id": "A002", "planning_group_id": "voice", "contacts": 20, "handle_seconds": 4000},
    ],
    "teams": [{"id": "north", "name": "North", "agent_ids": ["A001"]}],
}
REPORT: Json = json.loads((Path(__file__).parent / "report.json").read_text(encoding="utf-8"))
