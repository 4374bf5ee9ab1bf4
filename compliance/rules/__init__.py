"""Rules: pure functions over a frozen dossier. All of them run; every reason is kept; precedence picks one.

A rule says no by returning a Reason. It never says yes: yes is what is left when nobody said no.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from compliance.asking import Request
from compliance.dossier import Dossier
from compliance.models.decision import Decision, Purpose

PROMOTIONAL = frozenset({Purpose.PROMOTIONAL.value})
ALWAYS = frozenset(purpose.value for purpose in Purpose)
# Channels that reach out to the player; the others are seen when the player comes.
OUTBOUND = frozenset({"email", "sms", "push", "phone", "post", "webhook"})


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
    LAW rules have no switch; a POL rule may be switched off by two people unless the database holds it too.
    """

    id: str
    sentence: str
    source: str
    confidence: str
    check: Check | None
    effective_from: date = date(2019, 1, 1)
    effective_to: date | None = None
    purposes: frozenset[str] = PROMOTIONAL
    switchable: bool = False
    once: bool = False  # reads what was given and played before

    @property
    def is_law(self) -> bool:
        return not self.id.startswith("POL-")

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
    return request.incentive is not None and request.incentive.type in {"deposit_match", "reload"}


def offers(request: Request) -> bool:
    """Gives or promises something: a grant, or a message about one."""
    return request.channel == "bonus" or request.incentive is not None
