"""A post office that really listens, and short ways to run what the workers run."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from email import message_from_bytes
from email.message import Message
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.test import override_settings

from campaigns.advance import advance
from campaigns.dispatch import dispatch
from players.facts import settle_owed


class Sink:
    """Keeps what arrives. `refuse` answers instead of accepting; `on_data` runs while the mail is being handed over."""

    def __init__(self) -> None:
        self.mails: list[Message] = []
        self.refuse = ""
        self.on_data: Any = None

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        if self.on_data is not None:
            self.on_data()
        if self.refuse:
            return self.refuse
        mail = message_from_bytes(envelope.content)
        mail["X-To"] = envelope.rcpt_tos[0]
        self.mails.append(mail)
        return "250 kept"


@contextmanager
def listening() -> Iterator[Sink]:
    sink = Sink()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(sink, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        with override_settings(EMAIL_HOST="127.0.0.1", EMAIL_PORT=port):
            yield sink
    finally:
        controller.stop()


@pytest.fixture
def post() -> Iterator[Sink]:
    with listening() as sink:
        yield sink


def work(now: datetime, *, rounds: int = 4) -> None:
    """What the workers do, until nothing is due any more."""
    for _ in range(rounds):
        settle_owed(now=now)
        advance(now=now)
        dispatch(now=now)
