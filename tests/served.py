"""The application behind a real port, for what only a socket can show."""

import socket
import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn
from django.db import connections

from config.asgi import application


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """host:port"""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    config = uvicorn.Config(application, host="127.0.0.1", port=port, log_level="error", lifespan="off")
    running = uvicorn.Server(config)
    thread = threading.Thread(target=running.run, daemon=True)
    thread.start()
    while not running.started:
        time.sleep(0.02)
    yield f"127.0.0.1:{port}"
    running.should_exit = True
    thread.join(timeout=5)
    connections.close_all()
