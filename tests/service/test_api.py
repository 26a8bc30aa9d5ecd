"""What callers see, with the fake solver behind it."""

import copy
import json
import threading
import time

import pytest

from service.api.samples import REQUEST, ROSTER
from tests.service.api_client import served
from tests.service.conftest import in_memory
from tests.service.helpers import until

UNKNOWN = "01M85P9S0QT0M2GY21X9SSQQGZ"
PROBLEM = "application/problem+json"


@pytest.fixture(scope="module")
def api(module_settings):
    with served(module_settings, in_memory) as client:
        yield client


def asking(name="", **more):
    """The sample request, named so that the fake solver knows what to do."""
    return {**copy.deepcopy(REQUEST), "name": name, **more}


def submit(api, name="", headers=None):
    return api.post("/v1/rosters", json=asking(name), headers=headers)


def job(api, job_id):
    return api.get(f"/v1/rosters/{job_id}").json()


def ended(api, job_id):
    return until(lambda: (found := job(api, job_id))["status"] in ("completed", "cancelled", "failed") and found)


def problem(answer, status):
    """The problem document of an answer that is one."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == PROBLEM
    found = answer.json()
    assert found["status"] == status
    assert found["type"].startswith("urn:stint:problem:")
    assert found["title"]
    assert "Traceback" not in answer.text
    return found


def pointers(answer):
    return {fault["pointer"] for fault in problem(answer, 422)["faults"]}


# Submitting


def test_a_request_becomes_a_job_and_the_job_a_roster(api):
    answer = submit(api, "rosters=2")
    assert answer.status_code == 202
    accepted = answer.json()
    assert answer.headers["location"] == f"/v1/rosters/{accepted['id']}" == accepted["links"]["self"]
    assert accepted["status"] in ("queued", "running")
    found = ended(api, accepted["id"])
    assert (found["status"], found["verdict"], found["cost"], found["attempts"]) == ("completed", "feasible", 90.0, 1)
    roster = api.get(found["links"]["roster"]).json()
    assert (roster["id"], roster["status"], roster["cost"]["total"]) == (found["id"], "completed", 90.0)


def test_who_waits_gets_the_roster(api):
    answer = submit(api, "seconds=0.3", {"Prefer": "respond-async, wait=20"})
    assert answer.status_code == 200
    assert answer.headers["preference-applied"] == "wait=20"
    roster = answer.json()
    assert answer.headers["location"] == f"/v1/rosters/{roster['id']}"
    assert (roster["status"], roster["verdict"]) == ("completed", "feasible")


def test_who_waits_too_short_gets_the_job(api):
    began = time.monotonic()
    answer = submit(api, "seconds=5", {"Prefer": "wait=1"})
    assert answer.status_code == 202
    assert 0.9 < time.monotonic() - began < 4
    assert answer.json()["status"] in ("queued", "running")
    api.delete(answer.headers["location"])


def test_who_waits_for_a_job_that_fails_gets_the_job(api):
    answer = submit(api, "crash=103 rosters=0", {"Prefer": "wait=20"})
    assert answer.status_code == 202
    assert answer.json()["status"] == "failed"
    assert "it broke" in answer.json()["error"]


@pytest.mark.parametrize("prefer", ["wait", "wait=", "wait=soon", "wait=-1", "return=minimal", ";;,=,"])
def test_a_wish_that_cannot_be_read_is_no_error(api, prefer):
    answer = submit(api, "", {"Prefer": prefer})
    assert answer.status_code == 202
    assert "preference-applied" not in answer.headers


def test_what_was_asked_is_kept_to_the_letter(api):
    text = json.dumps(asking("spaces"), indent=3).encode()
    answer = api.post("/v1/rosters", content=text, headers={"Content-Type": "application/json; charset=utf-8"})
    assert api.get(answer.json()["links"]["request"]).content == text


def test_the_same_key_and_body_give_the_same_job(api):
    first, again = (submit(api, "once", {"Idempotency-Key": "a-key"}) for _ in range(2))
    assert first.json()["id"] == again.json()["id"]


def test_the_same_key_with_another_body_is_refused(api):
    submit(api, "one", {"Idempotency-Key": "another-key"})
    found = problem(submit(api, "two", {"Idempotency-Key": "another-key"}), 409)
    assert "different request" in found["detail"]


@pytest.mark.parametrize("key", ["", "x" * 256, "tab\tbed"])
def test_a_key_that_is_none_is_refused(api, key):
    assert "Idempotency-Key" in problem(submit(api, "", {"Idempotency-Key": key}), 422)["detail"]


def test_many_who_send_the_same_key_at_once_get_one_job(api):
    found = []
    threads = [
        threading.Thread(target=lambda: found.append(submit(api, "", {"Idempotency-Key": "rush"}).json()["id"]))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1


# Bad input


def test_every_fault_is_named_with_its_place(api):
    request = asking(colour="blue")
    request["agents"][0]["work_plan_id"] = 7
    request["planning_period"]["days"] = 0
    answer = api.post("/v1/rosters", json=request)
    assert {"/colour", "/agents/0/work_plan_id", "/planning_period/days"} <= pointers(answer)
    for fault in answer.json()["faults"]:
        assert fault["found"]
        assert fault["expected"]
        assert fault["text"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[]",
        b"7",
        b'"text"',
        b"\xff\xfe",
        b'{"a": NaN}',
        b'{"a": 1e999}',
        b'{"a": 1, "a": 2}',
        b"[" * 100_000,
        b'{"a": ' + b"9" * 5000 + b"}",
        b'{"name": "\\ud800"}',
    ],
    ids=lambda body: body[:12].decode(errors="replace"),
)
@pytest.mark.parametrize("place", ["/v1/rosters", "/v1/evaluations"])
def test_a_body_that_is_no_request_is_refused(api, place, body):
    found = problem(api.post(place, content=body, headers={"Content-Type": "application/json"}), 422)
    assert found["faults"]


@pytest.mark.parametrize("kind", [None, "text/plain", "application/x-www-form-urlencoded", "multipart/form-data"])
@pytest.mark.parametrize("place", ["/v1/rosters", "/v1/validations", "/v1/evaluations"])
def test_a_body_of_another_kind_is_refused(api, place, kind):
    headers = {} if kind is None else {"Content-Type": kind}
    problem(api.post(place, content=b"{}", headers=headers), 415)


def test_a_body_that_is_too_large_is_refused(api):
    headers = {"Content-Type": "application/json"}
    declared = api.post("/v1/rosters", content=b" " * 3_000_000, headers=headers)
    assert "1,000,000 bytes" in problem(declared, 413)["detail"]
    streamed = api.post("/v1/rosters", content=(b" " * 100_000 for _ in range(30)), headers=headers)
    problem(streamed, 413)
    assert api.get("/healthz").status_code == 200


@pytest.mark.parametrize("path", ["/nothing", "/v1", "/v1/rosters/", "/v1/rosters/x/y", "/../etc/passwd", "/%00"])
def test_an_unknown_path_is_a_problem(api, path):
    problem(api.get(path), 404)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("PUT", "/v1/rosters", "GET, POST"),
        ("PATCH", f"/v1/rosters/{UNKNOWN}", "DELETE, GET"),
        ("GET", "/v1/validations", "POST"),
        ("POST", "/healthz", "GET"),
    ],
)
def test_a_wrong_method_is_a_problem(api, method, path, allowed):
    answer = api.request(method, path)
    problem(answer, 405)
    assert answer.headers["allow"] == allowed


@pytest.mark.parametrize("query", ["limit=0", "limit=201", "limit=many", "status=asleep", "cursor=x", "cursor="])
def test_a_parameter_that_does_not_fit_is_named(api, query):
    found = problem(api.get(f"/v1/rosters?{query}"), 422)
    assert query.split("=")[0] in str(found)


def test_a_validation_finds_every_fault_without_a_job(api):
    request = asking(colour="blue")
    request["agents"][0]["work_plan_id"] = "shrot"
    answer = api.post("/v1/validations", json=request)
    assert (answer.status_code, answer.json()["valid"]) == (200, False)
    assert {fault["pointer"] for fault in answer.json()["faults"]} >= {"/colour"}
    assert api.post("/v1/validations", json=asking()).json()["valid"]


def test_an_evaluation_prices_and_judges_a_roster(api):
    whole = {"request": REQUEST, "roster": ROSTER}
    found = api.post("/v1/evaluations", json=whole).json()
    assert (found["cost"], found["coverage"], found["violations"]) == (ROSTER["cost"], ROSTER["coverage"], [])
    assert found["paid_minutes"] == {"A001": 210, "A002": 210}
    nobody = api.post("/v1/evaluations", json={"request": REQUEST, "roster": {"schedules": []}}).json()
    assert nobody["violations"][0]["agent_id"] == "A002", "Bo's shift was pinned"


def test_an_evaluation_names_faults_of_both_at_their_place_in_the_whole(api):
    request, roster = asking(colour="blue"), {"schedules": [{"agent_id": 7}], "when": "now"}
    answer = api.post("/v1/evaluations", json={"request": request, "roster": roster, "a/b": 1})
    assert pointers(answer) >= {"/request/colour", "/roster/when", "/roster/schedules/0/agent_id", "/a~1b"}
    assert pointers(api.post("/v1/evaluations", json={})) == {"/request", "/roster"}


# Looking


@pytest.mark.parametrize("path", ["", "/roster", "/request", "/events"])
@pytest.mark.parametrize("job_id", [UNKNOWN, "x", "'; drop table job", "é" * 300])
def test_an_unknown_job_is_not_found(api, path, job_id):
    assert "no job" in problem(api.get(f"/v1/rosters/{job_id}{path}"), 404)["detail"]


def test_an_unknown_job_is_neither_cancelled_nor_erased(api):
    problem(api.post(f"/v1/rosters/{UNKNOWN}/cancel"), 404)
    problem(api.delete(f"/v1/rosters/{UNKNOWN}"), 404)


def test_a_job_without_a_roster_says_so(api):
    accepted = submit(api, "crash=103 rosters=0").json()
    ended(api, accepted["id"])
    assert "it broke" in problem(api.get(accepted["links"]["roster"]), 404)["detail"]


def test_a_running_job_shows_its_best_roster_so_far(api):
    accepted = submit(api, "seconds=5 rosters=3").json()
    answer = until(lambda: (found := api.get(accepted["links"]["roster"])).status_code == 200 and found)
    assert (answer.json()["id"], answer.json()["status"]) == (accepted["id"], "running")
    api.delete(accepted["links"]["self"])


def test_jobs_are_listed_newest_first_page_by_page(api):
    ids = []
    for _ in range(3):
        ids.insert(0, submit(api).json()["id"])
        time.sleep(0.002)  # ids sort by the millisecond
    first = api.get("/v1/rosters", params={"limit": 2}).json()
    second = api.get("/v1/rosters", params={"limit": 1, "cursor": first["next_cursor"]}).json()
    assert [found["id"] for found in first["jobs"] + second["jobs"]] == ids


def test_the_last_page_leads_nowhere(api):
    submit(api)
    page = api.get("/v1/rosters", params={"limit": 200}).json()
    assert page["next_cursor"] is None


def test_jobs_are_listed_by_status(api):
    failed = submit(api, "crash=103").json()["id"]
    ended(api, failed)
    found = api.get("/v1/rosters", params={"status": "failed"}).json()["jobs"]
    assert failed in {listed["id"] for listed in found}
    assert {listed["status"] for listed in found} == {"failed"}


# Following


def events_of(api, job_id, after=None):
    """The events of a job to its end, as (number, kind, what it tells)."""
    headers = {} if after is None else {"Last-Event-ID": after}
    with api.stream("GET", f"/v1/rosters/{job_id}/events", headers=headers) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        blocks = "".join(answer.iter_text()).strip().split("\n\n")
    found = []
    for block in blocks:
        fields = dict(line.split(": ", 1) for line in block.splitlines() if ": " in line and not line.startswith(":"))
        if fields:
            found.append((int(fields["id"]), fields["event"], json.loads(fields["data"])))
    return found


def test_a_job_is_followed_from_its_beginning_to_its_end(api):
    accepted = submit(api, "seconds=1 rosters=2").json()
    events = events_of(api, accepted["id"])
    assert [number for number, _, _ in events] == list(range(1, len(events) + 1))
    statuses = [told["status"] for _, kind, told in events if kind == "status"]
    assert statuses == ["queued", "running", "completed"]
    progress = [told for _, kind, told in events if kind == "progress"]
    assert progress[0]["cost"] == 90.0
    assert events[-1][2]["verdict"] == "feasible"


def test_who_was_cut_off_goes_on_where_it_was(api):
    accepted = submit(api).json()
    ended(api, accepted["id"])
    events = events_of(api, accepted["id"])
    assert events_of(api, accepted["id"], after="1") == events[1:]
    assert events_of(api, accepted["id"], after=str(events[-1][0])) == []


@pytest.mark.parametrize("after", ["0", "x", "-1", "99", "9" * 400, "٣"])
def test_an_event_id_that_is_none_of_the_job_begins_at_the_beginning(api, after):
    accepted = submit(api).json()
    ended(api, accepted["id"])
    assert events_of(api, accepted["id"], after=after.encode())[0][0] == 1


def test_many_follow_one_job(api):
    accepted = submit(api, "seconds=0.5").json()
    found = []
    threads = [threading.Thread(target=lambda: found.append(events_of(api, accepted["id"]))) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 5
    assert all(events == found[0] for events in found)


def test_the_events_of_an_erased_job_end(api):
    accepted = submit(api, "seconds=10").json()
    eraser = threading.Timer(0.5, lambda: api.delete(accepted["links"]["self"]))
    eraser.start()
    assert events_of(api, accepted["id"])[0][2] == {"status": "queued"}
    eraser.join()


# Ending


def test_a_cancelled_job_keeps_its_best_roster(api):
    accepted = submit(api, "seconds=20 rosters=2").json()
    until(lambda: api.get(accepted["links"]["roster"]).status_code == 200)
    answer = api.post(accepted["links"]["cancel"])
    assert answer.status_code == 200
    found = ended(api, accepted["id"])
    assert (found["status"], found["cost"]) == ("cancelled", 90.0)
    assert "cancel" not in found["links"]
    roster = api.get(found["links"]["roster"]).json()
    assert (roster["status"], roster["cost"]["total"]) == ("cancelled", 90.0)


def test_cancelling_what_has_ended_changes_nothing(api):
    accepted = submit(api).json()
    ended(api, accepted["id"])
    assert api.post(f"/v1/rosters/{accepted['id']}/cancel").json()["status"] == "completed"


def test_an_erased_job_is_gone(api):
    accepted = submit(api).json()
    ended(api, accepted["id"])
    assert api.delete(accepted["links"]["self"]).status_code == 204
    for path in ("", "/roster", "/request", "/events"):
        problem(api.get(f"{accepted['links']['self']}{path}"), 404)
    problem(api.delete(accepted["links"]["self"]), 404)


# The rest


def test_rules_are_explained_with_their_schema(api):
    rules = {rule["kind"]: rule for rule in api.get("/v1/rules").json()["rules"]}
    assert "minimum_rest" in rules
    assert "minutes" in rules["minimum_rest"]["schema"]["properties"]
    assert all(rule["text"] for rule in rules.values())


def test_the_service_says_how_it_is(api):
    assert api.get("/healthz").json()["status"] == "ok"
    assert api.get("/readyz").json()["status"] == "ok"
    assert "swagger" in api.get("/docs").text


def test_an_error_of_ours_is_told_without_its_inside(settings):
    from contextlib import contextmanager

    @contextmanager
    def broken(settings):
        with in_memory(settings) as backend:
            backend.store.page = lambda *_, **__: 1 / 0
            yield backend

    with served(settings, broken) as client:
        found = problem(client.get("/v1/rosters"), 500)
        assert "division" not in str(found)
        assert client.get("/healthz").status_code == 200
