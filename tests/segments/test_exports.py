"""Lists of members leave through the gate, for whoever may take them, and say what they may be used for."""

import csv
import hashlib
import io
import json
import stat
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.http import StreamingHttpResponse
from django.test import Client

from compliance.asking import Ask
from compliance.models import AuditEntry, Decision, Operator
from compliance.roles import Role
from config.lib.clock import utcnow
from players.models import Brand, Contact, Player
from segments import exported, exporting
from segments.building import build, go_live, save_draft
from segments.models import Export, Segment
from segments.stating import Says
from tests import cast

pytestmark = pytest.mark.django_db
NOW = cast.noon()
VIP = {"all": [{"attribute": "vip_tier", "op": "at_least", "value": 0}]}
HARM = {"all": [{"attribute": "deposits_after_loss", "op": "at_least", "value": 0}]}
REASON = "Postcards of the spring tournament"


@pytest.fixture(autouse=True)
def files(tmp_path: Path, settings: Any) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path / "exports"


def live(brand: Brand, rule: dict[str, Any] = VIP, name: str = "Everybody") -> Segment:
    segment = save_draft(None, brand, name, rule, None, now=utcnow())
    go_live(segment, None, acts_on_existing=False, now=utcnow())
    assert build(segment.pk, now=utcnow())
    return Segment.objects.select_related("brand", "current").get(pk=segment.pk)


def taken(segment: Segment, by: Operator, purpose: str = "promotional", now: datetime = NOW, **more: Any) -> Export:
    """Asked for and written to its end."""
    asked: dict[str, Any] = {"channel": "email", "products": ["casino"], "reason": REASON, "says": Says()} | more
    with transaction.atomic():
        export = exporting.ask(segment, by, purpose=purpose, now=now, **asked)
    while exporting.step(export.pk, now=now):
        pass
    return Export.objects.select_related("segment__brand", "segment__current", "version", "operator").get(pk=export.pk)


def rows(export: Export, now: datetime = NOW) -> list[dict[str, str]]:
    text = b"".join(exported.download(export, export.operator, now=now)).decode()
    return list(csv.DictReader(io.StringIO(text)))


def test_only_those_whom_the_gate_allows_are_in_the_file_and_each_answer_is_a_decision(
    anna: Player, bo: Player, cleo: Player, carla: Operator
) -> None:
    export = taken(live(anna.brand), carla)

    [row] = rows(export)
    assert (row["player"], row["address"], row["first_name"]) == ("anna", "anna@example.test", "Anna")
    decisions = Decision.objects.filter(reference__startswith=f"export:{export.pk}:")
    assert {(one.player_id, one.outcome) for one in decisions} == {
        (anna.pk, "allow"), (bo.pk, "deny"), (cleo.pk, "deny"),
    }  # fmt: skip
    assert decisions.get(player=anna).pk == int(row["decision"])
    assert set(decisions.values_list("purpose", "channel")) == {("promotional", "email")}
    assert (export.status, export.rows, export.asked) == ("ready", 1, 3)


def test_who_was_protected_is_told_as_a_class_and_a_small_one_not_at_all(
    anna: Player, bo: Player, cleo: Player, carla: Operator
) -> None:
    export = taken(live(anna.brand), carla)
    assert export.left_out["protected"] == export.left_out["consent"] == 1
    assert exported.summary(export) == {"left out altogether": "< 10"}
    export.left_out = {"protected": 9, "consent": 20, "address": 3}
    assert exported.summary(export) == {"no consent, or protected": "29", "no working address": "3"}
    export.left_out = {"protected": 12, "consent": 2}
    assert exported.summary(export) == {"no consent": "2", "protected": "12"}


def test_nobody_is_asked_about_who_has_no_address(anna: Player, carla: Operator) -> None:
    Contact.objects.update(bounced_at=NOW)
    export = taken(live(anna.brand), carla)
    assert rows(export) == []
    assert exported.summary(export) == {"left out altogether": "< 10"}
    assert not Decision.objects.filter(reference__startswith="export:").exists()


@pytest.mark.parametrize("name", ["=1+1", "+49", "-x", "@SUM(A1)", "\t=1", "'quoted", "a,b", 'a"b', "\r=1"])
def test_no_cell_is_a_formula_and_every_cell_survives(northlight: Brand, carla: Operator, name: str) -> None:
    cast.make_player(northlight, "p-1", first_name=name)
    text = b"".join(exported.download(taken(live(northlight), carla), carla, now=NOW)).decode()
    [header, row] = list(csv.reader(io.StringIO(text, newline="")))
    cell = row[header.index("first_name")]
    assert cell == (f"'{name}" if name[0] in "=+-@\t\r" else name)


def test_the_file_says_what_it_is_for_and_until_when(anna: Player, carla: Operator) -> None:
    export = taken(live(anna.brand), carla)
    about = exported.manifest(export)
    assert export.name.endswith(f"use-before-{NOW + timedelta(hours=24):%Y-%m-%dT%H%MZ}")
    assert about["use_before"] == (NOW + timedelta(hours=24)).isoformat()
    assert (about["for"], about["asked_by"], about["purpose"], about["rows_at_most"]) == (
        REASON, "Carla", "promotional", 1,
    )  # fmt: skip
    assert about["columns"] == list(rows(export)[0])
    assert about["rule"] == "Players whose VIP tier is at least 0."


def test_who_excludes_themselves_after_the_list_was_made_is_not_in_what_is_downloaded(
    anna: Player, carla: Operator
) -> None:
    dora = cast.make_player(anna.brand, "dora")
    export = taken(live(anna.brand), carla)
    assert [row["player"] for row in rows(export)] == ["anna", "dora"]
    cast.exclude(dora)
    assert [row["player"] for row in rows(export)] == ["anna"]
    cast.consent(anna, "casino/email", False)
    assert rows(export, utcnow() if utcnow() > NOW else NOW) == []


def test_at_night_the_list_of_noon_is_still_the_list_of_noon(anna: Player, carla: Operator) -> None:
    export = taken(live(anna.brand), carla)
    night = NOW.replace(hour=23, minute=30)
    cast.register_answer(anna, at=NOW, now=NOW)
    assert [row["player"] for row in rows(export, night)] == ["anna"]


def test_a_file_is_ours_alone_and_goes_when_its_decisions_are_too_old(
    anna: Player, carla: Operator, files: Path
) -> None:
    export = taken(live(anna.brand), carla)
    [path] = files.iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert not exported.is_there(export, now=NOW + timedelta(hours=24))
    assert exported.purge(now=NOW + timedelta(hours=23)) == 0
    assert exported.purge(now=NOW + timedelta(hours=24)) == 1
    assert list(files.iterdir()) == []
    assert Export.objects.get().purged_at
    assert exported.purge(now=NOW + timedelta(hours=24)) == 0


def test_a_worker_that_dies_loses_nothing_and_writes_nobody_twice(
    anna: Player, carla: Operator, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(4):
        cast.make_player(anna.brand)
    segment = live(anna.brand)
    monkeypatch.setattr(exporting, "CHUNK", 2)
    with transaction.atomic():
        export = exporting.ask(segment, carla, channel="email", purpose="promotional", products=["casino"],
                               reason=REASON, says=Says(), now=NOW)  # fmt: skip
    assert exporting.step(export.pk, now=NOW) == 2
    with open(exported.path_of(Export.objects.get()), "ab") as file:
        file.write(b"half of a line that was never commit")
    while exporting.step(export.pk, now=NOW):
        pass
    done = Export.objects.select_related("segment__brand", "segment__current").get()
    names = [row["player"] for row in rows(done)]
    assert (len(names), len(set(names)), done.rows) == (5, 5, 5)


# --- who may -----------------------------------------------------------------------------------------------------


def enter(name: str, role: Role) -> Client:
    client = Client()
    client.force_login(cast.make_operator(name, role))
    return client


@pytest.mark.parametrize("role", list(Role))
def test_a_list_is_taken_by_crm_and_compliance_only(anna: Player, role: Role) -> None:
    segment = live(anna.brand)
    client = enter("Somebody", role)
    expected = 200 if role in (Role.CRM_MANAGER, Role.COMPLIANCE_OFFICER) else 403
    assert client.get(f"/segments/{segment.pk}/export/").status_code == expected
    if role == Role.ANALYST:
        assert "/export/" not in client.get(f"/segments/{segment.pk}/members/").content.decode()


def test_what_reaches_protected_players_too_is_for_an_officer_to_take(
    anna: Player, bo: Player, carla: Operator, olivia: Operator
) -> None:
    segment = live(anna.brand)
    for purpose in ("transactional", "rg_outreach", "regulatory_notice", "rg_confirmation", "nonsense"):
        with pytest.raises(exporting.CannotExport):
            taken(segment, carla, purpose)
    assert {row["player"] for row in rows(taken(segment, olivia, "regulatory_notice"))} == {"anna", "bo"}


def test_who_is_chosen_by_signs_of_harm_leaves_for_protection_only(
    anna: Player, carla: Operator, olivia: Operator
) -> None:
    segment = live(anna.brand, HARM)
    assert exporting.purposes(segment, carla) == []
    for purpose in ("promotional", "transactional"):
        with pytest.raises(exporting.CannotExport):
            taken(segment, olivia, purpose)
    assert [row["player"] for row in rows(taken(segment, olivia, "rg_outreach"))] == ["anna"]
    assert enter("Carla", Role.CRM_MANAGER).get(f"/segments/{segment.pk}/export/").status_code == 404


def test_a_segment_that_becomes_one_of_harm_meanwhile_leaves_for_nothing_else(anna: Player, carla: Operator) -> None:
    segment = live(anna.brand)
    with transaction.atomic():
        export = exporting.ask(segment, carla, channel="email", purpose="promotional", products=["casino"],
                               reason=REASON, says=Says(), now=NOW)  # fmt: skip
    segment.draft = HARM
    segment.save()
    go_live(segment, None, acts_on_existing=False, now=utcnow())
    while exporting.step(export.pk, now=NOW):
        pass
    assert Export.objects.get().rows == 0
    assert Decision.objects.get(reference__startswith="export:").code == "DENY_CHOSEN_BY_PROTECTION"


def test_the_page_asks_what_for_and_the_file_and_its_story_come_out(anna: Player, bo: Player, carla: Operator) -> None:
    segment = live(anna.brand)
    client, address = enter("Carla", Role.CRM_MANAGER), f"/segments/{segment.pk}/export/"
    assert "Export" in client.get(f"/segments/{segment.pk}/members/").content.decode()
    assert client.post(address, {"channel": "email", "purpose": "promotional"}).status_code == 422
    bad = {"channel": "email", "purpose": "rg_outreach", "products": ["casino"], "reason": REASON, "offer": "none"}
    assert client.post(address, bad).status_code == 422

    assert client.post(address, bad | {"purpose": "promotional"}).status_code == 302
    assert "Asking for each player" in client.get(address).content.decode()
    export = Export.objects.get()
    assert client.get(f"/segments/export/{export.pk}/file/").status_code == 404
    while exporting.step(export.pk, now=NOW):
        pass
    Export.objects.update(expires_at=utcnow() + timedelta(hours=1))

    page = client.get(address).content.decode()
    assert REASON in page
    assert "&lt; 10" in page
    answer = client.get(f"/segments/export/{export.pk}/file/")
    assert isinstance(answer, StreamingHttpResponse)
    assert "use-before" in answer["Content-Disposition"]
    told = b"".join(answer)
    assert told.startswith(b"player,address")
    about = json.loads(client.get(f"/segments/export/{export.pk}/about/").content)
    assert about["for"] == REASON
    kinds = AuditEntry.objects.filter(kind__startswith="segment.export").order_by("pk")
    assert [(one.kind, one.reason) for one in kinds] == [
        ("segment.export_asked", REASON), ("segment.exported", REASON), ("segment.export_downloaded", REASON),
        ("segment.export_handed_over", REASON),
    ]  # fmt: skip
    names = sorted(line["player"] for line in csv.DictReader(told.decode().splitlines()))
    assert json.loads(kinds[3].payload)["after"] == {
        "export": export.pk, "rows": len(names), "list_sha256": hashlib.sha256("\n".join(names).encode()).hexdigest(),
    }  # fmt: skip
    assert enter("Rolf", Role.ANALYST).get(f"/segments/export/{export.pk}/file/").status_code == 403


def test_a_list_of_another_brand_does_not_exist(anna: Player, bjork: Brand, carla: Operator) -> None:
    export = taken(live(anna.brand), carla, now=utcnow())
    other = Client()
    other.force_login(cast.make_operator("Sven", Role.CRM_MANAGER, bjork))
    for path in ("file", "about"):
        assert other.get(f"/segments/export/{export.pk}/{path}/").status_code == 404


async def test_an_asynchronous_server_sends_it_piece_by_piece() -> None:
    from django.core.handlers.asgi import ASGIRequest

    from config.lib.http import streamed

    read = []

    def chunks() -> Iterator[bytes]:
        for number in range(3):
            read.append(number)
            yield str(number).encode()

    request = ASGIRequest({"type": "http", "method": "GET", "path": "/", "headers": []}, io.BytesIO())
    response = streamed(request, chunks(), "text/csv")
    assert response.is_async
    seen = [(part, len(read)) async for part in response]
    assert seen == [(b"0", 1), (b"1", 2), (b"2", 3)]


def test_ever_other_amounts_find_no_limit_out_by_who_is_in_the_file(anna: Player, carla: Operator) -> None:
    """Five files may differ by what they ask for; in a sixth nobody is, whatever limit they have, and compliance hears."""
    cast.set_limit(anna, 400_00, at=NOW - timedelta(days=60), origin="onboarding")
    cast.make_player(anna.brand, "free")
    segment = live(anna.brand)

    def named(amount: int) -> list[str]:
        asks = Says(ask=Ask("deposit", amount, "GBP"))
        return sorted(row["player"] for row in rows(taken(segment, carla, says=asks)))

    seen = [named(amount) for amount in (99_00, 100_00, 101_00)]
    assert seen == [["anna", "free"], ["anna", "free"], ["free"]]
    taken(segment, carla, says=Says(ask=Ask("deposit", 200_00, "GBP")))
    taken(segment, carla, says=Says(ask=Ask("deposit", 300_00, "GBP")))

    left_out = taken(segment, carla, says=Says(ask=Ask("deposit", 100_50, "GBP")))
    assert (rows(left_out), left_out.left_out["other"]) == ([], 2)
    entry = AuditEntry.objects.get(kind=AuditEntry.PROBED)
    assert (entry.actor, entry.subject) == (carla, f"segment:{segment.pk}")


def test_a_list_an_officer_took_for_service_is_not_for_others_to_download(anna: Player, bo: Player) -> None:
    """It names protected players too: what it has more than a list of promotions is who they are."""
    carla, olivia, segment = cast.carla(), cast.olivia(), live(anna.brand)
    theirs = taken(segment, olivia, "regulatory_notice", now=utcnow())
    assert theirs.rows == 2
    client, sees = Client(), {}
    for one in (carla, olivia):
        client.force_login(one)
        urls = [f"/segments/export/{theirs.pk}/{what}/" for what in ("file", "about")]
        listed = bool(client.get(f"/segments/{segment.pk}/export/").context["found"])
        sees[one.name] = [listed, *(client.get(url).status_code for url in urls)]

    assert sees == {"Carla": [False, 404, 404], "Olivia": [True, 200, 200]}
