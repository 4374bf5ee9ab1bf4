"""E-mail over SMTP: one connection per group, RFC 8058 one-click stop, the same Message-ID for the same attempt."""

import smtplib
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.smtp import EmailBackend

from campaigns import links
from campaigns.channels.contract import Idempotency, Result, Verdict
from campaigns.channels.email.letter import framed
from campaigns.models import Attempt
from compliance.models.decision import Purpose

_BOTH_WAYS = 2  # socket.SHUT_RDWR


class Email:
    idempotency = Idempotency.NONE

    def send(self, attempts: Sequence[Attempt], deadline: float) -> dict[int, Result]:
        try:
            # Half for the connection, half for its greeting; from then on somebody watches the clock.
            connection = EmailBackend(fail_silently=False, timeout=max(0.1, (deadline - time.monotonic()) / 2))
            connection.open()
        except (OSError, smtplib.SMTPException) as error:
            return {attempt.id: Result(Verdict.TRANSIENT, error=_words(error)) for attempt in attempts}
        results: dict[int, Result] = {}
        try:
            with _hung_up_at(deadline, connection):
                for attempt in attempts:
                    left = deadline - time.monotonic()
                    if left <= 0:
                        break
                    _within(connection, left)
                    results[attempt.id] = _send(connection, attempt)
        except (OSError, smtplib.SMTPException):
            pass  # what has no result was not handed over
        finally:
            with suppress(OSError, smtplib.SMTPException):
                connection.close()
        return results

    def arrived(self, attempt: Attempt) -> bool:
        raise LookupError("SMTP cannot be asked.")


@contextmanager
def _hung_up_at(deadline: float, connection: EmailBackend) -> Iterator[None]:
    """A server that answers one word at a time keeps within every timeout and still holds an exclusion up."""

    def hang_up() -> None:
        line = connection.connection.sock if connection.connection else None
        if line is not None:
            with suppress(OSError):
                line.shutdown(_BOTH_WAYS)

    watch = threading.Timer(max(0.0, deadline - time.monotonic()), hang_up)
    watch.daemon = True
    watch.start()
    try:
        yield
    finally:
        watch.cancel()


def _within(connection: EmailBackend, seconds: float) -> None:
    """No single answer may take longer than what is left; opens anew where the server hung up."""
    if connection.connection is None or connection.connection.sock is None:
        connection.connection = None
        connection.open()
    if connection.connection is not None and connection.connection.sock is not None:
        connection.connection.sock.settimeout(seconds)


def _send(connection: EmailBackend, attempt: Attempt) -> Result:
    message = compose(attempt)
    try:
        connection.send_messages([message])
    except smtplib.SMTPRecipientsRefused as error:
        code, _ = next(iter(error.recipients.values()))
        return Result(Verdict.PERMANENT if code >= 500 else Verdict.TRANSIENT, error=_words(error))
    except smtplib.SMTPResponseException as error:  # the server said no, in so many words
        permanent = 500 <= error.smtp_code < 600
        return Result(Verdict.PERMANENT if permanent else Verdict.TRANSIENT, error=_words(error))
    except (smtplib.SMTPException, OSError) as error:  # it said nothing: perhaps it has the message
        return Result(Verdict.UNKNOWN, error=_words(error))
    return Result(Verdict.ACCEPTED, provider_id=message.extra_headers["Message-ID"])


def compose(attempt: Attempt) -> EmailMultiAlternatives:
    """`attempt` with player.brand loaded; its words are complete, footer included."""
    brand = attempt.player.brand
    host = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    headers = {"Message-ID": f"<{attempt.delivery_id}.{attempt.number}@{host}>"}
    if attempt.purpose == Purpose.PROMOTIONAL:
        stop = links.stop_url(attempt.player_id, attempt.channel, attempt.delivery_id)
        headers["List-Unsubscribe"] = f"<{stop}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    sender = brand.support_email or f"{brand.slug}@{host}"
    message = EmailMultiAlternatives(
        attempt.subject, attempt.text, f'"{brand.name}" <{sender}>', [attempt.address], headers=headers
    )
    message.attach_alternative(framed(attempt), "text/html")
    return message


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:300]


ADAPTER = Email()
