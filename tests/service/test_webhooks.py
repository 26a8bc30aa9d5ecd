"""Who asked for it is told when a job ends: signed, once if it goes well, again if it does not, and never inside."""

import asyncio
import json
import socket
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address

import pytest
from standardwebhooks import Webhook as Verifier

from schemas.webhook import WebhookRequest
from service.adapters.memory import MemoryStore
from service.adapters.post import Poster, RefusedAddressError, checked_url, is_public
from service.adapters.sql_webhooks import SqlWebhooks
from service.jobs.errors import JobNotFoundError, TooManyWebhooksError
from service.jobs.job import now
from service.jobs.submit import cancel, erase
from service.jobs.webhooks import MOST_OF_A_JOB, Letter, Outcome, next_try, register
from tests.service.api_client import served
from tests.service.conftest import in_memory
from tests.service.helpers import a_job, ended, submitted, until


@contextmanager
def receiver(*answers, headers=()):
    """A receiver that answers with these statuses, the last one for ever; `received` has what came, with headers."""
    left = list(answers or [204])

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["content-length"]))
            received.append((self.path, dict(self.headers), body))
            status = left.pop(0) if len(left) > 1 else left[0]
            if status is None:
                stopped.wait(10)
                return
            self.send_response(status)
            for name, value in headers:
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *_):
            pass

    received, stopped = [], threading.Event()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.url, server.received = f"http://127.0.0.1:{server.server_port}/hook?a=1", received
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield server
    finally:
        stopped.set()
        server.shutdown()
        server.server_close()


def registered(backend, url, tenant="north", **more):
    return register(WebhookRequest(url=url, **more), backend.webhooks, backend.store, tenant=tenant)


def over(backend, webhook, status):
    """The only delivery, once it stands so."""

    def found():
        deliveries = backend.webhooks.deliveries_of(webhook.id, limit=9)
        return deliveries[0] if [delivery.status for delivery in deliveries] == [status] else None

    return until(found)


# What is told, and to whom


def test_a_message_is_signed_and_holds_links_and_no_data(backend):
    with receiver() as server:
        webhook = registered(backend, server.url)
        job = submitted(backend, "rosters=2")
        delivery = over(backend, webhook, "delivered")
        path, headers, body = server.received[0]
    message = Verifier(webhook.secret).verify(body, headers)
    assert path == "/hook?a=1"
    assert headers["webhook-id"] == delivery.id
    assert message["type"] == "roster.completed"
    assert message["data"] == {
        "id": job.id, "links": {"self": f"/v1/rosters/{job.id}", "roster": f"/v1/rosters/{job.id}/roster"},
    }  # fmt: skip
    assert (delivery.attempts, delivery.answer, delivery.due_at) == (1, 204, None)
    assert len(server.received) == 1


def test_a_webhook_of_a_job_is_told_of_that_job_alone(backend):
    with receiver() as server:
        job = submitted(backend, "seconds=0.5")
        webhook = registered(backend, server.url, job_id=job.id)
        ended(backend, submitted(backend, "seconds=0"))
        over(backend, webhook, "delivered")
        assert [json.loads(body)["data"]["id"] for _, _, body in server.received] == [job.id]


def test_a_webhook_of_a_job_that_has_ended_is_told_at_once(backend):
    with receiver() as server:
        job = submitted(backend, "seconds=0")
        ended(backend, job)
        over(backend, registered(backend, server.url, job_id=job.id), "delivered")


def test_only_what_was_asked_for_is_told(backend):
    with receiver() as server:
        webhook = registered(backend, server.url, events=("roster.cancelled",))
        ended(backend, submitted(backend, "seconds=0"))
        job = submitted(backend, "seconds=30")
        until(lambda: backend.store.get("north", job.id).status == "running")
        cancel(job.id, backend.store, backend.engine, tenant="north")
        assert over(backend, webhook, "delivered").event == "roster.cancelled"


def test_another_tenants_jobs_and_webhooks_do_not_exist(backend):
    with receiver() as server:
        webhook = registered(backend, server.url, tenant="south")
        job = submitted(backend, "seconds=0", tenant="north")
        ended(backend, job)
        with pytest.raises(JobNotFoundError):
            registered(backend, server.url, tenant="south", job_id=job.id)
        assert backend.webhooks.get("north", webhook.id) is None
        assert backend.webhooks.list_of("north") == []
        assert backend.webhooks.remove("north", webhook.id) is False
        assert backend.webhooks.list_of("south") == [webhook]
        assert backend.webhooks.deliveries_of(webhook.id, limit=9) == []


def test_what_is_removed_or_erased_is_told_no_more(backend):
    with receiver(500) as server:
        removed, kept = registered(backend, server.url), registered(backend, server.url)
        job = submitted(backend, "seconds=0.2")
        of_job = registered(backend, server.url, job_id=job.id)
        ended(backend, job)
        assert backend.webhooks.remove("north", removed.id) is True
        erase(job.id, backend.store, backend.engine, tenant="north")
        assert backend.webhooks.list_of("north") == [kept]
        assert [backend.webhooks.deliveries_of(one.id, limit=9) for one in (removed, kept, of_job)] == [[], [], []]


def test_a_job_has_so_many_webhooks_and_no_more(backend):
    job = submitted(backend, "seconds=0")
    for _ in range(MOST_OF_A_JOB):
        registered(backend, "http://127.0.0.1:9/", job_id=job.id, events=("roster.failed",))
    with pytest.raises(TooManyWebhooksError, match="This job has 5"):
        registered(backend, "http://127.0.0.1:9/", job_id=job.id)
    registered(backend, "http://127.0.0.1:9/", events=("roster.failed",))


# What is tried again


def test_what_does_not_arrive_is_tried_again_under_the_same_id(backend):
    with receiver(500, 503, 200) as server:
        webhook = registered(backend, server.url)
        submitted(backend, "seconds=0")
        delivery = over(backend, webhook, "delivered")
    assert (delivery.attempts, delivery.answer) == (3, 200)
    assert {headers["webhook-id"] for _, headers, _ in server.received} == {delivery.id}
    assert len({body for _, _, body in server.received}) == 1


def test_what_never_arrives_has_failed_after_the_last_try(backend):
    with receiver(500) as server:
        webhook = registered(backend, server.url)
        submitted(backend, "seconds=0")
        delivery = over(backend, webhook, "failed")
    assert (delivery.attempts, delivery.answer, delivery.due_at) == (3, 500, None)


def test_a_receiver_that_is_gone_is_left_alone(backend):
    with receiver(410) as server:
        webhook = registered(backend, server.url)
        submitted(backend, "seconds=0")
        assert over(backend, webhook, "failed").attempts == 1
        assert backend.webhooks.get("north", webhook.id).enabled is False
        ended(backend, submitted(backend, "seconds=0"))
        assert len(backend.webhooks.deliveries_of(webhook.id, limit=9)) == 1


def test_nobody_there_is_an_outcome(backend):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    webhook = registered(backend, f"http://127.0.0.1:{port}/")
    submitted(backend, "seconds=0")
    delivery = over(backend, webhook, "failed")
    assert delivery.answer is None
    assert "ConnectError" in delivery.error


def test_a_message_is_given_to_one_sender_and_comes_again_if_nothing_is_recorded(store):
    webhooks = store.webhooks if isinstance(store, MemoryStore) else SqlWebhooks(store._database)
    job = store.add(a_job(), lambda within, new: None, key_hours=1)
    register(WebhookRequest(url="http://127.0.0.1:9/"), webhooks, store, tenant="north")
    store.request_cancel("north", job.id)
    (first,) = webhooks.take_due(limit=9, lease_seconds=0.2)
    assert webhooks.take_due(limit=9, lease_seconds=60) == []
    (second,) = until(lambda: webhooks.take_due(limit=9, lease_seconds=60))
    assert (first.id, first.attempt, second.id, second.attempt) == (second.id, 1, first.id, 2)
    webhooks.record(first, Outcome(200), None)
    assert webhooks.deliveries_of(first.webhook_id, limit=1)[0].status == "pending", "a late word is not the last one"
    webhooks.record(second, Outcome(200), None)
    assert webhooks.deliveries_of(first.webhook_id, limit=1)[0].status == "delivered"


def a_letter(attempt):
    return Letter("msg_1", "w", "j", "roster.completed", attempt, None, "http://example.org", "whsec_AAAA")


def test_tries_are_further_and_further_apart():
    waits = (5, 60, 300)
    for attempt, wait in enumerate(waits, start=1):
        seconds = (next_try(a_letter(attempt), Outcome(500), waits) - now()).total_seconds()
        assert 0.89 * wait < seconds < 1.12 * wait
    assert next_try(a_letter(4), Outcome(500), waits) is None
    assert next_try(a_letter(1), Outcome(200), waits) is None
    assert next_try(a_letter(1), Outcome(410), waits) is None


def test_a_receiver_may_ask_for_a_longer_wait_within_bounds():
    waits = (5, 60)
    asked = [next_try(a_letter(1), Outcome(429, wait_seconds=wait), waits) - now() for wait in (30, 99999)]
    assert [round(wait.total_seconds(), 1) for wait in asked] == [30.0, 60.0]


# Where it may not go


def posted(url, **allowed):
    allowed = {"private_addresses": False, "redirects": False, "seconds": 1, **allowed}
    return asyncio.run(Poster(**allowed).post(url, b"{}", {"content-type": "application/json"}))


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "ff02::1", "::ffff:10.0.0.1", "64:ff9b::a00:1",
        "2002:a00:1::", "198.18.0.1", "192.0.2.1", "240.0.0.1",
    ],
)  # fmt: skip
def test_a_private_address_is_refused_however_it_is_written(address):
    assert not is_public(ip_address(address))
    url = f"http://[{address}]/" if ":" in address else f"http://{address}/"
    with pytest.raises(RefusedAddressError, match="private address"):
        checked_url(url, private_addresses=False)
    checked_url(url, private_addresses=True)


@pytest.mark.parametrize("address", ["8.8.8.8", "2001:4860:4860::8888", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_a_public_address_is_not(address):
    assert is_public(ip_address(address))


def test_a_name_that_leads_inside_is_refused_when_it_is_used():
    outcome = posted("http://localhost:9/")
    assert outcome.answer is None
    assert "private address" in outcome.error


def test_a_name_with_one_private_address_among_others_is_refused(monkeypatch):
    async def resolved(self, name, port, **_):
        assert (name, port) == ("hook.example", 443)
        return [(0, 0, 0, "", (address, port)) for address in ("8.8.8.8", "10.0.0.1")]

    monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", resolved)
    assert "private address" in posted("https://hook.example/").error


def test_the_connection_goes_to_the_address_that_was_judged(monkeypatch):
    """A name that means something else at a second look gets no second look."""
    looks = []

    with receiver() as server:

        async def resolved(self, name, port, **_):
            looks.append(name)
            return [(0, 0, 0, "", ("127.0.0.1", port))]

        monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", resolved)
        assert posted(f"http://hook.example:{server.server_port}/x", private_addresses=True).arrived
        assert looks.count("hook.example") == 1
        assert server.received[0][1]["host"] == f"hook.example:{server.server_port}"


def test_redirects_are_refused_unless_allowed_and_judged_then():
    with receiver() as target, receiver(307, headers=[("Location", target.url)]) as first:
        refused = posted(first.url, private_addresses=True)
        assert (refused.answer, target.received) == (307, [])
        assert "redirects" in refused.error
        assert posted(first.url, private_addresses=True, redirects=True).arrived
        assert target.received[0][2] == b"{}"
    with receiver(307, headers=[("Location", "ftp://example.org/")]) as first:
        assert "not the URL of a host" in posted(first.url, private_addresses=True, redirects=True).error
    with receiver(308, headers=[("Location", "/again")]) as circle:
        assert "more than 3" in posted(circle.url, private_addresses=True, redirects=True).error


def test_a_receiver_that_says_nothing_is_not_waited_for_for_ever(backend):
    with receiver(None) as server:
        webhook = registered(backend, server.url)
        submitted(backend, "seconds=0")
        delivery = until(
            lambda: (found := backend.webhooks.deliveries_of(webhook.id, limit=1)) and found[0].error and found[0]
        )
    assert "No answer within 1 seconds" in delivery.error or "Timeout" in delivery.error


@pytest.mark.parametrize(
    "url",
    ["example.org/hook", "ftp://example.org/", "http://", "http:///x", "https://user:pass@example.org/", "http://[::1",
     "javascript:alert(1)", "http://exa mple.org/", "http://example.org:99999/"],
)  # fmt: skip
def test_what_is_no_place_to_post_to_is_refused(url):
    with pytest.raises(RefusedAddressError):
        checked_url(url, private_addresses=True)


# Over HTTP


@pytest.fixture(scope="module")
def api(module_settings):
    with served(module_settings, in_memory) as client:
        yield client


def test_a_webhook_over_http(api):
    made = api.post("/v1/webhooks", json={"url": "https://example.org/hook"})
    assert made.status_code == 201
    webhook = made.json()
    assert webhook["secret"].startswith("whsec_")
    assert webhook["events"] == ["roster.completed", "roster.cancelled", "roster.failed"]
    assert made.headers["location"] == f"/v1/webhooks/{webhook['id']}"
    shown = {**webhook, "secret": None}
    assert api.get(made.headers["location"]).json() == shown
    assert shown in api.get("/v1/webhooks").json()["webhooks"]
    assert api.get(webhook["links"]["deliveries"]).json() == {"deliveries": []}
    assert api.delete(made.headers["location"]).status_code == 204
    assert api.get(made.headers["location"]).status_code == 404
    assert api.delete(made.headers["location"]).status_code == 404


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/url"),
        ({"url": "http://127.0.0.1/"}, "/url"),
        ({"url": "nonsense"}, "/url"),
        ({"url": "https://example.org", "events": []}, "/events"),
        ({"url": "https://example.org", "events": ["roster.lost"]}, "/events/0"),
        ({"url": "https://example.org", "secret": "mine"}, "/secret"),
        ([], ""),
    ],
)
def test_a_webhook_that_cannot_be_is_refused_with_its_place(api, body, pointer):
    answer = api.post("/v1/webhooks", json=body)
    assert answer.status_code == 422
    assert answer.json()["faults"][0]["pointer"] == pointer


def test_a_webhook_for_a_job_that_is_not_there_is_refused(api):
    answer = api.post("/v1/webhooks", json={"url": "https://example.org/", "job_id": "01M85P9S0QT0M2GY21X9SSQQGZ"})
    assert answer.status_code == 404
