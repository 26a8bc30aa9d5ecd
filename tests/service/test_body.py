"""Bodies that are packed, cut off, or not what they say."""

import gzip
import json
import zlib

import pytest

from service.api.body import unpacked
from service.api.samples import REQUEST
from service.jobs.errors import BodyNotReadableError, BodyTooLargeError
from tests.service.api_client import served
from tests.service.conftest import in_memory
from tests.service.test_api import problem

TEXT = json.dumps(REQUEST).encode()
PLACES = ["/v1/rosters", "/v1/validations", "/v1/evaluations", "/v1/staffing", "/v1/webhooks"]


@pytest.fixture(scope="module")
def api(module_settings):
    with served(module_settings, in_memory) as client:
        yield client


def post(api, body, encoding="gzip", place="/v1/rosters"):
    return api.post(place, content=body, headers={"Content-Type": "application/json", "Content-Encoding": encoding})


@pytest.mark.parametrize("encoding", ["gzip", "GZIP", "x-gzip"])
def test_a_packed_request_is_kept_as_it_was_before(api, encoding):
    answer = post(api, gzip.compress(TEXT), encoding)
    assert answer.status_code == 202
    assert api.get(answer.json()["links"]["request"]).content == TEXT


def test_members_of_a_gzip_file_are_one_text():
    assert unpacked(gzip.compress(b"one, ") + gzip.compress(b"two"), 100) == b"one, two"
    assert unpacked(gzip.compress(b""), 100) == b""


def test_the_limit_is_that_of_all_that_is_unpacked():
    assert unpacked(gzip.compress(b"x" * 100), 100) == b"x" * 100
    with pytest.raises(BodyTooLargeError, match="more than 99 bytes"):
        unpacked(gzip.compress(b"x" * 100), 99)
    with pytest.raises(BodyTooLargeError):
        unpacked(gzip.compress(b"x" * 50) * 2, 99)


@pytest.mark.parametrize("cut", [0, 1, 5, 10, 18, -9, -4, -1])
def test_what_was_cut_off_is_said_to_be(cut):
    with pytest.raises(BodyNotReadableError, match="cut off"):
        unpacked(gzip.compress(TEXT)[:cut], 1_000_000)


@pytest.mark.parametrize(
    "body",
    [TEXT, zlib.compress(TEXT), gzip.compress(TEXT)[:-8] + b"\0" * 8, gzip.compress(TEXT) + b"rest", b"\x1f\x8bno"],
    ids=["plain", "zlib", "wrong checksum", "something behind", "only the first bytes"],
)
def test_what_is_no_gzip_is_said_to_be_none(api, body):
    with pytest.raises(BodyNotReadableError, match="it is not"):
        unpacked(body, 1_000_000)
    assert "gzip" in problem(post(api, body), 400)["detail"]


@pytest.mark.parametrize("place", PLACES)
def test_a_bomb_is_refused_before_it_goes_off(api, place):
    bomb = gzip.compress(b" " * 50_000_000)
    assert len(bomb) < 100_000
    assert "1,000,000 bytes" in problem(post(api, bomb, place=place), 413)["detail"]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("encoding", ["br", "deflate", "gzip, gzip", "zstd", "compress", "x" * 5000])
def test_another_packing_is_refused_and_the_one_there_is_named(api, place, encoding):
    answer = post(api, b"x", encoding, place)
    assert "expected gzip" in problem(answer, 415)["detail"]
    assert answer.headers["accept-encoding"] == "gzip"
