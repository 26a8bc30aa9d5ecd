"""The pages: the planner's, and the description of the interface. Files of the service's own, none from elsewhere."""

from __future__ import annotations

import gzip
import hashlib
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Header, Request, Response

from service.api.access import PUBLIC

WEB = Path(__file__).parent.parent / "web"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cache-Control": "no-cache",
    "Vary": "Accept-Encoding",
}
KINDS = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".json": "application/json",
    ".svg": "image/svg+xml",
}
"""What is served of the folder: files with these endings, and nothing else that may lie there."""

FOR_BUILDERS = ("jsconfig.json", "vendor.json")
"""Files of the folder that browsers have no use for."""

SMALL = 1000
"""Bytes below which a file is not worth compressing."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A file of the page as it is sent: read and compressed once."""

    plain: bytes
    zipped: bytes | None
    kind: str
    tag: str


@cache
def pieces() -> dict[str, Piece]:
    """Everything that the page is made of, by address."""
    files = [file for file in WEB.rglob("*") if file.suffix in KINDS and file.name not in FOR_BUILDERS]
    made = {f"/web/{file.relative_to(WEB).as_posix()}": _piece(file.read_bytes(), KINDS[file.suffix]) for file in files}
    made["/web/examples.json"] = _piece(_examples(), KINDS[".json"])
    made["/"] = made["/web/index.html"]
    made["/docs"] = made["/web/docs/index.html"]
    return made


def _piece(plain: bytes, kind: str) -> Piece:
    tag = f'"{hashlib.sha256(plain).hexdigest()[:32]}"'
    return Piece(plain, gzip.compress(plain, mtime=0) if len(plain) >= SMALL else None, kind, tag)


def _examples() -> bytes:
    """The examples in a line each, the smallest first."""
    lines = []
    for file in sorted((WEB / "examples").glob("*.json"), key=lambda file: file.stat().st_size):
        request = json.loads(file.read_bytes())
        days = request["planning_period"]["days"]
        lines.append({"file": file.name, "name": request["name"], "agents": len(request["agents"]), "days": days})
    return json.dumps(lines, ensure_ascii=False).encode()


router = APIRouter(include_in_schema=False)


def _page(
    request: Request,
    accept_encoding: Annotated[str, Header()] = "",
    if_none_match: Annotated[str, Header()] = "",
) -> Response:
    """The file at this address, unless the caller has it."""
    piece = pieces()[request.url.path]
    headers = HEADERS | {"ETag": piece.tag}
    if piece.tag in if_none_match:
        return Response(status_code=304, headers=headers)
    if piece.zipped is not None and "gzip" in accept_encoding:
        return Response(piece.zipped, media_type=piece.kind, headers=headers | {"Content-Encoding": "gzip"})
    return Response(piece.plain, media_type=piece.kind, headers=headers)


for address in pieces():
    router.add_api_route(address, _page, methods=["GET"], openapi_extra=PUBLIC)
