"""Several lines to the mail server at once: each takes the next letter until none is left or the time is over.

The caller holds the locks of those who are written to until `deliver` returns. So no letter begins behind the deadline,
and a line in the middle of one is hung up: a line that is still being opened finds nothing to take when it is.
"""

import smtplib
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.smtp import EmailBackend

from campaigns.channels.contract import Result, Verdict

Letter = tuple[int, EmailMultiAlternatives]  # the attempt's id, what is sent
Send = Callable[[EmailBackend, EmailMultiAlternatives], Result]
A_MOMENT = 0.1  # seconds in which a line notices that it was hung up
_BOTH_WAYS = 2  # socket.SHUT_RDWR


def deliver(letters: Sequence[Letter], send: Send, deadline: float, most: int) -> Mapping[int, Result]:
    """Result by attempt id; nothing about letters that were not begun by `deadline` (time.monotonic()).

    Where no line could be opened at all every letter is transient, with the server's words."""
    outbox = _Outbox(letters)
    lines = [_Line(outbox, send, deadline) for _ in range(most)]
    for line in lines:
        line.start()
    try:
        _wait(lines, until=deadline)
    finally:  # the locks go with this process's turn, whatever ended it
        outbox.close()
        for line in lines:
            line.hang_up()
    _wait(lines, until=time.monotonic() + A_MOMENT)
    refused = [words for line in lines if (words := line.refused)]
    if refused and len(refused) == len(lines):
        outbox.give_up(refused[0])
    return outbox.results()


def _wait(lines: Sequence[threading.Thread], until: float) -> None:
    for line in lines:
        line.join(max(0.0, until - time.monotonic()))


class _Outbox:
    """The letters of one group; each leaves it once."""

    def __init__(self, letters: Sequence[Letter]) -> None:
        self._left, self._lock, self._is_open = deque(letters), threading.Lock(), True
        self._results: dict[int, Result] = {}

    def take(self) -> Letter | None:
        with self._lock:
            if not self._is_open or not self._left:
                return None
            letter = self._left.popleft()
            # Until the server has answered, and if it never does, nobody knows.
            self._results[letter[0]] = Result(Verdict.UNKNOWN, error="no answer in time")
            return letter

    def answer(self, letter: Letter, result: Result) -> None:
        with self._lock:
            self._results[letter[0]] = result

    def close(self) -> None:
        with self._lock:
            self._is_open = False

    def give_up(self, words: str) -> None:
        with self._lock:
            self._results |= {id_: Result(Verdict.TRANSIENT, error=words) for id_, _ in self._left}

    def results(self) -> dict[int, Result]:
        with self._lock:  # a line that comes back later answers to nobody
            return dict(self._results)


class _Line(threading.Thread):
    """One connection. Opened anew where the server hung up between two letters; without the database."""

    def __init__(self, outbox: _Outbox, send: Send, deadline: float) -> None:
        super().__init__(daemon=True, name="smtp")
        self.refused = ""  # why it never got through
        self._outbox, self._send, self._deadline = outbox, send, deadline
        # Half for the connection, half for its greeting.
        self._backend = EmailBackend(fail_silently=False, timeout=max(0.1, (deadline - time.monotonic()) / 2))

    def run(self) -> None:
        try:
            while self._is_open() and (letter := self._outbox.take()):
                self._outbox.answer(letter, self._send(self._backend, letter[1]))
        finally:
            with suppress(OSError, smtplib.SMTPException):
                self._backend.close()

    def hang_up(self) -> None:
        """A server that answers one word at a time keeps within every timeout and would still hold an exclusion up."""
        if (line := self._socket()) is not None:
            with suppress(OSError):
                line.shutdown(_BOTH_WAYS)

    def _is_open(self) -> bool:
        """Opened where it is not; no single answer may take longer than what is left."""
        was_open = self._backend.connection is not None
        try:
            if self._socket() is None:
                self._backend.connection = None
                self._backend.open()
            if (line := self._socket()) is None:
                return False
            line.settimeout(max(0.1, self._deadline - time.monotonic()))
        except (OSError, smtplib.SMTPException) as error:
            if not was_open:
                self.refused = words(error)
            return False
        return True

    def _socket(self) -> Any:
        return self._backend.connection and self._backend.connection.sock


def words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:300]
