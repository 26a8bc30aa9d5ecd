"""Finding rosters: first one quickly, then better ones for as long as there is time."""

from solver.search.annealing import Annealer

__all__ = ["Annealer"]
