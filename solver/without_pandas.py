"""Keeps pandas out of a solver's process, where half the time of starting would go to importing it.

OR-Tools (9.15: `python -X importtime -c "import ortools.sat.python.cp_model"`) imports it for methods that take and
give series, of which Stint calls none.
"""

from __future__ import annotations

import sys
from types import ModuleType


class StandIn(ModuleType):
    """Has a class of every name, for annotations and for asking whether something is one; nothing is."""

    def __getattr__(self, name: str) -> type:
        if name.startswith("__"):
            raise AttributeError(name)
        made = type(name, (), {"__module__": self.__name__})
        setattr(self, name, made)
        return made


def leave_pandas_out() -> None:
    """Let `import pandas` give a stand-in from now on; where pandas is loaded already it stays."""
    sys.modules.setdefault("pandas", StandIn("pandas"))
