"""Who is let in, and what they may do."""

import json
import re
import subprocess
import sys
from contextlib import contextmanager
from datetime import timedelta

import pytest
from fastapi import APIRouter
from fastapi.routing import iter_route_contexts

from service.access.caller import SCOPES
from service.access.guard import Guard, Shown, is_loopback
from service.access.keys import looks_like_key, new_key
from service.adapters.database import migrate, open_database
from service.adapters.memory_keys import MemoryKeys
from service.adapters.sql_keys import SqlKeys
from service.api.access import PUBLIC
from service.api.page import pieces
from service.api.samples import REQUEST
from service.jobs.errors import NotKnownError, StoreUnavailableError
from service.jobs.job import now
from service.main import create_app
from service.settings import Settings
from tests.service.api_client import served
from tests.service.conftest import in_memory
from tests.service.test_api import problem
from tests.service.test_serve import PATHS

UNKNOWN = "01M85P9S0QT0M2GY21X9SSQQGZ"
SECRET_ADDRESS = "/v1/calendars/{token}.ics"
OPEN_TO_ALL = {"/healthz", "/readyz", SECRET_ADDRESS, *pieces()}
KEEPING = re.compile("/v1/(rosters|webhooks)")
DESCRIPTION = "/openapi.json"


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def keys(request):
    if request.param == "memory":
        yield MemoryKeys()
        return
    name = "postgres_settings" if request.param == "postgres" else "settings"
    database = open_database(request.getfixturevalue(name))
    migrate(database)
    yield SqlKeys(database)
    database.dispose()


def made(keys, tenant="north", scopes=("read", "submit"), **more):
    key, text = new_key(tenant, "a test", scopes, **more)
    keys.add(key)
    return text


def shown(text=None, host="127.0.0.1:8000"):
    return Shown(None if text is None else f"Bearer {text}", None, host)


# Keys


def test_a_key_is_found_by_its_digest_and_its_secret_is_nowhere(keys):
    assert not keys.any()
    key, text = new_key("north", "intake", ("read",), expires_at=now() + timedelta(days=1))
    keys.add(key)
    assert keys.any()
    assert keys.find(key.digest) == key
    assert keys.find("0" * 64) is None
    assert keys.every() == [key]
    assert text.startswith(key.prefix)
    assert text not in str(keys.every())
    assert text.removeprefix(f"{key.prefix}_") not in str(keys.every())


def test_keys_are_listed_oldest_first_with_their_last_use(keys):
    first, second = new_key("north", "", ("read",))[0], new_key("south", "", ("admin",))[0]
    keys.add(first)
    keys.add(second)
    keys.used(second.id)
    found = keys.every()
    assert [key.prefix for key in found] == [first.prefix, second.prefix]
    assert found[0].last_used_at is None
    assert found[1].last_used_at is not None


def test_a_revoked_key_stays_revoked_since_the_first_time(keys):
    key, _ = new_key("north", "", ("read",))
    keys.add(key)
    assert keys.revoke("stint_0000000000") is None
    first, again = keys.revoke(key.prefix), keys.revoke(key.prefix)
    assert first.revoked_at is not None
    assert first.revoked_at == again.revoked_at
    assert not keys.find(key.digest).opens(now())
    assert keys.any(), "a service whose keys are all revoked is not an open one"


def test_keys_are_all_different_and_look_like_keys():
    texts = {new_key("north", "", ("read",))[1] for _ in range(100)}
    assert len(texts) == 100
    assert all(looks_like_key(text) for text in texts)


# The guard


@pytest.fixture
def ring():
    return MemoryKeys()


def test_a_key_tells_who_calls(ring):
    text = made(ring, "north", ("read",))
    caller = Guard(ring, None, "nobody").caller(shown(text))
    assert (caller.tenant, caller.scopes) == ("north", {"read"})
    assert caller.name == text[:16]
    assert Guard(ring, None, "nobody").caller(Shown(None, text, "")) == caller
    assert Guard(ring, None, "nobody").caller(Shown(f"bearer  {text} ", text, "")) == caller


def test_a_use_is_written_down_at_most_once_a_minute(ring, monkeypatch):
    text = made(ring)
    guard = Guard(ring, None, "nobody")
    guard.caller(shown(text))
    first = ring.every()[0].last_used_at
    guard.caller(shown(text))
    assert ring.every()[0].last_used_at == first is not None


def test_a_key_opens_also_where_nothing_can_be_written(ring, monkeypatch):
    def full(key_id):
        raise StoreUnavailableError("disk is full")

    monkeypatch.setattr(ring, "used", full)
    assert Guard(ring, None, "nobody").caller(shown(made(ring))).tenant == "north"


@pytest.mark.parametrize(
    "text",
    [
        *("x", "a.b.c", "a" * 99_999, "\xff\xfe"),
        *("stint_", "stint_0123456789_" + "a" * 43, "stint_0123456789_" + "é" * 43),
    ],
)
def test_what_is_no_key_does_not_open(ring, text):
    made(ring)
    guard = Guard(ring, None, "everybody")
    for credentials in (Shown(f"Bearer {text}", None, ""), Shown(None, text, "")):
        with pytest.raises(NotKnownError) as refused:
            guard.caller(credentials)
        assert 'error="invalid_token"' in refused.value.headers["WWW-Authenticate"]


@pytest.mark.parametrize("header", ["Basic bm9ydGg6c2VjcmV0", "Bearer", "", "stint_0123456789"])
def test_credentials_of_another_form_do_not_open(ring, header):
    with pytest.raises(NotKnownError, match="another form"):
        Guard(ring, None, "everybody").caller(Shown(header, None, ""))


def test_two_different_keys_do_not_open(ring):
    with pytest.raises(NotKnownError, match="two different keys"):
        Guard(ring, None, "nobody").caller(Shown(f"Bearer {made(ring)}", made(ring), ""))


def test_expired_and_revoked_keys_do_not_open(ring):
    guard = Guard(ring, None, "everybody")
    expired = made(ring, expires_at=now() - timedelta(seconds=1))
    revoked = made(ring)
    ring.revoke(revoked[:16])
    for text in (expired, revoked):
        with pytest.raises(NotKnownError, match="does not open"):
            guard.caller(shown(text))


def test_without_keys_the_service_is_open_to_whom_it_is_told(ring):
    assert Guard(ring, None, "this host").caller(shown()).tenant == "default"
    assert Guard(ring, None, "everybody").caller(shown(host="stint.example.org")).may("admin")
    with pytest.raises(NotKnownError, match="needs an API key"):
        Guard(ring, None, "nobody").caller(shown())


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:8000", "[::1]:8000", "127.8.8.8", "LOCALHOST"])
def test_this_host_has_several_names(ring, host):
    assert Guard(ring, None, "this host").caller(shown(host=host))


@pytest.mark.parametrize(
    "host", ["", "evil.example.org", "localhost.evil.example.org:8000", "192.168.1.7", "[::2]", "["]
)
def test_a_page_from_elsewhere_that_leads_its_name_here_is_not_let_in(ring, host):
    with pytest.raises(NotKnownError, match="this host alone"):
        Guard(ring, None, "this host").caller(shown(host=host))


@pytest.mark.parametrize("open_to", ["this host", "everybody"])
def test_the_first_key_shuts_an_open_service_for_good(ring, open_to):
    guard = Guard(ring, None, open_to)
    assert guard.caller(shown())
    ring.revoke(made(ring)[:16])
    with pytest.raises(NotKnownError, match="needs an API key"):
        guard.caller(shown())


def test_loopback_is_told_from_what_others_reach():
    assert all(is_loopback(name) for name in ("127.0.0.1", "::1", "localhost"))
    assert not any(is_loopback(name) for name in ("0.0.0.0", "::", "10.0.0.1", "host", ""))


# Over HTTP


def held_with(open_backend, make_keys):
    """A way to open the backend that makes keys in it first."""

    @contextmanager
    def opened(settings):
        with open_backend(settings) as backend:
            make_keys(backend.keys)
            yield backend

    return opened


@pytest.fixture(scope="module")
def house(module_settings):
    """A service with keys, by what they may, and a client of it."""
    texts = {}

    def make(keys):
        texts.update({scope: made(keys, "north", (scope,)) for scope in SCOPES})
        texts["none"] = made(keys, "north", ())
        texts["operator"] = made(keys, "default", ("admin",))

    with served(module_settings, held_with(in_memory, make)) as client:
        yield client, texts


def operations():
    for path, found in create_app(Settings()).openapi()["paths"].items():
        for method, operation in found.items():
            yield method.upper(), path, operation["security"]


OPERATIONS = list(operations())


def address(path):
    return path.replace("{job_id}", UNKNOWN).replace("{webhook_id}", UNKNOWN)


def test_every_route_there_is_asks_who_calls_or_says_that_anybody_may():
    app = create_app(Settings())
    late = APIRouter()
    late.add_api_route("/v1/added-later", lambda: None, methods=["GET"])
    app.include_router(late)
    app.add_api_route("/v1/added-last", lambda: None, methods=["POST"])
    public = set()
    for context in iter_route_contexts(app.routes):
        if context.path == DESCRIPTION:
            continue
        names = [dependency.call.__name__ for dependency in context.dependant.dependencies]
        assert names[0] == "admit", context.path
        if (context.original_route.openapi_extra or {}).get("security") == PUBLIC["security"]:
            public.add(context.path)
    assert public == OPEN_TO_ALL


@pytest.mark.parametrize(("method", "path"), [(method, path) for method, path, _ in OPERATIONS])
def test_without_a_key_there_is_no_way_in(house, method, path):
    client, _ = house
    answer = client.request(method, address(path))
    if path in OPEN_TO_ALL:
        assert answer.status_code == (404 if path == SECRET_ADDRESS else 200)
        return
    problem(answer, 401)
    assert answer.headers["www-authenticate"] == 'Bearer realm="stint"'


@pytest.mark.parametrize(("method", "path", "security"), OPERATIONS)
def test_a_key_opens_what_its_scope_says(house, method, path, security):
    client, texts = house
    for scope in (*SCOPES, "none"):
        answer = client.request(method, address(path), headers={"X-API-Key": texts[scope]})
        if not security or scope == "admin" or [scope] == security[0]["bearer"]:
            assert answer.status_code not in (401, 403), answer.text
        else:
            problem(answer, 403)
            assert 'error="insufficient_scope"' in answer.headers["www-authenticate"]


def test_what_a_route_needs_is_as_it_is_meant():
    needed = {(method, path): security[0]["bearer"][0] for method, path, security in OPERATIONS if security}
    assert {scope for (method, _), scope in needed.items() if method == "GET"} == {"read"}
    assert needed["POST", "/v1/rosters"] == needed["DELETE", "/v1/rosters/{job_id}"] == "submit"
    calculating = {scope for (method, path), scope in needed.items() if method == "POST" and not KEEPING.match(path)}
    assert calculating == {"read"}
    assert needed["POST", "/v1/webhooks"] == "admin"


def test_a_stranger_is_sent_away_before_the_body_is_looked_at(house):
    client, _ = house
    problem(client.post("/v1/rosters", content=b"x" * 2_000_000), 401)


@pytest.mark.parametrize("text", [b"\xff\xfe", "ключ".encode(), b"stint_\x80", b"'; DROP TABLE api_key; --"])
def test_odd_bytes_in_a_key_are_no_key(house, text):
    client, _ = house
    for header in ({"X-API-Key": text}, {"Authorization": b"Bearer " + text}):
        problem(client.get("/v1/rosters", headers=header), 401)


def test_a_job_belongs_to_the_tenant_of_the_key(house):
    client, texts = house
    answer = client.post("/v1/rosters", json=REQUEST, headers={"X-API-Key": texts["submit"]})
    assert answer.status_code == 202
    job = client.get(answer.headers["location"], headers={"Authorization": f"Bearer {texts['read']}"})
    assert job.json()["id"] == answer.json()["id"]


def test_an_application_on_an_unknown_address_is_shut(module_settings):
    with served(module_settings, in_memory, loopback=False) as client:
        problem(client.get("/v1/rosters"), 401)
    opened = module_settings.model_copy(update={"open_access": True})
    with served(opened, in_memory, loopback=False) as client:
        assert client.get("/v1/rosters").status_code == 200


# The command line


def stint(folder, *arguments, **settings):
    return subprocess.run(
        [sys.executable, "-m", "service.cli", *arguments],
        cwd=folder, env={"PYTHONPATH": PATHS, **settings}, capture_output=True, text=True, timeout=60,
    )  # fmt: skip


def test_keys_are_made_listed_and_revoked_beside_a_running_service(tmp_path, settings):
    from service.worker import embedded

    where = ("--database-url", settings.database_url)
    with served(settings, embedded) as client:
        assert client.get("/v1/rosters").status_code == 200
        made = stint(tmp_path, "keys", "create", "--tenant", "north", "--name", "intake", "--scope", "read", *where)
        assert made.returncode == 0, made.stderr
        text = made.stdout.strip()
        assert looks_like_key(text)
        problem(client.get("/v1/rosters"), 401)
        header = {"Authorization": f"Bearer {text}"}
        assert client.get("/v1/rosters", headers=header).status_code == 200
        listed = stint(tmp_path, "keys", "list", *where).stdout
        assert all(word in listed for word in (text[:16], "north", "intake", "read", "opens"))
        assert text not in listed
        assert stint(tmp_path, "keys", "revoke", text[:16], *where).returncode == 0
        problem(client.get("/v1/rosters", headers=header), 401)
        assert "revoked" in stint(tmp_path, "keys", "list", *where).stdout


def test_a_service_that_others_reach_does_not_start_without_a_key(tmp_path):
    refused = stint(tmp_path, "serve", "--host", "0.0.0.0", "--port", "0")
    assert refused.returncode == 2
    assert "nobody has a key" in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("create", "--scope", "write"), "read, submit, admin"),
        (("create", "--tenant", "a b"), "no name of a tenant"),
        (("create", "--tenant", ""), "no name of a tenant"),
        (("revoke", "stint_0123456789"), "There is no key"),
        (("list", "--database-url", "sqlite:///no/such\0/file"), "cannot be opened"),
    ],
)
def test_what_cannot_be_done_with_keys_is_said_in_a_sentence(tmp_path, arguments, said):
    if "\0" in arguments[-1]:
        (tmp_path / "folder").write_text("a file")
        arguments = ("list", "--database-url", "sqlite:///folder/file")
    found = stint(tmp_path, "keys", *arguments)
    assert found.returncode == 2
    assert said in found.stderr
    assert "Traceback" not in found.stderr


def test_nobody_serves_without_keys_but_by_a_setting(tmp_path, monkeypatch):
    from service import serve

    class StartedError(Exception):
        pass

    def started(*_, **__):
        raise StartedError

    monkeypatch.setattr(serve, "create_app", started)
    settings = Settings(database_url=f"sqlite:///{tmp_path}/stint.sqlite", solver_command=("true",))
    with pytest.raises(serve.CannotServeError, match="nobody has a key"):
        serve.serve(settings, "0.0.0.0", 0)
    with pytest.raises(StartedError):
        serve.serve(settings.model_copy(update={"open_access": True}), "0.0.0.0", 0)
    with pytest.raises(StartedError):
        serve.serve(settings, "127.0.0.1", 0)
    with serve.care_for_keys(settings) as keys:
        text = made(keys)
    with pytest.raises(StartedError):
        serve.serve(settings, "0.0.0.0", 0)
    with serve.care_for_keys(settings) as keys:
        keys.revoke(text[:16])
    with pytest.raises(serve.CannotServeError, match="nobody has a key"):
        serve.serve(settings, "0.0.0.0", 0)


def test_the_document_says_how_callers_show_who_they_are():
    document = create_app(Settings()).openapi()
    assert set(document["components"]["securitySchemes"]) == {"bearer", "api_key"}
    assert "`admin`" in document["info"]["description"]
    assert json.dumps(document)


def test_figures_of_all_tenants_are_for_who_cares_for_the_service(house, module_settings):
    client, texts = house
    problem(client.get("/metrics"), 401)
    for scope in ("none", "read", "submit"):
        problem(client.get("/metrics", headers={"X-API-Key": texts[scope]}), 403)
    norths = problem(client.get("/metrics", headers={"X-API-Key": texts["admin"]}), 403)
    assert "all tenants" in norths["detail"]
    assert client.get("/metrics", headers={"X-API-Key": texts["operator"]}).status_code == 200
    for_all = module_settings.model_copy(update={"open_metrics": True})
    with served(for_all, held_with(in_memory, lambda keys: made(keys))) as open_client:
        assert open_client.get("/metrics").status_code == 200
        problem(open_client.get("/v1/rosters"), 401)
