"""The page that describes the interface: whole, of the service alone, and under the policy of its other pages."""

import json

from service.main import create_app
from service.settings import Settings

OPERATIONS = [
    (method.upper(), path)
    for path, operations in create_app(Settings()).openapi()["paths"].items()
    for method in operations
]


def test_every_operation_is_described(new_page, service):
    page = new_page(f"{service.base_url}/docs")
    page.locator(".opblock").first.wait_for()
    blocks = page.locator(".opblock-summary").all()
    shown = {
        (block.locator(".opblock-summary-method").inner_text(), block.locator("[data-path]").get_attribute("data-path"))
        for block in blocks
    }
    assert shown == set(OPERATIONS)


def test_a_call_can_be_tried(new_page, service):
    page = new_page(f"{service.base_url}/docs")
    block = page.locator("#operations-operations-operations_healthz")
    block.locator(".opblock-summary-control").click()
    block.get_by_role("button", name="Try it out").click()
    block.get_by_role("button", name="Execute").click()
    answer = block.locator(".live-responses-table .highlight-code code").first
    assert json.loads(answer.inner_text())["status"] == "ok"
