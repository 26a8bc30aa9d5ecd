"""What may go wrong for a caller; each error carries its HTTP status, and `api/errors.py` turns it into an answer."""

from __future__ import annotations

from typing import ClassVar

from schemas.fault import Fault
from schemas.job import LEAST_URGENT

QUEUE_SECONDS = 10
"""Time after which a full queue may have room again."""


class ServiceError(Exception):
    """A refusal with a sentence for the caller."""

    status: ClassVar[int] = 500
    title: ClassVar[str] = "Something went wrong"

    def __init__(self, detail: str, *, faults: tuple[Fault, ...] = (), headers: dict[str, str] | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.faults = faults
        self.headers = headers or {}


class NotKnownError(ServiceError):
    """The caller shows no key where one is needed, or a wrong one."""

    status = 401
    title = "Who is calling?"

    def __init__(self, detail: str, *, wrong: bool = False) -> None:
        fault = ', error="invalid_token"' if wrong else ""
        super().__init__(detail, headers={"WWW-Authenticate": f'Bearer realm="stint"{fault}'})


class IdentityUnavailableError(ServiceError):
    """The identity provider cannot be asked for its keys, and none are known."""

    status = 503
    title = "Identity provider not available"

    def __init__(self, said: str = "") -> None:
        super().__init__(
            "The keys of the identity provider cannot be had. Try again in a moment; API keys work meanwhile.",
            headers={"Retry-After": "10"},
        )
        self.said = said


class NotAllowedError(ServiceError):
    """The caller is known, and may not do this."""

    status = 403
    title = "Not allowed"

    def __init__(self, scope: str, has: str) -> None:
        super().__init__(
            f"This needs the scope {scope!r}, and the key has {has or 'none'}. Maybe another key is meant for it.",
            headers={"WWW-Authenticate": f'Bearer realm="stint", error="insufficient_scope", scope="{scope}"'},
        )


class OthersFiguresError(ServiceError):
    """The caller asks for figures of all tenants, and is one of them."""

    status = 403
    title = "Not allowed"

    def __init__(self) -> None:
        super().__init__(
            "These figures are of all tenants together, and are shown to who runs the service. "
            "Maybe STINT_METRICS_TENANT is meant to name this key's tenant."
        )


class JobNotFoundError(ServiceError):
    """There is no such job, or it is another tenant's."""

    status = 404
    title = "No such job"

    def __init__(self, job_id: str) -> None:
        super().__init__(f"There is no job {job_id[:80]!r}. Maybe it was erased, or the id has lost a character.")


class RosterNotThereError(ServiceError):
    """The job is known, and has no roster so far."""

    status = 404
    title = "No roster yet"


class ExplanationNotThereError(ServiceError):
    """The job is known, and there is nothing to explain so far."""

    status = 404
    title = "No explanation yet"


class AgentNotFoundError(ServiceError):
    """The job is known, and its request has no such agent."""

    status = 404
    title = "No such agent"


class NotAcceptableError(ServiceError):
    """The caller accepts none of the formats there are."""

    status = 406
    title = "No such format"


class KeyReusedError(ServiceError):
    """An Idempotency-Key came a second time with another request."""

    status = 409
    title = "Idempotency-Key used for another request"

    def __init__(self, key: str) -> None:
        super().__init__(
            f"The Idempotency-Key {key!r} was used before with a different request. "
            "Maybe the request was changed after the first try; then it needs a new key."
        )


class BodyTooLargeError(ServiceError):
    """The body is larger than the service takes."""

    status = 413
    title = "Request too large"


class BodyNotReadableError(ServiceError):
    """The body is not what its headers say."""

    status = 400
    title = "Request cannot be unpacked"


class WrongContentTypeError(ServiceError):
    """The body is not JSON by its own account."""

    status = 415
    title = "Request is not JSON"


REASONS = {
    "full": "Its disk is full",
    "no space": "Its disk is full",
    "readonly": "It may only be read",
    "read-only": "It may only be read",
}
"""What a caller may know of an outage, by a word of what the database said; the rest names hosts and files."""


class TenantQueueFullError(ServiceError):
    """The tenant has as many jobs waiting as it may have."""

    status = 429
    title = "Too many jobs waiting"

    def __init__(self, most: int) -> None:
        super().__init__(
            f"{most:,} jobs of this tenant wait already, which is the most. Try again when some have started, "
            "or cancel some that are not needed any more.",
            headers={"Retry-After": str(QUEUE_SECONDS)},
        )


class QueueFullError(ServiceError):
    """As many jobs wait as the service takes."""

    status = 503
    title = "Queue full"

    def __init__(self) -> None:
        super().__init__(
            "As many jobs wait as this service takes. Try again in a moment.",
            headers={"Retry-After": str(QUEUE_SECONDS)},
        )


class TooManyCallsError(ServiceError):
    """The tenant calls more often than it may."""

    status = 429
    title = "Too many calls"

    def __init__(self, per_minute: int, wait_seconds: int) -> None:
        super().__init__(
            f"A tenant may call {per_minute:,} times a minute, and this one has. "
            "Maybe waiting with `Prefer: wait` or following the events needs fewer calls.",
            headers={"Retry-After": str(wait_seconds)},
        )


class TooUrgentError(ServiceError):
    """The caller asks for a place in the queue that it may not have."""

    status = 403
    title = "Not allowed"

    def __init__(self, asked: int, allowed: int) -> None:
        super().__init__(
            f"The priority {asked} is more urgent than this key may ask for, which is {allowed} to {LEAST_URGENT}; "
            "a smaller number is more urgent."
        )


class StoreUnavailableError(ServiceError):
    """The database cannot be reached, or cannot write: it is away, its disk is full, or it may only be read."""

    status = 503
    title = "Database not available"

    def __init__(self, said: str) -> None:
        reason = next((reason for sign, reason in REASONS.items() if sign in said.lower()), "It does not answer")
        super().__init__(
            f"{reason}. Try again in a moment; with an Idempotency-Key that never makes a second job.",
            headers={"Retry-After": "5"},
        )
        self.said = said


class WebhookNotFoundError(ServiceError):
    """There is no such webhook, or it is another tenant's."""

    status = 404
    title = "No such webhook"

    def __init__(self, webhook_id: str) -> None:
        super().__init__(f"There is no webhook {webhook_id[:80]!r}. Maybe it was removed.")


class TooManyWebhooksError(ServiceError):
    """There are as many webhooks as there may be."""

    status = 409
    title = "Too many webhooks"

    def __init__(self, most: int, *, of_a_job: bool) -> None:
        whose = "This job has" if of_a_job else "There are"
        super().__init__(f"{whose} {most} webhooks, which is the most. Maybe some are not needed any more.")


class CalendarNotFoundError(ServiceError):
    """There is no such calendar subscription, or its address was changed."""

    status = 404
    title = "No such calendar"

    def __init__(self) -> None:
        super().__init__("There is no such calendar. Maybe its address was changed, or the roster was erased.")


class TooManyCalendarsError(ServiceError):
    """The job has as many calendar subscriptions as it may have."""

    status = 409
    title = "Too many calendars"

    def __init__(self, most: int) -> None:
        super().__init__(f"This job has {most} calendar subscriptions, which is the most.")


class NotReadyError(ServiceError):
    """The service cannot work at the moment."""

    status = 503
    title = "Not ready"


class TenantErrandsBusyError(ServiceError):
    """As many questions of the tenant wait to be answered as may."""

    status = 429
    title = "Too many questions waiting"

    def __init__(self, most: int) -> None:
        super().__init__(
            f"{most:,} of these of this tenant wait for their answers already, which is the most. "
            "Try again when one has come.",
            headers={"Retry-After": "5"},
        )


class ErrandsBusyError(ServiceError):
    """As many questions are being answered, and wait to be, as the service takes at once."""

    status = 503
    title = "Busy"

    def __init__(self, at_once: int) -> None:
        super().__init__(
            f"The service answers {at_once} of these at once, and others wait already. Try again in a moment.",
            headers={"Retry-After": "5"},
        )


class ErrandFailedError(ServiceError):
    """The process that was to answer did not."""

    status = 500
    title = "No answer"
