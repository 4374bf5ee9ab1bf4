"""Accounts of one human: certain keys join at once, probable ones propose, and the stricter state counts."""

from datetime import timedelta

import pytest
from django.db import connection

from compliance import gate, verdict
from compliance.models import AuditEntry, Identity, IdentityKey, Measure, PersonLink, Standing
from compliance.models.decision import Purpose
from compliance.persons import arriving, joining
from config.lib.clock import utcnow
from players.models import Contact, Event, Fact
from tests import cast

pytestmark = pytest.mark.django_db

NOON = cast.noon()
ANNAS_NUMBER = {"national_id": "19880412-0387", "national_id_country": "SE"}


def identified(player, at=None, **said):
    now = utcnow()
    arriving.take([(player.pk, at or now, said)], now=now)
    player.refresh_from_db()


def standing(player):
    player.refresh_from_db()
    return Standing.objects.get(person=player.person_id)


def asked(player, channel="email"):
    request = gate.Request(player.pk, Purpose.PROMOTIONAL, channel, frozenset({"casino"}), frozenset({"all"}), "t")
    [answer] = gate.preview([request], now=NOON)
    return answer


def link(one, other):
    return PersonLink.objects.get(low=min(one.pk, other.pk), high=max(one.pk, other.pk))


@pytest.fixture
def twins():
    """Anna at Northlight and somebody at Azura who is not known to be her."""
    return cast.anna(), cast.make_player(cast.azura(), "anna-at-azura", birth_date=cast.anna().birth_date)


def test_the_same_national_id_makes_two_accounts_one_person_at_once(twins):
    anna, twin = twins
    cast.exclude(anna)
    assert standing(twin).promotions_ok

    identified(anna, **ANNAS_NUMBER | {"national_id": "198505170061"})
    identified(twin, national_id="19850517-0061", national_id_country="SE")

    assert twin.person_id == anna.person_id
    assert (standing(twin).verdict, standing(twin).promotions_ok) == ("excluded", False)
    assert asked(twin).code == "DENY_LINKED_ACCOUNT_EXCLUDED"
    assert link(anna, twin).status == "joined"


def test_a_number_that_fails_its_check_joins_nobody(twins):
    anna, twin = twins
    for player in twins:
        identified(player, national_id="198505170062", national_id_country="SE")

    assert twin.person_id != anna.person_id
    assert not IdentityKey.objects.filter(kind="national_id").exists()


def test_the_pams_own_number_of_the_person_counts_within_one_licensee_only():
    anna, stranger = cast.anna(), cast.make_player(cast.azura())
    sister = cast.make_brand("southlight", "Southlight", "GB", "GBP", "Europe/London")
    again = cast.make_player(sister)

    for player in (anna, stranger, again):
        identified(player, person_ref="4711")

    assert again.person_id == anna.person_id
    assert stranger.person_id != anna.person_id


def test_a_shared_address_and_birth_date_are_certain_only_once_the_address_is_verified(twins):
    anna, twin = twins
    Contact.objects.filter(player__in=twins).update(address="anna@example.test", normal="anna@example.test")
    arriving.look([anna.pk, twin.pk], now=NOON)
    twin.refresh_from_db()
    assert twin.person_id != anna.person_id

    identified(anna, email_verified=True)
    identified(twin, email_verified=True)

    assert twin.person_id == anna.person_id


def test_the_same_phone_proposes_and_while_nobody_has_decided_the_stricter_state_counts_for_both(twins):
    anna, twin = twins
    for player in twins:
        Contact.objects.create(player=player, channel="sms", address="+447700900123", normal="+447700900123")
    before = standing(twin).generation
    arriving.look([anna.pk, twin.pk], now=NOON)

    assert link(anna, twin).status == "open"
    assert standing(twin).promotions_ok
    assert standing(twin).generation > before

    cast.take_time_out(anna, NOON + timedelta(days=2))

    assert (standing(twin).verdict, standing(twin).bonuses_ok) == ("time_out", False)
    assert asked(twin).code == "DENY_TIME_OUT"


def test_what_a_test_account_was_given_by_way_of_example_joins_no_player():
    anna, example = cast.anna(), cast.make_player(cast.northlight(), is_test=True)

    for player in (anna, example):
        identified(player, person_ref="H-20817")

    assert example.person_id != anna.person_id
    assert not PersonLink.objects.exists()


def test_the_officer_reads_that_it_is_another_account_that_closes_this_one(twins):
    anna, twin = twins
    cast.exclude(anna)
    joining.propose(anna.pk, twin.pk, ["phone"], now=NOON)

    assert "may be the same person's" in verdict.for_player(twin, now=NOON).long
    assert "same person" not in verdict.for_player(twin, now=NOON).short


def test_a_limit_of_the_one_counts_for_the_other_while_the_question_is_open(twins):
    anna, twin = twins
    joining.propose(anna.pk, twin.pk, ["device"], now=NOON)

    cast.set_limit(anna, 20_00, at=NOON - timedelta(hours=1))

    assert asked(twin).code == "DENY_RECENT_LIMIT_CHANGE"


def test_whose_restrictions_nobody_has_stated_closes_whoever_may_be_the_same(twins):
    anna, _ = twins
    unknown = cast.make_player(cast.azura(), restrictions=None)

    joining.propose(anna.pk, unknown.pk, ["device"], now=NOON)

    assert standing(anna).verdict == "unknown"


def test_chains_of_open_questions_carry_an_exclusion_all_the_way(twins):
    anna, twin = twins
    third = cast.make_player(cast.bjork())
    joining.propose(anna.pk, twin.pk, ["device"], now=NOON)
    joining.propose(twin.pk, third.pk, ["phone"], now=NOON)

    cast.exclude(anna)

    assert standing(third).verdict == "excluded"


def test_different_people_after_all_opens_what_only_the_question_had_closed(twins):
    anna, twin = twins
    cast.exclude(anna)
    joining.propose(anna.pk, twin.pk, ["phone"], now=NOON)
    assert not standing(twin).promotions_ok

    joining.separate(twin, [anna], cast.olivia(), "Mother and daughter, seen on the phone.", now=NOON)

    assert standing(twin).verdict == "open"
    assert standing(anna).verdict == "excluded"
    assert link(anna, twin).status == "apart"
    assert AuditEntry.objects.filter(
        kind="player.kept_apart", subject=f"player:{twin.pk}", actor=cast.olivia()
    ).exists()


def test_whoever_said_different_people_is_asked_again_only_about_evidence_they_have_not_seen():
    anna, twin = twins = cast.anna(), cast.make_player(cast.northlight())
    for player in twins:
        identified(player, devices=["d-1"])
    assert link(anna, twin).status == "open"
    joining.separate(twin, [anna], cast.olivia(), "Flatmates.", now=NOON)

    identified(twin, devices=["d-1"])
    assert link(anna, twin).status == "apart"

    for player in twins:
        identified(player, instruments=["card-9"])
    assert link(anna, twin).status == "open"
    assert link(anna, twin).kinds == ["Device", "Payment instrument"]


def test_a_device_of_half_a_library_proposes_nothing():
    crowd = [cast.make_player(cast.northlight()) for _ in range(9)]
    for player in crowd:
        identified(player, devices=["reading-room"])

    assert PersonLink.objects.count() < 9 * 8 / 2  # the first few, until it was seen to be public
    assert not PersonLink.objects.filter(low=crowd[0], high=crowd[-1]).exists()


def test_separating_takes_each_accounts_restrictions_with_it(twins):
    anna, twin = twins
    cast.exclude(anna, measure_id="excl")
    cast.set_limit(twin, 50_00, measure_id="excl")  # another PAM, the same id of a measure
    joining.join(anna, twin, now=NOON, actor=cast.olivia(), reason="One passport.")
    assert Measure.objects.filter(person=standing(anna).person_id).count() == 2

    person = joining.separate(twin, [anna], cast.olivia(), "Two passports.", now=NOON)

    assert standing(twin).person_id == person != anna.person_id
    assert standing(twin).verdict == "open"
    assert standing(anna).verdict == "excluded"
    assert [m.kind for m in Measure.objects.filter(person=person)] == ["deposit_limit"]


def test_certain_keys_do_not_join_again_whom_somebody_has_separated(twins):
    anna, twin = twins
    for player in twins:
        identified(player, national_id="198505170061", national_id_country="SE")
    joining.separate(twin, [anna], cast.olivia(), "The number was typed in twice by support.", now=NOON)

    identified(twin, national_id="198505170061", national_id_country="SE")

    assert twin.person_id != anna.person_id
    assert link(anna, twin).status == "apart"


def test_joining_and_parting_void_every_decision_taken_before(twins):
    anna, twin = twins
    before = {player.person_id: standing(player).generation for player in twins}

    joining.join(anna, twin, now=NOON)
    joined = standing(anna).generation
    joining.separate(twin, [anna], cast.olivia(), "No.", now=NOON)

    assert joined > max(before.values())
    assert {s.generation for s in Standing.objects.filter(person__in=before)}.isdisjoint({*before.values(), joined})
    assert standing(twin).generation > joined


def test_signs_of_harm_go_with_the_person_and_parting_does_not_lower_them(twins):
    anna, twin = twins
    with connection.cursor() as db:
        db.execute("SELECT compliance_read_levels(%s)", [f'[{{"person_id": {twin.person_id}, "level": "strong"}}]'])

    joining.join(anna, twin, now=NOON)
    assert (standing(anna).risk, standing(anna).promotions_ok) == ("strong", False)

    joining.separate(twin, [anna], cast.olivia(), "Two passports.", now=NOON)
    assert standing(twin).risk == standing(anna).risk == "strong"


def test_a_person_is_known_only_when_every_account_of_theirs_is(twins):
    anna, _ = twins
    silent = cast.make_player(cast.azura(), restrictions=None)
    joining.join(anna, silent, now=NOON)
    assert standing(anna).verdict == "unknown"

    cast.tell(silent, "rg.baseline", restrictions=[])

    assert standing(anna).verdict == "open"


def test_a_restriction_told_of_an_account_that_moved_while_it_was_read_reaches_the_person_it_is_of_now(twins):
    anna, twin = twins
    was = twin.person_id
    joining.join(anna, twin, now=NOON)

    Fact.objects.create(kind="rg.self_excluded", player=twin, occurred_at=NOON, recorded_at=NOON, key="late",
                        data={"measure_id": "late"})  # fmt: skip
    row = Measure.objects.create(person_id=was, player=twin, kind="self_exclusion", source="azura", ref="late",
                                 received_at=NOON, effective_at=NOON)  # fmt: skip

    row.refresh_from_db()
    assert row.person_id == anna.person_id
    assert standing(anna).verdict == "excluded"


def test_the_pam_tells_who_somebody_is_and_nothing_of_it_is_left_lying_about(twins):
    anna, twin = twins
    identified(twin, **ANNAS_NUMBER, postcode="114 35", person_ref="H-20817")

    rows = (
        bytes(Identity.objects.get(player=twin).sealed),
        *map(bytes, IdentityKey.objects.values_list("digest", flat=True)),
    )
    assert not any(b"0388" in row or b"20817" in row or b"114" in row for row in rows)


def test_out_of_a_request_only_the_names_of_what_was_told_are_kept(twins):
    from players import inbox
    from players.models import Feed

    anna, _ = twins
    event = {"event": "player.identified", "event_id": "i-1", "player": "anna", "occurred_at": NOON.isoformat(),
             "properties": {"national_id": "198505170061", "national_id_country": "SE"}}  # fmt: skip
    receipt = inbox.accept(Feed.objects.get(brand=anna.brand), [event], now=utcnow())

    assert receipt.accepted == 1
    assert Event.objects.get(event_id="i-1").body == {"told": ["national_id", "national_id_country"]}
    assert Fact.objects.get(kind="player.identified").data == {"told": ["national_id", "national_id_country"]}
    assert IdentityKey.objects.filter(player=anna, kind="national_id").exists()


def test_accounts_that_came_in_by_a_file_get_their_keys_by_and_by(twins):
    anna, twin = twins
    for player in twins:
        Contact.objects.create(player=player, channel="sms", address="+447700900123", normal="+447700900123")

    while arriving.catch_up(now=NOON):
        pass

    assert link(anna, twin).status == "open"


@pytest.mark.parametrize(
    "attempt",
    [
        "UPDATE players_player SET person_id = {other} WHERE id = {bo}",
        "UPDATE compliance_personlink SET status = 'apart'",
        "DELETE FROM compliance_personlink",
        "INSERT INTO compliance_personlink (low_id, high_id, status, evidence, opened_at, reason)"
        " VALUES ({anna}, {bo}, 'apart', '{{}}', now(), '')",
        "SELECT compliance_rehome(ARRAY[{bo}]::bigint[], {other}, now())",
        "SELECT compliance_part({bo}, ARRAY[{anna}]::bigint[], {olivia}, 'just so', now())",
        "UPDATE compliance_standing SET kin = NULL",
    ],
)
def test_the_applications_role_cannot_take_somebody_away_from_their_restrictions_by_hand(attempt):
    from django.db import DatabaseError, transaction

    anna, bo, olivia = cast.anna(), cast.bo(), cast.olivia()
    joining.propose(anna.pk, bo.pk, ["phone"], now=NOON)
    ids = {"anna": anna.pk, "bo": bo.pk, "olivia": olivia.pk, "other": anna.person_id}

    with pytest.raises(DatabaseError) as refused, transaction.atomic(), connection.cursor() as db:
        db.execute(attempt.format(**ids))

    assert getattr(refused.value.__cause__, "sqlstate", "") in {"42501", "RG005", "RG007"}
    assert standing(bo).verdict == "excluded"
    assert not standing(anna).promotions_ok
