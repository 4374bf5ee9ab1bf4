"""Several lines to the mail server at once: each takes the next letter until none is left or the time is over.

The caller holds the locks of those who are written to until `deliver` returns. So no letter begins behind the deadline,
and every line is hung up then, in the middle of a word too. A letter whose text had not been asked for by then cannot
have arrived; of one whose text was going out nobody knows.
"""

import smtplib
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence

from django.core.mail import EmailMultiAlternatives

from campaigns.channels.contract import Result, Verdict
from campaigns.channels.email.talk import Talk

Letter = tuple[int, EmailMultiAlternatives]  # the attempt's id, what is sent
Send = Callable[[Talk, EmailMultiAlternatives], Result]
TOO_SLOW = "no answer in time"
A_MOMENT = 0.1  # seconds in which a line notices that it was hung up


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
        self._gone: set[int] = set()  # whose text was let go

    def take(self) -> Letter | None:
        with self._lock:
            if not self._is_open or not self._left:
                return None
            letter = self._left.popleft()
            self._results[letter[0]] = Result(Verdict.TRANSIENT, error=TOO_SLOW)
            return letter

    def let_go(self, letter: Letter) -> bool:
        """Whether its text may go out: from here on, until the server has answered, and if it never does, nobody
        knows."""
        with self._lock:
            if self._is_open:
                self._gone.add(letter[0])
                self._results[letter[0]] = Result(Verdict.UNKNOWN, error=TOO_SLOW)
            return self._is_open

    def answer(self, letter: Letter, result: Result) -> None:
        with self._lock:
            if result.verdict == Verdict.UNKNOWN:  # the line was cut; behind the deadline by us
                verdict = Verdict.UNKNOWN if letter[0] in self._gone else Verdict.TRANSIENT
                result = Result(verdict, error=result.error if self._is_open else TOO_SLOW)
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
        self._letter: Letter | None = None
        # Half for the connection, half for its greeting.
        self._talk = Talk(self._may_go, timeout=max(0.1, (deadline - time.monotonic()) / 2))

    def run(self) -> None:
        try:
            while self._is_open() and (letter := self._outbox.take()):
                self._letter = letter
                self._outbox.answer(letter, self._send(self._talk, letter[1]))
        finally:
            self._talk.end()

    def hang_up(self) -> None:
        self._talk.hang_up()

    def _may_go(self) -> bool:
        return self._letter is not None and self._outbox.let_go(self._letter)

    def _is_open(self) -> bool:
        """Opened where it is not; no single answer may take longer than what is left."""
        was_connected = self._talk.connection is not None
        try:
            self._talk.begin()
            self._talk.wait_at_most(max(0.1, self._deadline - time.monotonic()))
        except (OSError, smtplib.SMTPException) as error:
            if not was_connected and time.monotonic() < self._deadline:  # behind it, it is we who hung up
                self.refused = words(error)
            return False
        return True


def words(error: Exception) -> str:
    """Whole: half an address would not be known as one (campaigns.handing)."""
    return f"{type(error).__name__}: {error}"[:5000]
