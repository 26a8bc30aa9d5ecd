"""API keys in a database."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import sqlalchemy as sa

from service.access.keys import ApiKey
from service.adapters.clock import instant
from service.adapters.outage import reading, writing
from service.adapters.tables import api_key


class SqlKeys:
    """Fulfils `Keys` on SQLite and Postgres."""

    def __init__(self, database: sa.Engine) -> None:
        self._database = database

    def add(self, key: ApiKey) -> None:
        with writing(self._database) as connection:
            connection.execute(sa.insert(api_key).values(**asdict(key) | {"scopes": list(key.scopes)}))

    def every(self) -> list[ApiKey]:
        with reading(self._database) as connection:
            rows = connection.execute(sa.select(api_key).order_by(api_key.c.created_at)).mappings()
            return [_key(row) for row in rows]

    def find(self, digest: str) -> ApiKey | None:
        with reading(self._database) as connection:
            row = connection.execute(sa.select(api_key).where(api_key.c.digest == digest)).mappings().one_or_none()
        return None if row is None else _key(row)

    def any(self) -> bool:
        with reading(self._database) as connection:
            return connection.execute(sa.select(api_key.c.id).limit(1)).first() is not None

    def used(self, key_id: str) -> None:
        with writing(self._database) as connection:
            at = instant(connection)
            connection.execute(sa.update(api_key).where(api_key.c.id == key_id).values(last_used_at=at))

    def revoke(self, prefix: str) -> ApiKey | None:
        with writing(self._database) as connection:
            row = connection.execute(
                sa.update(api_key)
                .where(api_key.c.prefix == prefix)
                .values(revoked_at=sa.func.coalesce(api_key.c.revoked_at, instant(connection)))
                .returning(api_key)
            )
            found = row.mappings().one_or_none()
        return None if found is None else _key(found)


def _key(row: Any) -> ApiKey:
    return ApiKey(**{**row, "scopes": tuple(row["scopes"])})
