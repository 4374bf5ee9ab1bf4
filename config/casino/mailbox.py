"""A real SMTP server that keeps what it is given: the demo's mail goes no further than var/mail."""

from collections import deque
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

KEPT = 200


class Mailbox:
    """Counts all mails, keeps the newest; `addresses` says who got how many."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.count = 0
        self.addresses: dict[str, int] = {}
        self._kept: deque[Path] = deque()
        folder.mkdir(parents=True, exist_ok=True)
        for path in sorted(folder.glob("*.eml")):
            self._kept.append(path)
            self.count = int(path.stem)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        self.count += 1
        for address in envelope.rcpt_tos:
            self.addresses[address] = self.addresses.get(address, 0) + 1
        path = self.folder / f"{self.count:08d}.eml"
        path.write_bytes(envelope.original_content or b"")
        self._kept.append(path)
        while len(self._kept) > KEPT:
            self._kept.popleft().unlink(missing_ok=True)
        return "250 Kept"


def serve(mailbox: Mailbox, port: int) -> Controller:
    """Runs in a thread of this process until `.stop()`."""
    controller = Controller(mailbox, hostname="127.0.0.1", port=port, ready_timeout=10)
    controller.start()
    return controller
