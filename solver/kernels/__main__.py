"""Compiles every kernel, so that later starts find them in the cache: `python -m solver.kernels`.

With the name of a part (`solver.kernels.warm`) it compiles only that.
"""

from __future__ import annotations

import sys
import time


def main(arguments: list[str]) -> int:
    """Makes kernels work once on a tiny request."""
    if arguments:
        from solver.kernels.warm import PARTS

        PARTS[arguments[0]]()
        return 0
    from solver.kernels.ready import make_ready, ready

    if ready():
        print("Kernels are ready.")
        return 0
    began = time.monotonic()
    print("Compiling the kernels; this happens once on a machine …", flush=True)
    if not make_ready():
        print("The kernels could not be compiled.")
        return 1
    print(f"Kernels are ready after {time.monotonic() - began:.1f} s.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
