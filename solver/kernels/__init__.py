"""The compiled kernels: small loops over plain arrays, everything around them is plain Python.

Compiled code is kept on disk in a folder named after all that it is made from. (numba 0.68 looks only at the file of
the function that it is asked for: after a change in another kernel that is compiled into it, it would go on with the
old code.)
"""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

import numba

HERE = Path(__file__).parent


def fingerprint() -> str:
    """Changes whenever a kernel, the arrays it works on, numba or Python does."""
    digest = hashlib.sha256(f"{numba.__version__} {sys.version}".encode())
    for path in [*sorted(HERE.glob("*.py")), HERE.parent / "compile" / "model.py"]:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def cache_folder() -> Path:
    """Beside the kernels where that can be written, else in the user's cache; `STINT_KERNEL_CACHE` overrides both."""
    named = os.environ.get("STINT_KERNEL_CACHE")
    if named:
        return Path(named) / fingerprint()
    beside = HERE / "__pycache__"
    if os.access(beside if beside.exists() else HERE, os.W_OK):
        return beside / fingerprint()
    home = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(home) / "stint" / fingerprint()


numba.config.CACHE_DIR = str(cache_folder())  # type: ignore[attr-defined]  # numba has no types
