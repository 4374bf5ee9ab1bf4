"""A message or an offer asked about an ideal player, and about a few who are not."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from typing import Any

from compliance.asking import Request
from compliance.dossier import Dossier
from compliance.ideal import born, ideal
from compliance.judging import judge
from compliance.jurisdictions import PACKS
from compliance.lint import words
from compliance.models.decision import PROMOTIONS, Purpose
from compliance.rules import Rule, offers

_ADULT, _OLDEST_YOUNG = 18, 30
# What is decided at the hour of sending, or told by a rate of that day, is nothing to mend in a message.
_OF_THE_MOMENT = frozenset({"DENY_QUIET_HOURS", "DENY_FREQUENCY", "DENY_RATE_MISSING"})
_FOR_A_REFUSED_DEPOSIT = frozenset({"deposit.rejected", "withdrawal.cancelled"})


@dataclass(frozen=True, slots=True)
class Subject:
    """What will be asked of the gate, with the words beside it. `where`: the caller's own name for its place.

    `trigger`: the fact that starts it, if any. `can_stop`: the message says how to stop messages like it. `has_link`:
    it leads to a page where the conditions of an offer can be read. `readings`: every way the text can read, where it is a
    template; `unreadable`: what of it nobody can read beforehand.
    """

    where: str
    request: Request
    text: str = ""
    trigger: str = ""
    can_stop: bool = True
    has_link: bool = True
    readings: tuple[str, ...] = ()
    unreadable: str = ""

    @property
    def ways(self) -> tuple[str, ...]:
        return self.readings or (self.text,)

    @property
    def said(self) -> str:
        """All of it one below the other: what one way says is said."""
        return "\n\n".join(self.ways)

    @property
    def fingerprint(self) -> str:
        """Of everything that was looked at: what is changed afterwards is another thing. How many players there are
        changes by itself."""
        asked = repr(sorted(replace(self.request, player_id=0, reference="", audience=None).snapshot().items()))
        return hashlib.sha256("\n".join((asked, self.text, self.trigger)).encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class Finding:
    """`level`: red stops it, amber is for the approver's eyes. Only what is the operator's own policy can be overruled."""

    level: str
    rule: str
    sentence: str
    where: str = ""
    fingerprint: str = ""
    is_law: bool = True

    @property
    def may_be_overruled(self) -> bool:
        return self.level == "red" and not self.is_law


def check(subjects: Iterable[Subject], jurisdiction: str, currency: str, *, now: datetime) -> list[Finding]:
    """`now`: a moment of the day from which it shall run; rules are dated."""
    noon = now.replace(hour=12, minute=0, second=0, microsecond=0)
    return [finding for subject in subjects for finding in _one(subject, jurisdiction, currency, noon)]


def _one(subject: Subject, jurisdiction: str, currency: str, now: datetime) -> Iterator[Finding]:
    found = words.found(subject.said)
    known = words.tags(found)
    purpose = subject.request.purpose
    promotional = purpose in PROMOTIONS
    told = subject.request.content  # that a service message sells is said below, with the words that do
    asked = replace(subject.request, content=told | known if promotional else told - {"selling"})
    adult = ideal(jurisdiction, currency, now)
    refused = _refusals(adult, asked, now)
    yield from (_of_rule(subject, rule, jurisdiction) for rule in refused)
    yield from _not_read(subject)
    if promotional:
        yield from _by_policy(subject, found, _without(asked, adult, refused, known, now))
        yield from _plan(subject, asked)
        yield from _offer(subject, asked, _laws(jurisdiction, now.date()))
        if not refused:
            yield from _left_out(subject, asked, adult, now)
    if purpose != Purpose.PROMOTIONAL and (said := words.selling(subject.said)):
        sentence = f"“{said}” makes a {'survey' if promotional else 'service message'} a promotion"
        yield Finding("red", "PD-04", sentence, subject.where, subject.fingerprint)


def _not_read(subject: Subject) -> Iterator[Finding]:
    """What no list is for, and what is put together as it is sent, would pass every check above. A person reads it."""
    if line := next(filter(None, map(words.unread, subject.ways)), ""):
        sentence = f"“{line[:60]}” is in no language whose words are checked: somebody has to read it"
        yield _policy(subject, "red", "POL-L13", sentence)
    if subject.unreadable:
        sentence = f"“{subject.unreadable[:80]}” is put together for each player: nobody can read it beforehand"
        yield _policy(subject, "red", "POL-L14", sentence)


def _refusals(dossier: Dossier, request: Request, now: datetime) -> list[str]:
    """Ids of the rules that refuse, whatever the hour."""
    found = judge(dossier, request, now).reasons
    return [reason.rule for reason in found if reason.code not in _OF_THE_MOMENT]


def _of_rule(subject: Subject, rule_id: str, jurisdiction: str) -> Finding:
    rule = _rules(jurisdiction).get(rule_id)
    sentence = f"nobody would get it: {rule.sentence}" if rule else "nobody would get it under this licence"
    # The gate itself refuses: overruling it here would change nothing, a policy is switched instead.
    return Finding("red", rule_id, sentence, subject.where, subject.fingerprint)


@cache
def _rules(jurisdiction: str) -> dict[str, Rule]:
    pack = PACKS.get(jurisdiction)
    return {rule.id: rule for rule in pack.every} if pack else {}


def _without(
    request: Request, adult: Dossier, refused: Sequence[str], known: frozenset[str], now: datetime
) -> frozenset[str]:
    """Tags the licence itself refuses: the operator's policy about them is not needed."""
    return frozenset(
        tag
        for tag in known
        if refused and set(_refusals(adult, replace(request, content=frozenset({tag})), now))
        - set(_refusals(adult, replace(request, content=frozenset()), now))
    )  # fmt: skip


def _by_policy(subject: Subject, found: Sequence[words.Found], by_law: frozenset[str]) -> Iterator[Finding]:
    for one in found:
        if one.tag not in by_law:
            policy = words.POLICIES[one.tag]
            sentence = f"“{one.words}” {policy.sentence}"
            yield _policy(subject, policy.level, policy.rule, sentence)


def _policy(subject: Subject, level: str, rule: str, sentence: str) -> Finding:
    return Finding(level, rule, sentence, subject.where, subject.fingerprint, is_law=False)


def _plan(subject: Subject, asked: Request) -> Iterator[Finding]:
    """Why it is said, rather than what."""
    if "loss" in asked.criteria:
        yield _policy(subject, "red", "POL-L7", "the audience is chosen by what it lost")
    if subject.trigger in _FOR_A_REFUSED_DEPOSIT:
        yield _policy(subject, "red", "POL-L8", "a promotion follows a declined deposit or a cancelled withdrawal")
    if asked.channel in ("email", "sms", "push") and not subject.can_stop:
        yield Finding("red", "PD-03", "it does not say how to stop such messages", subject.where, subject.fingerprint)


def _laws(jurisdiction: str, day: date) -> dict[str, Rule]:
    return {name: rule for name, rule in _rules(jurisdiction).items() if rule.is_law and rule.in_force(day)}


def _offer(subject: Subject, asked: Request, laws: Mapping[str, Rule]) -> Iterator[Finding]:
    """What is said of an offer, beside what the gate is told of it. Where a law is about offering itself, an offer that
    is not declared goes past it: nobody overrules that."""
    said, offered = words.offer(subject.said), asked.incentive
    if offered is None:
        if said:
            policy = words.POLICIES["offer"]
            sentence = f"“{said}” {policy.sentence}"
            law = min((name for name, rule in laws.items() if rule.offering), default="")
            yield Finding(policy.level, law or policy.rule, sentence, subject.where, subject.fingerprint, bool(law))
        return
    costs = bool(offered.wagering or offered.needs)
    if costs and (free := words.free(subject.said)):
        policy = words.POLICIES["free"]
        yield _policy(subject, policy.level, policy.rule, f"“{free}” {policy.sentence}")
    if subject.text and not subject.has_link and "SE-05t" in laws:
        yield Finding("red", "SE-05t", "the conditions of the offer are not linked", subject.where, subject.fingerprint)
    elif subject.text and costs and not subject.has_link:
        yield _policy(subject, "amber", "POL-L11", "the conditions of the offer are not linked")
    if subject.text and "SE-05n" in laws and not all(map(words.new_only, subject.ways)):
        sentence = "it does not say that the offer is for new players only"
        yield Finding("red", "SE-05n", sentence, subject.where, subject.fingerprint)


def _left_out(subject: Subject, asked: Request, adult: Dossier, now: datetime) -> Iterator[Finding]:
    """Who would not get it though nothing is wrong with it: for the approver's eyes."""
    young = [
        age for age in range(_ADULT, _OLDEST_YOUNG) if _refusals(replace(adult, birth_date=born(age, now)), asked, now)
    ]
    if young:
        ids = _refusals(replace(adult, birth_date=born(young[0], now)), asked, now)
        yield Finding("amber", ids[0], f"players under {young[-1] + 1} will not get it", subject.where)
    for sentence, changes in _OTHERS:
        if (ids := _refusals(replace(adult, **changes), asked, now)) and offers(asked):
            yield Finding("amber", ids[0], sentence, subject.where)


_OTHERS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("players who have played before will not get it", {"first_played": True}),
    ("players who are playing at that moment will not get it", {"in_session": True}),
    ("high-value customers whose checks are not on record will not get it", {"vip": True, "vip_cleared": False}),
)
