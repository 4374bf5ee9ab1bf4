"""E-mail over SMTP: a few lines per group, RFC 8058 one-click stop, the same Message-ID for the same attempt."""

import math
import smtplib
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives

from campaigns import links
from campaigns.channels.contract import Idempotency, Result, Verdict
from campaigns.channels.email import lines
from campaigns.channels.email.letter import framed
from campaigns.channels.email.lines import words
from campaigns.channels.email.talk import Talk
from campaigns.models import Attempt
from compliance.models.decision import PROMOTIONS

FEWEST = 4  # letters for which a line is opened: a handshake costs more than waiting for the first ones


class Email:
    idempotency = Idempotency.NONE

    def send(self, attempts: Sequence[Attempt], deadline: float) -> Mapping[int, Result]:
        letters = [(attempt.id, compose(attempt)) for attempt in attempts]
        most = min(settings.EMAIL_CONNECTIONS, math.ceil(len(letters) / FEWEST))
        return lines.deliver(letters, _send, deadline, most)

    def arrived(self, attempt: Attempt) -> bool:
        raise LookupError("SMTP cannot be asked.")


def _send(talk: Talk, message: EmailMultiAlternatives) -> Result:
    try:
        talk.send_messages([message])
    except smtplib.SMTPRecipientsRefused as error:
        code, _ = next(iter(error.recipients.values()))
        return Result(Verdict.PERMANENT if code >= 500 else Verdict.TRANSIENT, error=words(error))
    except smtplib.SMTPResponseException as error:  # the server said no, in so many words
        permanent = 500 <= error.smtp_code < 600
        return Result(Verdict.PERMANENT if permanent else Verdict.TRANSIENT, error=words(error))
    except (smtplib.SMTPException, OSError) as error:  # it said nothing: if its text was gone, perhaps it arrived
        return Result(Verdict.UNKNOWN, error=words(error))
    except ValueError as error:  # no mail can be made of it, and none was
        return Result(Verdict.PERMANENT, error=words(error))
    return Result(Verdict.ACCEPTED, provider_id=message.extra_headers["Message-ID"])


def compose(attempt: Attempt) -> EmailMultiAlternatives:
    """`attempt` with player.brand loaded; its words are complete, footer included."""
    brand = attempt.player.brand
    host = urlsplit(settings.PUBLIC_URL).hostname or "localhost"
    headers = {"Message-ID": f"<{attempt.delivery_id}.{attempt.number}@{host}>"}
    if attempt.purpose in PROMOTIONS:
        stop = links.stop_url(attempt.player_id, attempt.channel, attempt.delivery_id)
        headers["List-Unsubscribe"] = f"<{stop}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    sender = brand.support_email or f"{brand.slug}@{host}"
    message = EmailMultiAlternatives(
        attempt.subject, attempt.text, f'"{brand.name}" <{sender}>', [attempt.address], headers=headers
    )
    message.attach_alternative(framed(attempt), "text/html")
    return message


ADAPTER = Email()
