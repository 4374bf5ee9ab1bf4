"""One conversation with the mail server, that can be broken off at any word and tells whether a letter's text went out.

Before the server has asked for the text (354) it cannot have the letter, whatever becomes of the connection.
"""

import smtplib
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any

from django.core.mail.backends.smtp import EmailBackend

_SEND_THE_TEXT = 354
_BOTH_WAYS = 2  # socket.SHUT_RDWR
MayGo = Callable[[], bool]


class TooLate(smtplib.SMTPException):
    """The server asked for the text when nothing may go out any more."""


class _Spoken(smtplib.SMTP):
    """`may_go` is asked when the server wants the text; `cord` gets the connection as soon as there is one."""

    def __init__(self, *args: Any, may_go: MayGo, cord: "_Cord", **options: Any) -> None:
        self._may_go, self._cord = may_go, cord
        super().__init__(*args, **options)  # connects, and reads the greeting

    def getreply(self) -> tuple[int, bytes]:
        code, said = super().getreply()
        if code == _SEND_THE_TEXT and not self._may_go():
            self.close()
            raise TooLate("no answer in time")
        return code, said

    def _get_socket(self, *where: Any) -> Any:
        found = super()._get_socket(*where)  # type: ignore[misc]
        self._cord.hold(found)
        return found


class _Cord:
    """A second handle on the connection: greeting, handshake and words end when it is pulled, from whatever thread."""

    def __init__(self) -> None:
        self._line: Any = None
        self._lock, self._is_pulled = threading.Lock(), False

    def hold(self, line: Any) -> None:
        with self._lock:
            self._let_go()
            if self._is_pulled:
                line.close()
                raise TooLate("no connection in time")
            self._line = line.dup()

    def pull(self) -> None:
        with self._lock:
            self._is_pulled = True
            if self._line is not None:
                with suppress(OSError):
                    self._line.shutdown(_BOTH_WAYS)
            self._let_go()

    def release(self) -> None:
        with self._lock:
            self._let_go()

    def _let_go(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None


class Talk(EmailBackend):
    """The server of the settings. No single answer takes longer than `timeout` seconds; how long all of them take,
    whoever hangs up decides."""

    def __init__(self, may_go: MayGo, timeout: float) -> None:
        super().__init__(fail_silently=False, timeout=timeout)
        self._may_go, self._cord = may_go, _Cord()

    @property
    def connection_class(self) -> Callable[..., smtplib.SMTP]:  # type: ignore[override]  # it is only called
        return partial(_Spoken, may_go=self._may_go, cord=self._cord)

    def is_connected(self) -> bool:
        return bool(self.connection and self.connection.sock)

    def begin(self) -> None:
        """Opens the connection where it is not. Raises what smtplib raises."""
        if not self.is_connected():
            self.connection = None
            self.open()

    def wait_at_most(self, seconds: float) -> None:
        if not self.connection or not self.connection.sock:
            raise smtplib.SMTPServerDisconnected("hung up")
        self.connection.sock.settimeout(seconds)

    def hang_up(self) -> None:
        """From another thread: a server that answers one letter at a time keeps within every timeout."""
        self._cord.pull()

    def end(self) -> None:
        with suppress(OSError, smtplib.SMTPException):
            self.close()
        self._cord.release()
