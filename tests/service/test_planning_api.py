"""Forecasts, predictions and what is said of them over HTTP."""

import sys

import pytest

from service.api.samples import REQUEST, ROSTER
from service.api.samples.planning import FORECAST_REQUEST, PREDICTION, REPORT, REPORTED, WORK
from tests.service.api_client import served
from tests.service.conftest import in_memory

JUDGED = {"request": REQUEST, "roster": {"schedules": ROSTER["schedules"]}}


@pytest.fixture(scope="module")
def api(module_settings):
    settings = module_settings.model_copy(update={"solver_command": (sys.executable, "-m", "solver")})
    with served(settings, in_memory) as client:
        yield client


def pointers(answer):
    assert answer.status_code == 422, answer.text
    return {fault["pointer"] for fault in answer.json()["faults"]}


def test_a_forecast(api):
    found = api.post("/v1/forecasts", json=FORECAST_REQUEST)
    assert found.status_code == 200, found.text
    assert "no_back_test" in {message["code"] for message in found.json()["messages"]}
    assert pointers(api.post("/v1/forecasts", json=FORECAST_REQUEST | {"country": "XX"})) == {"/country"}


def test_a_prediction_by_the_formulas(api):
    found = api.post("/v1/predictions", json=JUDGED | {"work": WORK}).json()
    assert found["period"] == PREDICTION["period"]
    assert found["simulation"] is None


def test_a_prediction_by_simulation_runs_in_a_process_of_its_own(api):
    asked = JUDGED | {"work": WORK, "simulation": {"runs": 20, "seed": 1}}
    found = api.post("/v1/predictions", json=asked)
    assert found.status_code == 200, found.text
    assert found.json()["simulation"]["period"] == PREDICTION["simulation"]["period"]


def test_faults_of_a_prediction_have_their_place(api):
    broken = WORK | {"planning_groups": [WORK["planning_groups"][0] | {"id": "chat"}]}
    for path in ("/v1/predictions", "/v1/evaluations"):
        assert pointers(api.post(path, json=JUDGED | {"work": broken})) == {"/work/planning_groups/0/id"}


def test_an_evaluation_with_work_predicts_the_service_too(api):
    found = api.post("/v1/evaluations", json=JUDGED | {"work": WORK}).json()
    assert found["prediction"]["period"] == PREDICTION["period"]
    assert api.post("/v1/evaluations", json=JUDGED).json()["prediction"] is None


def test_a_report_in_every_format(api):
    asked = JUDGED | REPORTED
    found = api.post("/v1/reports", json=asked)
    assert found.status_code == 200, found.text
    assert found.json()["period"] == REPORT["period"]
    page = api.post("/v1/reports", json=asked, headers={"Accept": "text/html"})
    assert page.text.startswith("<!doctype html>")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert api.post("/v1/reports?format=csv", json=asked).headers["content-type"] == "text/csv; charset=utf-8"
    assert api.post("/v1/reports?format=xlsx", json=asked).content[:2] == b"PK"
    assert api.post("/v1/reports", json=asked, headers={"Accept": "image/png"}).status_code == 406
    assert pointers(api.post("/v1/reports", json=asked | {"actuals": []})) == {"/actuals"}
