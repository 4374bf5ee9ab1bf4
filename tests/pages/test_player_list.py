"""Finding players in the list: search, filters, order, saved views."""

from datetime import timedelta
from functools import partial

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from compliance.models import AuditEntry
from config.lib import estimate
from config.lib.clock import utcnow
from players.models import Contact, ListMember, Player, PlayerList, PlayerState, SavedView
from players.views import list as list_view
from tests import cast
from tests.pages.conftest import Enter

pytestmark = pytest.mark.django_db


def ids(client: Client, **query: str) -> set[str]:
    return {player.external_id for player in client.get("/players/", query).context["found"].rows}


@pytest.fixture
def crowd(anna: Player, bo: Player, kaja: Player) -> None:
    cast.make_player(cast.northlight(), "oberg", first_name="Åsa", last_name="Öberg", consents=(), register=None)
    Contact.objects.create(player=anna, channel="sms", address="+447700900123", normal="+447700900123")


@pytest.mark.parametrize(
    ("words", "found"),
    [("ann", {"anna"}), ("ANNA@exa", {"anna"}), ("+44 7700", {"anna"}), ("0044 7700 900", {"anna"}), ("asa ob", {"oberg"}),
     ("Öber", {"oberg"}), ("oberg", {"oberg"}), ("zzz", set()), ("%", set()), ("a_n", set()), ("\0", None)],
)  # fmt: skip
def test_support_finds_by_beginnings_whatever_the_spelling(
    enter: Enter, crowd: None, words: str, found: set[str]
) -> None:
    if found is None:
        assert enter("support_agent").get("/players/", {"q": words}).status_code == 200
    else:
        assert ids(enter("support_agent"), q=words) == found


@pytest.mark.parametrize("role", ["crm_manager", "vip_host", "analyst", "finance"])
def test_others_find_by_id_or_a_whole_address_and_cannot_guess(enter: Enter, crowd: None, role: str) -> None:
    client = enter(role)
    assert ids(client, q="ann") == {"anna"}  # an id
    assert ids(client, q="Anna@Example.test") == ids(client, q="+447700900123") == {"anna"}
    for part in ("anna@", "anna@example", "anna@example.tes", "+4477009001", "Archer", "asa"):
        assert ids(client, q=part) == set(), part


def test_a_search_that_names_somebody_is_in_the_audit_trail_once(enter: Enter, crowd: None, anna: Player) -> None:
    support = enter("support_agent")
    for words in ("arch", "arche", "archer"):
        assert ids(support, q=words) == {"anna"}
    ids(support, q="ann")
    entry = AuditEntry.objects.get(kind="player.searched")
    assert f'"players":[{anna.pk}]' in entry.payload
    assert "arch" not in entry.payload  # who was found, not what was typed

    assert enter("crm_manager").get("/search/", {"q": "anna@example.test"}).status_code == 302
    assert AuditEntry.objects.filter(kind="player.searched").count() == 2


def test_what_was_searched_for_stays_out_of_the_history(enter: Enter, anna: Player) -> None:
    htmx = {"HX-Request": "true", "HX-Target": "rows"}
    assert enter("support_agent").get("/players/", {"q": "anna@e"}, headers=htmx)["HX-Push-Url"] == "false"
    assert "HX-Push-Url" not in enter("support_agent").get("/players/", {"stage": "2"}, headers=htmx)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"played": "7"}, {"kaja"}),
        ({"played": "never"}, {"anna", "bo", "oberg"}),
        ({"played": "-14"}, set()),
        ({"deposits": "none"}, {"anna", "bo", "kaja", "oberg"}),
        ({"deposits": "some"}, set()),
        ({"country": "se"}, {"kaja"}),
        ({"kyc": "rejected"}, set()),
        ({"stage": "2"}, set()),
        ({"category": "1"}, set()),
        ({"verdict": "protected"}, {"bo"}),
        ({"verdict": "allowed"}, {"anna", "kaja", "oberg"}),
        ({"verdict": "waiting"}, set()),
        ({"stage": "nonsense", "sort": "__proto__", "page": "-1", "limit": "1000000000", "after": "x"},
         {"anna", "bo", "kaja", "oberg"}),
    ],
)  # fmt: skip
def test_each_filter_keeps_whom_it_names(enter: Enter, crowd: None, query: dict[str, str], found: set[str]) -> None:
    assert ids(enter("compliance_officer"), **query) == found


@pytest.mark.parametrize("sort", ["-id", "id", "-state__last_play_day", "-state__deposit_sum_30d"])
def test_every_order_shows_everybody_once(enter: Enter, sort: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(list_view, "take", partial(list_view.take, size=10))
    now, brand = utcnow(), cast.northlight()
    for number in range(16):
        player = cast.make_player(brand, f"crowd{number:02d}", consents=(), register=None)
        PlayerState.objects.filter(player=player).update(
            deposit_sum_30d=number // 10, last_play_at=now - timedelta(days=number % 7)
        )
    crm, seen, after = enter("crm_manager"), [], ""
    for _ in range(2):
        answer = crm.get("/players/", {"sort": sort, "after": after})
        seen += [player.pk for player in answer.context["found"].rows]
        after = answer.context["found"].next
    assert after == ""
    assert len(seen) == len(set(seen)) == 16
    keys = list(PlayerState.objects.in_bulk(seen)[pk] for pk in seen)
    if "last_play" in sort:
        assert [state.last_play_day for state in keys] == sorted((s.last_play_day for s in keys), reverse=True)


def test_the_list_never_skips_and_counts_only_where_counting_is_cheap(
    enter: Enter, crowd: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(estimate, "CHEAP", 0.0)  # as if there were a million
    monkeypatch.setattr(list_view, "take", partial(list_view.take, size=2))
    crm = enter("crm_manager")
    with CaptureQueriesContext(connection) as asked:
        page = crm.get("/players/", {"sort": "-state__last_play_day"}).content.decode()
    listing = [query["sql"] for query in asked if '"players_player"' in query["sql"]]
    assert listing
    assert not [sql for sql in listing if "COUNT(" in sql or "OFFSET" in sql]
    assert "about " in page


def test_a_view_is_kept_for_its_owner_and_may_be_shared_with_a_role(enter: Enter, anna: Player) -> None:
    carla, olivia = enter("crm_manager"), enter("compliance_officer")
    carla.post("/players/views/save/", {"name": " Quiet  ones ", "query": "played=-30&q=anna@example.test&after=x"})
    view = SavedView.objects.get()
    assert (view.name, view.query) == ("Quiet ones", "played=-30")  # never what was searched for
    assert "Quiet ones" in carla.get("/players/").content.decode()
    other = Client()
    other.force_login(cast.make_operator("Conrad", cast.Role.CRM_MANAGER))
    assert "Quiet ones" not in other.get("/players/").content.decode()

    carla.post("/players/views/save/", {"name": "Quiet ones", "query": "played=-30", "role": "crm_manager"})
    assert SavedView.objects.count() == 1
    assert "Quiet ones" in other.get("/players/").content.decode()
    assert "Quiet ones" not in olivia.get("/players/").content.decode()

    assert other.post(f"/players/views/{view.pk}/forget/").status_code == 404
    carla.post(f"/players/views/{view.pk}/forget/")
    assert not SavedView.objects.exists()


def test_a_view_cannot_be_shared_with_a_role_one_does_not_hold(enter: Enter) -> None:
    enter("crm_manager").post("/players/views/save/", {"name": "x", "query": "stage=2", "role": "compliance_officer"})
    assert SavedView.objects.get().role == ""


def test_an_uploaded_list_is_a_filter(enter: Enter, crowd: None, anna: Player) -> None:
    mine = PlayerList.objects.create(brand=anna.brand, name="VIP dinner", created_at=utcnow())
    ListMember.objects.create(list=mine, player=anna)
    crm = enter("crm_manager")
    assert ids(crm, on_list=str(mine.pk)) == {"anna"}
    assert "VIP dinner" in crm.get("/players/").content.decode()
    assert "VIP dinner" not in enter("crm_manager", cast.bjork()).get("/players/").content.decode()


def test_few_are_counted_and_many_are_estimated(enter: Enter, crowd: None) -> None:
    assert "4 players" in enter("crm_manager").get("/players/").content.decode()
