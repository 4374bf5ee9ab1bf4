"""The list of players and the page of one."""

import re
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from compliance.models import AuditEntry, Seat
from config.lib.clock import utcnow
from players import facts, partitions
from players.models import (
    Feed,
    Payment,
    Player,
    PlayerHabits,
    PlayerMoney,
    PlayerState,
    Round,
    Session,
    Stage,
    StageChange,
    Waiting,
)  # fmt: skip
from tests import cast
from tests.pages.conftest import Enter

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def fragment(client: Client, name: str, player: Player, **query: str) -> str:
    response = client.get(reverse(f"players:panel-{name}", args=[player.pk]), query, headers=HTMX)
    assert response.status_code == 200
    return str(response.content.decode())


def test_a_player_is_found_by_the_beginning_of_id_mail_or_name(enter: Enter, anna: Player, bo: Player) -> None:
    support = enter("support_agent")

    for words in ("ann", "anna@exa", "Anna Arch", "ARCHER"):
        rows = support.get("/players/", {"q": words}).content.decode()
        assert f"/players/{anna.pk}/" in rows, words
        assert f"/players/{bo.pk}/" not in rows, words


def test_typing_in_the_search_field_fetches_the_rows_only(enter: Enter, anna: Player) -> None:
    answer = enter("crm_manager").get("/players/", {"q": "an"}, headers=HTMX | {"HX-Target": "rows"})

    assert answer.content.decode().strip().startswith('<div id="rows"')
    assert "HX-Target" in answer["Vary"]


def test_pages_follow_each_other_without_a_gap_or_a_repetition(enter: Enter) -> None:
    brand, now = cast.northlight(), utcnow()
    for number in range(53):
        player = cast.make_player(brand, f"crowd{number:02d}", consents=(), register=None)
        PlayerState.objects.filter(player=player).update(deposit_sum_30d=number // 10)
    crm, seen, after = enter("crm_manager"), [], ""
    for _ in range(2):
        found = crm.get("/players/", {"sort": "-state__deposit_sum_30d", "after": after}).context["found"]
        seen += [player.pk for player in found.rows]
        after = found.next

    assert after == ""
    assert len(seen) == len(set(seen)) == 53
    assert now


def test_a_token_of_another_order_opens_the_first_page(enter: Enter, anna: Player) -> None:
    assert enter("crm_manager").get("/players/", {"after": "nonsense:here", "stage": "99"}).status_code == 200


def test_a_player_of_a_brand_without_a_seat_does_not_exist(enter: Enter, anna: Player, kaja: Player) -> None:
    crm = enter("crm_manager", cast.bjork())

    assert crm.get(f"/players/{kaja.pk}/").status_code == 200
    assert crm.get(f"/players/{anna.pk}/").status_code == 404
    assert crm.get(f"/players/{anna.pk}/money/", headers=HTMX).status_code == 404


def test_names_and_addresses_are_masked(enter: Enter, anna: Player) -> None:
    for page in ("/players/", f"/players/{anna.pk}/"):
        content = enter("crm_manager").get(page).content.decode()
        assert "Archer" not in content
        assert "anna@example.test" not in content
        assert "A•••" in content


REASON = {"reason": "The player asked on the phone"}


def test_revealing_takes_a_reason_and_is_in_the_audit_trail(enter: Enter, anna: Player) -> None:
    support = enter("support_agent")
    assert support.post(f"/players/{anna.pk}/reveal/", {"reason": ""}).status_code == 422
    assert "anna@example.test" not in support.get(f"/players/{anna.pk}/").content.decode()

    page = support.post(f"/players/{anna.pk}/reveal/", REASON, follow=True)

    assert "anna@example.test" in page.content.decode()
    entry = AuditEntry.objects.get(kind="player.revealed")
    assert (entry.subject, entry.reason) == (f"player:{anna.pk}", REASON["reason"])


def test_ten_minutes_later_it_is_masked_again(enter: Enter, anna: Player, bo: Player) -> None:
    support = enter("support_agent")
    support.post(f"/players/{anna.pk}/reveal/", REASON)
    assert "bo@example.test" not in support.get(f"/players/{bo.pk}/").content.decode()  # one player, not all

    with time_machine.travel(utcnow() + timedelta(minutes=9), tick=False):
        assert "anna@example.test" in support.get(f"/players/{anna.pk}/identity/", headers=HTMX).content.decode()
    with time_machine.travel(utcnow() + timedelta(minutes=11), tick=False):
        assert "anna@example.test" not in support.get(f"/players/{anna.pk}/identity/", headers=HTMX).content.decode()
        assert "anna@example.test" not in support.get(f"/players/{anna.pk}/").content.decode()


@pytest.mark.parametrize("role", ["crm_manager", "vip_host", "analyst", "finance"])
def test_roles_that_may_not_reveal_never_see_an_address(enter: Enter, anna: Player, role: str) -> None:
    client = enter(role)

    assert client.get(f"/players/{anna.pk}/reveal/").status_code == 403
    assert client.post(f"/players/{anna.pk}/reveal/", REASON).status_code == 403
    assert not AuditEntry.objects.filter(kind="player.revealed").exists()
    seen = client.get(f"/players/{anna.pk}/").content.decode()
    assert "Reveal contact" not in seen
    for name in ("timeline", "state", "play"):
        seen += fragment(client, name, anna)
    seen += (
        client.get("/players/", {"q": "anna"}).content.decode() + client.get("/search/", {"q": "ann"}).content.decode()
    )
    assert "anna@example.test" not in seen
    assert "Archer" not in seen


def test_a_role_that_was_lost_masks_at_once(enter: Enter, anna: Player) -> None:
    support = enter("support_agent")
    support.post(f"/players/{anna.pk}/reveal/", REASON)
    seat = Seat.objects.get()
    seat.delete()
    Seat.objects.create(operator=seat.operator, role="crm_manager")

    assert "anna@example.test" not in support.get(f"/players/{anna.pk}/").content.decode()


def test_only_compliance_learns_why_a_player_is_protected(enter: Enter, bo: Player) -> None:
    crm, olivia = enter("crm_manager"), enter("compliance_officer")

    assert "Promotions: protected" in crm.get(f"/players/{bo.pk}/").content.decode()
    assert "Self-exclusion until" in olivia.get(f"/players/{bo.pk}/").content.decode()
    assert "exclu" not in crm.get(f"/players/{bo.pk}/").content.decode().lower()
    assert "exclu" not in fragment(crm, "timeline", bo).lower()
    assert "exclu" not in fragment(crm, "timeline", bo, group="protection").lower()
    assert "Self-excluded" in fragment(olivia, "timeline", bo)


def test_the_header_says_where_the_player_may_be_reached(enter: Enter, anna: Player) -> None:
    reach = enter("crm_manager").get(f"/players/{anna.pk}/").context["reach"]

    assert {one["label"]: one["ok"] for one in reach} == {
        "E-mail": True, "SMS": False, "Push": False, "On site": True, "Phone": False
    }  # fmt: skip


def test_of_a_yes_and_a_no_of_one_moment_the_header_shows_the_no(enter: Enter, anna: Player) -> None:
    at = utcnow() - timedelta(days=1)
    for granted in (False, True):  # the yes came in last
        cast.consent(anna, "casino/email", granted, at=at)
    crm = enter("crm_manager")

    reach = crm.get(f"/players/{anna.pk}/").context["reach"]
    matrix = crm.get(f"/compliance/players/{anna.pk}/panel/", headers=HTMX).context["matrix"]

    assert {one["label"]: one["ok"] for one in reach}["E-mail"] is False
    assert dict(dict(matrix)["Casino"])["E-mail"].granted is False


def lived(player: Player) -> None:
    """Two sessions with a round each, a deposit with three statuses, a stage change."""
    now = utcnow()
    partitions.ensure(now=now)
    for number in (1, 2):
        end = now - timedelta(hours=number)
        Session.objects.create(
            player=player, session_id=f"s{number}", category=1, started_at=end - timedelta(minutes=45), ended_at=end,
            seconds=2700,
        )  # fmt: skip
        Round.objects.create(
            player=player, round_id=f"r{number}", category=1, occurred_at=end - timedelta(minutes=5),
            recorded_at=now, stake_real=10_00, win_real=4_00,
        )  # fmt: skip
    for number, status in enumerate(("requested", "approved", "rolled_back")):
        Payment.objects.create(
            player=player, payment_id="p1", direction="deposit", status=status, amount=50_00, method="card",
            occurred_at=now - timedelta(hours=5, seconds=-number), recorded_at=now,
        )  # fmt: skip
    StageChange.objects.create(
        player=player, before=0, after=1, at=now - timedelta(hours=5), recorded_at=now, cause="deposit 50.00 GBP"
    )


def test_the_timeline_speaks_in_sentences(enter: Enter, anna: Player) -> None:
    lived(anna)

    told = fragment(enter("crm_manager"), "timeline", anna)

    assert "Deposited 50.00\u00a0GBP by card" in told
    assert "Played slots for 45 min" in told
    assert "1 round, staked 10.00\u00a0GBP, lost 6.00\u00a0GBP" in told
    assert "Registered, no deposit → First-time depositor" in told


def test_older_lines_follow_without_repetition(enter: Enter, anna: Player) -> None:
    now = utcnow()
    for number in range(60):
        cast.tell(anna, "player.login", at=now - timedelta(minutes=number), key=f"login{number}")
    crm, before, seen = enter("crm_manager"), "", []
    for _ in range(2):
        url = reverse("players:panel-timeline", args=[anna.pk])
        answer = crm.get(url, {"before": before, "group": "play"}, headers=HTMX)
        seen += [line.at for line in answer.context["lines"]]
        before = answer.context["more"]

    assert len(seen) == len(set(seen)) == 60


@pytest.mark.parametrize("before", ["2026-13-40", "2026-13-40T10:00:00Z", "2026-11-22", "x", "\0", "9" * 400])
def test_a_place_in_the_timeline_that_is_no_moment_is_its_start(enter: Enter, anna: Player, before: str) -> None:
    lived(anna)
    url = reverse("players:panel-timeline", args=[anna.pk])

    answer = enter("crm_manager").get(url, {"before": before}, headers=HTMX)

    assert answer.status_code == 200
    assert answer.context["newest_page"]
    assert answer.context["lines"]


def test_the_money_tab_keeps_the_history_of_a_payment(enter: Enter, anna: Player) -> None:
    lived(anna)

    payments = enter("finance").get(f"/players/{anna.pk}/money/", headers=HTMX).context["payments"]

    assert [[status.status for status in one["history"]] for one in payments] == [
        ["requested", "approved", "rolled_back"]
    ]


def test_amounts_are_not_for_every_role(enter: Enter, anna: Player) -> None:
    lived(anna)
    analyst = enter("analyst")

    assert analyst.get(f"/players/{anna.pk}/money/", headers=HTMX).status_code == 403
    assert "GBP" not in fragment(analyst, "play", anna)
    assert "GBP" not in fragment(analyst, "state", anna)
    assert "GBP" not in fragment(analyst, "timeline", anna)
    assert "GBP" not in analyst.get(f"/players/{anna.pk}/").content.decode().split("</header>")[1]
    assert "GBP" not in analyst.get("/players/").content.decode().split("</header>")[1]


def test_a_panel_opened_by_hand_leads_to_the_page_that_holds_it(enter: Enter, anna: Player) -> None:
    answer = enter("crm_manager").get(f"/players/{anna.pk}/state/")

    assert answer["Location"] == f"/players/{anna.pk}/tab/state/"


@pytest.mark.parametrize(("path", "most"), [("", 25), ("timeline/", 12), ("state/", 16), ("play/", 15), ("money/", 12)])
def test_a_page_asks_few_questions_however_much_happened(
    enter: Enter, anna: Player, django_assert_max_num_queries: Any, path: str, most: int
) -> None:
    lived(anna)
    compliance = enter("compliance_officer")

    with django_assert_max_num_queries(most):
        compliance.get(f"/players/{anna.pk}/{path}", headers=HTMX if path else {})


def test_the_list_asks_few_questions_however_many_players(
    enter: Enter, anna: Player, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        cast.make_player(cast.bjork(), f"c{number}", consents=(), register=None)
    crm = enter("crm_manager")
    crm.get("/players/")

    with django_assert_max_num_queries(17):
        crm.get("/players/")


def test_a_fact_of_a_kind_nobody_described_still_reads_like_words(enter: Enter, anna: Player) -> None:
    now = utcnow()
    facts.Fact.objects.create(kind="odd.thing_seen", player=anna, occurred_at=now, recorded_at=now, key="odd")

    assert "Odd: thing seen" in fragment(enter("crm_manager"), "timeline", anna)


@pytest.mark.parametrize("role", ["crm_manager", "support_agent", "vip_host", "compliance_officer"])
def test_a_message_about_a_restriction_is_no_line_to_anybody_but_compliance(
    enter: Enter, anna: Player, role: str
) -> None:
    """“Service message” without a name would be one too: every other message has its campaign's."""
    now = utcnow()
    data = {"purpose": "rg_confirmation", "campaign": "Your limit", "channel": "email", "delivery_id": 5}
    facts.Fact.objects.create(
        kind="message.sent", player=anna, occurred_at=now, recorded_at=now, key="rg-mail", data=data
    )

    told = fragment(enter(role), "timeline", anna)

    assert ("Your limit" in told) == ("Sent by e-mail" in told) == (role == "compliance_officer")


def test_the_player_page_names_the_civil_time_it_prints(enter: Enter, anna: Player) -> None:
    assert "Times in Europe/London" in enter("crm_manager").get(f"/players/{anna.pk}/").content.decode()


def test_nobody_is_called_reachable_without_consent_on_any_channel(enter: Enter) -> None:
    cleo = cast.cleo()

    shown = enter("crm_manager").get(f"/players/{cleo.pk}/").content.decode()

    assert "Promotions: no channel open" in shown
    assert "Promotions: allowed" not in shown


def test_the_page_listens_for_what_is_new(enter: Enter, anna: Player) -> None:
    page = enter("crm_manager").get(f"/players/{anna.pk}/").content.decode()
    assert f'data-live="/ws/players/{anna.pk}/"' in page
    assert "live.js" in page


def test_rounds_no_session_tells_of_yet_are_one_line(enter: Enter, anna: Player) -> None:
    now = utcnow()
    partitions.ensure_for([now.date()])
    for number in range(12):
        Round.objects.create(
            player=anna, round_id=f"loose{number}", category=1, occurred_at=now - timedelta(minutes=number),
            recorded_at=now, stake_real=100, win_real=50,
        )  # fmt: skip
    assert "Played slots: 12 rounds in 11 min" in fragment(enter("crm_manager"), "timeline", anna)
    assert "staked" not in fragment(enter("analyst"), "timeline", anna)


def test_an_address_somebody_wrote_into_an_event_stays_masked(enter: Enter, anna: Player) -> None:
    cast.tell(anna, "custom.called", note="rang from +44 7700 900123, wrote from anna.b@example.test")
    text = fragment(enter("compliance_officer"), "timeline", anna)
    assert "a•••@example.test" in text
    assert "900123" not in text.replace("•••123", "")


def told(player: Player) -> None:
    """State as the fold leaves it: slipping away for five days, with habits and ways of paying."""
    now = utcnow()
    PlayerState.objects.filter(player=player).update(
        stage=Stage.AT_RISK, stage_since=now - timedelta(days=5), last_real_at=now - timedelta(days=19),
        last_play_at=now - timedelta(days=2), first_deposit_at=now - timedelta(days=60), sessions=20, sessions_30d=2,
    )  # fmt: skip
    PlayerHabits.objects.create(
        state_id=player.pk, staked_sessions=9, bad_stops=7, evening=12, last10_sessions=10, last10_seconds=6000
    )
    PlayerMoney.objects.create(state_id=player.pk, last10_deposits=4, last10_in_session=3, deposits_7d=2, method="card")


def test_the_state_tab_says_why_somebody_is_slipping_away(enter: Enter, anna: Player) -> None:
    lived(anna)
    told(anna)
    Session.objects.filter(session_id="s1").update(ending=2)

    shown = fragment(enter("crm_manager"), "state", anna)

    assert "Why slipping away?" in shown
    assert "14 days without one is the limit" in shown
    assert "that alone keeps nobody active" in shown
    assert "as did 7 of 9" in shown
    assert "2 sessions in the last 30 gaming days" in shown


def test_what_is_known_can_be_searched(enter: Enter, anna: Player) -> None:
    told(anna)
    url = reverse("players:panel-state", args=[anna.pk])

    rows = enter("crm_manager").get(url, {"q": "last 10 deposits"}, headers=HTMX | {"HX-Target": "state-rows"})

    content = rows.content.decode()
    assert content.strip().startswith('<div id="state-rows"')
    assert "Usual payment method" in content
    assert "Favourite game" not in content


def test_signs_of_harm_are_for_those_who_see_reasons(enter: Enter, anna: Player) -> None:
    told(anna)

    assert "Deposits during play" in fragment(enter("compliance_officer"), "state", anna)
    assert "Deposits during play" not in fragment(enter("crm_manager"), "state", anna)


def test_the_play_tab_draws_when_sessions_start(enter: Enter, anna: Player) -> None:
    lived(anna)

    shown = fragment(enter("crm_manager"), "play", anna)

    assert 'class="heat"' in shown
    assert sum(int(count) for count in re.findall(r"h: (\d+) session", shown)) == 2


@pytest.mark.parametrize(("waiting", "words"), [(False, "nothing waiting"), (True, "behind the feed")])
def test_every_tab_of_state_says_how_old_it_is(enter: Enter, anna: Player, waiting: bool, words: str) -> None:
    now = utcnow()
    feed = Feed.objects.filter(brand=anna.brand).first() or Feed.objects.create(brand=anna.brand)
    Feed.objects.filter(pk=feed.pk).update(last_event_at=now)
    if waiting:
        Waiting.objects.create(id=1, received_at=now - timedelta(seconds=4), feed=feed, player=anna)
    lived(anna)
    told(anna)
    finance = enter("finance")

    for tab in ("state", "play", "money"):
        assert words in fragment(finance, tab, anna), tab
    assert words in finance.get(f"/players/{anna.pk}/").content.decode()
