"""The service in this process, on a database of its own, for a browser that looks at it."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn

from service.main import create_app
from service.settings import Settings


@contextmanager
def served(folder: Path, port: int, **settings: Any) -> Iterator[None]:
    """The service on a port of the loopback address while this is entered.

    Args:
        folder: where its database is.
        port: where it listens.
        settings: other settings than the defaults.
    """
    own = Settings(database_url=f"sqlite:///{folder}/stint.sqlite", **settings)
    server = uvicorn.Server(uvicorn.Config(create_app(own, loopback=True), port=port, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            time.sleep(0.05)
        yield
    finally:
        server.should_exit = True
        thread.join()
