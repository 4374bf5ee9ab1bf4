"""An exclusion waits for a hand-over, so a hand-over has an end, whatever the server at the other side does."""

import asyncio
import time
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.test import override_settings

from campaigns.channels import adapter
from campaigns.channels.contract import Verdict
from campaigns.models import Attempt
from config.embedded.processes import free_port
from players.models import Player

pytestmark = pytest.mark.django_db
EACH = 0.2


class Drips:
    """Answers every word, and takes its time for each: within any timeout of a single answer."""

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        await asyncio.sleep(EACH)
        envelope.mail_from = address
        return "250 go on"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        await asyncio.sleep(EACH)
        envelope.rcpt_tos.append(address)
        return "250 go on"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        await asyncio.sleep(EACH)
        return "250 kept"


def test_a_server_that_takes_its_time_for_every_word_is_hung_up_on_at_the_deadline(anna: Player) -> None:
    attempts = [
        Attempt(id=number, delivery_id=number, number=1, player=anna, channel="email", purpose="transactional",
                address=f"{number}@example.test", subject="Hello", html="<p>Hello</p>", text="Hello")
        for number in range(1, 6)
    ]  # fmt: skip
    port = free_port()
    office = Controller(Drips(), hostname="127.0.0.1", port=port)
    office.start()
    try:
        with override_settings(EMAIL_HOST="127.0.0.1", EMAIL_PORT=port, EMAIL_CONNECTIONS=1):
            began = time.monotonic()
            results = adapter("email").send(attempts, began + 4.5 * EACH)
            took = time.monotonic() - began
    finally:
        office.stop()

    assert took < 5.5 * EACH  # not the three words of the second message, and none of the others
    assert results[1].verdict == Verdict.ACCEPTED
    assert results[2].verdict == Verdict.TRANSIENT  # it has heard of it, and has nothing of its text
    assert set(results) == {1, 2}
