"""Why a roster is as it is, and why there is none."""

from solver.explain.recipe import explain

__all__ = ["explain"]
