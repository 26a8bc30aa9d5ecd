"""The planner's page: files of the service's own, under a policy that lets nothing in from elsewhere."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse

from service.api.access import PUBLIC

WEB = Path(__file__).parent.parent / "web"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cache-Control": "no-cache",
}

FILES = {
    "/": (WEB / "index.html", "text/html"),
    "/web/page.css": (WEB / "page.css", "text/css"),
    "/web/page.js": (WEB / "page.js", "text/javascript"),
    "/web/drawing.js": (WEB / "drawing.js", "text/javascript"),
    "/web/example.json": (Path(__file__).parent / "samples" / "request.json", "application/json"),
}
"""What the page is made of, and a request to try it with: file and media type by address."""

router = APIRouter(include_in_schema=False)


def _page(request: Request) -> FileResponse:
    """The file at this address."""
    file, kind = FILES[request.url.path]
    return FileResponse(file, media_type=kind, headers=HEADERS)


for address in FILES:
    router.add_api_route(address, _page, methods=["GET"], openapi_extra=PUBLIC)
