"""A list of faults in the making."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from schemas.fault import Fault, RequestRefused
from schemas.listed import MOST_FAULTS
from solver.reading.structure import pointer, quoted


@dataclass
class Faults:
    """Faults found so far; after a thousand no more are kept."""

    found: list[Fault] = field(default_factory=list)

    def add(self, place: tuple[str | int, ...], found: object, expected: str, text: str) -> None:
        if len(self.found) < MOST_FAULTS:
            shown = found if isinstance(found, str) and found else quoted(found)
            self.found.append(Fault(pointer=pointer(place), found=shown, expected=expected, text=text))

    def adopt(self, name: str, refused: RequestRefused) -> None:
        """Takes over the faults of a part, each at its place in the whole."""
        self.found += [fault.model_copy(update={"pointer": f"/{name}{fault.pointer}"}) for fault in refused.faults]

    def refuse(self) -> None:
        """Refuses what has faults.

        Raises:
            RequestRefused: with all of them.
        """
        if self.found:
            raise RequestRefused(self.found)

    def twice(self, place: tuple[str | int, ...], what: str, ids: Iterable[str]) -> None:
        """Every id that stands in the list more than once."""
        ids = list(ids)
        counts = Counter(ids)
        seen: set[str] = set()
        for number, one in enumerate(ids):
            if counts[one] > 1 and one in seen:
                self.add((*place, number, "id"), one, "an id of its own", f"There are two {what} with the id {one!r}.")
            seen.add(one)

    def on_grid(self, place: tuple[str | int, ...], minutes: int, step: int, what: str) -> None:
        """Minutes that are no whole number of intervals."""
        if minutes % step:
            near = max(step, round(minutes / step) * step)
            self.add(
                place,
                f"{minutes} minutes",
                f"a multiple of {step}",
                f"{what} is {minutes} minutes, which is off the {step}-minute grid. Maybe {near} is meant.",
            )
