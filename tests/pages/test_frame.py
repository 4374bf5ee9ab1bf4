"""The frame around every page."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from compliance.models import Operator, Seat

pytestmark = pytest.mark.django_db

INLINE = re.compile(r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=|hx-on", re.IGNORECASE)


@pytest.fixture
def crm(client: Client) -> Client:
    operator = Operator.objects.create_user("carla@example.com", "Carla", "a-long-password-1")
    Seat.objects.create(operator=operator, role="crm_manager")
    client.force_login(operator)
    return client


def test_a_stranger_is_sent_to_the_login_page(client: Client) -> None:
    response = client.get(reverse("today"))

    assert response.status_code == 302
    assert response["Location"].startswith("/login/")


def test_the_login_page_lets_a_member_of_staff_in(client: Client) -> None:
    Operator.objects.create_user("carla@example.com", "Carla", "a-long-password-1")

    response = client.post("/login/", {"username": "carla@example.com", "password": "a-long-password-1"})

    assert response.status_code == 302
    assert response["Location"] == "/"


def test_no_page_of_the_frame_needs_inline_code(crm: Client) -> None:
    for address in ("/", "/nowhere/"):
        response = crm.get(address)
        assert "script-src 'self'" in response["Content-Security-Policy"]
        assert not INLINE.search(response.content.decode()), address


def test_the_menu_hides_what_the_role_may_not_open(crm: Client) -> None:
    assert "Compliance" not in re.findall(r"sidebar__item.*", crm.get("/").content.decode())


def test_light_and_dark_are_remembered_with_the_operator(crm: Client) -> None:
    crm.post("/theme/", {"theme": "dark", "next": "/"})

    assert 'data-bs-theme="dark"' in crm.get("/").content.decode()


def test_a_choice_never_leads_off_this_site(crm: Client) -> None:
    assert crm.post("/theme/", {"theme": "dark", "next": "https://evil.example/"})["Location"] == "/"


def test_a_fragment_asked_for_after_the_login_ran_out_loads_the_login_page_not_a_form_inside_a_panel(
    client: Client,
) -> None:
    response = client.get(
        "/feed-light/", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/players/"}
    )

    assert response.status_code == 204
    assert response["HX-Redirect"] == "/login/?next=%2Fplayers%2F"


def test_the_house_says_that_it_is_alive(client: Client) -> None:
    assert client.get("/healthz").json() == {"ok": True, "broken": []}


@pytest.mark.parametrize("typed", ["²", "\0", "\0²", "9" * 17, "٣"])
def test_whatever_is_typed_into_the_search_or_sent_as_a_brand_is_answered(crm: Client, typed: str) -> None:
    assert crm.get("/search/", {"q": typed}).status_code == 200
    assert crm.post(reverse("choose-brand"), {"brand": typed}).status_code == 404
