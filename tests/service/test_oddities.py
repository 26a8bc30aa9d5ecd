"""Bodies cut off and mislabelled, odd bytes in keys, ids, headers and queries: a clear answer at every operation."""

import json
import sys
from collections import defaultdict

import pytest

from bench.service.oddities import WORKED_OUT, answer_to, oddities, shortcoming
from service.main import create_app
from service.settings import Settings
from tests.service.api_client import served
from tests.service.conftest import in_memory

DOCUMENT = create_app(Settings()).openapi()
ANSWERS_AT_ONCE = (sys.executable, "-S", "-c", f"print({json.dumps({'event': 'final', 'answer': {}})!r})")
"""Instead of the solver: what is asked is read before it is given to a process."""


def by_operation():
    found = defaultdict(list)
    for oddity in oddities(DOCUMENT):
        found[oddity.method, oddity.path].append(oddity)
    return found


ALL = by_operation()


@pytest.fixture(scope="module")
def address(module_settings):
    desk = {"errands_waiting": 1000, "errands_waiting_in_all": 1000}
    changed = {"solver_command": ANSWERS_AT_ONCE, "max_wait_seconds": 0.1} | desk
    with served(module_settings.model_copy(update=changed), in_memory) as client:
        yield client.base_url.host, client.base_url.port


def test_every_operation_is_tried():
    assert set(ALL) == {(method.upper(), path) for path, found in DOCUMENT["paths"].items() for method in found}
    assert all(len(tried) > 30 for tried in ALL.values())


@pytest.mark.parametrize(("method", "path"), list(ALL))
def test_what_is_odd_has_a_clear_answer(address, method, path):
    answers = [(oddity, answer_to(oddity, address)) for oddity in ALL[method, path]]
    wrong = [shortcoming(oddity, answer, DOCUMENT) for oddity, answer in answers]
    assert [said for said in wrong if said] == []


@pytest.mark.parametrize("path", sorted(WORKED_OUT))
def test_what_has_faults_is_refused_without_a_process(address, path):
    oddity = next(oddity for oddity in ALL["POST", path] if oddity.name == "body: nothing in it")
    assert answer_to(oddity, address).status == 422
