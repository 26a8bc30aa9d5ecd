"""What every answer carries for the sake of browsers."""

import pytest

from tests.service.api_client import served
from tests.service.conftest import in_memory

ELSEWHERE = "https://wfm.example.org"


@pytest.fixture(scope="module")
def api(module_settings):
    wanted = {"cors_origins": (ELSEWHERE,), "public_url": "https://stint.example.org"}
    with served(module_settings.model_copy(update=wanted), in_memory) as client:
        yield client


@pytest.mark.parametrize(
    "path", ["/", "/docs", "/openapi.json", "/healthz", "/v1/rosters", "/v1/rosters/x", "/nothing"]
)
def test_every_answer_carries_them(api, path):
    headers = api.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["strict-transport-security"] == "max-age=31536000"


@pytest.mark.parametrize("path", ["/", "/docs"])
def test_the_pages_have_a_policy_that_lets_in_what_is_their_own_and_nothing_else(api, path):
    policy = api.get(path).headers["content-security-policy"]
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert "http" not in policy


def test_what_is_no_page_runs_no_scripts(api):
    assert "script-src" not in api.get("/v1/rosters").headers["content-security-policy"]


def test_what_is_about_people_is_not_stored_on_the_way(api):
    assert api.get("/v1/rosters").headers["cache-control"] == "no-store"
    assert api.get("/v1/nothing").headers["cache-control"] == "no-store"


def test_no_promise_of_https_is_made_where_there_is_none(module_settings):
    with served(module_settings, in_memory) as client:
        assert "strict-transport-security" not in client.get("/healthz").headers


def asks(api, origin):
    wanted = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,prefer"}
    return api.options("/v1/rosters", headers={"Origin": origin, **wanted})


def test_pages_of_an_origin_that_is_set_may_call(api):
    asked = asks(api, ELSEWHERE)
    assert asked.status_code == 200
    assert asked.headers["access-control-allow-origin"] == ELSEWHERE
    assert "Authorization" in asked.headers["access-control-allow-headers"]
    for path in ("/v1/rosters", "/v1/rosters/x"):
        answer = api.get(path, headers={"Origin": ELSEWHERE})
        assert answer.headers["access-control-allow-origin"] == ELSEWHERE
        assert "Retry-After" in answer.headers["access-control-expose-headers"]
        assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.parametrize("origin", ["https://evil.example.org", "null", "http://wfm.example.org"])
def test_pages_of_another_origin_may_not(api, origin):
    assert asks(api, origin).status_code == 400
    assert "access-control-allow-origin" not in api.get("/v1/rosters", headers={"Origin": origin}).headers


def test_nobody_may_from_elsewhere_unless_it_is_set(module_settings):
    with served(module_settings, in_memory) as client:
        assert asks(client, ELSEWHERE).status_code == 405
        assert "access-control-allow-origin" not in client.get("/healthz", headers={"Origin": ELSEWHERE}).headers
