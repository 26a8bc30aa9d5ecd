"""The compiled kernels: small loops over plain arrays, everything around them is plain Python.

Compiled code is kept on disk in a folder named after all that it is made from. (numba 0.68 looks only at the file of
the function that it is asked for: after a change in another kernel that is compiled into it, it would go on with the
old code.)
"""

from __future__ import annotations

import getpass
import hashlib
import os
import shutil
import sys
import tempfile
from functools import cache
from pathlib import Path

import numba
from llvmlite.binding import get_host_cpu_features, get_host_cpu_name

HERE = Path(__file__).parent

WITHOUT_KERNELS = {"__main__.py", "ready.py", "warm.py"}
"""Files in which a change leaves compiled kernels as they are."""


def fingerprint() -> str:
    """Changes whenever a kernel, the arrays it works on, numba, Python or the processor does."""
    processor = f"{get_host_cpu_name()} {get_host_cpu_features().flatten()}"
    digest = hashlib.sha256(f"{numba.__version__} {sys.version} {processor}".encode())
    sources = sorted(path for path in HERE.glob("*.py") if path.name not in WITHOUT_KERNELS)
    for path in [*sources, HERE.parent / "compile" / "model.py"]:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


@cache
def cache_folder() -> Path:
    """Where compiled kernels are kept: the first place that can be written.

    `STINT_KERNEL_CACHE` names the first place; then comes the folder beside the kernels, then the user's cache. Where
    none can be written, kernels are kept in the folder for temporary files, those of a named place among them, which
    may have been filled when an image was built.
    """
    named, home = os.environ.get("STINT_KERNEL_CACHE"), os.environ.get("XDG_CACHE_HOME")
    places = [Path(named)] if named else [HERE / "__pycache__", Path(home or Path.home() / ".cache") / "stint"]
    for place in places:
        if _writable(place / fingerprint()):
            return place / fingerprint()
    spare = Path(tempfile.gettempdir()) / f"stint-{getpass.getuser() if not hasattr(os, 'getuid') else os.getuid()}"
    folder = spare / fingerprint()
    for place in places:
        if not folder.exists() and (place / fingerprint()).exists():
            shutil.copytree(place / fingerprint(), folder)
    return folder


def _writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=folder).close()
    except OSError:
        return False
    return True


numba.config.CACHE_DIR = str(cache_folder())  # type: ignore[attr-defined]  # numba has no types
