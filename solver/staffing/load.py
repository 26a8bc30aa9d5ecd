"""How much work arrives, in plain Python: the reader of requests asks it too."""

from __future__ import annotations

import math


def offered_load(volume: float, aht_seconds: float, interval_minutes: float) -> float:
    """Load in erlangs of `volume` calls in an interval, each handled in `aht_seconds` on average."""
    for name, number in (("volume", volume), ("aht_seconds", aht_seconds)):
        if not 0 <= number < math.inf:
            raise ValueError(f"{name} is {number}; a finite number that is not negative is expected.")
    if interval_minutes <= 0:
        raise ValueError(f"interval_minutes is {interval_minutes}; a positive number of minutes is expected.")
    return volume * aht_seconds / (60 * interval_minutes)
