"""The TypeScript of the how-to against the real application on a real socket, with the fake solver behind it."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from clients.typescript.generate import TYPES, has_npm, installed, run
from service.api.samples import REQUEST
from tests.service.api_client import served
from tests.service.conftest import in_memory

PAGE = Path(__file__).parents[2] / "docs/how-to/call-the-service.md"
MODERN = (
    "--strict",
    "--target",
    "es2022",
    "--module",
    "esnext",
    "--moduleResolution",
    "bundler",
    "--lib",
    "es2022,dom,dom.iterable",
)
CALLS_IT = """
import { solved } from "./week.js";
const { roster, sheet } = await solved(process.argv[2], JSON.parse(process.argv[3]), "week-49");
console.log("cost", roster.cost.total, "sheet", sheet.byteLength > 0);
"""


@pytest.fixture
def program(tmp_path):
    """The folder of the page's own program, translated with the types beside it."""
    (tmp_path / "week.ts").write_text(PAGE.read_text(encoding="utf-8").split("```ts\n")[1].split("```")[0])
    (tmp_path / "calls.js").write_text(CALLS_IT)
    (tmp_path / "package.json").write_text('{"type": "module"}')
    shutil.copy(TYPES, tmp_path)
    run([str(installed() / "tsc"), *MODERN, str(tmp_path / "week.ts")])
    return tmp_path


def called(program, address, request):
    command = ["node", "calls.js", address, json.dumps(request)]
    return subprocess.run(command, cwd=program, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.skipif(not has_npm(), reason="node and npm are not installed")
def test_the_how_to_does_what_it_says(settings, program):
    with served(settings, in_memory) as client:
        done = called(program, str(client.base_url), REQUEST | {"name": "seconds=0.3 rosters=2"})
        refused = called(program, str(client.base_url), REQUEST | {"agents": []} | {"colour": "red"})
    assert done.returncode == 0, done.stderr
    assert "progress" in done.stdout
    assert "cost 90 sheet true" in done.stdout
    assert refused.returncode == 1
    assert "Error: " in refused.stderr
    assert "colour" in refused.stderr
