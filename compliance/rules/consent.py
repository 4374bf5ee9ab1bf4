"""Did the player say yes, to this product on this channel, with proof, and after their last return?"""

from datetime import datetime, timedelta

from compliance.asking import Request
from compliance.dossier import Dossier, Opinion
from compliance.rules import Check, Reason, offers
from compliance.vocabulary import HANDED_ON

_UNASKED = frozenset({"post", "webhook"})  # PECR asks for no consent there


def _cells(dossier: Dossier, request: Request) -> list[Opinion | None]:
    known = dossier.consents or {}
    return [known.get(f"{name}/{request.channel}") for name in sorted(request.promotes)]


def opted_in(rule: str, both: str, channels: frozenset[str]) -> Check:
    """A yes with its wording and its screen for every product of the message and of its offer on that channel; `both`
    names the cross-sell rule."""

    def check(dossier: Dossier, request: Request, now: datetime) -> Reason | None:
        if request.channel not in channels:
            return None
        cells = _cells(dossier, request)
        proven = [cell for cell in cells if cell is not None and cell.granted and cell.wording and cell.screen]
        if cells and len(proven) == len(cells):
            return None
        if any(cell is not None and cell.granted is False for cell in cells):
            return None  # said no: `not_opted_out` says so
        return Reason("DENY_NO_OPT_IN", both if proven else rule)

    return check


def not_opted_out(rule: str) -> Check:
    def check(dossier: Dossier, request: Request, now: datetime) -> Reason | None:
        if request.channel == "bonus":
            return None
        cells = _cells(dossier, request)
        if any(cell is not None and cell.granted is False for cell in cells) or _objected(dossier, request):
            return Reason("DENY_OPTED_OUT", rule)
        # A change was announced and is not told yet: on site, where silence is no refusal, this is one.
        unknown = any(cell is not None and cell.granted is None for cell in cells)
        return Reason("DENY_STATE_UNAVAILABLE", rule) if unknown else None

    return check


def _said(dossier: Dossier, request: Request) -> list[set[bool | None]]:
    """Per product of the message: every newest word on it, wherever a message can be sent. What is seen on the site is
    no message."""
    words: dict[str, set[bool | None]] = {name: set() for name in request.promotes}
    for cell, opinion in (dossier.consents or {}).items():
        name, _, channel = cell.partition("/")
        if channel != "onsite" and (name in words or not request.promotes):
            words.setdefault(name, set()).add(opinion.granted)
    return list(words.values())


def _objected(dossier: Dossier, request: Request) -> bool:
    """By post nobody is asked for consent, so nobody can take it back there: whoever said no to a product wherever they
    were asked about it, and yes nowhere, objects to letters about it too (GDPR art. 21)."""
    return request.channel in _UNASKED and any(words and True not in words for words in _said(dossier, request))


def welcome_by_post(rule: str) -> Check:
    """Of whom nobody has heard a yes to the product anywhere, nobody can tell that they do not object."""

    def check(dossier: Dossier, request: Request, now: datetime) -> Reason | None:
        if request.channel not in _UNASKED:
            return None
        said = _said(dossier, request)
        silent = not said or any(not words for words in said)
        return Reason("DENY_NO_OPT_IN", rule) if silent else None

    return check


def address_usable(dossier: Dossier, request: Request, now: datetime) -> Reason | None:
    called = request.channel == "phone" and "sms" in dossier.suppressed  # one number, whatever it is used for
    handed_on = request.channel in HANDED_ON and dossier.suppressed  # nor is it given to others to be used
    return Reason("DENY_OPTED_OUT", "PD-03") if called or handed_on or request.channel in dossier.suppressed else None


def opted_in_since_return(rule: str) -> Check:
    """An opt-in from before the exclusion does not survive it, nor one from before a pause where that ends consent."""

    def check(dossier: Dossier, request: Request, now: datetime) -> Reason | None:
        ends = [at for at in (dossier.returned_at, dossier.stopped_at) if at is not None]
        if not ends or request.channel == "bonus":
            return None
        stale = any(cell is None or cell.at <= max(ends) for cell in _cells(dossier, request))
        return Reason("DENY_NO_OPT_IN", rule) if stale or not request.promotes else None

    return check


def no_bonus_after_return(days: int) -> Check:
    def check(dossier: Dossier, request: Request, now: datetime) -> Reason | None:
        recent = dossier.returned_at is not None and now < dossier.returned_at + timedelta(days=days)
        return Reason("DENY_ACCOUNT_RESTRICTED", "POL-06") if recent and offers(request) else None

    return check


def given_on_this_site(rule: str) -> Check:
    """An inducement outside the site needs a consent that was given on the licence's own site, and a channel of ours: no
    ads, no affiliate (Ontario)."""

    def check(dossier: Dossier, request: Request, now: datetime) -> Reason | None:
        if request.channel in {"bonus", "onsite"} or not offers(request):
            return None
        cells = _cells(dossier, request)  # none: of what names no product nobody has said yes to anything
        here = bool(dossier.site and cells) and request.channel not in HANDED_ON
        here = here and all(cell is not None and cell.origin == dossier.site for cell in cells)
        return None if here else Reason("DENY_CONSENT_ORIGIN", rule)

    return check
