"""What only a person may do beside the gate, tried by the application's own role: holds, keys, what was approved, addresses."""

import pytest
from django.db import DatabaseError, connection, transaction

from campaigns.models import Version
from compliance import audit, erasing, suppression
from config.lib.clock import utcnow
from players.models import Contact, Player
from tests import cast
from tests.hammer.people import make
from tests.spec.test_4_an_allow_is_for_one_thing import allow, send
from tests.spec.test_4_nothing_gets_around_the_gate import decide, outcome, run

pytestmark = pytest.mark.django_db
NOW = "SET CONSTRAINTS ALL IMMEDIATE"
KEY = "DELETE FROM compliance_subjectkey WHERE player_id = {anna}"
LIFT = "UPDATE compliance_legalhold SET lifted_at = now(), lifted_by_id = {olivia}"


def refused(*statements: str) -> str:
    with pytest.raises(DatabaseError) as error:
        run(*statements)
    return str(error.value.__cause__.sqlstate)


def test_no_hold_is_lifted_and_no_key_destroyed_by_hand(anna: Player) -> None:
    olivia, now = cast.olivia(), utcnow()
    ids = {"anna": anna.pk, "olivia": olivia.pk}
    assert refused(KEY.format(**ids), NOW) == "RG005"  # nobody erased her
    with transaction.atomic():
        erasing.hold(anna, olivia, "a court asked", now=now)
    assert refused(LIFT.format(**ids)) == "RG005"
    audit.record(cast.carla(), "player.hold_lifted", f"player:{anna.pk}", brand=anna.brand_id, reason="x")
    assert refused(LIFT.format(**ids)) == "RG005"  # somebody else signed
    assert refused(f"INSERT INTO compliance_erasure (player_id, operator_id, reason, at, erased, kept) VALUES"
                   f" ({anna.pk}, {olivia.pk}, '', now(), '{{}}', '{{}}')", KEY.format(**ids)) == "RG005"  # fmt: skip

    with transaction.atomic():
        assert erasing.lift(anna, olivia, "it is over", now=now)
    assert refused("UPDATE compliance_legalhold SET lifted_at = NULL, lifted_by_id = NULL") == "RG005"
    with transaction.atomic():
        erasing.erase(anna, olivia, "she asked", now=now)
    run(NOW)


def test_what_was_approved_is_not_written_anew_by_way_of_a_draft() -> None:
    make(1)
    version = Version.objects.get()
    assert version.status == "live"
    step = version.steps.get()
    for move in ("draft", "submitted", "approved"):
        assert refused(f"UPDATE campaigns_version SET status = '{move}'") == "CA001"
    back = "approver_id = NULL, approved_at = NULL"
    assert refused(f"UPDATE campaigns_version SET status = 'draft', {back}") == "CA001"
    assert refused(f"UPDATE campaigns_step SET wait_minutes = 7 WHERE id = {step.pk}") == "CA001"


def test_nothing_is_approved_by_hand() -> None:
    from campaigns import recipes

    carla, olivia = cast.carla(), cast.olivia()
    version = recipes.create(cast.northlight(), "welcome", carla, now=utcnow())
    approve = f"UPDATE campaigns_version SET status = 'approved', approver_id = {olivia.pk}, approved_at = now()"
    born = 'INSERT INTO campaigns_version SELECT (jsonb_populate_record(v, \'{{"id": 0, "number": 9, {0}}}\')).* FROM campaigns_version v'
    assert refused(approve) == "CA001"
    assert refused("UPDATE campaigns_version SET status = 'submitted'", approve) == "CA001"
    assert refused(f"UPDATE campaigns_version SET approver_id = {olivia.pk}") == "CA001"
    for extra in ('"status": "ended"', f'"campaign_id": 0, "approver_id": {olivia.pk}'):
        assert refused(born.format(extra)) == "CA001"
    audit.record(olivia, "campaign.approved", f"campaign:{version.campaign_id}", brand=None, after={"version": 2})
    assert refused(approve) == "CA001"  # another version of it


def test_no_address_is_made_that_of_somebody_excluded(bo: Player) -> None:
    [mine] = make(1)
    theirs = bo.contacts.get(channel="email")
    ok = allow(mine)
    run(
        f"UPDATE players_contact SET address = '{theirs.address}', normal = '{theirs.normal}' WHERE player_id = {mine.player}"
    )

    with pytest.raises(DatabaseError) as error:
        send(mine, ok, address=theirs.address)
    assert error.value.__cause__.sqlstate == "RG002"
    assert outcome(allow(mine)) == ("deny", "DENY_LINKED_ACCOUNT_EXCLUDED")
    assert outcome(decide(Player.objects.get(pk=mine.player), purpose="transactional")) == ("allow", "X")


def test_an_address_on_the_list_is_not_hidden_under_another_form(anna: Player) -> None:
    contact = Contact.objects.get(player=anna, channel="email")
    with transaction.atomic():
        suppression.suppress(contact, anna.brand, "complained", now=utcnow())
    assert refused(f"UPDATE players_contact SET normal = 'x@y' WHERE id = {contact.pk}") == "23514"
    assert (
        refused(f"UPDATE players_contact SET address = upper(address), normal = upper(normal) WHERE id = {contact.pk}")
        == "23514"
    )
    with connection.cursor() as db:
        db.execute("SELECT normal FROM players_contact WHERE id = %s", [contact.pk])
        assert db.fetchone() == (contact.normal,)
