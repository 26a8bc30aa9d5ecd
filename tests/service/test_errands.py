"""Errands: answered by a child process, refused with their faults, limited in number and time."""

import asyncio
import json
import sys

import pytest

from schemas.fault import RequestRefused
from service.jobs.errands import Errands
from service.jobs.errors import ErrandFailedError, ErrandsBusyError, TenantErrandsBusyError
from service.settings import Settings

FAULT = {"pointer": "/weeks", "found": "nothing", "expected": "weeks", "text": "There are no weeks."}
SCRIPT = """
import json, os, sys, time
wish = json.load(sys.stdin)
if "sleep" in wish: time.sleep(wish["sleep"])
if "die" in wish: os._exit(wish["die"])
if "fault" in wish: print(json.dumps({"event": "failed", "error": "no", "faults": [wish["fault"]]}))
elif "error" in wish: print(json.dumps({"event": "failed", "error": wish["error"]}))
else: print(json.dumps({"event": "final", "answer": {"errand": sys.argv[1], **wish}}))
"""


def errands(**more):
    return Errands(Settings(solver_command=(sys.executable, "-c", SCRIPT), errands_at_once=1, **more))


def run(wish, **more):
    return asyncio.run(errands(**more).run("north", "count", json.dumps(wish).encode()))


def test_the_process_is_told_the_errand_and_its_answer_is_given():
    assert run({"a": 1}) == {"errand": "count", "a": 1}


def test_faults_of_the_request_keep_their_places():
    with pytest.raises(RequestRefused) as refused:
        run({"fault": FAULT})
    assert [fault.model_dump() for fault in refused.value.faults] == [FAULT]


@pytest.mark.parametrize(
    ("wish", "said"),
    [({"error": "KeyError: 'x'"}, "KeyError"), ({"die": 7}, "exit status 7"), ({"sleep": 60}, "more than 0.5 seconds")],
)
def test_no_answer_is_told_with_its_reason(wish, said):
    with pytest.raises(ErrandFailedError, match=said):
        run(wish, errand_seconds=0.5 if "sleep" in wish else 30)


def sent(tenants, **more):
    """What becomes of slow errands that are sent at once, and whose were answered, in order."""
    answered = []

    async def one(desk, tenant):
        answer = await desk.run(tenant, "count", json.dumps({"sleep": 0.2}).encode())
        answered.append(tenant)
        return answer

    async def all_of_them():
        desk = errands(**more)
        return await asyncio.gather(*(one(desk, tenant) for tenant in tenants), return_exceptions=True)

    return [type(end) for end in asyncio.run(all_of_them())], "".join(answered)


def test_one_more_than_may_wait_is_refused():
    ends, answered = sent("aaab", errands_waiting=1)
    assert ends == [dict, dict, TenantErrandsBusyError, dict]
    assert answered == "aab"


def test_one_more_than_may_wait_in_all_is_refused():
    ends, _ = sent("aabc", errands_waiting_in_all=2)
    assert ends == [dict, dict, dict, ErrandsBusyError]


def test_who_asks_for_much_takes_turns_with_the_others():
    assert sent("aaaabbc")[1] == "aabcaba"
