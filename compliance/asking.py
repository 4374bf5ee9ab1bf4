"""What a caller tells the gate, and what it hears back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Any

from compliance.models.decision import Decision, Purpose
from compliance.vocabulary import product

SHORTEST_WAIT = timedelta(minutes=15)
REGISTER_TROUBLE = frozenset({"DENY_REGISTER_UNAVAILABLE", "DENY_REGISTER_STALE"})


@dataclass(frozen=True)
class Ask:
    """What the message asks of the player at least: a deposit, or a stake per game."""

    kind: str  # "deposit" | "stake"
    amount: int  # minor units
    currency: str


@dataclass(frozen=True)
class Incentive:
    """What the player is offered or given. `value` in minor units; `products` it can be used on."""

    type: str
    value: int
    currency: str
    wagering: Decimal | None = None
    wagering_base: str = "bonus"  # "bonus" | "deposit_bonus"
    days: int | None = None  # to meet the conditions; None = no end
    products: frozenset[str] = frozenset()
    stake: int | None = None  # of one free spin or bet, minor units
    on_winnings: bool | None = None  # what is won from it must be played through too; None: nobody said
    deposit: int | None = None  # paid in for it, or to be paid in for all of it; minor units
    needs: int | None = None  # the smallest deposit that earns this value
    given: str = ""  # the reference under which it has been given: the message only tells of it
    counts: frozenset[str] = frozenset()  # games whose stakes count towards the wagering, where they are told
    together: int | None = None  # worth of all that the same promotion gives, this included; None: this is all of it
    least_share: int | None = None  # per cent at which the least of them counts; None: nobody said


@dataclass(frozen=True)
class Request:
    """One question: may this be sent to, or given to, this player now?

    `criteria`: why the player was selected ('inactivity', 'loss', …); `reference`: opaque, comes back on
    the decision; the same reference asked again is a retry of the same thing. `content`: what its words do
    ('urgency', …); `audience`: how many players are offered the same terms, None when nobody counted.
    """

    player_id: int
    purpose: Purpose
    channel: str
    products: frozenset[str]
    criteria: frozenset[str]
    reference: str
    ask: Ask | None = None
    incentive: Incentive | None = None
    content: frozenset[str] = frozenset()
    audience: int | None = None

    @cached_property
    def promotes(self) -> frozenset[str]:
        """Products: what the message is about, and what its offer can be used on. 'any' is no product of its own."""
        reward = self.incentive.products - {"any"} if self.incentive else frozenset()
        return frozenset(product(word) for word in self.products | reward)

    def snapshot(self) -> dict[str, Any]:
        plain: dict[str, Any] = {
            "player_id": self.player_id, "purpose": str(self.purpose), "channel": self.channel,
            "products": sorted(self.products), "criteria": sorted(self.criteria), "reference": self.reference,
        }  # fmt: skip
        if self.ask:
            plain["ask"] = dict(vars(self.ask))
        if self.incentive:
            wagering = self.incentive.wagering
            plain["incentive"] = vars(self.incentive) | {
                "wagering": None if wagering is None else str(wagering),
                "products": sorted(self.incentive.products),
                "counts": sorted(self.incentive.counts),
            }
        if self.content:
            plain["content"] = sorted(self.content)
        if self.audience is not None:
            plain["audience"] = self.audience
        return plain

    @classmethod
    def from_snapshot(cls, plain: Mapping[str, Any]) -> "Request":
        offered = plain.get("incentive")
        incentive = None
        if offered:
            wagering = offered["wagering"]
            incentive = Incentive(
                **(offered | {
                    "wagering": None if wagering is None else Decimal(wagering),
                    "products": frozenset(offered["products"]),
                    "counts": frozenset(offered.get("counts", ())),
                })
            )  # fmt: skip
        return cls(
            player_id=plain["player_id"], purpose=Purpose(plain["purpose"]), channel=plain["channel"],
            products=frozenset(plain["products"]), criteria=frozenset(plain["criteria"]),
            reference=plain["reference"], ask=Ask(**plain["ask"]) if plain.get("ask") else None, incentive=incentive,
            content=frozenset(plain.get("content", ())), audience=plain.get("audience"),
        )  # fmt: skip


@dataclass(frozen=True)
class Answer:
    """`reasons`: every rule that refused, as 'CODE rule-id', primary first."""

    request: Request
    decision_id: int | None
    outcome: Decision.Outcome
    code: str
    reasons: tuple[str, ...]
    generation: int
    retry_at: datetime | None

    @property
    def allowed(self) -> bool:
        return self.outcome == Decision.Outcome.ALLOW

    @property
    def waits_for_register(self) -> bool:
        """No usable answer of a self-exclusion register, and nothing else stands in the way but what goes by itself:
        the question is early, not lost. A register that cannot be asked about mailings leaves nothing to wait for."""
        return self.code in REGISTER_TROUBLE and self.retry_at is not None

    def asked_again(self, since: datetime, over: datetime, now: datetime) -> datetime | None:
        """When, of what waits for a register since `since`; None: not at all, the answer is final or its time would be
        over. Each wait is half as long as everything waited so far, a quarter of an hour at least, so that a register
        that is down for a day is not asked for every player all day."""
        if not self.waits_for_register or self.retry_at is None:
            return None
        again = max(self.retry_at, now + max(SHORTEST_WAIT, (now - since) / 2))
        return again if again < over else None
