"""Rules: pure functions over a frozen dossier. All of them run; every reason is kept; precedence picks one.

A rule says no by returning a Reason. It never says yes: yes is what is left when nobody said no.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from compliance.asking import Ask, Request
from compliance.dossier import Dossier
from compliance.models.decision import PROMOTIONS, Decision, Purpose
from compliance.vocabulary import ON_DEPOSIT, OUTBOUND

__all__ = [
    "ALWAYS", "OUTBOUND", "PROMOTIONAL", "Check", "Reason", "Rule", "asks_deposit", "deposit_wanted", "offers",
    "paid_in",
]  # fmt: skip

PROMOTIONAL = frozenset(purpose.value for purpose in PROMOTIONS)
ALWAYS = frozenset(purpose.value for purpose in Purpose)


@dataclass(frozen=True)
class Reason:
    code: str
    rule: str
    outcome: Decision.Outcome = Decision.Outcome.DENY
    retry_at: datetime | None = None

    def __str__(self) -> str:
        return f"{self.code} {self.rule}"


Check = Callable[[Dossier, Request, datetime], Reason | None]


@dataclass(frozen=True)
class Rule:
    """`sentence` in the operator's words; `source` and `confidence` (A text seen … G unverified) of the claim.

    `check` None: the rule acts when a restriction arrives (see compliance.limits), not when the gate is asked.
    Three families. A law has no switch. A policy (POL-…) is the operator's own and has one, for two people, unless
    the database holds it too. What the sources leave open (confidence C or G) is never shown as law: it is
    configuration that counsel confirms, on the safe side until two people say otherwise.
    """

    id: str
    sentence: str
    source: str
    confidence: str
    check: Check | None
    effective_from: date = date(2019, 1, 1)
    effective_to: date | None = None
    purposes: frozenset[str] = PROMOTIONAL
    acts: str = ""  # where, when the gate is not asked about it
    held: bool = False  # by the database as well: no switch
    default_on: bool = True
    once: bool = False  # reads what was given and played before
    offering: bool = False  # to speak of an offer is forbidden, not only to give it

    @cached_property
    def family(self) -> str:
        """'law' | 'policy' | 'counsel'"""
        if self.id.startswith("POL-"):
            return "policy"
        return "counsel" if self.open_question else "law"

    @property
    def open_question(self) -> bool:
        """A source is missing or contradicted: counsel has to settle it."""
        return bool({"C", "G"} & set(self.confidence))

    @property
    def cites(self) -> bool:
        """Its source is somebody else's text, which was read or was not; our own safeguards and policies cite nobody."""
        return self.open_question or not self.id.startswith(("POL-", "SYS-", "OP-"))

    @property
    def is_law(self) -> bool:
        return self.family == "law"

    @cached_property
    def switchable(self) -> bool:
        return self.is_asked and not self.is_law and not self.held

    def is_on(self, switched_off: Collection[str], switched_on: Collection[str]) -> bool:
        """At a brand with these switches; what has no switch is on."""
        if not self.switchable:
            return True
        return self.id not in switched_off if self.default_on else self.id in switched_on

    @property
    def is_asked(self) -> bool:
        """False: it acts when a restriction arrives. (A template would call `check` itself.)"""
        return self.check is not None

    def in_force(self, day: date) -> bool:
        return self.effective_from <= day and (self.effective_to is None or day < self.effective_to)


def asks_deposit(request: Request) -> bool:
    """The message wants the player to pay in: it asks for it, or offers a bonus that needs it."""
    if request.ask is not None and request.ask.kind == "deposit":
        return True
    return request.incentive is not None and request.incentive.type in ON_DEPOSIT


def deposit_wanted(request: Request) -> Ask | None:
    """What has yet to be paid in, where that is told: as the message asks, or as its offer needs."""
    offer = request.incentive
    if request.ask is not None or offer is None or offer.needs is None or paid_in(request):
        return request.ask
    return Ask("deposit", offer.needs, offer.currency)


def paid_in(request: Request) -> bool:
    """A bonus that is given on a deposit asks for none any more."""
    return request.channel == "bonus" and request.incentive is not None and bool(request.incentive.deposit)


def offers(request: Request) -> bool:
    """Gives or promises something: a grant, or a message about one."""
    return request.channel == "bonus" or request.incentive is not None
