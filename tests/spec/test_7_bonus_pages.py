"""The bonus pages: terms that make sense, gifts through the gate, progress anybody can follow."""

import re
import uuid

import pytest
from django.test import Client
from django.urls import reverse

from bonuses.liability import outstanding
from bonuses.models import Grant, Template, Terms
from bonuses.words import cost_hint, terms_in_words
from compliance.models import AuditEntry
from config.lib.clock import utcnow
from players.models import Brand, Category, Player
from tests import cast
from tests.cast import make_player
from tests.ledger.conftest import fold, give, make_terms, play

pytestmark = pytest.mark.django_db
for make in cast.EVERYBODY:
    globals()[make.__name__] = cast.as_fixture(make)

INLINE = re.compile(r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=|hx-on", re.IGNORECASE)
OFFER = {
    "name": "Welcome", "kind": "deposit_match", "product": "casino", "percent": "100", "cap": "100", "min_deposit": "10",
    "wagering_multiplier": "10", "wagering_base": "bonus", "max_bet": "5", "expiry_days": "30", "share_slots": "100",
    "share_table": "10",
}  # fmt: skip


@pytest.fixture
def crm(client: Client, carla) -> Client:
    client.force_login(carla)
    return client


def test_a_template_is_made_and_changed_by_versions(crm: Client, northlight: Brand) -> None:
    made = crm.post(reverse("bonuses:template-new") + f"?brand={northlight.pk}", OFFER)
    template = Template.objects.get()
    assert made.status_code == 302

    crm.post(reverse("bonuses:template-edit", args=[template.pk]), OFFER | {"cap": "50", "kind": "goodwill"})

    template.refresh_from_db()
    assert [(t.version, t.cap) for t in Terms.objects.order_by("version")] == [(1, 100_00), (2, 50_00)]
    assert (template.current.version, template.kind) == (2, "deposit_match")
    page = crm.get(reverse("bonuses:template", args=[template.pk])).content.decode()
    assert "100 % of a deposit, at most 50.00" in page.replace("\u202f", " ").replace("\xa0", " ")
    assert AuditEntry.objects.filter(kind="terms.versioned").count() == 2


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("cap", "0"), ("cap", "-5"), ("cap", "0.001"), ("cap", "1e9"), ("cap", "10,00"), ("cap", "NaN"), ("cap", "inf"),
        ("percent", ""), ("percent", "0"), ("share_slots", "101"), ("share_slots", "-1"), ("share_slots", "x"),
        ("expiry_days", "0"), ("expiry_days", "36500"), ("expiry_days", "-1"), ("max_bet", "101"), ("max_release", "99"),
        ("wagering_multiplier", "101"), ("wagering_multiplier", "-1"), ("name", " "), ("name", "x" * 81),
        ("kind", "jackpot"), ("product", "poker"), ("wagering_base", "moon"), ("name", "a\x00b"),
    ],
)  # fmt: skip
def test_terms_that_make_no_sense_come_back_with_a_sentence(crm, northlight, field: str, value: str) -> None:
    answer = crm.post(reverse("bonuses:template-new") + f"?brand={northlight.pk}", OFFER | {field: value})

    assert answer.status_code == 422
    assert field in answer.context["form"].errors
    assert not Template.objects.exists()


def test_wagering_no_game_counts_for_is_refused(crm: Client, northlight: Brand) -> None:
    nowhere = OFFER | {"share_slots": "0", "share_table": "0"}

    assert crm.post(reverse("bonuses:template-new") + f"?brand={northlight.pk}", nowhere).status_code == 422


def test_two_templates_of_a_brand_do_not_share_a_name(crm: Client, northlight: Brand, azura: Brand) -> None:
    address = reverse("bonuses:template-new")
    crm.post(f"{address}?brand={northlight.pk}", OFFER)

    assert crm.post(f"{address}?brand={northlight.pk}", OFFER | {"name": "welcome"}).status_code == 422
    assert crm.post(f"{address}?brand={azura.pk}", OFFER).status_code == 302


def test_the_grant_page_shows_w06(crm: Client, azura: Brand) -> None:
    anna = make_player(azura, "anna")
    grant = give(anna, make_terms(azura, amount=80_00, wagering_multiplier=35)).grant
    fold(
        play(anna, stake=1500_00),
        play(anna, stake=2000_00, category=Category.TABLE),
        play(anna, stake=500_00, category=Category.LIVE_CASINO),
    )

    text = crm.get(reverse("bonuses:grant", args=[grant.pk])).content.decode()
    plain = text.replace("\u202f", " ").replace("\xa0", " ")
    assert "62.5 %" in plain
    assert "1 750.00 EUR" in plain
    assert "2 800.00 EUR" in plain
    assert 'value="175000"' in text


def goodwill(brand: Brand, most: int = 20_00) -> Template:
    return make_terms(brand, "goodwill", amount=most, wagering_multiplier=0).template


def ask(client: Client, player: Player, template: Template, amount: str = "5.00", once: uuid.UUID | None = None):
    data = {
        "template": template.pk,
        "amount": amount,
        "reason": "The game hung yesterday",
        "once": once or uuid.uuid4(),
    }
    return client.post(reverse("bonuses:give", args=[player.pk]), data)


def test_a_gift_sent_twice_is_given_once_and_is_in_the_audit_trail(crm: Client, anna, northlight: Brand) -> None:
    template, once = goodwill(northlight), uuid.uuid4()

    assert ask(crm, anna, template, once=once).status_code == 302
    assert ask(crm, anna, template, once=once).status_code == 302

    grant = Grant.objects.get()
    assert (grant.amount, grant.reason, grant.status) == (5_00, "The game hung yesterday", "completed")
    assert AuditEntry.objects.filter(kind="goodwill.given", subject=f"player:{anna.pk}").exists()


def test_a_gift_to_an_excluded_player_is_refused_without_saying_why(crm: Client, bo, northlight: Brand) -> None:
    answer = ask(crm, bo, goodwill(northlight))

    assert answer.status_code == 422
    words = " ".join(answer.context["form"].non_field_errors())
    assert "Protected" in words
    assert "xclu" not in words
    assert not Grant.objects.exists()


@pytest.mark.parametrize("amount", ["0", "-1", "0.001", "20.01", "NaN", "1e9", "10,00", ""])
def test_a_gift_of_a_senseless_amount_is_not_given(crm: Client, anna, northlight: Brand, amount: str) -> None:
    assert ask(crm, anna, goodwill(northlight), amount).status_code == 422
    assert not Grant.objects.exists()


def test_who_may_not_give_is_refused_and_foreign_players_do_not_exist(client: Client, anna, kaja, bjork, fiona) -> None:
    client.force_login(fiona)
    assert client.get(reverse("bonuses:give", args=[anna.pk])).status_code == 403

    client.force_login(cast.make_operator("Sven", "support_agent", bjork))
    assert client.get(reverse("bonuses:give", args=[anna.pk])).status_code == 404
    assert client.get(reverse("bonuses:give", args=[kaja.pk])).status_code == 200


def test_a_bonus_is_ended_by_hand_with_a_reason(crm: Client, anna, terms) -> None:
    grant = give(anna, terms).grant
    address = reverse("bonuses:grant-end", args=[grant.pk])

    assert crm.post(address, {"reason": ""}).status_code == 422
    assert crm.post(address, {"reason": "Given by mistake"}).status_code == 302
    assert Grant.objects.get().status == Grant.Status.CANCELLED
    assert crm.get(address).status_code == 404


def test_a_bonus_that_an_exclusion_stopped_is_one_that_is_open_to_everybody_but_compliance(
    client: Client, anna, dev, terms
) -> None:
    """Only they have one in that state: it would name who excluded themselves, page after page."""
    stopped, going = give(anna, terms).grant, give(make_player(terms.template.brand, "going"), terms).grant
    cast.exclude(anna)
    fold(play(anna, stake=100_00))
    assert Grant.objects.get(pk=stopped.pk).status == "stopped"

    def shown(**query: str) -> set[int]:
        return {grant.pk for grant in client.get(reverse("bonuses:grants"), query).context["grants"]}

    one, panel = reverse("bonuses:grant", args=[stopped.pk]), reverse("bonuses:player-panel", args=[anna.pk])
    for who in (cast.carla(), cast.fiona(), cast.make_operator("Sue", cast.Role.SUPPORT_AGENT)):
        client.force_login(who)
        assert shown(status="active") == {stopped.pk, going.pk}, who
        assert shown(status="stopped") == shown()
        for url in (reverse("bonuses:grants"), one, panel):
            page = client.get(url).content.decode()
            assert "topped" not in page
            assert "protected" not in page.split("</header>")[-1].lower(), url
    client.force_login(cast.olivia())
    assert (shown(status="active"), shown(status="stopped")) == ({going.pk}, {stopped.pk})
    assert "Stopped (protected)" in client.get(one).content.decode()
    assert Grant.objects.get(pk=stopped.pk).status == "stopped"


def test_what_is_owed_is_shown_by_brand_and_type_and_never_added_across_currencies(anna, azura, northlight) -> None:
    give(anna, make_terms(northlight))
    give(make_player(azura), make_terms(azura, amount=30_00), "other")
    give(make_player(azura, is_test=True), make_terms(azura))

    owed = {group.currency: group for group in outstanding([azura.pk, northlight.pk], now=utcnow())}

    assert {code: (g.grants, g.amount, g.by_age) for code, g in owed.items()} == {
        "EUR": (1, 30_00, [30_00, 0, 0, 0]), "GBP": (1, 50_00, [50_00, 0, 0, 0])
    }  # fmt: skip
    assert owed["GBP"].open_wagering == 500_00


def test_the_pages_open_and_need_no_inline_code(crm: Client, anna, terms) -> None:
    grant = give(anna, terms).grant
    for name, args in (
        ("templates", []), ("template", [terms.template_id]), ("template-edit", [terms.template_id]),
        ("template-new", []), ("grants", []), ("grant", [grant.pk]), ("grant-end", [grant.pk]), ("give", [anna.pk]),
        ("liability", []), ("player-panel", [anna.pk]),
    ):  # fmt: skip
        answer = crm.get(reverse(f"bonuses:{name}", args=args))
        assert answer.status_code == 200, name
        assert not INLINE.search(answer.content.decode()), name
    for query in ("?q=anna", "?status=open", "?status=nonsense", "?template=999", "?before=x", "?q=%00"):
        assert crm.get(reverse("bonuses:grants") + query).status_code == 200


def test_terms_in_words_say_what_it_may_cost(northlight: Brand) -> None:
    terms = make_terms(northlight, amount=100_00, wagering_multiplier=10)

    assert any("10 × the bonus" in sentence for sentence in terms_in_words(terms))
    assert "about 60.00" in cost_hint(terms)


@pytest.fixture
def terms(northlight: Brand) -> Terms:
    return make_terms(northlight)
