"""Everything the application's own database role could try. It owns nothing, so that nothing here may work."""

import json
from collections.abc import Iterator, Sequence
from datetime import timedelta

import psycopg
import pytest
from django.db import DatabaseError, connection, connections, transaction

from compliance import blocks
from config.lib.clock import utcnow
from players.models import Player
from tests import cast
from tests.hammer import race
from tests.hammer.people import address

pytestmark = pytest.mark.django_db
T = race.GUARDED


@pytest.fixture(autouse=True, scope="module")
def gated_table(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    with django_db_blocker.unblock(), psycopg.connect(address("owner"), autocommit=True) as owner:
        race.build(owner, connections["default"].settings_dict["USER"])
    yield
    with django_db_blocker.unblock(), psycopg.connect(address("owner"), autocommit=True) as owner:
        race.drop(owner)


def decide(
    player: Player, *, channel: str = "email", purpose: str = "promotional", products: Sequence[str] = ("casino",)
) -> int:
    player.person.standing.refresh_from_db()
    asked = [{
        "player_id": player.pk, "purpose": purpose, "channel": channel, "outcome": "allow", "code": "X",
        "reasons": [], "reference": "t", "ruleset": "t", "inputs": {}, "generation": player.person.standing.generation, "products": list(products),
    }]  # fmt: skip
    with connection.cursor() as db:
        db.execute("SELECT id FROM compliance_decide(%s::jsonb)", [json.dumps(asked)])
        return int(db.fetchone()[0])


def insert(player: Player, decision: object, channel: str = "email", purpose: str = "promotional") -> str:
    return (
        f"INSERT INTO {T} (person_id, player_id, decision_id, channel, purpose)"
        f" VALUES ({player.person_id}, {player.pk}, {decision}, '{channel}', '{purpose}')"
    )


def run(*statements: str) -> None:
    with transaction.atomic(), connection.cursor() as db:
        for statement in statements:
            db.execute(statement)


def test_with_a_fresh_allow_the_row_goes_in_so_that_the_refusals_below_mean_something(anna: Player) -> None:
    run(insert(anna, decide(anna)))
    run(f"UPDATE {T} SET note = 'the provider said yes'")  # what is no key column may still change


# name -> (statements, sqlstates that count as refused). {a}: Anna's person, {b}: Bo's, {ok}: an allow for Anna.
ATTEMPTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "an invented decision": ("INSERT INTO {T} {cols} VALUES ({a}, {ap}, 999999, 'email', 'promotional')", ("RG001",)),
    "no decision": ("INSERT INTO {T} {cols} VALUES ({a}, {ap}, NULL, 'email', 'promotional')", ("RG001",)),
    "somebody else's decision": ("INSERT INTO {T} {cols} VALUES ({b}, {bp}, {ok}, 'email', 'promotional')", ("RG002",)),
    "another channel": ("INSERT INTO {T} {cols} VALUES ({a}, {ap}, {ok}, 'sms', 'promotional')", ("RG002",)),
    "another purpose": ("INSERT INTO {T} {cols} VALUES ({a}, {ap}, {ok}, 'email', 'transactional')", ("RG002",)),
    "another account": ("INSERT INTO {T} {cols} VALUES ({a}, {bp}, {ok}, 'email', 'promotional')", ("RG002",)),
    "a denied decision": ("INSERT INTO {T} {cols} VALUES ({b}, {bp}, {no}, 'email', 'promotional')", ("RG002",)),
    "a used decision": ("{insert_ok}; {insert_ok}", ("23505",)),
    "a used decision after a savepoint": (
        "{insert_ok}; SAVEPOINT s; DELETE FROM {T}; ROLLBACK TO s; {insert_ok}", ("23505", "42501")),
    "on conflict do nothing": ("{insert_invented} ON CONFLICT DO NOTHING", ("RG001",)),
    "on conflict do update": (
        "{insert_ok}; {insert_ok} ON CONFLICT (decision_id) DO UPDATE SET person_id = {b}", ("RG002", "42501")),
    "merge": ("MERGE INTO {T} USING (SELECT 1 AS x) s ON false WHEN NOT MATCHED THEN INSERT {cols}"
              " VALUES ({b}, {bp}, {ok}, 'email', 'promotional')", ("RG002",)),
    "insert from a select": ("INSERT INTO {T} {cols} SELECT {b}, {bp}, {ok}, 'email', 'promotional'", ("RG002",)),
    "moving a row to another person": ("{insert_ok}; UPDATE {T} SET person_id = {b}, player_id = {bp}", ("RG002",)),
    "moving a row to another decision": ("{insert_ok}; UPDATE {T} SET decision_id = {no}", ("RG002",)),
    "moving a row to another channel": ("{insert_ok}; UPDATE {T} SET channel = 'sms'", ("RG002",)),
    "through a view": ("CREATE TEMP VIEW v AS SELECT * FROM {T}; INSERT INTO v {cols}"
                       " VALUES ({b}, {bp}, {ok}, 'email', 'promotional')", ("RG002",)),
    "a temporary table in front of the decisions": (
        "CREATE TEMP TABLE compliance_decision AS SELECT * FROM public.compliance_decision;"
        " UPDATE compliance_decision SET outcome = 'allow', person_id = {b}, player_id = {bp};"
        " INSERT INTO public.{T} {cols} VALUES ({b}, {bp}, {no}, 'email', 'promotional')", ("RG002",)),
    "a temporary table in front of the standings": (
        "CREATE TEMP TABLE compliance_standing AS SELECT * FROM public.compliance_standing;"
        " SET LOCAL search_path = pg_temp, public; UPDATE compliance_standing SET verdict = 'open';"
        " INSERT INTO public.{T} {cols} VALUES ({b}, {bp}, {no}, 'email', 'promotional')", ("RG002",)),
    "a function of one's own in front of the clock": (
        "CREATE FUNCTION pg_temp.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS 'SELECT now()';"
        " SET LOCAL search_path = pg_temp, public, pg_catalog;"
        " INSERT INTO public.{T} {cols} VALUES ({b}, {bp}, {no}, 'email', 'promotional')", ("RG002", "42501")),
    "forging a decision": ("INSERT INTO compliance_decision (person_id, player_id, purpose, channel, outcome, code,"
                           " reasons, reference, ruleset, inputs, generation, decided_at) VALUES ({b}, {bp},"
                           " 'promotional', 'email', 'allow', 'ALLOW', '{{}}', '', '', '{{}}', 1, now())", ("42501",)),
    "rewriting a decision": ("UPDATE compliance_decision SET outcome = 'allow' WHERE id = {no}", ("42501",)),
    "making a decision young": ("UPDATE compliance_decision SET decided_at = now() WHERE id = {ok}", ("42501",)),
    "deleting a decision": ("DELETE FROM compliance_decision", ("42501",)),
    "opening a standing": ("UPDATE compliance_standing SET promotions_ok = true, verdict = 'open'", ("42501",)),
    "deleting a standing": ("DELETE FROM compliance_standing", ("42501",)),
    "inventing a standing": ("INSERT INTO compliance_standing (person_id, generation, verdict, promotions_ok,"
                             " bonuses_ok, updated_at) VALUES (0, 1, 'open', true, true, now())", ("42501",)),
    "locking a standing for good": ("SELECT * FROM compliance_standing FOR UPDATE", ("42501",)),
    "deleting the exclusion": ("DELETE FROM compliance_measure", ("42501",)),
    "ending the exclusion by hand": ("UPDATE compliance_measure SET status = 'ended', ended_at = now() - interval"
                                     " '9 days' WHERE person_id = {b}", ("RG005",)),
    "calling the exclusion something else": ("UPDATE compliance_measure SET kind = 'loss_limit' WHERE person_id = {b}",
                                             ("RG005",)),
    "making the exclusion a time-out": ("UPDATE compliance_measure SET kind = 'time_out', ends_at = now() - interval"
                                       " '9 days' WHERE person_id = {b}", ("RG005",)),
    "shortening the exclusion": ("UPDATE compliance_measure SET ends_at = now() WHERE person_id = {b}", ("RG005",)),
    "an end for what has not ended": ("UPDATE compliance_measure SET ended_at = now() WHERE person_id = {b}",
                                      ("RG005",)),
    "turning the sequence back": ("UPDATE compliance_measure SET sequence = 0 WHERE person_id = {b}", ("RG005",)),
    "rewriting when it was received": ("UPDATE compliance_measure SET received_at = now()", ("42501",)),
    "giving the exclusion another name": ("UPDATE compliance_measure SET ref = 'x'", ("42501",)),
    "giving the exclusion to another account": ("UPDATE compliance_measure SET player_id = {ap}", ("42501",)),
    "an upsert over the exclusion": (
        "INSERT INTO compliance_measure SELECT * FROM compliance_measure WHERE person_id = {b}"
        " ON CONFLICT (id) DO UPDATE SET status = 'ended', ended_at = now() - interval '9 days'", ("RG005",)),
    "giving the exclusion to another person": ("UPDATE compliance_measure SET person_id = {a}", ("42501",)),
    "rewriting a consent": ("UPDATE compliance_consent SET granted = true", ("42501",)),
    "deleting a suppression": ("DELETE FROM compliance_suppression", ("42501",)),
    "rewriting the audit trail": ("UPDATE compliance_auditentry SET reason = 'x'", ("42501",)),
    "deleting from the audit trail": ("DELETE FROM compliance_auditentry", ("42501",)),
    "disabling the trigger": ("ALTER TABLE {T} DISABLE TRIGGER gate", ("42501",)),
    "dropping the trigger": ("DROP TRIGGER gate ON {T}", ("42501",)),
    "replacing the function": ("CREATE OR REPLACE FUNCTION public.compliance_enforce() RETURNS trigger LANGUAGE plpgsql"
                               " AS 'BEGIN RETURN NEW;END'", ("42501",)),
    "a trigger of one's own": ("CREATE TRIGGER later BEFORE INSERT ON {T} FOR EACH ROW"
                               " EXECUTE FUNCTION suppress_redundant_updates_trigger()", ("42501",)),
    "a rule instead": ("CREATE RULE r AS ON INSERT TO {T} DO INSTEAD NOTHING", ("42501",)),
    "a child table": ("CREATE TABLE public.child () INHERITS ({T})", ("42501",)),
    "replica role": ("SET LOCAL session_replication_role = replica; {insert_invented}", ("42501",)),
    "becoming the owner": ("SET LOCAL ROLE {owner}", ("42501",)),
    "a domain block in the row's text": ("{insert_ok}; TRUNCATE {T}", ("42501",)),
    "a request for everybody at once": (
        "SELECT compliance_decide((SELECT jsonb_agg(jsonb_build_object('player_id', g)) FROM generate_series(1, 501) g))",
        ("RG006",)),
}  # fmt: skip


@pytest.mark.parametrize("name", ATTEMPTS)
def test_refused(name: str, anna: Player, bo: Player) -> None:
    ok, no = decide(anna), decide(bo)  # the database itself turned Bo's allow into a no
    names = {
        "T": T, "cols": "(person_id, player_id, decision_id, channel, purpose)", "a": anna.person_id, "ap": anna.pk,
        "b": bo.person_id, "bp": bo.pk, "ok": ok, "no": no, "insert_ok": insert(anna, ok),
        "insert_invented": insert(anna, 999_999), "owner": connections["owner"].settings_dict["USER"],
    }  # fmt: skip
    statements, states = ATTEMPTS[name]

    with pytest.raises(DatabaseError) as refused:
        run(*statements.format(**names).split("; "))

    assert getattr(refused.value.__cause__, "sqlstate", None) in states


def test_copy_goes_through_the_gate_too(bo: Player) -> None:
    no = decide(bo)
    into = f"COPY {T} (person_id, player_id, decision_id, channel, purpose) FROM STDIN"
    with (
        pytest.raises(psycopg.Error) as refused,
        transaction.atomic(),
        connection.cursor() as db,
        db.cursor.copy(into) as rows,
    ):
        rows.write_row([bo.person_id, bo.pk, no, "email", "promotional"])
    assert refused.value.sqlstate == "RG002"


def test_an_allow_is_worth_nothing_once_the_standing_changed(anna: Player) -> None:
    ok = decide(anna)
    cast.consent(anna, "casino/email", granted=False)
    with pytest.raises(DatabaseError) as refused:
        run(insert(anna, ok))
    assert refused.value.__cause__.sqlstate == "RG004"


def test_an_allow_is_worth_nothing_once_the_brand_is_stopped(anna: Player) -> None:
    from compliance import stops

    ok = decide(anna)
    stops.stop(anna.brand, cast.olivia(), "something is wrong", now=cast.noon())
    with pytest.raises(DatabaseError) as refused:
        run(insert(anna, ok))
    assert refused.value.__cause__.sqlstate == "RG004"


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
@pytest.mark.parametrize(("age", "state"), [(58, None), (61, "RG003")])
def test_an_allow_grows_old_in_a_minute(age: int, state: str | None) -> None:
    anna = cast.anna()
    ok = decide(anna)
    with psycopg.connect(address("owner"), autocommit=True) as owner:  # only time may age a decision; here, the owner
        owner.execute(
            "UPDATE compliance_decision SET decided_at = clock_timestamp() - %s * interval '1 second' WHERE id = %s",
            [age, ok],
        )
    try:
        run(insert(anna, ok))
        refused = None
    except DatabaseError as error:
        refused = error.__cause__.sqlstate
    assert refused == state


def test_the_database_turns_a_wrong_allow_into_a_no(bo: Player) -> None:
    with connection.cursor() as db:
        db.execute("SELECT outcome, code, reasons FROM compliance_decision WHERE id = %s", [decide(bo)])
        assert db.fetchone() == ("deny", "DENY_SELF_EXCLUDED", ["DENY_SELF_EXCLUDED DB"])


def test_a_grant_cannot_be_dressed_up_as_a_service_message(bo: Player) -> None:
    with connection.cursor() as db:
        db.execute(
            "SELECT outcome, code FROM compliance_decision WHERE id = %s",
            [decide(bo, channel="bonus", purpose="transactional")],
        )
        assert db.fetchone() == ("deny", "DENY_PURPOSE_MISMATCH")


@pytest.mark.parametrize(("channel", "products"), [("email", ["betting"]), ("email", []), ("email", ["casino", "betting"]),
                                                   ("sms", ["casino"])])  # fmt: skip
def test_the_database_reads_the_consent_to_a_promotional_message_itself(
    anna: Player, channel: str, products: list[str]
) -> None:
    assert outcome(decide(anna)) == ("allow", "X")  # casino by e-mail is what Anna said yes to
    assert outcome(decide(anna, channel=channel, products=products)) == ("deny", "DENY_NO_OPT_IN")
    assert outcome(decide(anna, channel=channel, purpose="transactional", products=products)) == ("allow", "X")


def test_the_newest_word_counts_whatever_came_before(anna: Player) -> None:
    cast.consent(anna, "casino/email", granted=False)
    assert outcome(decide(anna)) == ("deny", "DENY_NO_OPT_IN")
    cast.consent(anna, "casino/email")
    assert outcome(decide(anna)) == ("allow", "X")


def outcome(decision: int) -> tuple[str, str]:
    with connection.cursor() as db:
        db.execute("SELECT outcome, code FROM compliance_decision WHERE id = %s", [decision])
        return tuple(db.fetchone())


WEAKER = {
    "time_out": ["ends_at = now() - interval '9 days'", "status = 'ended', ended_at = now() - interval '9 days'",
                 "ended_at = now() - interval '9 days'", "kind = 'deposit_limit'", "kind = 'marketing_block'"],
    "marketing_block": ["status = 'ended', ended_at = now()", "kind = 'bonus_block'", "kind = 'session_limit'"],
    "deposit_limit": ["amount = 999900", "amount = NULL", "status = 'ended', ended_at = now()",
                      "tightened_at = now() - interval '30 days'", "tightened_at = NULL", "kind = 'bonus_block'"],
    "operator": ["status = 'ended', ended_at = now()", "kind = 'bonus_block'"],
}  # fmt: skip


@pytest.mark.parametrize(("kind", "change"), [(kind, change) for kind, changes in WEAKER.items() for change in changes])
def test_no_restriction_is_made_weaker_by_hand(anna: Player, kind: str, change: str) -> None:
    restrict(anna, kind)
    before = outcome(decide(anna))
    with pytest.raises(DatabaseError) as refused:
        run(f"UPDATE compliance_measure SET {change} WHERE person_id = {anna.person_id}")
    assert refused.value.__cause__.sqlstate == "RG005"
    assert outcome(decide(anna)) == before


def restrict(player: Player, kind: str) -> None:
    if kind == "time_out":
        cast.take_time_out(player, utcnow() + timedelta(days=3))
    elif kind == "marketing_block":
        cast.tell(player, "rg.blocked", measure_id="b", sequence=1, what="marketing")
    elif kind == "deposit_limit":
        cast.set_limit(player, 20_00)
    else:
        blocks.block(player, "marketing_block", cast.olivia(), "asked by phone", now=utcnow())


def test_a_lift_that_was_said_before_the_newest_exclusion_ends_nothing(anna: Player) -> None:
    cast.exclude(anna, sequence=1)
    cast.lift(anna, "excl", 2, at=utcnow() - timedelta(days=9))
    cast.exclude(anna, sequence=3)
    with pytest.raises(DatabaseError) as refused:
        run(
            "UPDATE compliance_measure SET status = 'ended', ended_at = (SELECT occurred_at FROM players_fact"
            f" WHERE kind = 'rg.lifted' AND player_id = {anna.pk}) WHERE person_id = {anna.person_id}"
        )
    assert refused.value.__cause__.sqlstate == "RG005"


def test_a_source_may_shorten_what_it_set_and_a_person_may_lift_what_they_signed(anna: Player) -> None:
    cast.take_time_out(anna, utcnow() + timedelta(days=3))
    cast.take_time_out(anna, utcnow() - timedelta(days=2), sequence=2, at=utcnow() - timedelta(days=9))
    assert outcome(decide(anna)) == ("allow", "X")
    restrict(anna, "operator")
    assert outcome(decide(anna)) == ("deny", "DENY_ACCOUNT_RESTRICTED")
    assert blocks.lift(anna, "marketing_block", cast.olivia(), "asked by phone", now=utcnow())
    assert outcome(decide(anna)) == ("allow", "X")


def test_nobody_is_opened_of_whom_the_pam_said_nothing(anna: Player) -> None:
    stranger = cast.make_player(cast.northlight(), restrictions=None)
    run(f"SELECT compliance_open_standing(ARRAY[{stranger.person_id}, {anna.person_id}], now())")
    assert outcome(decide(stranger)) == ("deny", "DENY_STATE_UNAVAILABLE")
