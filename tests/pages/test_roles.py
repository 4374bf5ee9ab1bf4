"""Every page for every role: it opens for those who hold it, refuses the others, needs no inline code."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

import pytest
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from compliance.roles import MATRIX, Role
from config.menu import MENU, Entry
from players.models import Player
from tests.pages.conftest import Enter

pytestmark = pytest.mark.django_db

INLINE = re.compile(r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=|hx-on|javascript:|hx-vals=.js:", re.IGNORECASE)
SHOWN = re.compile(r'class="sidebar__(?:item|sub)[^"]*" href="([^"]+)"')
# Whoever is not logged in may open these; everything else says so itself by leading to the login page.
# The last two are paths a PAM posts to with its key: without one it gets 401.
PUBLIC = ("login/", "healthz", "u/", "inbox/", "api/", "engine-room/login/", "v1/integration/", "v2/integration/")


class Controls(HTMLParser):
    """Collects form controls nobody could name: no label, no aria-label."""

    def __init__(self) -> None:
        super().__init__()
        self.labels: set[str] = set()
        self.controls: list[tuple[str, str]] = []
        self.inside = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "label":
            self.inside += 1
            self.labels.add(given.get("for") or "")
        named = self.inside or given.get("aria-label") or given.get("aria-labelledby")
        spoken = tag in {"select", "textarea"} or (tag == "input" and given.get("type") not in {"hidden", "submit"})
        if spoken and not named:
            self.controls.append((given.get("id") or "", self.get_starttag_text() or tag))

    def handle_endtag(self, tag: str) -> None:
        self.inside -= tag == "label"

    @property
    def unnamed(self) -> list[str]:
        return [text for id_, text in self.controls if id_ not in self.labels]


def pages() -> Iterator[tuple[str, str]]:
    for entry in [entry for section in MENU for entry in section.entries]:
        if entry.url.startswith(("admin:", "api-docs")):
            continue
        try:
            yield reverse(entry.url), entry.permission
        except NoReverseMatch:
            continue


def look(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    content = response.content.decode()
    assert "'unsafe" not in response["Content-Security-Policy"], address
    assert not INLINE.search(content), (address, INLINE.search(content))
    controls = Controls()
    controls.feed(content)
    assert not controls.unnamed, address
    assert content.count("<h1") == 1, address
    return content


@pytest.mark.parametrize("role", list(Role))
def test_a_page_of_the_menu_opens_for_who_holds_it_and_refuses_the_others_and_what_the_menu_shows_opens(
    enter: Enter, anna: Player, role: Role
) -> None:
    client, opened, shown = enter(role.value), set(), set()
    for address, permission in pages():
        if not permission or role in MATRIX[permission]:
            shown |= set(SHOWN.findall(look(client, address)))
            opened.add(address)
        else:
            assert client.get(address).status_code == 403, address

    assert "/" in opened
    assert shown
    for address in shown - opened:  # an address of the menu is one of those above, or else it is opened here
        if not address.startswith(("/engine-room", "/api/docs")):
            assert client.get(address).status_code == 200, address


def test_the_player_page_needs_no_inline_code(enter: Enter, anna: Player) -> None:
    look(enter("compliance_officer"), f"/players/{anna.pk}/")


def addresses(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[str]:
    for one in patterns:
        path = prefix + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from addresses(one.url_patterns, path)
        else:
            yield re.sub(r"<int:\w+>", "1", re.sub(r"<(?:str|slug|path|uuid):\w+>", "x", path))


def test_nobody_gets_in_without_logging_in(client: Client) -> None:
    open_doors = []
    for address in addresses(get_resolver().url_patterns):
        if address.startswith(PUBLIC) or re.search(r"[\\^$(]", address):
            continue
        response = client.get(f"/{address}")
        if response.status_code not in (302, 405) or (
            response.status_code == 302 and "login" not in response["Location"]
        ):
            open_doors.append((address, response.status_code))

    assert open_doors == []


def test_an_entry_that_no_role_may_open_is_a_mistake() -> None:
    entries: list[Entry] = [entry for section in MENU for entry in section.entries if entry.permission]

    assert all(MATRIX[entry.permission] for entry in entries)
