"""How kernels are compiled: those that Python calls, and those that only other kernels call."""

from __future__ import annotations

from numba import njit

from solver.compile import model
from solver.kernels.by_reference import by_reference

for arrays in (
    model.Breaks,
    model.Coverage,
    model.Options,
    model.Presence,
    model.Problem,
    model.RuleTables,
    model.Shifts,
    model.Staff,
    model.Sums,
    model.Tours,
    model.Wishes,
):
    by_reference(arrays)

# Nobody takes a kernel's address, so no wrapper is made for C; it would hold the whole kernel once more.
# A kernel that makes no array need not count references.
kernel = njit(cache=True, nogil=True, no_cfunc_wrapper=True, _nrt=False)
inner = njit(cache=True, nogil=True, no_cfunc_wrapper=True, no_cpython_wrapper=True, _nrt=False)

kernel_with_arrays = njit(cache=True, nogil=True, no_cfunc_wrapper=True)
inner_with_arrays = njit(cache=True, nogil=True, no_cfunc_wrapper=True, no_cpython_wrapper=True)
