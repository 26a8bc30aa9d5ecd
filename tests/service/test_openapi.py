"""The OpenAPI document says what is so, with an example on everything."""

import jsonschema_rs
import pytest

from service.api.samples import REQUEST, ROSTER
from service.main import create_app
from service.settings import Settings
from solver.reading import read_request, read_roster
from solver.rules import BOOK
from solver.verify import judge

DOCUMENT = create_app(Settings()).openapi()
SCHEMAS = DOCUMENT["components"]["schemas"]


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_schema_has_an_example_that_fits_it(name):
    whole = {"$ref": f"#/components/schemas/{name}", "components": {"schemas": SCHEMAS}}
    assert SCHEMAS[name]["examples"]
    for example in SCHEMAS[name]["examples"]:
        jsonschema_rs.validator_for(whole).validate(example)


def test_every_rule_of_the_book_may_be_in_a_work_plan():
    rules = SCHEMAS["Rule"]["discriminator"]["mapping"]
    assert set(rules) == {rule.model_fields["kind"].default for rule in BOOK}
    assert all(place.removeprefix("#/components/schemas/") in SCHEMAS for place in rules.values())


def test_every_reference_leads_somewhere():
    def references(part):
        if isinstance(part, dict):
            yield from ([part["$ref"]] if "$ref" in part else [])
            part = list(part.values())
        if isinstance(part, list):
            for inner in part:
                yield from references(inner)

    assert {place.removeprefix("#/components/schemas/") for place in references(DOCUMENT)} <= set(SCHEMAS)


def test_every_operation_is_described():
    for path, operations in DOCUMENT["paths"].items():
        for method, operation in operations.items():
            assert operation["description"], f"{method} {path}"
            for status, answer in operation["responses"].items():
                if int(status) >= 400:
                    assert list(answer["content"]) == ["application/problem+json"], f"{method} {path} {status}"


def test_no_status_is_described_twice():
    for operations in DOCUMENT["paths"].values():
        for operation in operations.values():
            assert all(isinstance(status, str) for status in operation["responses"])


def test_every_operation_has_a_name_of_its_own():
    names = [operation["operationId"] for operations in DOCUMENT["paths"].values() for operation in operations.values()]
    assert len(names) == len(set(names))
    assert all(name.isidentifier() for name in names)


def test_the_example_is_a_roster_of_the_example_request():
    request, roster = read_request(REQUEST), read_roster(ROSTER)
    judgement = judge(request, roster)
    assert judgement.violations == ()
    assert judgement.cost == roster.cost
    assert judgement.coverage == roster.coverage
