"""How long what is kept, as the code does it: a promise on a page that no job keeps would be none.

Some classes have a time per licence (`TERMS`), which two officers may set with a reason: `retiring` keeps them. The others
are the same everywhere (`CLASSES`). What the sealed trail holds is never deleted: when its time is over the player's key is
destroyed, and what is left names nobody (compliance.erasing).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from compliance import audit
from compliance.models import Operator, Retention
from players.models import Licence

YEAR = 365


class Class(NamedTuple):
    name: str
    kept: str
    why: str


CLASSES = (
    Class("Events as the PAM sent them", "14 days", "to read them again after a mistake; then their day is dropped"),
    Class("Uploaded files", f"{settings.IMPORT_KEEP.days} days", "to put an import right"),
    Class("Lists of members for other systems", "24 hours", "the answers they rest on are too old after that"),
    Class("Files for regulators and players", "7 days", "who asked for them and why stays in the audit trail"),
    Class("Decisions, consents, register answers, audit trail", "not deleted",
          "sealed: a row that is gone is found. The birth date in them is under the player's key and goes with it"),
    Class("Restrictions; that there was a case, and what was decided", "not deleted",
          "an exclusion must hold also for somebody we no longer know"),
    Class("That a message was sent, when and why", "not deleted", "its words have a time of their own, above"),
    Class("Addresses nobody may write to, keys people are told by", "not deleted",
          "as keyed hashes, so that an exclusion outlives an erasure"),
    Class("Payments, rounds, bonuses", "not deleted", "under the account's number; money-laundering and tax law decide"),
)  # fmt: skip


@dataclass(frozen=True)
class Term:
    """`days` where nothing was set; `by_licence` where a source names another. Never shorter than `least`."""

    data: Retention.Data
    what: str
    counted: str
    days: int
    least: int
    source: str
    by_licence: dict[str, tuple[int, str]]


TERMS = (
    Term(
        Retention.Data.IDENTITY, "Names, addresses, birth date, identity, own attributes, text of messages",
        "from the day the account was closed", 7 * YEAR, 5 * YEAR, "Proposed default, to be confirmed with counsel",
        {"DK": (5 * YEAR, "Money laundering law: 5 years after the relationship")},
    ),
    Term(
        Retention.Data.UNREAD, "What was in events that could not be read", "from the day they were received",
        2 * YEAR, 30, "Proposed default: raw event inputs 24 months", {},
    ),
    Term(
        Retention.Data.NOTES, "What was noted in cases: seen, done, said, found",
        "from the day the person's last account and the case were closed", 7 * YEAR, 5 * YEAR,
        "Proposed default, to be confirmed with counsel: interactions 7 years", {},
    ),
    Term(
        Retention.Data.MESSAGES, "Words and address of messages that were sent", "from the day they were sent",
        7 * YEAR, YEAR, "Proposed default, to be confirmed with counsel: interactions 7 years", {},
    ),
)  # fmt: skip
BY_DATA = {term.data: term for term in TERMS}


@dataclass(frozen=True)
class Kept:
    """What holds for one licence. `set`: the row two people set it by."""

    licence: Licence
    term: Term
    days: int
    source: str
    set: Retention | None = None

    @property
    def span(self) -> timedelta:
        return timedelta(days=self.days)

    @property
    def words(self) -> str:
        years, rest = divmod(self.days, YEAR)
        return f"{years} year{'s' if years > 1 else ''}" if years and not rest else f"{self.days} days"


class CannotChange(ValueError):
    """The message says why."""


def of(licence: Licence, data: str) -> Kept:
    term = BY_DATA[Retention.Data(data)]
    rows = Retention.objects.filter(licence=licence, data=data).exclude(signed_by=None)
    row = rows.select_related("asked_by", "signed_by").order_by("-signed_at", "-pk").first()
    if row:
        return Kept(licence, term, row.days, row.reason, row)
    days, source = term.by_licence.get(licence.jurisdiction, (term.days, term.source))
    return Kept(licence, term, days, source)


def asked(row: Retention) -> Kept:
    """As it would be once it is signed."""
    return Kept(row.licence, BY_DATA[Retention.Data(row.data)], row.days, row.reason, row)


def waiting(licences: Iterable[Licence]) -> QuerySet[Retention]:
    rows = Retention.objects.filter(licence__in=licences, signed_by=None, declined_by=None)
    return rows.select_related("licence", "asked_by").order_by("asked_at")


def ask(licence: Licence, data: str, days: int, actor: Operator, reason: str, *, now: datetime) -> Retention:
    """It counts once somebody else has signed it. Raises CannotChange."""
    kept = of(licence, data)
    if days < kept.term.least:
        raise CannotChange(f"At least {kept.term.least} days.")
    with transaction.atomic():
        Licence.objects.select_for_update(no_key=True).get(pk=licence.pk)  # one at a time
        if waiting([licence]).filter(data=data).exists():
            raise CannotChange("Somebody has asked for another time already; that is signed or declined first.")
        row = Retention.objects.create(
            licence=licence, data=data, days=days, reason=reason, asked_by=actor, asked_at=now
        )
        _note(actor, "retention.asked", row, reason, days=days, before={"days": kept.days})
    return row


def sign(row: Retention, actor: Operator, *, now: datetime) -> Retention:
    """From then on what is older goes: it does not come back."""
    with transaction.atomic():
        row = _locked(row)
        if row.asked_by_id == actor.pk:
            raise CannotChange("A second person signs.")
        if row.declined_by_id:
            raise CannotChange("It was declined by now.")
        if row.signed_by_id is None:
            row.signed_by, row.signed_at = actor, now
            before = {"days": of(row.licence, row.data).days}
            _note(actor, "retention.signed", row, row.reason, days=row.days, before=before)
            row.save(update_fields=["signed_by", "signed_at"])  # the database lets it through behind its entry only
    return row


def decline(row: Retention, actor: Operator, reason: str, *, now: datetime) -> Retention:
    """By anybody who could sign, and by whoever asked."""
    with transaction.atomic():
        row = _locked(row)
        if row.signed_by_id:
            raise CannotChange("It was signed by now. Ask for another time instead.")
        if row.declined_by_id is None:
            row.declined_by, row.declined_at = actor, now
            _note(actor, "retention.declined", row, reason, asked_for=row.days)
            row.save(update_fields=["declined_by", "declined_at"])
    return row


def _locked(row: Retention) -> Retention:
    """Two people may press at once."""
    return Retention.objects.select_for_update(of=("self",)).select_related("licence").get(pk=row.pk)


def _note(actor: Operator, kind: str, row: Retention, reason: str, *, before: dict[str, int] | None = None,
          **told: int) -> None:  # fmt: skip
    """`licence` by its number, as the database looks for it, and by name."""
    after = {"licence": row.licence_id, "jurisdiction": row.licence.jurisdiction, "data": row.data} | told
    audit.record(actor, kind, f"retention:{row.pk}", brand=None, reason=reason, before=before, after=after)
