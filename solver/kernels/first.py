"""The first call of a kernel, made before there are threads."""

from __future__ import annotations

import numpy as np
from numba import typeof

from solver.compile.model import Model
from solver.kernels.search import draw


def introduce(model: Model) -> None:
    """Makes numba fill its own tables, as it does at first use: two threads at once can trip over each other (0.68)."""
    draw(np.ones(1, np.uint64))
    typeof(model.problem)
