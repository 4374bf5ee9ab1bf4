"""What nobody said is not so: cases nobody reviewed, accounts no source opened, seats nobody gave. And what was said, is."""

from datetime import datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from django.test import Client

from compliance import audit, erasing
from compliance.cases import opening, working
from compliance.models import AuditEntry, Case, IdentityKey, Interaction, Level, Operator, Seat
from compliance.roles import Role
from config.lib.clock import utcnow
from players import freshness, registration
from players.models import Contact, Feed, Player, Quarantine
from tests import cast
from tests.hammer.people import address
from tests.spec.test_4_what_takes_two import put_at

pytestmark = pytest.mark.django_db
WHY = "Spoke with the player, who showed payslips"


def refused(statement: str, *values: Any) -> bool:
    """By the database, at once or when the transaction would end."""
    try:
        with transaction.atomic(), connection.cursor() as db:
            db.execute(statement, values)
            db.execute("SET CONSTRAINTS ALL IMMEDIATE")
            db.execute("SET CONSTRAINTS ALL DEFERRED")
    except DatabaseError as error:
        if getattr(error.__cause__, "sqlstate", "") not in ("RG005", "42501"):
            raise
        return True
    return False


def accepted() -> None:
    """What is asked when the transaction ends, now."""
    with connection.cursor() as db:
        db.execute("SET CONSTRAINTS ALL IMMEDIATE")
        db.execute("SET CONSTRAINTS ALL DEFERRED")


# --- cases ---------------------------------------------------------------------------------------

CLOSE = "UPDATE compliance_case SET closed_at = %s, closed_by_id = %s, outcome = %s WHERE id = %s"


def a_case(player: Player) -> Case:
    return opening.by_hand(player, cast.olivia(), WHY, now=utcnow())


def review(case: Case, who: Operator, at: datetime) -> None:
    Interaction.objects.create(case=case, at=at, by=who, kind=Interaction.Kind.REVIEW, outcome=WHY)


def sign(case: Case, who: Operator, outcome: str) -> None:
    audit.record(
        who, "case.closed", f"case:{case.pk}", brand=case.player.brand_id, reason=WHY, after={"outcome": outcome}
    )


def test_an_officer_closes_a_case_once(anna: Player) -> None:
    case = a_case(anna)
    working.close(case, cast.olivia(), Case.Outcome.CONTINUES, WHY, now=utcnow())
    assert Case.objects.get().closed_by == cast.olivia()
    assert refused("UPDATE compliance_case SET closed_at = NULL, closed_by_id = NULL, outcome = ''")
    assert refused("UPDATE compliance_case SET outcome = 'no_concern'")


@pytest.mark.parametrize("missing", ["nothing", "review", "entry", "outcome", "another"])
def test_a_case_is_closed_by_its_review_and_its_entry_together(anna: Player, missing: str) -> None:
    case, now, olivia = a_case(anna), utcnow(), cast.olivia()
    if missing != "review":
        review(case, cast.carla() if missing == "another" else olivia, now)
    if missing != "entry":
        sign(case, olivia, "limited" if missing == "outcome" else "continues")
    assert refused(CLOSE, now, olivia.pk, "continues", case.pk) == (missing != "nothing")


def test_strong_signs_are_not_waved_away(anna: Player) -> None:
    case, now, olivia = a_case(anna), utcnow(), cast.olivia()
    put_at(anna, Level.STRONG)
    review(case, olivia, now)
    sign(case, olivia, "no_concern")
    assert refused(CLOSE, now, olivia.pk, "no_concern", case.pk)


def test_the_first_act_of_a_case_is_in_its_log(anna: Player) -> None:
    case = a_case(anna)
    assert refused("UPDATE compliance_case SET acted_at = now()")
    working.log(case, cast.olivia(), Interaction.Kind.CALL, now=utcnow(), done="Called", outcome=WHY)
    assert Case.objects.get().acted_at is not None
    assert refused("UPDATE compliance_case SET acted_at = acted_at - interval '1 hour'")
    assert refused("UPDATE compliance_case SET due_at = due_at + interval '1 hour'")


# --- accounts ------------------------------------------------------------------------------------


def test_an_identity_is_confirmed_by_its_source(anna: Player) -> None:
    cast.tell(anna, "player.kyc", status="rejected")
    Player.objects.filter(pk=anna.pk).update(kyc="rejected")
    assert refused("UPDATE players_player SET kyc = 'verified' WHERE id = %s", anna.pk)
    Player.objects.filter(pk=anna.pk).update(kyc="verified")  # as the feed does it: the account, then the fact
    cast.tell(anna, "player.kyc", status="verified", at=utcnow() + timedelta(seconds=1))
    accepted()


def test_a_word_that_was_taken_back_confirms_nothing(anna: Player) -> None:
    cast.tell(anna, "player.kyc", status="verified", at=utcnow() - timedelta(days=2))
    cast.tell(anna, "player.kyc", status="expired", at=utcnow() - timedelta(days=1))
    Player.objects.filter(pk=anna.pk).update(kyc="expired")
    assert refused("UPDATE players_player SET kyc = 'verified' WHERE id = %s", anna.pk)
    assert not refused("UPDATE players_player SET kyc = 'rejected' WHERE id = %s", anna.pk)  # closing needs nobody


def test_a_closed_account_is_opened_by_its_source(anna: Player) -> None:
    cast.tell(anna, "player.closed", at=utcnow() - timedelta(days=1))
    Player.objects.filter(pk=anna.pk).update(status="closed")
    assert refused("UPDATE players_player SET status = 'active' WHERE id = %s", anna.pk)
    cast.tell(anna, "player.unblocked")
    assert not refused("UPDATE players_player SET status = 'active' WHERE id = %s", anna.pk)


def test_an_address_is_exchanged_or_goes_with_an_erasure(anna: Player) -> None:
    Contact.objects.filter(player=anna, channel="email").update(bounced_at=utcnow())
    registration.save_profile(anna.pk, {"email": "new@example.test"})
    accepted()
    assert Contact.objects.get(player=anna, channel="email").bounced_at is None  # another address, another fate
    assert refused("DELETE FROM players_contact WHERE player_id = %s", anna.pk)
    erasing.erase(anna, cast.olivia(), "Asked for it by letter", now=utcnow())
    accepted()
    assert not Contact.objects.filter(player=anna).exists()


def test_the_keys_of_an_erased_account_stay(anna: Player) -> None:
    def key(kind: str) -> IdentityKey:
        return IdentityKey.objects.create(player=anna, kind=kind, digest=kind.encode(), told_at=utcnow())

    assert not refused("DELETE FROM compliance_identitykey WHERE id = %s", key("phone").pk)
    assert refused("DELETE FROM compliance_identitykey WHERE id = %s", key("device").pk)
    phone = key("phone")
    erasing.erase(anna, cast.olivia(), "Asked for it by letter", now=utcnow())
    assert refused("DELETE FROM compliance_identitykey WHERE id = %s", phone.pk)


# --- feeds ---------------------------------------------------------------------------------------


def test_a_feed_with_a_restriction_nobody_could_read_is_not_fresh_before_somebody_has_looked(anna: Player) -> None:
    feed = anna.brand.feeds.get()
    waits = Quarantine.objects.create(
        feed=feed, received_at=utcnow(), kind="RG.self_excluded", raw=b"x", reason="malformed", pointer="", detail="x"
    )
    freshness.judge(now=utcnow())
    assert Feed.objects.get().freshness == "stale"
    assert refused("UPDATE players_feed SET freshness = 'fresh'")
    Quarantine.objects.filter(pk=waits.pk).update(resolved_at=utcnow())
    freshness.judge(now=utcnow())
    now = utcnow() + freshness.PAUSE
    freshness.judge(now=now)
    assert not refused("UPDATE players_feed SET freshness = 'fresh'")


# --- operators -----------------------------------------------------------------------------------


def test_a_seat_is_given_by_an_admin_to_somebody_else() -> None:
    ada = cast.make_operator("Ada", Role.ADMIN)
    made = Operator.objects.create_user("n@operator.test", "N", "x")
    give = "INSERT INTO compliance_seat (operator_id, role) VALUES (%s, 'finance')"
    assert refused(give, made.pk)
    audit.record(
        made, "operator.created", f"operator:{made.pk}", brand=None, after={"role": "finance"}
    )  # who is no admin
    assert refused(give, made.pk)
    audit.record(ada, "operator.created", f"operator:{ada.pk}", brand=None, after={"role": "finance"})  # to themselves
    assert refused(give, ada.pk)
    audit.record(ada, "operator.created", f"operator:{made.pk}", brand=None, after={"role": "analyst"})  # another one
    assert refused(give, made.pk)
    audit.record(ada, "operator.created", f"operator:{made.pk}", brand=None, after={"role": "finance"})
    assert not refused(give, made.pk)


def test_an_admin_of_one_brand_seats_nobody_elsewhere() -> None:
    ada = cast.make_operator("Ada", Role.ADMIN, cast.northlight())
    made = Operator.objects.create_user("n@operator.test", "N", "x")
    audit.record(ada, "operator.created", f"operator:{made.pk}", brand=None, after={"role": "finance"})
    for brand, no in ((None, True), (cast.azura().pk, True), (cast.northlight().pk, False)):
        give = "INSERT INTO compliance_seat (operator_id, role, brand_id) VALUES (%s, 'finance', %s)"
        assert refused(give, made.pk, brand) is no


def test_the_page_of_the_admin_seats_whom_it_makes() -> None:
    ada, page = cast.make_operator("Ada", Role.ADMIN), Client()
    page.force_login(ada)
    made = page.post("/settings/operators/new/", {"email": "n@operator.test", "name": "Nell", "role": "finance",
                                                  "brand": "", "password": "quiet-harbour-91-lamp"})  # fmt: skip
    assert made.status_code == 302
    nell = Seat.objects.get(operator__email="n@operator.test")
    assert (nell.role, AuditEntry.objects.get(kind="operator.created").actor) == ("finance", ada)


@pytest.mark.django_db(transaction=True)
def test_the_owner_of_the_database_makes_a_superuser() -> None:
    carla = cast.carla()
    raise_her = "UPDATE compliance_operator SET is_superuser = true WHERE id = %s"
    assert refused(raise_her, carla.pk)
    with psycopg.connect(address("owner"), autocommit=True) as owner:
        owner.execute(raise_her, [carla.pk])
    assert not refused("UPDATE compliance_operator SET is_superuser = false, name = 'C'")


def test_the_first_operator_of_a_house_may_be_one() -> None:
    assert Operator.objects.create_superuser("first@operator.test", "First", "x").is_superuser
    with pytest.raises(DatabaseError):
        Operator.objects.create_superuser("second@operator.test", "Second", "x")
