"""Tries the service with requests that fit its OpenAPI document and many that nearly do: `make fuzz`.

    python -m bench.service.fuzz [--seconds 300] [--workers 2] [more options of schemathesis]

A `stint serve` of its own with a key, and a solver that needs no computing. Ends with the exit status of schemathesis.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.service.house import house

CHECKS = (
    "not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance",
    "response_headers_conformance", "unsupported_method", "allow_header_conformance", "ignored_auth", "use_after_free",
)  # fmt: skip


def main() -> int:
    """Start the service, try it, and say how it went."""
    parser = argparse.ArgumentParser(description="Try the whole OpenAPI document.")
    parser.add_argument("--seconds", type=int, default=300, help="how long")
    parser.add_argument("--workers", type=int, default=2, help="callers at once")
    options, more = parser.parse_known_args()
    with tempfile.TemporaryDirectory(prefix="stint-fuzz-") as name:
        folder = Path(name)
        with house(folder, f"sqlite:///{folder}/stint.sqlite", max_wait_seconds=1) as own:
            address = own.member("serve", "serve", "--port", "0").start().ready().address
            command = [
                str(Path(sys.executable).parent / "schemathesis"),
                "run",
                f"{address}/openapi.json",
                *("--checks", ",".join(CHECKS)),
                *("--header", f"X-API-Key: {own.key()}"),
                *("--max-time", str(options.seconds)),
                *("--workers", str(options.workers)),
                "--continue-on-failure",
                *more,
            ]
            return subprocess.call(command, cwd=folder)


if __name__ == "__main__":
    sys.exit(main())
