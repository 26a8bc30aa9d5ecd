"""Which workers live, by the heartbeats that they leave in the database."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa

from service.adapters.clock import seconds
from service.adapters.outage import reading, writing
from service.adapters.tables import executor, inserting

LOOKS = 4
"""Looks in a row at which a heartbeat has not moved before its worker counts as dead."""


@dataclass
class _Seen:
    """The last heartbeat that was seen of a host, and at how many looks since it was still the same."""

    beat: float
    looks: int = 0


class Hosts:
    """The workers of a database, seen from one of them.

    A host is dead when its heartbeat has stood still at several looks of ours. No clocks are compared: after an outage
    of the database, a pause of this host or a jump of a clock, everybody has the time of several looks to beat again.
    """

    def __init__(self, database: sa.Engine, name: str, places: int = 1) -> None:
        self._database = database
        self._name = name
        self._places = places
        self._seen: dict[str, _Seen] = {}

    def alive(self) -> frozenset[str]:
        """Leave a heartbeat, look at those of the others, and give the names of all that live."""
        beats = _beat(self._database, self._name, self._places)
        self._seen = {name: self._look(name, beat) for name, beat in beats.items()}
        return frozenset({self._name, *(name for name, seen in self._seen.items() if seen.looks < LOOKS)})

    def offer(self, places: int) -> None:
        """Offer so many places from the next heartbeat on."""
        self._places = places

    def leave(self) -> None:
        """Take this host's heartbeat away: it is about to end, and others may have its jobs at once."""
        self.bury({self._name})

    def bury(self, names: Collection[str]) -> None:
        """Take away heartbeats of the dead; one that was only paused beats again."""
        with writing(self._database) as connection:
            connection.execute(sa.delete(executor).where(executor.c.id.in_(names)))

    def known(self) -> frozenset[str]:
        """The names of all that have a heartbeat, old or new."""
        with reading(self._database) as connection:
            return frozenset(connection.execute(sa.select(executor.c.id)).scalars())

    def places(self) -> int:
        """Solves that all of them run at once."""
        with reading(self._database) as connection:
            return int(connection.execute(sa.select(sa.func.sum(executor.c.places))).scalar() or 1)

    def _look(self, name: str, beat: float) -> _Seen:
        seen = self._seen.get(name)
        return _Seen(beat) if seen is None or seen.beat != beat else _Seen(beat, seen.looks + 1)


def _beat(database: sa.Engine, name: str, places: int) -> dict[str, float]:
    """Note that this host lives, by the database's clock, and give the last heartbeat of every host."""
    with writing(database) as connection:
        put = inserting(connection, executor).values(id=name, seen_at=seconds(database.dialect.name), places=places)
        news = {"seen_at": put.excluded.seen_at, "places": put.excluded.places}
        connection.execute(put.on_conflict_do_update(index_elements=["id"], set_=news))
        return {row.id: row.seen_at for row in connection.execute(sa.select(executor))}
