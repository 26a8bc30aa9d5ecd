"""Calendar subscriptions in a database."""

from __future__ import annotations

import sqlalchemy as sa

from service.adapters.outage import reading, writing
from service.adapters.tables import calendar, job
from service.jobs.calendars import CalendarRecord


class SqlCalendars:
    """Fulfils `Calendars` on SQLite and Postgres."""

    def __init__(self, database: sa.Engine) -> None:
        self._database = database

    def add(self, record: CalendarRecord, *, most: int) -> bool:
        theirs = sa.select(calendar.c.id).where(calendar.c.job_id == record.job_id)
        with writing(self._database) as connection:
            locked = sa.select(job.c.id).where(job.c.id == record.job_id).with_for_update()
            if connection.execute(locked).first() is None:
                return False
            if connection.execute(theirs.offset(most - 1).limit(1)).first() is not None:
                return False
            connection.execute(
                sa.insert(calendar).values(
                    id=record.id, tenant=record.tenant, job_id=record.job_id, agent_id=record.agent_id,
                    digest=record.digest, created_at=record.created_at,
                )
            )  # fmt: skip
        return True

    def list_of(self, tenant: str, job_id: str) -> list[CalendarRecord]:
        query = sa.select(calendar).where(calendar.c.tenant == tenant, calendar.c.job_id == job_id)
        with reading(self._database) as connection:
            return [CalendarRecord(**row) for row in connection.execute(query.order_by(calendar.c.id)).mappings()]

    def change(self, tenant: str, job_id: str, calendar_id: str, digest: str) -> CalendarRecord | None:
        statement = sa.update(calendar).where(*_one(tenant, job_id, calendar_id)).values(digest=digest)
        with writing(self._database) as connection:
            row = connection.execute(statement.returning(calendar)).mappings().one_or_none()
        return None if row is None else CalendarRecord(**row)

    def remove(self, tenant: str, job_id: str, calendar_id: str) -> bool:
        with writing(self._database) as connection:
            gone = sa.delete(calendar).where(*_one(tenant, job_id, calendar_id)).returning(calendar.c.id)
            return connection.execute(gone).first() is not None

    def find(self, digest: str) -> CalendarRecord | None:
        with reading(self._database) as connection:
            query = sa.select(calendar).where(calendar.c.digest == digest)
            row = connection.execute(query).mappings().one_or_none()
        return None if row is None else CalendarRecord(**row)


def _one(tenant: str, job_id: str, calendar_id: str) -> tuple[sa.ColumnElement[bool], ...]:
    return calendar.c.tenant == tenant, calendar.c.job_id == job_id, calendar.c.id == calendar_id
