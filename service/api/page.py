"""The planner's page: files of the service's own, under a policy that lets nothing in from elsewhere."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import FileResponse

WEB = Path(__file__).parent.parent / "web"
EXAMPLE = Path(__file__).parent / "samples" / "request.json"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}

router = APIRouter(include_in_schema=False)


@router.get("/")
def page() -> FileResponse:
    """The page itself."""
    return FileResponse(WEB / "index.html", headers=HEADERS)


@router.get("/web/page.css")
def style() -> FileResponse:
    """How the page looks."""
    return FileResponse(WEB / "page.css", headers=HEADERS)


@router.get("/web/page.js")
def script() -> FileResponse:
    """What the page does."""
    return FileResponse(WEB / "page.js", media_type="text/javascript", headers=HEADERS)


@router.get("/web/drawing.js")
def drawing() -> FileResponse:
    """How the page draws a roster."""
    return FileResponse(WEB / "drawing.js", media_type="text/javascript", headers=HEADERS)


@router.get("/web/example.json")
def example() -> FileResponse:
    """A request to try the page with."""
    return FileResponse(EXAMPLE, headers=HEADERS)
