"""Calendar subscriptions in memory."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace

from service.jobs.calendars import CalendarRecord


class MemoryCalendars:
    """Fulfils `Calendars` with a dictionary and a lock."""

    def __init__(self, is_there: Callable[[str], bool]) -> None:
        self._lock = threading.RLock()
        self._is_there = is_there
        self._calendars: dict[str, CalendarRecord] = {}

    def add(self, record: CalendarRecord, *, most: int) -> bool:
        with self._lock:
            if not self._is_there(record.job_id) or len(self.list_of(record.tenant, record.job_id)) >= most:
                return False
            self._calendars[record.id] = record
            return True

    def list_of(self, tenant: str, job_id: str) -> list[CalendarRecord]:
        with self._lock:
            found = [each for each in self._calendars.values() if (each.tenant, each.job_id) == (tenant, job_id)]
        return sorted(found, key=lambda each: each.id) if self._is_there(job_id) else []

    def change(self, tenant: str, job_id: str, calendar_id: str, digest: str) -> CalendarRecord | None:
        with self._lock:
            found = next((each for each in self.list_of(tenant, job_id) if each.id == calendar_id), None)
            if found is None:
                return None
            self._calendars[calendar_id] = replace(found, digest=digest)
            return self._calendars[calendar_id]

    def remove(self, tenant: str, job_id: str, calendar_id: str) -> bool:
        with self._lock:
            known = any(each.id == calendar_id for each in self.list_of(tenant, job_id))
            return known and self._calendars.pop(calendar_id) is not None

    def find(self, digest: str) -> CalendarRecord | None:
        with self._lock:
            found = next((each for each in self._calendars.values() if each.digest == digest), None)
        return found if found is not None and self._is_there(found.job_id) else None
