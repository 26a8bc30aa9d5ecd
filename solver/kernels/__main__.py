"""Compiles every kernel once, so that later starts find them in the cache: `python -m solver.kernels`."""

from __future__ import annotations

import json
import sys
import time


def main() -> int:
    """Solves a tiny request, which touches every kernel."""
    from schemas.request import RosterRequest
    from solver.kernels.warm import TINY
    from solver.solve import solve

    began = time.monotonic()
    print("Compiling the kernels; this happens once …", flush=True)
    solve(RosterRequest.model_validate(json.loads(json.dumps(TINY))), seconds=1)
    print(f"Kernels are ready after {time.monotonic() - began:.1f} s.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
