"""Sets up everything in this checkout and runs the example or the checks; needs Python 3.11 or newer and nothing else.

    python3 start.py example    starts the service, asks it for a roster of 20 agents, shows it, stops the service
    python3 start.py test       runs what CI runs: style, types, imports and tests

Both set up `.venv` in this folder first, from the lock file; the second time that is a matter of a second.
"""

import sys

if sys.version_info < (3, 11):
    sys.exit("Stint needs Python 3.11 or newer, and this is {}.{}.".format(*sys.version_info[:2]))

import hashlib
import os
import shutil
import subprocess
import threading
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENV = HERE / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = str(BIN / "python")
STAMP = VENV / "stint-setup"


def main(arguments):
    """Do what is asked; the exit status says whether it went well."""
    if arguments == ["example"]:
        set_up("requirements.lock", "about 280 MB, a minute or two")
        return run([PYTHON, "examples/first_roster.py"])
    if arguments == ["test"]:
        set_up("requirements-dev.lock", "about 400 MB, two minutes or so")
        return check()
    print(__doc__)
    return 2


def set_up(lock, effort):
    """Make `.venv` hold what the lock says, and compile the solver's kernels; quick where that has been done."""
    fingerprint = hashlib.sha256(b"".join((HERE / name).read_bytes() for name in (lock, "pyproject.toml"))).hexdigest()
    if not STAMP.exists() or fingerprint not in STAMP.read_text():
        if not works(PYTHON):
            shutil.rmtree(VENV, ignore_errors=True)
            step("Creating .venv", [sys.executable, "-m", "venv", str(VENV)], advice_on_venv)
        pip = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        step(f"Installing what {lock} lists ({effort})", [*pip, "--require-hashes", "--requirement", lock])
        step("Installing Stint itself", [*pip, "--no-deps", "--editable", "."])
        known = STAMP.read_text() if STAMP.exists() else ""
        STAMP.write_text(known + fingerprint + "\n")
    step("Compiling the solver's kernels (up to a minute, the first time)", [PYTHON, "-m", "solver.kernels"])


def check():
    """Run every check, also after one that fails, the tests last."""
    results = [
        run([str(BIN / "ruff"), "check", "."], "Style"),
        run([str(BIN / "mypy")], "Types (a minute the first time)"),
        run([str(BIN / "lint-imports")], "Imports"),
        run([PYTHON, "-m", "pytest", "-n", "2"], "Tests (some minutes)"),
    ]
    return int(any(results))


def run(command, title=""):
    """Run a command whose output is for the reader, and give its exit status."""
    if title:
        print(f"\n== {title}", flush=True)
    return subprocess.call(command, cwd=HERE)


def step(title, command, advice=None):
    """Run a command quietly, say how long it took, and end with what it said when it fails."""
    started = time.monotonic()
    done = threading.Event()
    print(f"{title} … ", end="", flush=True)
    clock = threading.Thread(target=tick, args=(title, started, done))
    clock.start()
    try:
        result = subprocess.run(command, cwd=HERE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    finally:
        done.set()
        clock.join()
    outcome = "done" if result.returncode == 0 else "FAILED"
    again = "\r" + title + " … " if sys.stdout.isatty() else ""
    print(f"{again}{outcome} in {time.monotonic() - started:.0f} s", flush=True)
    if result.returncode != 0:
        sys.exit(result.stdout + (advice(result.stdout) if advice else ""))


def tick(title, started, done):
    """Count the seconds, on a terminal."""
    while sys.stdout.isatty() and not done.wait(0.5):
        print(f"\r{title} … {time.monotonic() - started:.0f} s", end="", flush=True)


def works(python):
    """Whether there is such a Python and it runs."""
    return Path(python).exists() and subprocess.call([python, "-c", "import pip"], stderr=subprocess.DEVNULL) == 0


def advice_on_venv(said):
    """What to do where Python comes without venv, as Debian packages it."""
    return "\nMaybe the system's package python3-venv is missing." if "ensurepip" in said else ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
