"""Tries the service with requests that fit its OpenAPI document and many that nearly do: `make fuzz`.

    python -m bench.service.fuzz [--seconds 300] [--workers 2] [more options of schemathesis]

A `stint serve` of its own, open to this host, with jobs, webhooks and calendars that addresses may lead to, and a
solver that needs no computing. Every operation is tried with the examples and borders of its parameters and body, right
and wrong; then with random ones, for a third of the time each on their own and in chains of calls; then with what no
client would send (`bench.service.oddities`). Prints one line of JSON: the answers by class of status, also of each
operation. The exit status is 1 where something is wrong; what, is told before.

Without a key, because schemathesis makes up keys and tokens where the document speaks of them, and all it would see is
401: what a key opens is tried at every operation by `tests/service/test_access.py`.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2

from bench.service.house import Caller, house
from bench.service.oddities import ANSWER_SECONDS, answer_to, oddities, shortcoming

Json = dict[str, Any]
Tally = dict[str, Counter[str]]

CHECKS = (
    "not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance",
    "response_headers_conformance", "unsupported_method", "allow_header_conformance", "use_after_free",
)  # fmt: skip
SPOKEN_FOR = 3
"""Jobs that nothing is meant to erase."""


def main() -> int:
    """Start the service, try it, and say how it went."""
    parser = argparse.ArgumentParser(description="Try the whole OpenAPI document.")
    parser.add_argument("--seconds", type=int, default=300, help="how long, beyond the examples and borders")
    parser.add_argument("--workers", type=int, default=2, help="callers at once")
    options, more = parser.parse_known_args()
    with tempfile.TemporaryDirectory(prefix="stint-fuzz-") as name:
        folder = Path(name)
        settings = {"max_wait_seconds": 1, "errands_waiting": 100, "errands_waiting_in_all": 100}
        with house(folder, f"sqlite:///{folder}/stint.sqlite", **settings) as own:
            address = own.member("serve", "serve", "--port", "0").start().ready().address
            document = _written_down(folder, address)
            seconds = str(max(1, options.seconds // 3))
            passes = (
                ("--phases", "examples,coverage"),
                ("--phases", "fuzzing", "--max-time", seconds),
                ("--phases", "stateful", "--max-time", seconds),
            )
            statuses = [_tried(folder, address, [*one, "--workers", str(options.workers), *more]) for one in passes]
            tally = _tally(folder, document)
            wrong = _odd(address, document, tally)
    for said in wrong:
        print(said, file=sys.stderr)
    print(json.dumps(_summary(tally) | {"schemathesis": statuses, "odd ones": len(wrong)}), flush=True)
    return int(any(statuses) or bool(wrong))


def _written_down(folder: Path, address: str) -> Json:
    """The document without what it says of keys, in a file beside the settings of schemathesis; given as it is."""
    document: Json = httpx2.get(f"{address}/openapi.json", timeout=ANSWER_SECONDS).json()
    (folder / "openapi.json").write_text(json.dumps(without_keys(document)))
    (folder / "schemathesis.toml").write_text(_configuration(_things(address)))
    return document


def without_keys(document: Json) -> Json:
    """A copy of the document that asks for no key: schemathesis would make some up."""
    plain: Json = json.loads(json.dumps(document))
    plain["components"].pop("securitySchemes")
    for operations in plain["paths"].values():
        for operation in operations.values():
            operation.pop("security", None)
    return plain


def _things(address: str) -> dict[str, list[str]]:
    """What addresses may lead to, by the name of the part of the path."""
    caller = Caller(address)
    names = ("seconds=0.1", "seconds=3600 rosters=1", "crash=103 rosters=0", *(f"seconds=0.1 {n}" for n in range(20)))
    jobs = [caller.submit(name) for name in names]
    here = httpx2.Client(base_url=address, timeout=ANSWER_SECONDS)
    calendars = [here.post(f"/v1/rosters/{job}/calendars", json={}).json() for job in jobs[:SPOKEN_FOR]]
    webhook = {"url": "https://wfm.example.org/stint", "events": ["roster.failed"]}
    return {
        "job_id": jobs,
        "calendar_id": [calendar["id"] for calendar in calendars],
        "token": [calendar["url"].rpartition("/")[2].removesuffix(".ics") for calendar in calendars],
        "webhook_id": [here.post("/v1/webhooks", json=webhook).json()["id"] for _ in range(5)],
    }


def _configuration(things: dict[str, list[str]]) -> str:
    """Settings that make half of all addresses lead somewhere; what erases jobs leaves some alone."""
    lists = things | {"doomed": things["job_id"][SPOKEN_FOR:], "job_id": things["job_id"][:SPOKEN_FOR]}
    lines = [f"[dictionaries.{name}]\nvalues = {json.dumps(values)}\n" for name, values in lists.items()]
    bound = [f'"path.{name}" = {{dictionary = "{name}", probability = 0.5}}' for name in things]
    lines += ["[parameters]", *bound, "[[operations]]", 'include-name = "DELETE /v1/rosters/{job_id}"']
    lines += ['parameters = {"path.job_id" = {dictionary = "doomed", probability = 0.5}}']
    return "\n".join(lines) + "\n"


def _tried(folder: Path, address: str, options: list[str]) -> int:
    """Run schemathesis; what it saw is in a file of the folder. Gives its exit status."""
    command = [
        str(Path(sys.executable).parent / "schemathesis"), "run", "openapi.json", "--url", address,
        *("--checks", ",".join(CHECKS)), *("--request-timeout", "120"), "--continue-on-failure", "--no-shrink",
        *("--report", "ndjson", "--report-dir", "seen"), *options,
    ]  # fmt: skip
    return subprocess.call(command, cwd=folder)


def _tally(folder: Path, document: Json) -> Tally:
    """How often each operation answered with which status; what is no operation of the document goes together."""
    known = {f"{method.upper()} {path}" for path, operations in document["paths"].items() for method in operations}
    tally: Tally = defaultdict(Counter)
    for file in sorted((folder / "seen").glob("*.ndjson")):
        with file.open() as lines:
            for name, status in (found for line in lines for found in _statuses(json.loads(line))):
                tally[name if name in known else "other methods"][status] += 1
    return tally


def _statuses(event: Json) -> Iterator[tuple[str, str]]:
    """The operation and the status of each answer that an event of schemathesis tells of."""
    recorder = event.get("ScenarioFinished", {}).get("recorder", {})
    for number, seen in recorder.get("interactions", {}).items():
        asked, answer = recorder["cases"][number]["value"], seen.get("response")
        yield f"{asked['method']} {asked['path']}", "none" if answer is None else str(answer["status_code"])


def _odd(address: str, document: Json, tally: Tally) -> list[str]:
    """Send what no client would; add the answers to the tally, and give what is wrong with them."""
    place = urlsplit(address)
    assert place.hostname is not None
    assert place.port is not None
    wrong = []
    for oddity in oddities(document):
        answer = answer_to(oddity, (place.hostname, place.port))
        tally[f"{oddity.method} {oddity.path}"][str(answer.status)] += 1
        if (said := shortcoming(oddity, answer, document)) is not None:
            wrong.append(said)
    return wrong


def _summary(tally: Tally) -> Json:
    """The figures: of all operations, and of each."""
    whole: Counter[str] = Counter()
    for counts in tally.values():
        whole.update(counts)
    classes = Counter({f"{kind}xx": 0 for kind in "2345"})
    for status, count in whole.items():
        classes[f"{status[0]}xx" if status.isdecimal() else "no answer"] += count
    each = {name: dict(sorted(counts.items())) for name, counts in sorted(tally.items())}
    operations = len(each.keys() - {"other methods"})
    return {"operations": operations, "answers": sum(whole.values()), "by_class": classes, "by_operation": each}


if __name__ == "__main__":
    sys.exit(main())
