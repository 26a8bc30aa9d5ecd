"""Kernels that only kernels call, for tests that call them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from numba import njit


@cache
def from_python(inner: Any) -> Callable[..., Any]:
    """The kernel with the wrapper that Python needs to call it; compiled for the test, and not kept."""
    called: Callable[..., Any] = njit(nogil=True, no_cfunc_wrapper=True, _nrt=False)(inner.py_func)
    return called
