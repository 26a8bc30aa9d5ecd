"""Writes `stint-api.d.ts`, the types of the HTTP interface, from the OpenAPI document: `make docs`.

    python -m clients.typescript.generate

Needs Node and npm; what it installs stands in `package-lock.json` and goes into `node_modules` here. The first line of
the file tells of which document it was made, so that a test notices without Node that it is stale.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from service.main import create_app
from service.settings import Settings

HERE = Path(__file__).parent
TYPES = HERE / "stint-api.d.ts"
TOOLS = HERE / "node_modules" / ".bin"


def document() -> bytes:
    """The OpenAPI document, as it goes over the wire."""
    return json.dumps(create_app(Settings()).openapi(), ensure_ascii=False).encode()


def first_line(api: bytes) -> str:
    """What the types say of the document that they were made of."""
    return f"// Made by clients/typescript/generate.py from the OpenAPI document {hashlib.sha256(api).hexdigest()}.\n"


def types(api: bytes) -> str:
    """The types, as openapi-typescript makes them."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "openapi.json", Path(folder) / "types.d.ts"
        source.write_bytes(api)
        run([str(installed() / "openapi-typescript"), str(source), "--output", str(target)])
        return first_line(api) + target.read_text(encoding="utf-8")


def has_npm() -> bool:
    """Whether the tools can run here."""
    return bool(shutil.which("npm") and shutil.which("node"))


def installed() -> Path:
    """The folder of the tools, which are installed first where they are not; one process does that at a time."""
    wanted = (HERE / "package-lock.json").read_bytes()
    with (HERE / ".installing").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        stamp = HERE / "node_modules" / ".of-lock"
        if not stamp.exists() or stamp.read_bytes() != wanted:
            run(["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"])
            stamp.write_bytes(wanted)
    return TOOLS


def run(command: list[str]) -> None:
    """Run a tool here; what it says is shown when it fails."""
    done = subprocess.run(command, cwd=HERE, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed:\n{(done.stdout + done.stderr)[:2000]}")


def main() -> None:
    """Write the types."""
    if not has_npm():
        sys.exit("The TypeScript types were not made: that needs node and npm.")
    TYPES.write_text(types(document()), encoding="utf-8")


if __name__ == "__main__":
    main()
