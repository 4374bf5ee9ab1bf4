"""A group of mails leaves over several lines at once, each mail once, and none behind the deadline."""

import asyncio
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.test import override_settings

from campaigns.channels.contract import Result, Verdict
from campaigns.channels.email.adapter import ADAPTER
from campaigns.models import Attempt
from config.embedded.processes import free_port
from players.models import Brand, Player

GROUP = 32
SECONDS = 0.1  # the office takes for a mail


class Office:
    """Counts what begins to arrive, and how many at once; `acts` may do otherwise with a mail."""

    def __init__(self) -> None:
        self.began: Counter[str] = Counter()
        self.now, self.most = 0, 0
        self.acts: Callable[[str], float | str | None] = lambda _: None

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        (address,) = envelope.rcpt_tos
        self.began[address] += 1
        self.now += 1
        self.most = max(self.most, self.now)
        act = self.acts(address)
        await asyncio.sleep(act if isinstance(act, float) else SECONDS)
        self.now -= 1
        return act if isinstance(act, str) else "250 kept"


@contextmanager
def reached_at(port: int, lines: int = 8) -> Iterator[None]:
    with override_settings(EMAIL_HOST="127.0.0.1", EMAIL_PORT=port, EMAIL_CONNECTIONS=lines):
        yield


@pytest.fixture
def office() -> Iterator[Office]:
    office, port = Office(), free_port()
    controller = Controller(office, hostname="127.0.0.1", port=port)
    controller.start()
    with reached_at(port):
        yield office
    controller.stop()


def group(size: int = GROUP) -> list[Attempt]:
    anna = Player(id=1, external_id="anna", brand=Brand(id=1, slug="azura", name="Azura"))
    return [
        Attempt(id=number, delivery_id=number, number=1, player=anna, channel="email", purpose="service",
                address=f"{number}@x.test", subject="Hello", text="Hello", html="<p>Hello</p>")
        for number in range(1, size + 1)
    ]  # fmt: skip


def sent(attempts: list[Attempt], seconds: float = 2.75) -> dict[int, Result]:
    return dict(ADAPTER.send(attempts, time.monotonic() + seconds))


def verdicts(results: dict[int, Result]) -> Counter[str]:
    return Counter(str(result.verdict) for result in results.values())


def test_a_group_leaves_over_eight_lines_at_once_and_every_mail_once(office: Office) -> None:
    began = time.monotonic()
    results = sent(group())
    took = time.monotonic() - began

    assert verdicts(results) == {Verdict.ACCEPTED: GROUP}
    assert set(office.began.values()) == {1}
    assert len(office.began) == GROUP
    assert office.most == 8
    assert took < GROUP * SECONDS / 2


@pytest.mark.parametrize(("mails", "lines"), [(1, 1), (4, 1), (5, 2), (32, 8)])
def test_a_line_is_opened_for_every_four_mails(office: Office, mails: int, lines: int) -> None:
    sent(group(mails))

    assert office.most == lines


def test_what_was_not_begun_by_the_deadline_is_left_out_and_nothing_begins_behind_it(office: Office) -> None:
    results = sent(group(), seconds=0.25)
    there = sum(office.began.values())
    time.sleep(3 * SECONDS)

    assert sum(office.began.values()) == there < GROUP
    unheard = [result for number, result in results.items() if f"{number}@x.test" not in office.began]
    assert {f"{number}@x.test" for number in results} >= set(office.began)
    assert len(results) < GROUP
    assert {result.verdict for result in unheard} <= {Verdict.UNKNOWN, Verdict.TRANSIENT}  # hung up in the middle of it


def test_a_mail_without_an_answer_is_unknown_and_holds_up_no_other(office: Office) -> None:
    office.acts = lambda address: 30.0 if address == "7@x.test" else 0.01
    began = time.monotonic()
    results = sent(group(), seconds=1)

    assert results.pop(7).verdict == Verdict.UNKNOWN
    assert verdicts(results) == {Verdict.ACCEPTED: GROUP - 1}
    assert time.monotonic() - began < 1.5


def test_a_mail_the_server_refuses_takes_no_other_with_it(office: Office) -> None:
    office.acts = lambda address: {"3@x.test": "550 no such mailbox", "4@x.test": "451 later"}.get(address)
    results = sent(group())

    assert (results.pop(3).verdict, results.pop(4).verdict) == (Verdict.PERMANENT, Verdict.TRANSIENT)
    assert verdicts(results) == {Verdict.ACCEPTED: GROUP - 2}


def test_a_mail_that_cannot_be_put_together_fails_for_good_and_alone(office: Office) -> None:
    mails = group()
    mails[4].address = "anna@x.test\nBcc: everybody@x.test"
    results = sent(mails)

    assert results.pop(5).verdict == Verdict.PERMANENT
    assert verdicts(results) == {Verdict.ACCEPTED: GROUP - 1}
    assert len(office.began) == GROUP - 1


class Few(Office):
    """421 from the third connection on; never an answer to one of the mails, but a hang-up."""

    def __init__(self) -> None:
        super().__init__()
        self.open, self.port, self.lock = 0, 0, threading.Lock()

    def serve(self, peer: socket.socket) -> None:
        with peer, peer.makefile("rb") as said:
            with self.lock:
                self.open += 1
                may = self.open <= 2
            peer.sendall(b"220 here\r\n" if may else b"421 too many of you\r\n")
            if may:
                self.converse(peer, said)
            with self.lock:
                self.open -= 1

    def converse(self, peer: socket.socket, said: Any) -> None:
        address = ""
        for line in said:
            if line.upper().startswith(b"RCPT TO:"):
                address = line.decode().split("<")[1].split(">")[0]
                self.began[address] += 1
            if line.upper().startswith(b"DATA"):
                peer.sendall(b"354 go on\r\n")
                while said.readline() != b".\r\n":
                    pass
                if address == "2@x.test":
                    return
            peer.sendall(b"250 ok\r\n")


@contextmanager
def answering(serve: Callable[[socket.socket], None]) -> Iterator[int]:
    listener = socket.create_server(("127.0.0.1", 0))

    def accept() -> None:
        while True:
            try:
                peer, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=serve, args=(peer,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    yield listener.getsockname()[1]
    listener.close()


def test_a_server_that_allows_fewer_lines_and_drops_one_of_them_gets_all_mails_over_those_it_allows() -> None:
    office = Few()
    with answering(office.serve) as port, reached_at(port):
        results = sent(group())

    assert results.pop(2).verdict == Verdict.UNKNOWN
    assert verdicts(results) == {Verdict.ACCEPTED: GROUP - 1}
    assert set(office.began.values()) == {1}


def test_a_server_that_lets_nobody_in_makes_every_mail_wait_and_says_why() -> None:
    def full(peer: socket.socket) -> None:
        with peer:
            peer.sendall(b"421 come back later\r\n")

    with answering(full) as port, reached_at(port):
        results = sent(group())

    assert verdicts(results) == {Verdict.TRANSIENT: GROUP}
    assert "come back later" in results[1].error


def test_a_server_that_greets_one_letter_at_a_time_holds_nobody_up_and_leaves_no_line_behind() -> None:
    def drip(peer: socket.socket) -> None:
        with peer:
            for letter in b"220 " + b"x" * 1000:
                try:
                    peer.sendall(bytes([letter]))
                except OSError:
                    return
                time.sleep(0.05)

    with answering(drip) as port, reached_at(port):
        began = time.monotonic()
        results = sent(group(), seconds=0.5)

        left = [thread for thread in threading.enumerate() if thread.name == "smtp"]

    assert time.monotonic() - began < 1
    assert results == {}
    assert left == []
