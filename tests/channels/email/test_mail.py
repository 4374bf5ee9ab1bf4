"""What a mail carries, and how it is stopped."""

import re
from email.header import decode_header, make_header

import pytest
from django.test import Client

from campaigns import content
from campaigns.models import Attempt, Variant
from compliance.models import Consent
from players.models import Brand, Player
from tests import cast
from tests.journey import build
from tests.journey.conftest import Sink, work

pytestmark = pytest.mark.django_db
NOW = cast.noon()


def send(player: Player, **fields) -> None:  # noqa: ANN003
    build.simple(player.brand, NOW, **fields)
    cast.tell(player, "player.login", now=NOW, at=NOW)
    work(NOW)


def part(mail, kind: str) -> str:  # noqa: ANN001
    return next(p for p in mail.walk() if p.get_content_type() == kind).get_payload(decode=True).decode()


def test_a_mail_has_both_parts_the_footer_of_its_licence_and_one_click_stop(post: Sink, anna: Player) -> None:
    send(anna)

    (mail,) = post.mails
    assert re.fullmatch(r"<https?://.+/u/.+/>", "".join(mail["List-Unsubscribe"].split()))
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    for kind in ("text/plain", "text/html"):
        assert "18+" in part(mail, kind)
        assert "begambleaware.org" in part(mail, kind)
        assert "/u/" in part(mail, kind)


def test_a_mail_is_a_whole_page_of_its_own_that_says_what_was_recorded(post: Sink, anna: Player) -> None:
    send(anna)

    page = part(post.mails[0], "text/html")
    recorded = Attempt.objects.get()
    assert page.startswith("<!doctype html>")
    assert recorded.player.brand.name in page
    assert re.sub(r"<[^>]+>", "", recorded.html) in re.sub(r"<[^>]+>", "", page)
    assert page.count("begambleaware.org") == recorded.html.count("begambleaware.org") == 1


def test_a_swede_reads_where_help_is_in_sweden(post: Sink, kaja: Player) -> None:
    send(kaja)

    (mail,) = post.mails
    assert "spelpaus.se" in part(mail, "text/html")


def stop_path(mail) -> str:  # noqa: ANN001
    return "/u/" + "".join(mail["List-Unsubscribe"].split()).split("/u/")[1].rstrip(">")


def test_one_click_withdraws_consent_for_every_product_on_that_channel(post: Sink, anna: Player) -> None:
    send(anna)
    path = stop_path(post.mails[0])
    outside = Client(enforce_csrf_checks=True)

    assert outside.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert outside.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200

    rows = Consent.objects.filter(player=anna, channel="email", granted=False)
    assert sorted(rows.values_list("product", flat=True)) == ["betting", "bingo", "casino"]
    assert set(rows.values_list("screen", flat=True)) == {"one-click"}
    cast.tell(anna, "player.login", now=NOW, at=NOW)
    build.simple(anna.brand, NOW, name="Another")
    cast.tell(anna, "player.login", now=NOW, at=NOW)
    work(NOW)
    assert len(post.mails) == 1


def test_opening_the_link_only_asks_because_scanners_open_every_link(post: Sink, anna: Player, client: Client) -> None:
    send(anna)

    page = client.get(stop_path(post.mails[0]))

    assert b"Stop promotions" in page.content
    assert not Consent.objects.filter(player=anna, granted=False).exists()


@pytest.mark.parametrize("token", ["x", "W10:abc", "WzEsImVtYWlsIiwxXQ:forged", "%00", "a" * 3000])
def test_a_forged_stop_link_is_not_found(client: Client, token: str) -> None:
    assert client.get(f"/u/{token}/").status_code == 404
    assert client.post(f"/u/{token}/").status_code == 404


EVIL = [
    "{{ player.wipe }}", "{{ player.__class__ }}", "{{ player['__class__'] }}", "{{ brand.licence.number }}",
    "{% for i in (1..99999999) %}x{% endfor %}", "{% include 'secret' %}", "{% render 'x' %}", "{{ nope }}",
    "{% assign a = 'x' %}{% for i in (1..99) %}{% assign a = a | append: a %}{% endfor %}{{ a }}",
    "{{ player", "{% if %}", "{{ 'a' | ljust: '900000000' }}", "{{ 1 | divided_by: 0 }}",
]  # fmt: skip


@pytest.mark.parametrize("source", EVIL)
def test_a_template_cannot_call_hang_leak_or_leave_a_hole(anna: Player, source: str) -> None:
    with pytest.raises(content.Hole):
        content.write(Variant(subject="x", body=source), content.fields(anna))


@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "O'Neil & Sons", "\u202eevil", "=cmd|' /C calc'!A0"])
def test_a_players_name_is_text_and_never_markup(anna: Player, name: str) -> None:
    anna.first_name = name
    words = content.write(Variant(subject="Hi {{ player.first_name }}", body="<p>{{ player.first_name }}</p>"),
                          content.fields(anna))  # fmt: skip

    assert "<script" not in words.html
    assert "\n" not in words.subject


def test_markup_of_the_author_is_cleaned(anna: Player) -> None:
    body = '<p onclick="x()">a<script>b</script><a href="javascript:x">c</a><img src=x onerror=y></p>'

    words = content.write(Variant(subject="x", body=body), content.fields(anna))

    assert words.html == '<p>a<a rel="noopener noreferrer">c</a></p>'


def test_a_field_that_may_be_missing_says_what_to_print_instead(post: Sink, anna: Player) -> None:
    Player.objects.filter(id=anna.id).update(first_name="")
    send(anna, subject="Hi {{ player.first_name | default: 'there' }}")

    assert post.mails == []  # the body still needs the name
    assert (
        content.write(
            Variant(subject="Hi {{ player.first_name | default: 'there' }}", body="x"), content.fields(cast.anna())
        ).subject
        == "Hi there"
    )


def test_every_licence_has_a_footer(azura: Brand) -> None:
    from campaigns import footers
    from players.models import Licence

    assert set(footers.HELP) == set(Licence.Jurisdiction)
    assert "18+" in footers.as_text(azura)


def test_the_same_attempt_has_the_same_message_id(post: Sink, anna: Player) -> None:
    send(anna)
    from campaigns.channels.email.adapter import compose
    from campaigns.models import Attempt

    again = compose(Attempt.objects.select_related("player__brand").get())
    assert again.extra_headers["Message-ID"] == str(make_header(decode_header(post.mails[0]["Message-ID"])))
