"""Requests that fit the OpenAPI document, and many that nearly do: every answer is one of those described.

`make fuzz` does the same for as long as one likes.
"""

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from service.main import create_app
from service.settings import Settings
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
DOCUMENT = create_app(Settings()).openapi()


def made(mode):
    """The document, from which requests of a kind are made."""
    return schemathesis.openapi.from_dict(
        DOCUMENT, config=schemathesis.Config.from_dict({"generation": {"mode": mode}})
    )


LONG = ["/v1/capacity-plans", "/v1/predictions", "/v1/work-plan-mixes"]
"""Each answer is worked out by a process of its own, for up to a minute; the long run has the time."""

WHOLE = ["/v1/rosters", "/v1/validations", "/v1/evaluations"]
"""They take a whole request: making ones that nearly fit takes half a minute before the first is sent."""

FITTING = made("positive").exclude(path=LONG)
NEARLY_FITTING = made("negative").exclude(path=[*LONG, *WHOLE], method="POST")


@pytest.fixture(scope="module")
def address(module_settings):
    with served(module_settings.model_copy(update={"max_wait_seconds": 0.5}), in_memory) as client:
        yield str(client.base_url)


@FITTING.parametrize()
@BRIEFLY
def test_what_fits_is_answered_as_described(case, address):
    case.call_and_validate(base_url=address, checks=CHECKS, timeout=20)


@NEARLY_FITTING.parametrize()
@BRIEFLY
def test_what_nearly_fits_is_answered_as_described(case, address):
    case.call_and_validate(base_url=address, checks=CHECKS, timeout=20)
