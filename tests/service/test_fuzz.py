"""Requests that fit the OpenAPI document, and many that nearly do: every answer is one of those described.

`make fuzz` does the same for as long as one likes.
"""

import asyncio

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from bench.service.fuzz import without_keys
from service.jobs import errands
from service.main import create_app
from service.settings import Settings
from solver.errands import errand
from tests.service.api_client import served
from tests.service.conftest import in_memory

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
EXAMPLES = 5
"""For each operation; the long run is for the rest."""

BRIEFLY = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
DOCUMENT = without_keys(create_app(Settings()).openapi())


def made(mode):
    """The document, from which requests of a kind are made."""
    return schemathesis.openapi.from_dict(
        DOCUMENT, config=schemathesis.Config.from_dict({"generation": {"mode": mode}})
    )


LONG = ["/v1/capacity-plans", "/v1/predictions", "/v1/work-plan-mixes"]
"""Each answer is worked out by a process of its own, for up to a minute; here at once, and told to come to an end."""

WHOLE = ["/v1/rosters", "/v1/validations", "/v1/evaluations"]
"""They take a whole request: making ones that nearly fit takes half a minute before the first is sent."""


def takes_more_than_a_name(context):
    """Whether something can be wrong with what is sent; any text may be somebody's name."""
    described = context.operation.definition.raw
    return "requestBody" in described or any(one["in"] == "query" for one in described.get("parameters", ()))


FITTING = made("positive")
NEARLY_FITTING = made("negative").exclude(path=[*LONG, *WHOLE], method="POST").include(func=takes_more_than_a_name)


@pytest.fixture(scope="module")
def address(module_settings):
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(errands, "answered", answered_here)
        with served(module_settings.model_copy(update={"max_wait_seconds": 0.5}), in_memory) as client:
            yield str(client.base_url)


async def answered_here(name, raw, settings):
    """The answer of an errand that is worked out without a process of its own, and told to stop when it begins."""
    answer = await asyncio.to_thread(errand(name), raw, lambda: True)
    return answer.model_dump(mode="json")


@FITTING.parametrize()
@BRIEFLY
def test_what_fits_is_answered_as_described(case, address):
    case.call_and_validate(base_url=address, checks=CHECKS, timeout=20)


@NEARLY_FITTING.parametrize()
@BRIEFLY
def test_what_nearly_fits_is_answered_as_described(case, address):
    case.call_and_validate(base_url=address, checks=CHECKS, timeout=20)
