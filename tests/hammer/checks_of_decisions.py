"""One short check per line of the gate's SQL (deciding, handing over): each raises AssertionError when its line does not hold.

They run as the application's role; what only time or a defect could have done, the owner does. Each leaves everybody
as they were.
"""

from datetime import timedelta

from django.db import connection

from compliance import blocks, standings, stops
from config.lib.clock import utcnow
from players.models import Feed
from tests import cast
from tests.hammer.world import (
    ALLOWED,
    World,
    aged,
    brand_stopped,
    check,
    is_free,
    refused,
    row_is_free,
    standing,
    still,
    undone,
)
from tests.spec.test_4_nothing_gets_around_the_gate import decide, outcome


@check
def five_hundred_at_most(w: World) -> None:
    refused("RG006", "SELECT compliance_decide((SELECT jsonb_agg('{}'::jsonb) FROM generate_series(1, 501)))")


@check
def whoever_has_no_standing_is_unknown(w: World) -> None:
    with undone():
        ella = cast.make_player(cast.northlight(), "no-standing")
        decide(ella)
    player = cast.make_player(cast.northlight())
    w.owner.execute("DELETE FROM compliance_standing WHERE person_id = %s", [player.person_id])
    with undone(), connection.cursor() as db:
        asked = (f'[{{"player_id": {player.pk}, "purpose": "rg_outreach", "channel": "email", "outcome": "allow",'
                 ' "code": "X", "reasons": [], "reference": "t", "ruleset": "t", "inputs": {}, "products": []}]')  # fmt: skip
        db.execute("SELECT outcome, code FROM compliance_decide(%s::jsonb)", [asked])
        assert db.fetchone() == ("deny", "DENY_STATE_UNAVAILABLE")


@check
def a_grant_is_no_service_message(w: World) -> None:
    with undone():
        assert outcome(decide(w.anna, channel="bonus", purpose="transactional")) == ("deny", "DENY_PURPOSE_MISMATCH")


@check
def a_stopped_brand_decides_no(w: World) -> None:
    with brand_stopped(w):
        assert outcome(decide(w.anna)) == ("deny", "DENY_BRAND_STOPPED")


@check
def an_exclusion_has_its_name(w: World) -> None:
    with undone():
        assert outcome(decide(w.bo)) == ("deny", "DENY_SELF_EXCLUDED")


@check
def an_exclusion_from_one_product_closes_that(w: World) -> None:
    with undone():
        cast.exclude(w.anna, product="casino")
        assert outcome(decide(w.anna)) == ("deny", "DENY_SELF_EXCLUDED")


@check
def an_exclusion_from_one_brand_closes_that(w: World) -> None:
    with undone():
        leo = cast.make_player(cast.azura(), "leo")
        assert outcome(decide(leo)) == ALLOWED
        cast.exclude(leo, scope="brand")
        assert outcome(decide(leo)) == ("deny", "DENY_SELF_EXCLUDED")


@check
def a_bonus_block_stops_bonuses(w: World) -> None:
    with undone():
        blocks.block(w.anna, "bonus_block", cast.olivia(), "asked", now=utcnow())
        assert outcome(decide(w.anna)) == ALLOWED
        assert outcome(decide(w.anna, channel="bonus")) == ("deny", "DENY_ACCOUNT_RESTRICTED")


@check
def a_marketing_block_stops_messages(w: World) -> None:
    with undone():
        blocks.block(w.anna, "marketing_block", cast.olivia(), "asked", now=utcnow())
        assert outcome(decide(w.anna)) == ("deny", "DENY_ACCOUNT_RESTRICTED")


@check
def a_standing_that_ran_out_decides_no(w: World) -> None:
    with standing(w, "valid_until = now()", "valid_until = NULL"):
        assert outcome(decide(w.anna)) == ("deny", "DENY_STATE_UNAVAILABLE")


@check
def what_was_judged_under_another_generation_is_a_no(w: World) -> None:
    with undone(), connection.cursor() as db:
        db.execute(
            "SELECT outcome, code FROM compliance_decide(%s::jsonb)",
            [f'[{{"player_id": {w.anna.pk}, "purpose": "promotional", "channel": "email", "outcome": "allow",'
             ' "code": "X", "reasons": [], "reference": "t", "ruleset": "t", "inputs": {}, "generation": 0,'
             ' "products": ["casino"]}]'],
        )  # fmt: skip
        assert db.fetchone() == ("deny", "DENY_STATE_CHANGED")


@check
def of_two_words_of_one_instant_the_no_counts(w: World) -> None:
    with undone():
        at = utcnow()
        cast.consent(w.anna, "casino/email", granted=False, at=at)
        cast.consent(w.anna, "casino/email", at=at)
        assert outcome(decide(w.anna)) == ("deny", "DENY_NO_OPT_IN")


@check
def the_newest_word_counts(w: World) -> None:
    with undone():
        cast.consent(w.anna, "casino/email", granted=False)
        assert outcome(decide(w.anna)) == ("deny", "DENY_NO_OPT_IN")


@check
def no_sms_without_a_yes(w: World) -> None:
    with undone():
        assert outcome(decide(w.anna, channel="sms")) == ("deny", "DENY_NO_OPT_IN")


@check
def two_products_need_two_yeses(w: World) -> None:
    with undone():
        assert outcome(decide(w.anna, products=["casino", "betting"])) == ("deny", "DENY_NO_OPT_IN")


@check
def a_decision_holds_the_standing(w: World) -> None:
    with undone():
        decide(w.anna)
        assert not row_is_free(w)


@check
def a_decision_holds_the_brand(w: World) -> None:
    with undone():
        decide(w.anna)
        assert not is_free(w, 7002, w.anna.brand_id)


@check
def a_hand_over_ends_with_its_generation(w: World) -> None:
    with undone():
        ok = decide(w.anna)
        assert still(ok) == [ok]
        standings.note_change([w.anna.person_id], now=utcnow())
        assert still(ok) == []


@check
def a_no_is_not_handed_over(w: World) -> None:
    with undone():
        assert still(decide(w.anna, channel="sms")) == []  # for want of consent, so that the generation is right


@check
def an_old_allow_is_not_handed_over(w: World) -> None:
    ok = aged(w, decide(w.anna))
    with undone():
        assert still(ok) == []


@check
def a_stopped_brand_hands_nothing_over(w: World) -> None:
    with undone():
        ok = decide(w.anna)
        stops.stop(w.anna.brand, cast.olivia(), "something is wrong", now=utcnow())
        assert still(ok) == []


@check
def nothing_is_handed_over_while_the_feed_is_stale(w: World) -> None:
    with undone():
        ok = decide(w.anna)
        Feed.objects.filter(brand=w.anna.brand).update(freshness="stale")
        assert still(ok) == []


@check
def a_feed_nobody_heard_of_for_long_is_stale(w: World) -> None:
    with undone():
        ok = decide(w.anna)
        long_ago = utcnow() - timedelta(minutes=21)
        Feed.objects.filter(brand=w.anna.brand).update(last_event_at=long_ago, heartbeat_at=long_ago)
        assert still(ok) == []


@check
def a_hand_over_holds_the_person(w: World) -> None:
    with undone():
        ok = decide(w.anna)
        assert still(ok) == [ok]
        assert not is_free(w, 7001, w.anna.person_id)


@check
def a_hand_over_holds_the_brand(w: World) -> None:
    ok = decide(w.anna)  # in a transaction of its own, which holds the brand no longer
    with undone():
        assert still(ok) == [ok]
        assert not is_free(w, 7002, w.anna.brand_id)
