"""What takes two people besides a policy: the application's own role tries each with one, or without a trace in the trail."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import DatabaseError, connection, models, transaction

from compliance import audit, counsel, retention
from compliance.cases import reviewing
from compliance.lint import overriding
from compliance.lint.checking import Finding
from compliance.markers import definitions
from compliance.models import Case, Level, Operator
from config.lib.clock import utcnow
from players.models import Player
from tests import cast
from tests.spec.test_4_eight_licences import house

pytestmark = pytest.mark.django_db
WHY = "agreed with the board"


@dataclass
class Asked:
    """One thing Olivia asked for and nobody has signed yet; what the trail has to say of it, and what would be otherwise."""

    row: models.Model
    subject: str
    brand: int | None
    kinds: tuple[str, str, str]  # asked, signed, declined
    says: dict[str, Any]
    otherwise: dict[str, Any]
    frozen: str  # an assignment that would turn it into something else
    in_force: Callable[[], bool]
    sign: Callable[[Operator], object]
    decline: Callable[[Operator], object]

    @property
    def table(self) -> str:
        return self.row._meta.db_table


def overruling() -> Asked:
    finding = Finding("red", "POL-L6", "promises what no game can", fingerprint="f" * 32, is_law=False)
    row = overriding.ask(finding, cast.northlight(), "campaign:7", cast.olivia(), WHY, now=utcnow())
    says = {"override": row.pk, "rule": "POL-L6", "found": finding.sentence, "fingerprint": finding.fingerprint}
    return Asked(
        row, "campaign:7", row.brand_id, ("override.asked", "override.signed", "override.declined"), says,
        {"fingerprint": "e" * 32}, f"fingerprint = '{'e' * 32}'", lambda: bool(overriding.signed("campaign:7")),
        lambda who: overriding.sign(row, who, now=utcnow()), lambda who: overriding.decline(row, who, WHY, now=utcnow()),
    )  # fmt: skip


def defining() -> Asked:
    brand = cast.northlight()
    row = definitions.ask(brand, "M13", cast.olivia(), WHY, values={"declined": 9}, points=1, is_on=False, now=utcnow())
    says = {"version": 1, "points": 1, "on": False, "values": {"declined": 9}}
    return Asked(
        row, "marker:M13", brand.pk, ("marker.asked", "marker.signed", "marker.declined"), says,
        {"values": {"declined": 9, "share": 99}}, "points = 0", lambda: definitions.of_brand(brand).of["M13"].version > 0,
        lambda who: definitions.sign(row, who, now=utcnow()), lambda who: definitions.decline(row, who, WHY, now=utcnow()),
    )  # fmt: skip


def keeping() -> Asked:
    licence = cast.northlight().licence
    row = retention.ask(licence, "messages", 400, cast.olivia(), WHY, now=utcnow())
    says = {"licence": licence.pk, "data": "messages", "days": 400}
    return Asked(
        row, f"retention:{row.pk}", None, ("retention.asked", "retention.signed", "retention.declined"), says,
        {"days": 4000}, "days = 30", lambda: retention.of(licence, "messages").days == 400,
        lambda who: retention.sign(row, who, now=utcnow()), lambda who: retention.decline(row, who, WHY, now=utcnow()),
    )  # fmt: skip


def answering() -> Asked:
    licence = house("DE").licence
    row = counsel.ask(licence, "DE-11", cast.olivia(), WHY, most=100_00, times=20, now=utcnow())
    says = {"licence": licence.pk, "rule": "DE-11", "most": 100_00, "times": 20}
    return Asked(
        row, f"counsel:{row.pk}", None, ("counsel.asked", "counsel.signed", "counsel.declined"), says, {"most": None},
        "most = NULL", lambda: (licence.pk, "DE-11") in counsel.signed([licence]),
        lambda who: counsel.sign(row, who, now=utcnow()), lambda who: counsel.decline(row, who, WHY, now=utcnow()),
    )  # fmt: skip


def lowering() -> Asked:
    anna, now = cast.anna(), utcnow()
    put_at(anna, Level.STRONG)
    case = Case.objects.create(person=anna.person, player=anna, level="strong", rule="GB-06", opened_at=now, why="x",
                               due_at=now)  # fmt: skip
    row = reviewing.ask(case, cast.olivia(), Level.LOW, WHY, now=now)

    def lowered() -> bool:
        try:
            with transaction.atomic(), connection.cursor() as db:
                db.execute("SELECT compliance_lower_level(%s)", [row.pk])
        except DatabaseError:
            return False
        return True

    return Asked(
        row, f"case:{case.pk}", anna.brand_id, ("case.level_asked", "case.level_lowered", "case.level_declined"), {"review": row.pk, "level": "low"},
        {"level": "none"}, "after = 'none'", lowered, lambda who: reviewing.sign(row, who, now=utcnow()), lambda who: reviewing.decline(row, who, WHY, now=utcnow()),
    )  # fmt: skip


def put_at(player: Player, level: Level) -> None:
    with connection.cursor() as db:
        db.execute("SELECT * FROM compliance_read_levels(%s::jsonb)",
                   [json.dumps([{"person_id": player.person_id, "level": level}])])  # fmt: skip


MAKERS = {"a finding": overruling, "a marker": defining, "a time": keeping, "a level": lowering, "an answer": answering}


@pytest.fixture
def otto(db: None) -> Operator:
    return cast.make_operator("Otto", cast.Role.COMPLIANCE_OFFICER)


@dataclass
class Hand:
    """Somebody with the application's own role, at the database."""

    asked: Asked
    otto: Operator

    def tell(
        self, kind: int = 1, who: int = 0, brand: object = ..., subject: str = "", reason: str = WHY, **says: Any
    ) -> None:
        audit.AuditEntry.objects.create(
            at=utcnow(), actor_id=who or self.otto.pk, kind=self.asked.kinds[kind], subject=subject or self.asked.subject,
            brand_id=self.asked.brand if brand is ... else brand, reason=reason,
            payload=json.dumps({"after": self.asked.says | says}),
        )  # fmt: skip

    def set(self, words: str) -> None:
        with connection.cursor() as db:
            db.execute(f"UPDATE {self.asked.table} SET {words} WHERE id = {self.asked.row.pk}")  # noqa: S608

    def sign(self, who: int = 0, at: str = "now()") -> None:
        self.set(f"signed_by_id = {who or self.otto.pk}, signed_at = {at}")

    def again(self, **changes: Any) -> int:
        """The same row once more, as it would be put in by hand; its number."""
        values = {
            field.column: getattr(self.asked.row, field.attname) for field in self.asked.row._meta.concrete_fields
        }
        del values["id"]
        if "values" in values:
            values |= {"values": json.dumps(values["values"]), "number": values["number"] + 1}
        values |= changes
        columns = ", ".join(f'"{name}"' for name in values)
        with connection.cursor() as db:
            holes = ", ".join(["%s"] * len(values))
            db.execute(
                f"INSERT INTO {self.asked.table} ({columns}) VALUES ({holes}) RETURNING id", list(values.values())
            )
            return int(db.fetchone()[0])


def _said_of_other_things(hand: Hand) -> None:
    hand.tell(**hand.asked.otherwise)
    hand.sign()


def _nobody_asked(hand: Hand) -> None:
    other = hand.again(asked_by_id=cast.carla().pk)
    hand.tell(**({"override": other} if "override" in hand.asked.says else {"version": 2}))
    hand.asked.row.pk = other
    hand.sign()


def _signed_by_who_asked(hand: Hand) -> None:
    hand.tell(who=cast.olivia().pk)
    hand.sign(cast.olivia().pk)


def _told(act: Callable[[Hand], None], **how: Any) -> Callable[[Hand], None]:
    def attempt(hand: Hand) -> None:
        hand.tell(**how)
        act(hand)

    return attempt


def _twice(hand: Hand) -> None:
    hand.tell()
    hand.sign()
    hand.sign(at="now() + interval '1 second'")


def _taken_back(hand: Hand) -> None:
    hand.tell()
    hand.sign()
    hand.set("signed_by_id = NULL, signed_at = NULL")


def _entry_afterwards(hand: Hand) -> None:
    hand.sign()
    hand.tell()


ATTEMPTS: dict[str, Callable[[Hand], Any]] = {
    "born signed": lambda hand: hand.again(signed_by_id=hand.otto.pk, signed_at=utcnow()),
    "born with half a signature": lambda hand: hand.again(signed_at=utcnow()),
    "signed without a word in the trail": Hand.sign,
    "signed by who asked": _signed_by_who_asked,
    "the trail names somebody else": lambda hand: (hand.tell(who=cast.carla().pk), hand.sign()),
    "the trail tells of something else": _said_of_other_things,
    "the trail tells it of another thing": _told(Hand.sign, subject="campaign:8"),
    "the trail tells it of another brand": lambda hand: (hand.tell(brand=cast.bjork().pk), hand.sign()),
    "the trail gives another reason": _told(Hand.sign, reason="no reason at all"),
    "the trail tells that it was asked for": _told(Hand.sign, kind=0),
    "a time without a person": _told(lambda hand: hand.set("signed_at = now()")),
    "a person without a time": _told(lambda hand: hand.set(f"signed_by_id = {hand.otto.pk}")),
    "a signature for later": _told(lambda hand: hand.sign(at="'2999-01-01'")),
    "a signature of long ago": _told(lambda hand: hand.sign(at="now() - interval '2 minutes'")),
    "the entry after the signature": _entry_afterwards,
    "signed twice": _twice,
    "the signature taken back": _taken_back,
    "one that nobody asked for by the trail": _nobody_asked,
    "declined in silence": lambda hand: hand.set(f"declined_by_id = {hand.otto.pk}, declined_at = now()"),
}
NO_RIGHT: dict[str, Callable[[Hand], Any]] = {
    "turned into something else before the signature": lambda hand: hand.set(hand.asked.frozen),
    "asked for by somebody else": lambda hand: hand.set(f"asked_by_id = {hand.otto.pk}"),
    "as if it had never been": lambda hand: hand.asked.row.delete(),
}
# Where only one may be open there is no second one to sign.
NOT_FOR = {(one, "one that nobody asked for by the trail") for one in ("a time", "a level", "an answer")}
EACH = [(thing, name) for thing in MAKERS for name in [*ATTEMPTS, *NO_RIGHT] if (thing, name) not in NOT_FOR]


@pytest.mark.parametrize(("thing", "name"), EACH)
def test_refused(thing: str, name: str, otto: Operator) -> None:
    hand = Hand(MAKERS[thing](), otto)

    with pytest.raises(DatabaseError) as refused, transaction.atomic():
        (ATTEMPTS | NO_RIGHT)[name](hand)

    state = getattr(refused.value.__cause__, "sqlstate", None)
    assert state == ("42501" if name in NO_RIGHT else "RG005"), refused.value
    assert not hand.asked.in_force()


@pytest.mark.parametrize("thing", MAKERS)
def test_with_its_entry_it_goes_in_so_that_the_refusals_above_mean_something(thing: str, otto: Operator) -> None:
    hand = Hand(MAKERS[thing](), otto)
    assert not hand.asked.in_force()
    hand.tell()
    hand.sign()
    assert hand.asked.in_force()


@pytest.mark.parametrize("thing", MAKERS)
def test_what_cannot_be_written_into_the_trail_signs_and_declines_nothing(
    thing: str, otto: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = MAKERS[thing]()
    monkeypatch.setattr(audit, "record", lambda *told, **more: None)
    for act in (asked.sign, asked.decline):
        with pytest.raises(DatabaseError, match="leaves it in the trail"), transaction.atomic():
            act(otto)
    assert not asked.in_force()


@pytest.mark.parametrize("thing", MAKERS)
def test_what_two_people_signed_or_one_declined_is_in_force_or_not(thing: str, otto: Operator) -> None:
    asked = MAKERS[thing]()
    with transaction.atomic():
        asked.decline(otto)
    with pytest.raises(ValueError, match="declined"):
        asked.sign(otto)
    assert not asked.in_force()


@pytest.mark.django_db(transaction=True)
def test_an_entry_of_another_moment_signs_nothing() -> None:
    hand = Hand(keeping(), cast.make_operator("Otto", cast.Role.COMPLIANCE_OFFICER))
    hand.tell()  # committed, and the time with it is not signed
    with pytest.raises(DatabaseError, match="leaves it in the trail"):
        hand.sign()
    hand.asked.sign(hand.otto)
    assert hand.asked.in_force()
