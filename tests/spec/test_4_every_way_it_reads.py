"""Whatever a template may say to somebody is read before it is approved, and what nobody can read takes two people."""

import pytest

from campaigns import publishing, readings
from campaigns.lint import findings
from campaigns.models import Variant, Version
from compliance.lint import overriding, words
from compliance.lint.checking import Finding
from config.lib.clock import utcnow
from players.models import Brand
from tests import cast
from tests.spec.test_4_what_the_gate_is_told import offered, reds

pytestmark = pytest.mark.django_db
NOW = cast.noon()


def ways(body: str) -> tuple[list[str], str]:
    return readings.of(Variant(subject="", body=body))


def written(brand: Brand, body: str, **message: str) -> Version:
    return offered(brand, words={"subject": "Hello {{ player.first_name }}", "body": f"<p>{body}</p>"}, **message)


@pytest.mark.parametrize(("body", "said"), [
    ("Hello", {"Hello"}),
    ("Hello {{ player.first_name | default: 'there' }}", {"Hello Anna", "Hello there"}),
    ("{% if player.country == 'GB' %}a{% elsif player.country == 'SE' %}b{% else %}c{% endif %}d", {"ad", "bd", "cd"}),
    ("{% if player.country == 'GB' %}a{% endif %}d", {"ad", "d"}),
    ("{% unless player.country == 'GB' %}a{% endunless %}d", {"ad", "d"}),
    ("{% case player.country %}{% when 'GB' %}a{% when 'SE' %}b{% endcase %}d", {"ad", "bd", "d"}),
    ("{% if player.country %}{% if player.currency %}a{% endif %}b{% endif %}c", {"abc", "bc", "c"}),
    ("bo {%- if player.country -%} nus {% endif %}", {"bonus ", "bo"}),
    ("{% assign a = 'bo' %}{{ a }}nus", {"bonus"}),
    ("{{ 'bo' | append: 'nus' }}", {"bonus"}),
    ("{% capture a %}bo{% endcapture %}{{ a }}nus", {"bonus"}),
    ("{{ player.first_name | upcase }}", {"ANNA"}),
])  # fmt: skip
def test_every_way_a_template_can_read_is_read(body: str, said: set[str]) -> None:
    found, unreadable = ways(body)
    assert (set(found), unreadable) == (said, "")


@pytest.mark.parametrize("body", [
    "{% for n in (1..3) %}a{% endfor %}", "{% cycle 'a', 'b' %}", "{% raw %}{{ a }}{% endraw %}",
    "{{ player.first_name | replace: 'Anna', 'bonus' }}", "{{ player.first_name | slice: 0 }}onus",
    "{% assign a = player.first_name | append: 'us' %}{{ a }}", "{% assign a = 'bo' %}{{ a | append: 'nus' }}",
    "".join(f"{{% if player.country == '{n}' %}}{n}{{% endif %}}" for n in range(7)),
])  # fmt: skip
def test_what_is_made_of_a_players_own_data_or_of_too_much_is_told_as_unreadable(body: str) -> None:
    assert ways(body)[1]


@pytest.mark.parametrize("body", [
    "Here are {% if player.country == 'GB' %}20 free spins{% else %}the games{% endif %}.",
    "Here are {{ player.favourite | default: '20 free spins' }}.", "Your bo{% if player.country %}nus{% endif %} is here.",
    "{% assign what = 'bon' %}Your {{ what }}us is here.", "Your {{ 'bo' | append: 'nus' }} is here.",
])  # fmt: skip
def test_an_offer_that_liquid_puts_together_is_found_in_a_promotion_and_in_a_service_message(
    northlight: Brand, body: str
) -> None:
    assert "POL-L9" in reds(written(northlight, body, name="a"))
    assert "PD-04" in reds(written(northlight, body, name="b", purpose="transactional"))


def test_what_a_law_wants_said_is_said_in_every_way_it_reads(bjork: Brand) -> None:
    from tests.ledger.conftest import make_terms

    terms = make_terms(bjork, kind="no_deposit", amount=50_00, currency="SEK", expiry_days=60)
    half = "En bonus{% if player.country == 'SE' %}, endast för nya spelare{% endif %}."
    whole = "En bonus, endast för nya spelare{% if player.country == 'SE' %}. Välkommen{% endif %}."
    for body, missing in ((half, True), (whole, False)):
        version = offered(
            bjork, terms, name=body[-20:], words={"subject": "Hej och välkommen", "body": f"<p>{body}</p>"}
        )
        assert ("SE-05n" in reds(version)) == missing


def test_a_language_nobody_reads_is_refused_until_an_officer_has_signed(northlight: Brand) -> None:
    version = written(northlight, "Tervetuloa takaisin. Talleta tänään ja saat ilmaiskierroksia.")
    with pytest.raises(publishing.NotReady, match="no language whose words are checked"):
        publishing.submit(version, version.author, now=NOW)

    [found] = [one for one in findings(version, now=NOW) if one.rule == "POL-L13"]
    assert found.may_be_overruled
    finding = Finding("red", found.rule, found.words, fingerprint=found.fingerprint, is_law=False)
    row = overriding.ask(
        finding, northlight, f"campaign:{version.campaign_id}", cast.carla(), "read by our Finn", now=utcnow()
    )
    with pytest.raises(overriding.CannotOverrule, match="A second person"):
        overriding.sign(row, cast.carla(), now=utcnow())
    overriding.sign(row, cast.olivia(), now=utcnow())

    publishing.submit(version, version.author, now=NOW)
    assert version.status == Version.Status.SUBMITTED


def test_what_is_put_together_for_each_player_is_refused_until_an_officer_has_signed(northlight: Brand) -> None:
    version = written(northlight, "Hello {% for n in (1..3) %}and welcome {% endfor %}")
    assert reds(version) == {"POL-L14"}


@pytest.mark.parametrize("text", [
    "Hej Björn,\n\nvi har fått din insättning.\nLogga in", "Bonjour Anna.\nVotre retrait est en route.\nVoir",
    "Hallo Anna, deine Auszahlung ist unterwegs.", "Northlight", "Hello Anna", "Hello Anna, how are you doing today?\nZagraj teraz", "20.00 GBP", "", "18+ https://x.example",
])  # fmt: skip
def test_the_languages_of_the_licences_are_read(text: str) -> None:
    assert words.unread(text) == ""


@pytest.mark.parametrize("text", [
    "Witamy ponownie, zrób depozyt już dziś", "Bem-vindo de volta! Deposite hoje e ganhe um bónus de 50 euros para jogar.",
    "Bentornato! Deposita oggi e ricevi 50 giri gratis per te.", "Hoş geldin, bugün para yatır", "Üdvözlünk újra",
    "Hello Anna, how are you?\nTalleta tänään ja pelaa heti", "Pelaa nyt", "Hello Anna.\nZagraj teraz", "Καλώς ήρθες", "Hello Anna, 欢迎回来",
])  # fmt: skip
def test_a_line_in_another_one_is_found_wherever_it_stands(text: str) -> None:
    assert words.unread(text)
