"""The service on a free port of this machine, and a client for it."""

import socket
import threading
from contextlib import contextmanager

import httpx2
import uvicorn

from service.main import create_app


@contextmanager
def served(settings, open_backend, *, loopback=True):
    """A client of a service that runs while this is entered; without keys it is open, unless it is not `loopback`."""
    listener = socket.create_server(("127.0.0.1", 0))
    app = create_app(settings, open_backend, loopback=loopback)
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, timeout_graceful_shutdown=1))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        with httpx2.Client(base_url=f"http://127.0.0.1:{listener.getsockname()[1]}", timeout=20) as client:
            client.get("/healthz")  # answered when the backend is open
            yield client
    finally:
        server.should_exit = True
        thread.join()
        listener.close()
