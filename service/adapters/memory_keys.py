"""API keys in memory."""

from __future__ import annotations

import threading
from dataclasses import replace

from service.access.keys import ApiKey
from service.jobs.job import now


class MemoryKeys:
    """Fulfils `Keys` with a dictionary by prefix, and a lock."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._keys: dict[str, ApiKey] = {}

    def add(self, key: ApiKey) -> None:
        with self._lock:
            self._keys[key.prefix] = key

    def every(self) -> list[ApiKey]:
        with self._lock:
            return sorted(self._keys.values(), key=lambda key: key.created_at)

    def find(self, digest: str) -> ApiKey | None:
        return next((key for key in self.every() if key.digest == digest), None)

    def any(self) -> bool:
        return bool(self._keys)

    def used(self, key_id: str) -> None:
        with self._lock:
            self._keys = {
                prefix: replace(key, last_used_at=now()) if key.id == key_id else key
                for prefix, key in self._keys.items()
            }

    def revoke(self, prefix: str) -> ApiKey | None:
        with self._lock:
            key = self._keys.get(prefix)
            if key is None:
                return None
            self._keys[prefix] = replace(key, revoked_at=key.revoked_at or now())
            return self._keys[prefix]
