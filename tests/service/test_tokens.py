"""Tokens of an identity provider: those that open, and the many that do not."""

import base64
import hmac
import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jws, jwt
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey
from pydantic import ValidationError

from service.access.tokens import LEEWAY_SECONDS, REFETCH_SECONDS, Provider, ProviderTokens
from service.adapters.identity import keys_from, tokens_of
from service.jobs.errors import IdentityUnavailableError, NotKnownError
from service.settings import Settings
from tests.service.api_client import served
from tests.service.conftest import in_memory
from tests.service.test_api import problem

ISSUER, AUDIENCE = "https://id.example.org/realms/wfm", "stint"
ALGORITHMS = ("RS256", "ES256", "EdDSA")
RSA = RSAKey.generate_key(2048, {"kid": "rsa"})
OTHER_RSA = RSAKey.generate_key(2048, {"kid": "rsa"})
EC = ECKey.generate_key("P-256", {"kid": "ec"})
ED = OKPKey.generate_key("Ed25519", {"kid": "ed"})
PUBLIC_KEYS = {"keys": [key.as_dict(private=False) for key in (RSA, EC, ED)]}


class Clock:
    seconds = 1000.0

    def __call__(self):
        return self.seconds


class Source:
    """Where the keys come from, and how often they were fetched."""

    def __init__(self, keys=PUBLIC_KEYS):
        self.keys = keys
        self.fetched = 0

    def __call__(self):
        self.fetched += 1
        if self.keys is None:
            raise IdentityUnavailableError("it does not answer")
        return self.keys


def reading(source=None, clock=time.monotonic, **more):
    defaults = {"tenant_claim": "tenant", "scope_claim": "scope", "scope_prefix": "", "keys_seconds": 3600}
    return ProviderTokens(Provider(ISSUER, AUDIENCE, ALGORITHMS, **(defaults | more)), source or Source(), clock)


def claims(**more):
    instant = int(time.time())
    said = {"iss": ISSUER, "aud": AUDIENCE, "sub": "ann", "tenant": "north", "scope": "openid read submit"}
    return {**said, "iat": instant, "exp": instant + 7200, **more}


def without(name):
    return {claim: value for claim, value in claims().items() if claim != name}


def token(said=None, key=RSA, algorithm="RS256", **header):
    registry = jws.JWSRegistry(algorithms=[algorithm])
    return jwt.encode({"alg": algorithm, "kid": key.kid, **header}, said or claims(), key, registry=registry)


def part(value):
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


@pytest.mark.parametrize(("key", "algorithm"), [(RSA, "RS256"), (EC, "ES256"), (ED, "EdDSA")])
def test_a_token_tells_who_calls(key, algorithm):
    caller = reading().caller(token(key=key, algorithm=algorithm))
    assert (caller.tenant, caller.name, caller.scopes) == ("north", "ann", {"read", "submit"})


@pytest.mark.parametrize("audience", [AUDIENCE, [AUDIENCE], ["other", AUDIENCE]])
def test_a_token_may_be_for_several_services(audience):
    assert reading().caller(token(claims(aud=audience)))


def test_scopes_are_words_or_a_list_and_may_have_a_prefix():
    tokens = reading(scope_claim="roles", scope_prefix="stint:")
    for said in ("stint:read admin stint:fly", ["stint:read", "admin", 7, None, "stint:fly"]):
        assert tokens.caller(token(claims(roles=said))).scopes == {"read"}
    for said in (None, 7, {}, "", []):
        assert tokens.caller(token(claims(roles=said))).scopes == frozenset()


@pytest.mark.parametrize(
    "said",
    [
        claims(iss="https://evil.example.org"), claims(iss=None), without("iss"),
        claims(aud="other"), claims(aud=["other"]), claims(aud=[]), claims(aud=None), without("aud"),
        claims(exp=None), claims(exp="soon"), without("exp"), claims(nbf=int(time.time()) + 3600),
    ],
)  # fmt: skip
def test_a_token_for_another_purpose_does_not_open(said):
    with pytest.raises(NotKnownError, match="neither an API key nor a token") as refused:
        reading().caller(token(said))
    assert 'error="invalid_token"' in refused.value.headers["WWW-Authenticate"]


def test_the_time_of_a_token_is_over_some_time_after_it_says_so():
    instant = int(time.time())
    assert reading().caller(token(claims(exp=instant - LEEWAY_SECONDS + 10)))
    with pytest.raises(NotKnownError, match="time of the token is over"):
        reading().caller(token(claims(exp=instant - LEEWAY_SECONDS - 1)))


@pytest.mark.parametrize("tenant", [None, 7, "", "a b", "../x", "x" * 65, ["north"]])
def test_a_token_without_a_tenant_does_not_open(tenant):
    with pytest.raises(NotKnownError, match="names no tenant"):
        reading().caller(token(claims(tenant=tenant)))


def test_a_token_that_is_not_signed_does_not_open():
    for algorithm in ("none", "None", "NONE", ""):
        for kid in ({}, {"kid": "rsa"}):
            with pytest.raises(NotKnownError):
                reading().caller(f"{part({'alg': algorithm, **kid})}.{part(claims())}.")


def test_a_token_signed_with_a_public_key_as_a_secret_does_not_open():
    for secret in (RSA.as_pem(private=False), json.dumps(RSA.as_dict(private=False)).encode()):
        signed = f"{part({'alg': 'HS256', 'kid': 'rsa'})}.{part(claims())}"
        signature = hmac.digest(secret, signed.encode(), "sha256")
        forged = f"{signed}.{base64.urlsafe_b64encode(signature).rstrip(b'=').decode()}"
        with pytest.raises(NotKnownError):
            reading().caller(forged)


def test_a_secret_among_the_keys_is_not_used():
    secret = OctKey.generate_key(256, {"kid": "shared"})
    source = Source({"keys": [*PUBLIC_KEYS["keys"], secret.as_dict()]})
    with pytest.raises(NotKnownError):
        reading(source).caller(token(key=secret, algorithm="HS256"))


def test_a_key_for_encryption_is_not_used():
    source = Source({"keys": [PUBLIC_KEYS["keys"][1], {**PUBLIC_KEYS["keys"][0], "use": "enc"}]})
    with pytest.raises(NotKnownError):
        reading(source).caller(token())


def test_a_changed_token_and_a_strangers_do_not_open():
    head, _, signature = token().split(".")
    for forged in (f"{head}.{part(claims(tenant='south'))}.{signature}", token(key=OTHER_RSA), token()[:-4] + "AAAA"):
        with pytest.raises(NotKnownError):
            reading().caller(forged)


def test_a_key_that_the_token_brings_along_is_not_used():
    own = RSAKey.generate_key(2048, {"kid": "own"})
    with pytest.raises(NotKnownError):
        reading().caller(token(key=own, jwk=own.as_dict(private=False)))


TOKENS = reading()


@given(st.text(max_size=200) | st.builds(lambda a, b, c: f"{a}.{b}.{c}", *[st.text("ab-_=é{", max_size=20)] * 3))
def test_nothing_that_is_no_token_opens_or_breaks(text):
    with pytest.raises(NotKnownError):
        TOKENS.caller(text)


VALUES = st.none() | st.integers() | st.text() | st.lists(st.text(max_size=3), max_size=2)
NAMES = st.sampled_from(["alg", "kid", "crit", "b64", "typ", "x5c"])


@given(st.dictionaries(NAMES, VALUES))
def test_no_head_of_a_token_opens_or_breaks(head):
    with pytest.raises(NotKnownError):
        TOKENS.caller(f"{part(head)}.{part(claims())}.AAAA")


def test_a_head_that_is_nested_without_end_does_not_break_it():
    deep = base64.urlsafe_b64encode(b"[" * 30_000).decode()
    with pytest.raises(NotKnownError):
        TOKENS.caller(f"{deep}.{deep}.AAAA")


# Keys come and go


def test_keys_are_fetched_once_and_again_when_their_time_is_over():
    source, clock = Source(), Clock()
    tokens = reading(source, clock, keys_seconds=600)
    for _ in range(3):
        tokens.caller(token())
    assert source.fetched == 1
    clock.seconds += 601
    tokens.caller(token())
    assert source.fetched == 2


def test_a_new_key_is_seen_at_once_and_an_old_one_is_gone_with_it():
    source, clock = Source({"keys": [RSA.as_dict(private=False)]}), Clock()
    tokens = reading(source, clock)
    tokens.caller(token())
    source.keys = {"keys": [EC.as_dict(private=False)]}
    clock.seconds += REFETCH_SECONDS + 1
    assert tokens.caller(token(key=EC, algorithm="ES256"))
    with pytest.raises(NotKnownError):
        tokens.caller(token())


def test_tokens_of_unknown_keys_do_not_make_us_fetch_without_end():
    source, clock = Source(), Clock()
    tokens = reading(source, clock)
    for number in range(50):
        with pytest.raises(NotKnownError):
            tokens.caller(token(kid=f"unknown-{number}"))
    assert source.fetched == 1


def test_keys_outlast_a_provider_that_is_away():
    source, clock = Source(), Clock()
    tokens = reading(source, clock, keys_seconds=600)
    tokens.caller(token())
    source.keys = None
    clock.seconds += 601
    assert tokens.caller(token())


@pytest.mark.parametrize("keys", [None, {}, {"keys": []}, {"keys": 7}, {"keys": [7]}, {"keys": [{"kty": "RSA"}]}])
def test_without_keys_it_is_said_that_there_are_none(keys):
    with pytest.raises(IdentityUnavailableError) as refused:
        reading(Source(keys)).caller(token())
    assert refused.value.headers["Retry-After"]


# Where keys come from


@contextmanager
def provider(answers):
    """A server that answers what is set for each path: a status and a text."""

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self):
            status, body = answers.get(self.path, (404, ""))
            self.send_response(status)
            self.send_header("Location", "/keys")
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_keys_come_from_a_file_a_url_or_where_the_provider_says(tmp_path):
    (tmp_path / "keys.json").write_text(json.dumps(PUBLIC_KEYS))
    assert keys_from(str(tmp_path / "keys.json"), ISSUER)() == PUBLIC_KEYS
    answers = {"/keys": (200, json.dumps(PUBLIC_KEYS))}
    with provider(answers) as url:
        assert keys_from(f"{url}/keys", ISSUER)() == PUBLIC_KEYS
        said = {"issuer": url, "jwks_uri": f"{url}/keys"}
        answers["/.well-known/openid-configuration"] = (200, json.dumps(said))
        assert keys_from(None, url)() == PUBLIC_KEYS
        answers["/.well-known/openid-configuration"] = (200, json.dumps({**said, "issuer": ISSUER}))
        with pytest.raises(IdentityUnavailableError):
            keys_from(None, url)()


@pytest.mark.parametrize(
    "answer", [(404, "{}"), (500, ""), (302, ""), (200, "no JSON"), (200, "[]"), (200, " " * 2_000_000)]
)
def test_a_provider_that_answers_something_else_is_not_available(answer):
    with provider({"/odd": answer, "/keys": (200, "{}")}) as url, pytest.raises(IdentityUnavailableError):
        keys_from(f"{url}/odd", ISSUER)()


def test_a_place_that_is_not_there_is_not_available(tmp_path):
    for place in (str(tmp_path / "none"), str(tmp_path), "http://127.0.0.1:9/keys"):
        with pytest.raises(IdentityUnavailableError):
            keys_from(place, ISSUER)()


# In the service


def test_a_token_opens_the_service_beside_keys_and_shuts_the_open_door(tmp_path, module_settings):
    (tmp_path / "keys.json").write_text(json.dumps(PUBLIC_KEYS))
    wanted = {"oidc_issuer": ISSUER, "oidc_audience": AUDIENCE, "oidc_keys": str(tmp_path / "keys.json")}
    with served(module_settings.model_copy(update=wanted), in_memory) as client:
        problem(client.get("/v1/rosters"), 401)
        assert client.get("/v1/rosters", headers={"Authorization": f"Bearer {token()}"}).status_code == 200
        reader = {"Authorization": f"Bearer {token(claims(scope='read'))}"}
        problem(client.post("/v1/rosters", json={}, headers=reader), 403)
        problem(client.get("/v1/rosters", headers={"Authorization": f"Bearer {token(claims(aud='x'))}"}), 401)


@pytest.mark.parametrize(
    "wrong",
    [
        {"oidc_audience": None},
        {"oidc_issuer": None},
        {"oidc_issuer": "http://id.example.org"},
        {"oidc_keys": "http://id.example.org/keys"},
        {"oidc_algorithms": ("HS256",)},
        {"oidc_algorithms": ("none",)},
        {"oidc_algorithms": ()},
    ],
)
def test_settings_that_would_let_anybody_in_are_refused(wrong):
    with pytest.raises(ValidationError):
        Settings(**{"oidc_issuer": ISSUER, "oidc_audience": AUDIENCE, **wrong})


def test_without_a_provider_there_are_no_tokens():
    assert tokens_of(Settings()) is None
    assert tokens_of(Settings(oidc_issuer=ISSUER, oidc_audience=AUDIENCE)) is not None
