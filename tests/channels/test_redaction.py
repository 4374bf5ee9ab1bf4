"""What others say of somebody's address is kept without it; the code and the reason stay."""

import logging

import pytest

from config.lib.redaction import Formatter, logged, redact, redacted


@pytest.mark.parametrize(("said", "kept"), [
    ("550 5.1.1 <anna@example.com> unknown", "550 5.1.1 <[address]> unknown"),
    ("SMTPRecipientsRefused: {'anna@example.com': (550, b'5.1.1 no such user')}",
     "SMTPRecipientsRefused: {'[address]': (550, b'5.1.1 no such user')}"),
    ("bounced: bounce+anna=example.com@relay.test", "bounced: [address]"),
    ("see https://help.test/?to=anna%40example.com&x=1", "see https://help.test/?to=[address]&x=1"),
    ('553 "anna berg"@example.com not local', "553 [address] not local"),
    ("b'5.1.1 \\xc3\\xa5sa@example.se gone'", "b'5.1.1 [address] gone'"),
    ("anna@example.com,bo@example.com", "[address],[address]"),
    ("21610 to +44 7700 900123 is stopped", "21610 to [number] is stopped"),
    ("invalid: 0046701234567.", "invalid: [number]."),
    ("invalid: 07700 900123", "invalid: [number]"),
    ("421 4.7.0 [192.168.100.200] try again at 2026-11-23 16:05:00", "421 4.7.0 [192.168.100.200] try again at 2026-11-23 16:05:00"),
    ("550-5.7.26 unauthenticated, retry in 3600 s", "550-5.7.26 unauthenticated, retry in 3600 s"),
    ("answered 404: no definite word", "answered 404: no definite word"),
])  # fmt: skip
def test_an_address_goes_and_the_reason_stays(said: str, kept: str) -> None:
    assert redacted(said) == kept


@pytest.mark.parametrize(("said", "known", "kept"), [
    ("550 No such user Anna.Berg here", "anna.berg@example.com", "550 No such user [address] here"),
    ("550 mailbox of bo is full, bored", "bo@example.com", "550 mailbox of bo is full, bored"),
    ("no route to 7700-900-123", "+7700900123", "no route to [number]"),
    ("annabel is another", "anna@example.com", "annabel is another"),
    ("nothing of it", "", "nothing of it"),
])  # fmt: skip
def test_of_a_known_address_the_name_alone_goes_too(said: str, known: str, kept: str) -> None:
    assert redacted(said, [known]) == kept


def test_a_log_keeps_its_ids_and_loses_addresses() -> None:
    line = redact(None, "warning", {"event": "refused", "error": "<anna@example.com>", "id": "12345678901", "n": 3})
    assert line == {"event": "refused", "error": "<[address]>", "id": "12345678901", "n": 3}
    record = logging.LogRecord("x", logging.ERROR, "f", 1, "to %s: %s", ("+447700900123", "anna@example.com"), None)
    assert Formatter("%(message)s").format(record) == "to [number]: [address]"
    assert logged("a traceback: ValueError('anna@example.com')") == "a traceback: ValueError('[address]')"
