"""National self-exclusion registers: only a definite, recent 'not registered' counts."""

from datetime import datetime, timedelta

from compliance.asking import Request
from compliance.dossier import Dossier, RegisterAnswer
from compliance.rules import Check, Reason
from compliance.vocabulary import ADDRESSED

_RETRY = timedelta(minutes=15)


def checked(
    rule: str, register: str, *, ttl: timedelta, marketing_only: bool = False, login_only: bool = False
) -> Check:
    """`marketing_only`: an answer to a login question may not be used for advertising (Sweden). `login_only`: the
    register answers no other, so who does not log in cannot be checked (CRUKS).

    A card on the site is shown to whoever has logged in: the PAM's own check at that login is an answer when the PAM has
    told it, and no answer otherwise. So a card, like a grant, may rest on either.
    """

    def check(dossier: Dossier, request: Request, now: datetime) -> Reason | None:
        answers = dossier.registers or {}
        kinds = ["marketing"] if marketing_only and request.channel in ADDRESSED else ["marketing", "login"]
        kinds = ["login"] if login_only else kinds
        found = [answers[f"{register}/{kind}"] for kind in kinds if f"{register}/{kind}" in answers]
        newest = max(found, key=lambda answer: answer.asked_at, default=None)
        if newest is None and login_only:
            return Reason("DENY_REGISTER_UNSUPPORTED", rule)
        return _judge(newest, rule, ttl, now, asked_again=not login_only)

    return check


def logged_in_within(rule: str, register: str, span: timedelta) -> Check:
    """A register that answers at a login only: how long ago that was. Waiting does not log anybody in."""

    def check(dossier: Dossier, request: Request, now: datetime) -> Reason | None:
        answer = (dossier.registers or {}).get(f"{register}/login")
        late = answer is not None and now - answer.asked_at > span
        return Reason("DENY_REGISTER_STALE", rule) if late else None

    return check


def _judge(
    answer: RegisterAnswer | None, rule: str, ttl: timedelta, now: datetime, *, asked_again: bool
) -> Reason | None:
    retry_at = now + _RETRY if asked_again else None  # a login check is not repeated by waiting
    if answer is None or answer.result not in {"clear", "listed"}:
        return Reason("DENY_REGISTER_UNAVAILABLE", rule, retry_at=retry_at)
    if answer.result == "listed":
        return Reason("DENY_NATIONAL_REGISTER", rule)
    if now - answer.asked_at > ttl:
        return Reason("DENY_REGISTER_STALE", rule, retry_at=retry_at)
    return None
