"""A provider's own log of what it took from us, held against what we handed over: what one has and the other has not.

Our own records cannot tell of a message that somebody sent around them, nor of one that went to another address than we
said (a field mapped wrongly between the two systems has mailed excluded players elsewhere). The provider's log can. A line
is told by the Message-ID we gave it; the lines themselves are not kept, only what was found and the file's fingerprint.
"""

import csv
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.dateparse import parse_datetime

from campaigns.models import Attempt, ProviderLog
from compliance import audit
from compliance.models import Operator
from players.models import Brand

CHANNEL = "email"
LONGEST = 20_000_000  # bytes
MOST = 200_000  # lines
KEPT = 50  # examples of each finding
EDGE = timedelta(minutes=10)  # at both ends of a log its clock and ours may disagree about what is in it
CHUNK = 1000
_ID = re.compile(r"<?(\d{1,18})\.(\d{1,5})@([^>\s]+)>?")
_NAMES = {
    "id": {"messageid", "smtpid", "msgid", "rfcmessageid", "headermessageid"},
    "address": {"recipient", "to", "email", "rcpt", "rcptto", "emailaddress"},
    "at": {"time", "timestamp", "date", "at", "sentat", "processed", "eventtime", "datetime"},
}
FINDINGS = {
    "stranger": "in the log, and no message of this brand",
    "elsewhere": "went to another address than we said",
    "refused": "in the log, and we have it as not sent",
    "missing": "we have it as sent, and it is not in the log",
}


class NotReadable(ValueError):
    """The message says what is missing."""


@dataclass
class Said:
    """One message of the log; several lines may tell of it."""

    address: str = ""
    at: datetime | None = None
    until: datetime | None = None


@dataclass
class Found:
    """`known`: of messages whose end nobody knew: the provider has them."""

    lines: int = 0
    known: int = 0
    first: datetime | None = None
    last: datetime | None = None
    of: dict[str, list[str]] = field(default_factory=lambda: {name: [] for name in FINDINGS})

    @property
    def differences(self) -> int:
        return sum(map(len, self.of.values()))


def read(raw: bytes) -> dict[str, Said]:
    """Message-ID, without its brackets -> what the log says of it. Raises NotReadable."""
    try:
        rows = csv.reader(raw.decode("utf-8-sig").replace("\0", "").splitlines(), _dialect(raw))
        header = next(rows, [])
        place = _columns(header)
        found: dict[str, Said] = {}
        for number, row in enumerate(rows):
            if number >= MOST:
                raise NotReadable(f"At most {MOST} lines at once: one day, or one hour.")
            _line(row, place, found)
    except (UnicodeDecodeError, csv.Error) as error:
        raise NotReadable("This is no table: save it as CSV in UTF-8.") from error
    if not found:
        raise NotReadable("No line has a Message-ID.")
    return found


def _dialect(raw: bytes) -> type[csv.Dialect]:
    first = raw.partition(b"\n")[0]

    class Lines(csv.excel):
        delimiter = max(",;\t", key=lambda one: first.count(one.encode()))

    return Lines


def _columns(header: list[str]) -> dict[str, int]:
    plain = [re.sub(r"[^a-z]", "", name.lower()) for name in header]
    place = {what: next((n for n, name in enumerate(plain) if name in names), -1) for what, names in _NAMES.items()}
    if place["id"] < 0:
        raise NotReadable("No column is called Message-ID: without it no line can be told.")
    return place


def _line(row: list[str], place: Mapping[str, int], found: dict[str, Said]) -> None:
    cell = {what: row[n].strip() if 0 <= n < len(row) else "" for what, n in place.items()}
    if not cell["id"]:
        return
    said = found.setdefault(cell["id"].strip("<>")[:200], Said())
    said.address = said.address or cell["address"].lower()
    if at := _moment(cell["at"]):
        said.at, said.until = min(said.at or at, at), max(said.until or at, at)


def _moment(text: str) -> datetime | None:
    """Without a zone it is UTC; seconds since 1970 are understood as well."""
    if text.isdecimal() and len(text) in (10, 13):
        return datetime.fromtimestamp(int(text[:10]), UTC)
    try:
        at = parse_datetime(text)
    except ValueError:
        return None
    return at if at is None or at.tzinfo else at.replace(tzinfo=UTC)


def compare(brand: Brand, said: Mapping[str, Said]) -> Found:
    found, ours = Found(lines=len(said)), _ours(brand, said)
    found.first = min((one.at for one in said.values() if one.at), default=None)
    found.last = max((one.until for one in said.values() if one.until), default=None)
    for name, one in said.items():
        attempt = ours.get(_key(name))
        if attempt is None:
            found.of["stranger"].append(name)
        elif one.address and attempt.address and one.address != attempt.address.strip().lower():
            found.of["elsewhere"].append(name)
        elif attempt.status in (Attempt.Status.FAILED, Attempt.Status.NOT_BEGUN):
            found.of["refused"].append(name)
        found.known += attempt is not None and attempt.status == Attempt.Status.UNKNOWN
    found.of["missing"] += [_name(one) for one in _accepted(brand, found) if (one.delivery_id, one.number) not in ours]
    return found


def _key(name: str) -> tuple[int, int] | None:
    told = _ID.fullmatch(name)
    return (int(told[1]), int(told[2])) if told and told[3] == _host() else None


def _name(attempt: Attempt) -> str:
    return f"{attempt.delivery_id}.{attempt.number}@{_host()}"


def _host() -> str:
    return urlsplit(settings.PUBLIC_URL).hostname or "localhost"


def _ours(brand: Brand, names: Iterable[str]) -> dict[tuple[int, int] | None, Attempt]:
    keys = [key for name in names if (key := _key(name))]
    wanted = set(keys)
    found: dict[tuple[int, int] | None, Attempt] = {}
    for some in _chunks(sorted({delivery for delivery, _ in keys})):
        for row in _emails(brand).filter(delivery_id__in=some):
            if (row.delivery_id, row.number) in wanted:
                found[row.delivery_id, row.number] = row
    return found


def _chunks(numbers: list[int]) -> Iterator[list[int]]:
    return (numbers[start : start + CHUNK] for start in range(0, len(numbers), CHUNK))


def _emails(brand: Brand) -> QuerySet[Attempt]:
    rows = Attempt.objects.filter(player__brand=brand, channel=CHANNEL)
    return rows.only("id", "delivery_id", "number", "address", "status")


def _accepted(brand: Brand, found: Found) -> Iterable[Attempt]:
    """What the provider took, by our record, while the log ran."""
    if found.first is None or found.last is None:
        return ()
    taken = Q(status=Attempt.Status.ACCEPTED, sent_at__gte=found.first + EDGE, sent_at__lte=found.last - EDGE)
    return _emails(brand).filter(taken).iterator(CHUNK)


def keep(brand: Brand, raw: bytes, name: str, actor: Operator, *, now: datetime) -> ProviderLog:
    """Raises NotReadable."""
    digest, found = hashlib.sha256(raw).hexdigest(), compare(brand, read(raw))
    figures = {what: len(names) for what, names in found.of.items()} | {"known": found.known}
    with transaction.atomic():
        row = ProviderLog.objects.create(
            brand=brand, channel=CHANNEL, name=name[:100], digest=digest, by=actor, at=now, first=found.first,
            last=found.last, lines=found.lines, differences=found.differences, figures=figures,
            examples={what: names[:KEPT] for what, names in found.of.items() if names},
        )  # fmt: skip
        after = {"log": row.pk, "file_sha256": digest, "messages": found.lines, "differences": found.differences}
        audit.record(actor, "provider_log.compared", f"brand:{brand.pk}", brand=brand.pk, after=after | figures)
    return row


def strangers(brands: QuerySet[Brand], *, since: datetime) -> int | None:
    """Messages in the providers' logs that no message of ours explains, each file once; None when there was no log."""
    rows = ProviderLog.objects.filter(brand__in=brands, at__gte=since).order_by("pk")
    counts = {row.digest: row.figures["stranger"] + row.figures["elsewhere"] for row in rows}
    return sum(counts.values()) if counts else None
