"""How Alembic reaches the database: on the connection that `adapters/database.py` hands over."""

from typing import Any, Literal

from alembic import context

from service.adapters.database import VERSION_TABLE
from service.adapters.tables import UTCDateTime, metadata


def is_ours(name: str | None, kind: str, _: Any) -> bool:
    """The engine keeps its tables in the same database; they are not ours to migrate."""
    return kind != "table" or name in metadata.tables


def render(kind: str, thing: Any, _: Any) -> str | Literal[False]:
    """Our own column type by its own name."""
    return "UTCDateTime()" if kind == "type" and isinstance(thing, UTCDateTime) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=VERSION_TABLE,
    render_as_batch=True,
    include_name=is_ours,
    render_item=render,
)
with context.begin_transaction():
    context.run_migrations()
