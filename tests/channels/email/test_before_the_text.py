"""A mail server that falls silent cannot have a letter whose text it has not been given; of any other nobody knows."""

import socket
import threading
import time
from collections.abc import Callable

import pytest

from campaigns.channels.contract import Result, Verdict
from campaigns.channels.email.talk import Talk
from tests.channels.email.test_several_lines import answering, group, reached_at, sent

WORDS = ("EHLO", "MAIL", "RCPT", "DATA")


class Silent:
    """Follows the conversation; at the words `at` it `ends`. Notes what came behind DATA."""

    def __init__(self, at: str, ends: Callable[[socket.socket], object]) -> None:
        self.at, self.ends, self.text = at, ends, b""

    def serve(self, peer: socket.socket) -> None:
        with peer, peer.makefile("rb") as said:
            peer.sendall(b"220 here\r\n")
            for line in said:
                word = line[:4].decode().upper()
                if word in self.at:
                    self.ends(peer)
                if word == "DATA":
                    peer.sendall(b"354 go on\r\n")
                    self._listen(peer, said)
                    if self.at == "the answer":
                        return
                peer.sendall(b"250 ok\r\n")

    def _listen(self, peer: socket.socket, said: object) -> None:
        for line in said:  # type: ignore[attr-defined]
            self.text += line
            if line == b".\r\n" or self.at == "the text":
                break
        if self.at == "the text":
            self.ends(peer)


def hangs_up(peer: socket.socket) -> None:
    peer.shutdown(socket.SHUT_RDWR)
    raise ConnectionAbortedError


def one_letter(server: Silent, seconds: float = 2.75) -> Result:
    def serve(peer: socket.socket) -> None:
        try:
            server.serve(peer)
        except OSError:
            pass

    with answering(serve) as port, reached_at(port):
        return sent(group(1), seconds)[1]


@pytest.mark.parametrize("at", WORDS)
def test_a_line_cut_before_the_server_asked_for_the_text_was_not_handed_over(at: str) -> None:
    server = Silent(at, hangs_up)

    result = one_letter(server)
    assert result.verdict == Verdict.TRANSIENT
    assert result.error
    assert server.text == b""


@pytest.mark.parametrize("at", ["the text", "the answer"])
def test_a_line_cut_while_the_text_went_out_or_behind_it_is_unknown(at: str) -> None:
    server = Silent(at, hangs_up)

    assert one_letter(server).verdict == Verdict.UNKNOWN
    assert server.text != b""


@pytest.mark.parametrize("at", ["MAIL", "DATA"])
def test_a_server_that_says_nothing_more_until_the_deadline_has_not_got_the_letter(at: str) -> None:
    over = threading.Event()
    server = Silent(at, lambda _: over.wait(5))

    result = one_letter(server, seconds=0.15)
    over.set()  # it goes on now, when whoever is written to may have been excluded
    time.sleep(0.05)
    assert result.verdict == Verdict.TRANSIENT
    assert server.text == b""
    assert [thread for thread in threading.enumerate() if thread.name == "smtp"] == []


def test_a_server_that_asks_for_the_text_behind_the_deadline_gets_none_although_nobody_has_hung_up_yet(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Talk, "hang_up", lambda _: None)
    server = Silent("RCPT DATA", lambda _: time.sleep(0.1))

    assert one_letter(server, seconds=0.15).verdict == Verdict.TRANSIENT
    time.sleep(0.1)
    assert server.text == b""
