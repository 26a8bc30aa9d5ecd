"""Lower bounds: prices that prove how much better any roster could be."""

from solver.bound.lagrange import PriceSearch

__all__ = ["PriceSearch"]
