"""Jobs in a database; every query of the service is a function here, with a name that says it."""

from __future__ import annotations

import zlib
from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import Any, Literal

import sqlalchemy as sa

from schemas.roster import Status
from service.adapters.clock import instant
from service.adapters.database import wipe_log
from service.adapters.outage import reading, writing
from service.adapters.readiness import shortcomings
from service.adapters.sql_webhooks import tell_webhooks
from service.adapters.tables import executor, idempotency_key, inserting, job, job_document, job_event
from service.jobs.errors import KeyReusedError, QueueFullError, TenantQueueFullError
from service.jobs.job import (
    ENDED,
    Attempt,
    Ending,
    JobEvent,
    JobRecord,
    NewJob,
    Order,
    Whole,
    gap,
    progress_of_parts,
)
from service.jobs.packed import Packed, packed
from service.jobs.store import BOUNDLESS, Enqueue, Load, Room

OVER_THE_CAP = "The job was started {attempts} times and took its worker down each time, so it is not started again."

NO_JOIN = "Making one roster of those of the parts was tried {tries} times and did not come to an end."

SUBMITTING = 7_051_985
"""Any number, as long as it stays the same: the locks of Postgres under which a tenant submits."""

RECORD = [column for column in job.c if column.name not in ("time_limit_seconds", "joins")]


class SqlStore:
    """Fulfils `JobStore` on SQLite and Postgres."""

    def __init__(self, database: sa.Engine) -> None:
        self._database = database

    def add(self, new: NewJob, enqueue: Enqueue, *, key_hours: float, room: Room = BOUNDLESS) -> JobRecord:
        body = zlib.compress(new.request, level=6)
        with writing(self._database) as connection:
            if room.of_a_tenant is not None:
                _wait_for_others_of(connection, new.tenant)
            _insert_job(connection, new)
            if new.idempotency_key is not None:
                _forget_expired_keys(connection)
                if not _take_key(connection, new, key_hours):
                    return _job_of_key(connection, new)
            _check_room(connection, new.tenant, room)
            _put_request(connection, new, body)
            enqueue(connection, new)
            record = _job(connection, new.id)
        assert record is not None
        return record

    def get(self, tenant: str, job_id: str) -> JobRecord | None:
        with reading(self._database) as connection:
            return _own(connection, tenant, job_id)

    def with_parts(self, tenant: str, job_id: str) -> tuple[JobRecord, list[JobRecord]] | None:
        mine = job.c.tenant == tenant, sa.or_(job.c.id == job_id, job.c.parent_id == job_id)
        with reading(self._database) as connection:
            rows = connection.execute(sa.select(*RECORD).where(*mine).order_by(job.c.part)).mappings()
            found = [JobRecord(**row) for row in rows]
        own = next((record for record in found if record.id == job_id and record.parent_id is None), None)
        return None if own is None else (own, [record for record in found if record is not own])

    def page(self, tenant: str, *, status: Status | None, limit: int, before: str | None) -> list[JobRecord]:
        mine = job.c.tenant == tenant, job.c.parent_id.is_(None)
        query = sa.select(*RECORD).where(*mine).order_by(job.c.id.desc()).limit(limit)
        if status is not None:
            query = query.where(job.c.status == status)
        if before is not None:
            query = query.where(job.c.id < before)
        with reading(self._database) as connection:
            return [JobRecord(**row) for row in connection.execute(query).mappings()]

    def request_of(self, tenant: str, job_id: str) -> bytes | None:
        return self._document(tenant, job_id, "request")

    def roster_of(self, tenant: str, job_id: str) -> bytes | None:
        return self._document(tenant, job_id, "roster")

    def explanation_of(self, tenant: str, job_id: str) -> bytes | None:
        return self._document(tenant, job_id, "explanation")

    def keep_explanation(self, tenant: str, job_id: str, explanation: bytes) -> None:
        body = zlib.compress(explanation, level=6)
        with writing(self._database) as connection:
            if _job(connection, job_id, tenant) is not None:
                put = inserting(connection, job_document).values(job_id=job_id, kind="explanation", body=body)
                connection.execute(put.on_conflict_do_nothing())

    def packed(self, tenant: str, job_id: str, kind: Literal["request", "roster"]) -> Packed | None:
        with reading(self._database) as connection:
            body = _body(connection, job_id, kind, tenant)
        return None if body is None else Packed(body)

    def events_after(self, job_id: str, seq: int, *, limit: int = 1000) -> list[JobEvent]:
        query = (
            sa.select(job_event)
            .where(job_event.c.job_id == job_id, job_event.c.seq > seq)
            .order_by(job_event.c.seq)
            .limit(limit)
        )
        with reading(self._database) as connection:
            return [JobEvent(**row) for row in connection.execute(query).mappings()]

    def last_events(self, job_ids: Collection[str]) -> Mapping[str, tuple[int, bool]]:
        query = sa.select(job.c.id, job.c.last_event, job.c.status).where(job.c.id.in_(job_ids))
        with reading(self._database) as connection:
            return {row.id: (row.last_event, row.status in ENDED) for row in connection.execute(query)}

    def request_cancel(self, tenant: str, job_id: str) -> JobRecord | None:
        with writing(self._database) as connection:
            if _mark_cancelled(connection, tenant, job_id):
                record = _own(connection, tenant, job_id)
                if record is not None and (record.status == "queued" or _cancel_parts(connection, job_id)):
                    _end(connection, job_id, record.attempts, Ending("cancelled"))
            return _own(connection, tenant, job_id)

    def erase(self, tenant: str, job_id: str) -> JobRecord | None:
        with writing(self._database) as connection:
            record = _own(connection, tenant, job_id)
            mine = job.c.id == job_id, job.c.tenant == tenant, job.c.parent_id.is_(None)
            if connection.execute(sa.delete(job).where(*mine)).rowcount:
                connection.execute(sa.delete(job).where(job.c.parent_id == job_id))
        if record is not None:
            wipe_log(self._database)
        return record

    def begin(self, job_id: str, *, max_attempts: int) -> Attempt | None:
        with writing(self._database) as connection:
            row = _start_attempt(connection, job_id, max_attempts)
            body = _body(connection, job_id, "request")
            if row is None or body is None:
                _end_without_attempt(connection, job_id)
                return None
            _add_event(connection, job_id, row.attempts, "status", {"status": "running", "attempt": row.attempts})
        return Attempt(
            job_id, row.tenant, row.attempts, zlib.decompress(body), row.time_limit_seconds, row.priority, row.agents,
            is_part=row.parent_id is not None,
        )  # fmt: skip

    def note(self, job_id: str, attempt: int, progress: dict[str, Any] | None) -> Order:
        if progress is None:
            with reading(self._database) as connection:
                return _order(connection, job_id, attempt)
        with writing(self._database) as connection:
            parent = _locked_parent(connection, job_id)
            if _is_current(connection, job_id, attempt, progress=progress, **_figures(progress)):
                _add_event(connection, job_id, attempt, "progress", progress)
                if parent is not None:
                    _add_progress_of_parts(connection, parent)
            return _order(connection, job_id, attempt)

    def keep_roster(self, job_id: str, attempt: int, roster: bytes | Packed, cost: float | None) -> None:
        body = packed(roster, level=1).body
        with writing(self._database) as connection:
            if _is_current(connection, job_id, attempt) and _is_cheaper(connection, job_id, cost):
                _put_roster(connection, job_id, body, cost)

    def finish(self, job_id: str, attempt: int, ending: Ending) -> bool:
        body = None if ending.roster is None else packed(ending.roster).body
        with writing(self._database) as connection:
            _locked_parent(connection, job_id)  # of two parts that end together, one sees that the other has ended
            if not _end(connection, job_id, attempt, ending):
                return False
            if body is not None:
                _put_roster(connection, job_id, body, ending.cost)
        return True

    def divide(self, job_id: str, attempt: int, parts: Sequence[NewJob], enqueue: Enqueue) -> bool:
        bodies = [zlib.compress(part.request, level=6) for part in parts]
        with writing(self._database) as connection:
            if not _is_current(connection, job_id, attempt):
                return False
            for part, body in zip(parts, bodies, strict=True):
                _insert_job(connection, part)
                _put_request(connection, part, body)
                enqueue(connection, part)
            _add_event(connection, job_id, attempt, "status", {"status": "running", "parts": len(parts)})
        return True

    def parts_of(self, tenant: str, job_id: str) -> list[JobRecord]:
        with reading(self._database) as connection:
            return [part for part in _parts(connection, job_id) if part.tenant == tenant]

    def to_join(self, job_id: str, *, max_attempts: int) -> Whole | None:
        with reading(self._database) as connection:  # a look that writes nothing, for mostly there is nothing
            parent = connection.execute(sa.select(job.c.parent_id).where(job.c.id == job_id)).scalar()
            if not _parts_have_ended(connection, parent or job_id):
                return None
        with writing(self._database) as connection:
            return _whole(connection, parent or job_id, max_attempts)

    def load(self) -> Load:
        count, oldest = sa.func.count(), sa.func.min(job.c.created_at)
        query = sa.select(job.c.status, count, oldest).where(job.c.status.in_(("queued", "running")), ~_is_divided())
        with reading(self._database) as connection:
            rows = {row[0]: row for row in connection.execute(query.group_by(job.c.status))}
            workers, places = connection.execute(
                sa.select(count, sa.func.coalesce(sa.func.sum(executor.c.places), 0)).select_from(executor)
            ).one()
            waiting = (instant(connection) - rows["queued"][2]).total_seconds() if "queued" in rows else 0.0
        queued, running = (rows[name][1] if name in rows else 0 for name in ("queued", "running"))
        return Load(queued, running, max(0.0, waiting), workers, places)

    def ended_for(self, age: timedelta, *, limit: int) -> list[tuple[str, str]]:
        with reading(self._database) as connection:
            query = (
                sa.select(job.c.tenant, job.c.id)
                .where(job.c.finished_at < instant(connection) - age)
                .where(job.c.status.in_(ENDED), job.c.parent_id.is_(None))
                .order_by(job.c.finished_at)
                .limit(limit)
            )
            return [(row.tenant, row.id) for row in connection.execute(query)]

    def shortcomings(self, *, beat_seconds: float, least_free_mb: int) -> list[str]:
        return shortcomings(self._database, beat_seconds=beat_seconds, least_free_mb=least_free_mb)

    def _document(self, tenant: str, job_id: str, kind: str) -> bytes | None:
        with reading(self._database) as connection:
            body = _body(connection, job_id, kind, tenant)
        return None if body is None else zlib.decompress(body)


def _insert_job(connection: sa.Connection, new: NewJob) -> None:
    connection.execute(
        sa.insert(job).values(
            id=new.id,
            tenant=new.tenant,
            name=new.name,
            status="queued",
            priority=new.priority,
            time_limit_seconds=new.time_limit_seconds,
            created_at=instant(connection),
            attempts=0,
            cancel_requested=False,
            last_event=0,
            agents=new.agents,
            parent_id=new.parent_id,
            part=new.part,
        )
    )


def _put_request(connection: sa.Connection, new: NewJob, body: bytes) -> None:
    """Keep what the job is to do, and that it is queued."""
    connection.execute(sa.insert(job_document).values(job_id=new.id, kind="request", body=body))
    _add_event(connection, new.id, 0, "status", {"status": "queued"})


def _wait_for_others_of(connection: sa.Connection, tenant: str) -> None:
    """Let submissions of a tenant come one after the other, so that each counts those before; SQLite does so anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(SUBMITTING, sa.func.hashtext(tenant))))


def _check_room(connection: sa.Connection, tenant: str, room: Room) -> None:
    """Make sure that the job just kept is not one too many; the error takes it back."""
    waiting = sa.and_(job.c.status == "queued", job.c.parent_id.is_(None))
    if room.of_a_tenant is not None and _more_than(connection, room.of_a_tenant, waiting, job.c.tenant == tenant):
        raise TenantQueueFullError(room.of_a_tenant)
    if room.in_all is not None and _more_than(connection, room.in_all, waiting):
        raise QueueFullError


def _more_than(connection: sa.Connection, most: int, *which: sa.ColumnElement[bool]) -> bool:
    """Whether there are more such jobs, without counting further than that."""
    return connection.execute(sa.select(job.c.id).where(*which).offset(most).limit(1)).first() is not None


def _forget_expired_keys(connection: sa.Connection) -> None:
    connection.execute(sa.delete(idempotency_key).where(idempotency_key.c.expires_at < instant(connection)))


def _take_key(connection: sa.Connection, new: NewJob, key_hours: float) -> bool:
    """Take the key for this job; False when it is taken."""
    put = inserting(connection, idempotency_key).values(
        tenant=new.tenant,
        key=new.idempotency_key,
        fingerprint=new.fingerprint,
        job_id=new.id,
        expires_at=instant(connection) + timedelta(hours=key_hours),
    )
    taken = put.on_conflict_do_nothing().returning(idempotency_key.c.job_id)
    return connection.execute(taken).first() is not None  # the count of rows is not told of such an insert on Postgres


def _job_of_key(connection: sa.Connection, new: NewJob) -> JobRecord:
    """The job that took the key first; the row made for the new one goes again."""
    connection.execute(sa.delete(job).where(job.c.id == new.id))
    row = connection.execute(
        sa.select(idempotency_key).where(
            idempotency_key.c.tenant == new.tenant, idempotency_key.c.key == new.idempotency_key
        )
    ).one()
    if row.fingerprint != new.fingerprint:
        raise KeyReusedError(new.idempotency_key or "")
    record = _job(connection, row.job_id)
    assert record is not None  # a key goes with its job
    return record


def _body(connection: sa.Connection, job_id: str, kind: str, tenant: str | None = None) -> bytes | None:
    query = sa.select(job_document.c.body).where(job_document.c.job_id == job_id, job_document.c.kind == kind)
    if tenant is not None:
        query = query.join(job).where(job.c.tenant == tenant)
    body: bytes | None = connection.execute(query).scalar_one_or_none()
    return body


def _put_roster(connection: sa.Connection, job_id: str, body: bytes, cost: float | None) -> None:
    put = inserting(connection, job_document).values(job_id=job_id, kind="roster", body=body, cost=cost)
    connection.execute(
        put.on_conflict_do_update(
            index_elements=["job_id", "kind"], set_={"body": put.excluded.body, "cost": put.excluded.cost}
        )
    )


def _is_cheaper(connection: sa.Connection, job_id: str, cost: float | None) -> bool:
    """Whether there is no roster yet, or a dearer one."""
    kept = connection.execute(
        sa.select(job_document.c.cost).where(job_document.c.job_id == job_id, job_document.c.kind == "roster")
    ).first()
    return kept is None or (cost is not None and (kept.cost is None or cost < kept.cost))


def _job(connection: sa.Connection, job_id: str, tenant: str | None = None) -> JobRecord | None:
    query = sa.select(*RECORD).where(job.c.id == job_id)
    if tenant is not None:
        query = query.where(job.c.tenant == tenant)
    row = connection.execute(query).mappings().one_or_none()
    return None if row is None else JobRecord(**row)


def _own(connection: sa.Connection, tenant: str, job_id: str) -> JobRecord | None:
    """The job as its tenant has it; one that is part of another is not."""
    found = _job(connection, job_id, tenant)
    return None if found is None or found.parent_id else found


def _start_attempt(connection: sa.Connection, job_id: str, max_attempts: int) -> sa.Row[Any] | None:
    """Count an attempt of a job that may have one; the row as it is then, None when it may not."""
    return connection.execute(
        sa.update(job)
        .where(job.c.id == job_id, job.c.status.in_(("queued", "running")), ~_has_parts(job_id))
        .where(job.c.cancel_requested.is_(False), job.c.attempts < max_attempts)
        .values(status="running", attempts=job.c.attempts + 1)
        .values(started_at=sa.func.coalesce(job.c.started_at, instant(connection)))
        .returning(
            job.c.tenant, job.c.attempts, job.c.time_limit_seconds, job.c.priority, job.c.agents, job.c.parent_id
        )
    ).one_or_none()


def _end_without_attempt(connection: sa.Connection, job_id: str) -> None:
    """End a job that must not be started again; one that is gone or has ended stays as it is."""
    left = _job(connection, job_id)
    if left is None or left.ended or _parts(connection, job_id):
        return
    given_up = Ending("failed", error=OVER_THE_CAP.format(attempts=left.attempts))
    _end(connection, job_id, left.attempts, Ending("cancelled") if left.cancel_requested else given_up)


def _is_current(connection: sa.Connection, job_id: str, attempt: int, **values: Any) -> bool:
    """Write to the job if it runs and this is its attempt, and say whether that is so."""
    done = connection.execute(
        sa.update(job)
        .where(job.c.id == job_id, job.c.attempts == attempt, job.c.status == "running")
        .values(**(values or {"attempts": attempt}))
    )
    return done.rowcount > 0


def _figures(progress: dict[str, Any]) -> dict[str, Any]:
    """What of the progress the job shows as its own."""
    names = {"cost": "cost", "bound": "lower_bound", "gap_percent": "gap_percent"}
    return {column: progress[name] for name, column in names.items() if progress.get(name) is not None}


def _figures_of_kept(connection: sa.Connection, job_id: str) -> dict[str, Any]:
    """What the job shows that ends with the roster kept so far: the solver may have told of cheaper ones since."""
    kept = connection.execute(
        sa.select(job_document.c.cost, job.c.lower_bound)
        .join(job)
        .where(job_document.c.job_id == job_id, job_document.c.kind == "roster")
    ).first()
    if kept is None or kept.cost is None:
        return {}
    return {"cost": kept.cost} | ({} if kept.lower_bound is None else {"gap_percent": gap(kept.cost, kept.lower_bound)})


def _order(connection: sa.Connection, job_id: str, attempt: int) -> Order:
    row = connection.execute(
        sa.select(job.c.attempts, job.c.cancel_requested, job.c.status).where(job.c.id == job_id)
    ).one_or_none()
    if row is None or row.attempts != attempt or row.status != "running":
        return Order.ABANDON
    return Order.STOP if row.cancel_requested else Order.GO_ON


def _mark_cancelled(connection: sa.Connection, tenant: str, job_id: str) -> bool:
    """Ask for the end of a job that has not ended; False when there is none."""
    done = connection.execute(
        sa.update(job)
        .where(job.c.id == job_id, job.c.tenant == tenant, job.c.status.not_in(ENDED), job.c.parent_id.is_(None))
        .values(cancel_requested=True)
    )
    return done.rowcount > 0


def _end(connection: sa.Connection, job_id: str, attempt: int, ending: Ending) -> bool:
    """Record the end of a job, fenced by its attempt; figures that the ending does not have stay as they are."""
    figures = {
        name: getattr(ending, name)
        for name in ("verdict", "cost", "lower_bound", "gap_percent", "error")
        if getattr(ending, name) is not None
    }
    if ending.cost is None:
        figures.update(_figures_of_kept(connection, job_id))
    done = connection.execute(
        sa.update(job)
        .where(job.c.id == job_id, job.c.attempts == attempt, job.c.status.not_in(ENDED))
        .values(status=ending.status, finished_at=instant(connection), **figures)
    )
    if done.rowcount == 0:
        return False
    _add_event(connection, job_id, attempt, "status", {"status": ending.status, **figures})
    if connection.execute(sa.select(job.c.parent_id).where(job.c.id == job_id)).scalar() is None:
        tell_webhooks(connection, job_id, ending.status)
    return True


def _has_parts(job_id: str) -> sa.Exists:
    part = job.alias()
    return sa.exists().where(part.c.parent_id == job_id)


def _is_divided() -> sa.Exists:
    """Whether a job only waits for its parts."""
    part = job.alias()
    return sa.exists().where(part.c.parent_id == job.c.id)


def _parts(connection: sa.Connection, job_id: str) -> list[JobRecord]:
    rows = connection.execute(sa.select(*RECORD).where(job.c.parent_id == job_id).order_by(job.c.part)).mappings()
    return [JobRecord(**row) for row in rows]


def _parts_have_ended(connection: sa.Connection, job_id: str) -> bool:
    """Whether the job has parts, and none of them is still to end."""
    parts = sa.select(job.c.status).where(job.c.parent_id == job_id)
    found = connection.execute(parts).scalars().all()
    return bool(found) and all(status in ENDED for status in found)


def _locked_parent(connection: sa.Connection, job_id: str) -> str | None:
    """The job that this one is a part of, kept from changing until the transaction ends; None for most."""
    parent: str | None = connection.execute(sa.select(job.c.parent_id).where(job.c.id == job_id)).scalar()
    if parent is not None:
        connection.execute(sa.select(job.c.id).where(job.c.id == parent).with_for_update())
    return parent


def _cancel_parts(connection: sa.Connection, job_id: str) -> bool:
    """Cancel the parts of a job; whether that ended the last of them, so that nobody is left to end the whole."""
    connection.execute(
        sa.update(job).where(job.c.parent_id == job_id, job.c.status.not_in(ENDED)).values(cancel_requested=True)
    )
    queued = [part for part in _parts(connection, job_id) if part.status == "queued"]
    for part in queued:
        _end(connection, part.id, part.attempts, Ending("cancelled"))
    return bool(queued) and _parts_have_ended(connection, job_id)


def _add_progress_of_parts(connection: sa.Connection, job_id: str) -> None:
    """Show how far the whole is, at most once a second."""
    whole = _job(connection, job_id)
    last = sa.select(job_event.c.created_at, job_event.c.kind).where(job_event.c.job_id == job_id)
    if whole is None or whole.ended:
        return
    newest = connection.execute(last.where(job_event.c.seq == whole.last_event)).one()
    if newest.kind == "progress" and abs(instant(connection) - newest.created_at) < timedelta(seconds=1):
        return
    progress = progress_of_parts(whole, _parts(connection, job_id))
    connection.execute(sa.update(job).where(job.c.id == job_id).values(progress=progress, **_figures(progress)))
    _add_event(connection, job_id, whole.attempts, "progress", progress)


def _whole(connection: sa.Connection, job_id: str, max_attempts: int) -> Whole | None:
    """What is to be joined, with one try more on the count; None when somebody has done it, or it was tried enough."""
    mine = job.c.id == job_id, job.c.status == "running"
    tries = connection.execute(
        sa.update(job).where(*mine).values(joins=job.c.joins + 1).returning(job.c.joins)
    ).scalar_one_or_none()
    record, request = _job(connection, job_id), _body(connection, job_id, "request")
    if tries is None or record is None or request is None:
        return None
    if tries > max_attempts:
        _end(connection, job_id, record.attempts, Ending("failed", error=NO_JOIN.format(tries=tries - 1)))
        return None
    parts = tuple(_parts(connection, job_id))
    bodies = (_body(connection, part.id, "roster") for part in parts)
    rosters = tuple(None if body is None else zlib.decompress(body) for body in bodies)
    return Whole(
        job_id, record.tenant, record.attempts, zlib.decompress(request), record.cancel_requested, parts, rosters
    )


def _add_event(connection: sa.Connection, job_id: str, attempt: int, kind: str, body: dict[str, Any]) -> None:
    """Give the event the next number of its job."""
    seq = connection.execute(
        sa.update(job).where(job.c.id == job_id).values(last_event=job.c.last_event + 1).returning(job.c.last_event)
    ).scalar_one()
    at = instant(connection)
    connection.execute(
        sa.insert(job_event).values(job_id=job_id, seq=seq, attempt=attempt, kind=kind, body=body, created_at=at)
    )
