"""Fetches what the page brings along from others, and checks it: `python service/web/vendor/fetch.py`.

Needs npm. `vendor.json` says which package and version, the integrity of the package as npm states it, which of its
files are taken under which name, and the SHA-256 of each. To take a newer version: change it there with `--accept`,
which writes the new sums, and look at what changed.
"""

import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

Json = dict[str, Any]
HERE = Path(__file__).parent
LIST = HERE / "vendor.json"


def main(arguments: list[str]) -> int:
    """Fetch everything; gives 1 when something is not what the list says."""
    wanted = json.loads(LIST.read_text())
    accept = "--accept" in arguments
    wrong = [fault for package in wanted for fault in fetched(package, accept)]
    if accept:
        LIST.write_text(json.dumps(wanted, indent=1) + "\n")
    for fault in wrong:
        sys.stderr.write(fault + "\n")
    return int(bool(wrong))


def fetched(package: Json, accept: bool) -> list[str]:
    """Put the files of a package in their places, unless they are not the ones that the list means."""
    name = f"{package['name']}@{package['version']}"
    with tempfile.TemporaryDirectory() as folder:
        command = ["npm", "pack", name, "--json", "--pack-destination", folder]
        told = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)[0]
        if not accept and told["integrity"] != package["integrity"]:
            return [f"{name} is {told['integrity']}, expected {package['integrity']}."]
        package["integrity"] = told["integrity"]
        with tarfile.open(Path(folder) / told["filename"]) as archive:
            return [fault for file in package["files"] for fault in taken(archive, file, accept)]


def taken(archive: tarfile.TarFile, file: Json, accept: bool) -> list[str]:
    """Put one file in its place."""
    member = archive.extractfile(f"package/{file['from']}")
    content = member.read() if member else b""
    found = hashlib.sha256(content).hexdigest()
    if not accept and found != file["sha256"]:
        return [f"{file['from']} has the sum {found}, expected {file['sha256']}."]
    file["sha256"] = found
    (HERE / file["to"]).write_bytes(content)
    return []


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
