"""Webhooks: ask to be told when jobs end, and see what became of the telling."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from schemas.fault import Fault, RequestRefused
from schemas.webhook import Delivery, DeliveryList, Webhook, WebhookList, WebhookRequest
from service.adapters.post import RefusedAddressError, checked_url
from service.api.access import needs
from service.api.given import GivenSettings, GivenStore, GivenWebhooks, JsonBody, Tenant
from service.api.openapi import json_body, problems
from service.jobs.errors import WebhookNotFoundError
from service.jobs.webhooks import WebhookRecord, register
from service.settings import Settings
from solver.reading import read_as

router = APIRouter(prefix="/v1/webhooks", tags=["webhooks"])


def _webhook(webhook_id: str, tenant: Tenant, webhooks: GivenWebhooks) -> WebhookRecord:
    record = webhooks.get(tenant, webhook_id)
    if record is None:
        raise WebhookNotFoundError(webhook_id)
    return record


GivenWebhook = Annotated[WebhookRecord, Depends(_webhook)]


@router.post(
    "",
    status_code=201,
    openapi_extra=json_body(WebhookRequest) | needs("admin"),
    responses=problems(404, 409, 413, 415, 422, 503),
)
def add(
    raw: JsonBody,
    tenant: Tenant,
    webhooks: GivenWebhooks,
    store: GivenStore,
    settings: GivenSettings,
    response: Response,
) -> Webhook:
    """Ask to be told when jobs end, or when one job does; if that has ended already, it is told at once.

    Messages are signed as Standard Webhooks, with the secret of this answer, which is not shown again.
    They hold links and no data, and are tried again until the receiver answers with a status of 200 to 299.
    """
    record = register(_read(raw, settings), webhooks, store, tenant=tenant)
    shown = webhook_of(record)
    response.headers["Location"] = shown.links["self"]
    return shown.model_copy(update={"secret": record.secret})


@router.get("", responses=problems(503))
def every(tenant: Tenant, webhooks: GivenWebhooks) -> WebhookList:
    """The webhooks there are, oldest first, without their secrets."""
    return WebhookList(webhooks=tuple(webhook_of(record) for record in webhooks.list_of(tenant)))


@router.get("/{webhook_id}", responses=problems(404, 503))
def read(webhook: GivenWebhook) -> Webhook:
    """A webhook, without its secret."""
    return webhook_of(webhook)


@router.delete("/{webhook_id}", status_code=204, openapi_extra=needs("admin"), responses=problems(404, 503))
def remove(webhook_id: str, tenant: Tenant, webhooks: GivenWebhooks) -> None:
    """Remove a webhook; what was not delivered yet is not sent any more."""
    if not webhooks.remove(tenant, webhook_id):
        raise WebhookNotFoundError(webhook_id)


@router.get("/{webhook_id}/deliveries", responses=problems(404, 422, 503))
def deliveries(
    webhook: GivenWebhook,
    webhooks: GivenWebhooks,
    limit: Annotated[int, Query(ge=1, le=200, description="Most messages in the answer.")] = 50,
) -> DeliveryList:
    """The last messages, newest first, with how often each was tried and what came of it."""
    fields = Delivery.model_fields
    return DeliveryList(
        deliveries=tuple(
            Delivery(**{name: getattr(record, name) for name in fields})
            for record in webhooks.deliveries_of(webhook.id, limit=limit)
        )
    )


def webhook_of(record: WebhookRecord) -> Webhook:
    """The webhook as callers see it, without its secret."""
    here = f"/v1/webhooks/{record.id}"
    return Webhook(
        id=record.id,
        url=record.url,
        events=record.events,
        job_id=record.job_id,
        created_at=record.created_at,
        enabled=record.enabled,
        links={"self": here, "deliveries": f"{here}/deliveries"},
    )


def _read(raw: bytes, settings: Settings) -> WebhookRequest:
    """The webhook that is asked for.

    Raises:
        RequestRefused: with every fault of it.
    """
    wanted = read_as(WebhookRequest, raw)
    try:
        checked_url(wanted.url, private_addresses=settings.webhook_private_addresses)
    except RefusedAddressError as refused:
        expected = "a public http or https URL"
        fault = Fault(pointer="/url", found=wanted.url[:80], expected=expected, text=str(refused))
        raise RequestRefused([fault]) from None
    return wanted
