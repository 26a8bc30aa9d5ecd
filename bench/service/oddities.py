"""Requests that no client library would send: cut off, mislabelled, of odd bytes; for every operation of a document.

They go over a bare socket, because a library would put them right or refuse them.
"""

from __future__ import annotations

import gzip
import json
import re
import socket
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]

ANSWER_SECONDS = 60.0

IDS = {
    "nobody's": b"01M85P9S0QT0M2GY21X9SSQQGZ",
    "a letter": b"x",
    "NUL": b"%00",
    "line break": b"a%0d%0aSet-Cookie:%20a=1",
    "no UTF-8": b"%ff%fe",
    "bare bytes": b"\xff\xfe\x80",
    "half an escape": b"%",
    "upwards": b"..%2f..%2fetc%2fpasswd",
    "quotes": b"'%3b%20DROP%20TABLE%20job%3b--",
    "surrogate": b"%ed%a0%80",
    "emoji": b"%f0%9f%92%a5",
    "long": b"a" * 6000,
    "wildcards": b"%25_",
    "wide digits": "٣".encode(),
}
"""What may stand where an id is expected, as it goes over the wire."""

QUERIES = {
    "no UTF-8": b"?%ff=%ff&limit=%fe",
    "bare bytes": b"?\xff\xfe=\x80",
    "NUL": b"?agent_id=%00&cursor=%00&status=%00",
    "twice": b"?limit=1&limit=x&format=csv&format=json",
    "numbers": b"?limit=1e400&priority=-99999999999999999999",
    "no value": b"?limit&status&cursor&format&priority&agent_id",
    "many": b"?" + b"a=1&" * 2000,
    "brackets": b"?limit[$gt]=1&status[]=queued",
    "wide digits": "?limit=٣&priority=３".encode(),
}

HEADERS = {
    "key with bare bytes": b"Idempotency-Key: \xff\xfe\x80",
    "key of a tab": b"Idempotency-Key: a\tb",
    "key of emoji": b"Idempotency-Key: \xf0\x9f\x92\xa5",
    "long key": b"Idempotency-Key: " + b"k" * 5000,
    "empty key": b"Idempotency-Key:",
    "two keys": b"Idempotency-Key: a\r\nIdempotency-Key: b",
    "event number of wide digits": b"Last-Event-ID: \xd9\xa3",
    "event number without end": b"Last-Event-ID: " + b"9" * 5000,
    "event number below zero": b"Last-Event-ID: -1",
    "wish of odd bytes": b"Prefer: wait=\xff, ;;=,wait=9e99",
    "wish below zero": b"Prefer: wait=-99999999999999999999",
    "accepts odd things": b"Accept: \xff/\xfe;q=x,,;,*",
    "accepts nothing": b"Accept: application/vnd.nothing;q=0",
    "tag of odd bytes": b'If-None-Match: W/"\xff\xfe", ',
    "API key of odd bytes": b"X-API-Key: \xff\xfe\x80",
    "API key that looks like one": b"X-API-Key: stint_0123456789_" + b"\xc3\xa9" * 43,
    "bearer of odd bytes": b"Authorization: Bearer \xff.\xfe.\x80",
    "bearer of three parts": b"Authorization: Bearer e30.e30.e30",
    "no scheme": b"Authorization: \xff",
    "forwarded for odd bytes": b"X-Forwarded-Host: \xff\r\nForwarded: for=\xfe",
    "origin of odd bytes": b"Origin: http://\xff\xfe",
    "encoding of the answer": b"Accept-Encoding: \xff, gzip;q=x",
}
"""What may stand beside a request that is otherwise in order."""

JSON = b"Content-Type: application/json"
PACKED = JSON + b"\r\nContent-Encoding: gzip"
DEEP = 100_000
MANY = 20_000

TEXTS = {
    "empty": b"",
    "only space": b" \r\n\t",
    "Latin-1": b'{"name": "\xe4\xf6"}',
    "NUL": b"\0" * 100,
    "NUL inside": b'{"\\u0000": "\0"}',
    "deep list": b"[" * DEEP,
    "deep object": b'{"a":' * DEEP,
    "deep and closed": b"[" * DEEP + b"]" * DEEP,
    "number without end": b'{"interval_minutes": ' + b"9" * 9000 + b"}",
    "infinity": b'{"name": 1e999}',
    "not a number": b'{"name": NaN}',
    "half a character": b'{"name": "\\ud800"}',
    "a name twice": b'{"name": "a", "name": "b"}',
    "many names": json.dumps({f"a{number}": number for number in range(MANY)}).encode(),
    "null": b"null",
    "a list": b"[]",
    "a text": b'"text"',
    "a number": b"7",
    "nothing in it": b"{}",
}
"""Bodies that are no request, and say that they are JSON."""

VALUES: tuple[Any, ...] = (None, [], {}, "", -1, 10**30, "\0", "x" * 5000, [[]], [None], [0] * MANY, True, [{"id": {}}])
"""What may stand where a field has something else."""

KINDS = (
    b"text/plain", b"application/xml", b"multipart/form-data; boundary=\xff", b"application/x-www-form-urlencoded",
    b"\xff\xfe", b"", b"application/json; charset=utf-16", b"application/json, application/json",
)  # fmt: skip
PACKINGS = (b"br", b"deflate", b"gzip, gzip", b"\xff", b"x" * 3000)
BOMB = gzip.compress(b" " * 50_000_000)

WORKED_OUT = {"/v1/capacity-plans", "/v1/predictions", "/v1/work-plan-mixes"}
"""What fits these is worked on for seconds; where only header or address is odd, they get an empty request."""


def bodies(sample: Json) -> Iterator[tuple[str, bytes, bytes]]:
    """Bodies that are none, or nearly one, each with a name and the headers that go with it."""
    text = json.dumps(sample).encode()
    packed = gzip.compress(text)
    for name, body in TEXTS.items():
        yield name, JSON, body
    yield "first half", JSON, text[: len(text) // 2]
    yield "all but the last byte", JSON, text[:-1]
    yield "something behind", JSON, text + b"}"
    yield "UTF-16", JSON, text.decode().encode("utf-16")
    for name, value in sample.items():
        yield f"without {name}", JSON, json.dumps({key: kept for key, kept in sample.items() if key != name}).encode()
        for odd in VALUES:
            if odd != value:
                yield f"{name} is {json.dumps(odd)[:12]}", JSON, json.dumps(sample | {name: odd}).encode()
    yield "packed, first half", PACKED, packed[: len(packed) // 2]
    yield "packed, one byte less", PACKED, packed[:-1]
    yield "packed, wrong checksum", PACKED, packed[:-8] + b"\0" * 8
    yield "packed twice", PACKED, gzip.compress(packed)
    yield "said to be packed", PACKED, text
    yield "bomb", PACKED, BOMB
    yield "of no said kind", b"", text
    for kind in KINDS:
        yield f"said to be {kind!r}", b"Content-Type: " + kind, text
    for packing in PACKINGS:
        yield f"packed with {packing[:9]!r}", JSON + b"\r\nContent-Encoding: " + packing, text


@dataclass(frozen=True, slots=True)
class Oddity:
    """One such request."""

    name: str
    method: str
    path: str
    target: bytes
    headers: bytes = b""
    body: bytes | None = None

    def bytes(self) -> bytes:
        """What goes over the wire."""
        length = b"" if self.body is None else b"Content-Length: %d\r\n" % len(self.body)
        head = b"%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n" % (self.method.encode(), self.target)
        headers = self.headers + b"\r\n" if self.headers else b""
        return head + headers + length + b"\r\n" + (self.body or b"")


def oddities(document: Json) -> Iterator[Oddity]:
    """All of them, for every operation of an OpenAPI document."""
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            yield from _of_operation(method.upper(), path, _sample_of(operation, document))


def _of_operation(method: str, path: str, sample: Json | None) -> Iterator[Oddity]:
    plain = JSON if sample else b""
    body = None if sample is None else b"{}" if path in WORKED_OUT else json.dumps(sample).encode()
    usual = _target(path, b"nobody")
    for name in re.findall(r"{(\w+)}", path):
        for kind, odd in IDS.items():
            yield Oddity(f"{name}: {kind}", method, path, _target(path, b"nobody", {name: odd}), plain, body)
    for kind, query in QUERIES.items():
        yield Oddity(f"query: {kind}", method, path, usual + query, plain, body)
    for kind, header in HEADERS.items():
        yield Oddity(f"header: {kind}", method, path, usual, plain + b"\r\n" * bool(plain) + header, body)
    if sample is None:
        yield Oddity("a body where none is taken", method, path, usual, PACKED, b"\x1f\x8bno")
        return
    for kind, headers, odd in bodies(sample):
        yield Oddity(f"body: {kind}", method, path, usual, headers, odd)


def _target(path: str, usual: bytes, given: dict[str, bytes] | None = None) -> bytes:
    target = path.encode()
    for name in re.findall(r"{(\w+)}", path):
        target = target.replace(b"{%s}" % name.encode(), (given or {}).get(name, usual))
    return target


def _sample_of(operation: Json, document: Json) -> Json | None:
    """The example of the body that the operation takes; none where it takes none."""
    if "requestBody" not in operation:
        return None
    name = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"].rpartition("/")[2]
    sample: Json = document["components"]["schemas"][name]["examples"][0]
    return sample


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; no status where nothing did."""

    status: int | None
    kind: str
    body: bytes


def answer_to(oddity: Oddity, address: tuple[str, int]) -> Answer:
    """Send it, and read to the end; what never ends is read up to the time limit."""
    with socket.create_connection(address, ANSWER_SECONDS) as connection:
        received = b""
        with suppress(BrokenPipeError, ConnectionResetError):  # it has said what it has to say
            connection.sendall(oddity.bytes())
        with suppress(ConnectionResetError, TimeoutError):
            while part := connection.recv(65536):
                received += part
    head, _, body = received.partition(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 "):
        return Answer(None, "", received)
    kind = re.search(rb"(?im)^content-type: *([^\r\n;]*)", head)
    return Answer(int(head.split()[1]), kind[1].decode("latin-1") if kind else "", body)


def shortcoming(oddity: Oddity, answer: Answer, document: Json) -> str | None:
    """What is wrong with an answer: an error of the service, a broken connection, or one that is not described."""
    described = document["paths"][oddity.path][oddity.method.lower()]["responses"]
    said = f"{oddity.method} {oddity.path}, {oddity.name}: {answer.status} {answer.kind} {answer.body[:200]!r}"
    if answer.status is None or answer.status >= 500:
        return said
    if answer.status == 400 and answer.body == b"Invalid HTTP request received.":
        return None  # what is no HTTP does not reach the application
    if answer.status in (404, 405) and answer.kind == "application/problem+json":
        return None  # a path with other parts is another path
    if str(answer.status) not in described:
        return said
    return said if answer.status >= 400 and answer.kind != "application/problem+json" else None
