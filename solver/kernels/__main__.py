"""Compiles every kernel once, so that later starts find them in the cache: `python -m solver.kernels`."""

from __future__ import annotations

import sys
import time


def main() -> int:
    """Makes every kernel work once on a tiny request."""
    from solver.kernels.warm import warm

    began = time.monotonic()
    print("Compiling the kernels; this happens once …", flush=True)
    warm()
    print(f"Kernels are ready after {time.monotonic() - began:.1f} s.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
