"""The import wizard as an operator meets it."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from compliance.models import AuditEntry
from config.lib.clock import utcnow
from players.imports import running
from players.models import Brand, Import, Player
from tests import cast
from tests.pages.conftest import Enter

pytestmark = pytest.mark.django_db
FILE = "Player ID,Signup,E-mail\nw1,2025-05-01,w1@example.test\nw2,nonsense,w2@example.test\n"
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path) -> None:
    settings.DATA_DIR = tmp_path


def send(client: Client, brand: Brand, kind: str = "players", text: str | bytes = FILE, **more: str) -> Import:
    data = text if isinstance(text, bytes) else text.encode()
    answer = client.post(
        f"/players/imports/new/{kind}/", {"brand": brand.pk, "file": SimpleUploadedFile("f.csv", data), **more}
    )
    assert answer.status_code == 302, answer.content.decode()
    return Import.objects.order_by("-id")[0]


def work(one: Import) -> None:
    while running.step(one.pk, now=utcnow()):
        pass


def chosen(one: Import) -> dict[str, str]:
    one.refresh_from_db()
    columns = {f"column_{key}": str(number) for key, number in one.mapping.items()}
    return columns | {"dates": one.options["dates"], "header": "yes" if one.options["header"] else "no"}


def test_from_upload_to_players_in_four_clicks(enter: Enter, azura: Brand) -> None:
    crm = enter("crm_manager")
    one = send(crm, azura)
    page = crm.get(f"/players/imports/{one.pk}/").content.decode()
    assert "w1@example.test" in page  # whoever uploaded it sees what it says
    assert "1 May 2025 12:00" in page  # as it will be kept
    assert "A date looks like" in page

    crm.post(f"/players/imports/{one.pk}/check/", chosen(one))
    assert 'hx-trigger="load delay:1s"' in crm.get(f"/players/imports/{one.pk}/").content.decode()
    work(one)
    page = crm.get(f"/players/imports/{one.pk}/").content.decode()
    assert "Nothing has been written yet" in page
    assert not Player.objects.filter(brand=azura).exists()

    crm.post(f"/players/imports/{one.pk}/go/")
    work(one)
    assert Player.objects.get(brand=azura).external_id == "w1"
    errors = crm.get(f"/players/imports/{one.pk}/errors/")
    assert b"w2,nonsense" in b"".join(errors.streaming_content)
    kinds = set(AuditEntry.objects.filter(subject=f"import:{one.pk}").values_list("kind", flat=True))
    assert kinds == {"import.uploaded", "import.started", "import.errors_downloaded"}


def test_choosing_another_column_shows_the_preview_under_it(enter: Enter, azura: Brand) -> None:
    crm = enter("crm_manager")
    one = send(crm, azura)
    query = chosen(one) | {"column_email": "", "column_first_name": "2"}
    part = crm.get(f"/players/imports/{one.pk}/", query, headers=HTMX | {"HX-Target": "preview"}).content.decode()
    assert part.strip().startswith('<section id="preview"')
    assert "First name" in part
    one.refresh_from_db()
    assert "first_name" not in one.mapping  # nothing is kept by looking


def test_a_missing_column_is_asked_for_by_name(enter: Enter, azura: Brand) -> None:
    crm = enter("crm_manager")
    one = send(crm, azura, text="foo,bar\nu1,2\n")
    assert "Say which column is: Player id" in crm.get(f"/players/imports/{one.pk}/").content.decode()
    answer = crm.post(f"/players/imports/{one.pk}/check/", chosen(one))
    assert answer.status_code == 422
    one.refresh_from_db()
    assert one.status == "uploaded"


def test_an_odd_header_is_explained(enter: Enter, azura: Brand) -> None:
    crm = enter("crm_manager")
    twice = send(crm, azura, text="id,email,email,\nu1,a@b.test,c@d.test,x\n")
    page = crm.get(f"/players/imports/{twice.pk}/").content.decode()
    assert "“email” is in the header 2 times" in page
    assert "Column 4 has no name" in page
    none = send(crm, azura, text="u1,a@example.test\nu2,b@example.test\nu3,c@example.test\n")
    assert "there is no header" in crm.get(f"/players/imports/{none.pk}/").content.decode()
    none.refresh_from_db()
    assert none.mapping["email"] == 1  # told by what the cells look like


def test_a_column_that_was_there_last_time_is_missed(enter: Enter, azura: Brand) -> None:
    crm = enter("crm_manager")
    one = send(crm, azura, text="id,registered,Mail addr\nu1,2025-01-01,a@b.test\n")
    crm.post(f"/players/imports/{one.pk}/check/", chosen(one) | {"column_email": "2"})
    work(one)
    crm.post(f"/players/imports/{one.pk}/go/")
    work(one)
    again = send(crm, azura, text="id,registered,Mail addr\nu2,2025-01-01,c@d.test\n")
    again.refresh_from_db()
    assert again.mapping["email"] == 2  # as last time
    other = send(crm, azura, text="id,registered,Adresse\nu3,2025-01-01,x\n")
    assert "Last time there was a column “Mail addr”" in crm.get(f"/players/imports/{other.pk}/").content.decode()


@pytest.mark.parametrize(
    "data",
    [b"", b"PK\x03\x04xl/workbook", b"id\n\x00\n", b"\xed\xa0\x80,x\n1,2\n", b"a" * 200_000, b"id,name\n", b'id\n"x\n'],
)
def test_a_bad_file_is_refused_beside_the_field_and_never_a_server_error(
    enter: Enter, azura: Brand, data: bytes
) -> None:
    crm = enter("crm_manager")
    answer = crm.post("/players/imports/new/players/", {"brand": azura.pk, "file": SimpleUploadedFile("x.csv", data)})
    assert answer.status_code == 422
    assert not Import.objects.exists()


@pytest.mark.parametrize("name", ["../../etc/passwd", "a\x00b.csv", "<script>.csv", "x" * 300 + ".csv", "ünï.csv"])
def test_the_name_of_a_file_is_only_words(enter: Enter, azura: Brand, name: str) -> None:
    crm = enter("crm_manager")
    answer = crm.post(
        "/players/imports/new/players/", {"brand": azura.pk, "file": SimpleUploadedFile(name, FILE.encode())}
    )
    assert answer.status_code == 302
    page = crm.get("/players/imports/")
    assert page.status_code == 200
    assert b"<script>.csv" not in page.content


CONSENTS = (
    "id,product,channel,granted,date,wording,screen,origin\n"
    "u1,casino,email,no,2025-01-01,v1,,\n"
)  # fmt: skip


def test_consents_are_for_compliance(enter: Enter, azura: Brand) -> None:
    crm, olivia = enter("crm_manager"), enter("compliance_officer")
    assert "Consents" not in crm.get("/players/imports/").content.decode().split("<main")[1]
    assert crm.get("/players/imports/new/consents/").status_code == 403
    one = send(olivia, azura, "consents", CONSENTS)
    for address in (f"/players/imports/{one.pk}/", f"/players/imports/{one.pk}/errors/"):
        assert crm.get(address).status_code == 403
    assert crm.post(f"/players/imports/{one.pk}/go/").status_code == 403


@pytest.mark.parametrize("role", ["support_agent", "vip_host", "finance", "analyst"])
def test_other_roles_do_not_import(enter: Enter, role: str) -> None:
    client = enter(role)
    assert client.get("/players/imports/").status_code == 403
    assert client.get("/players/imports/new/players/").status_code == 403


def test_an_import_of_a_brand_without_a_seat_does_not_exist(enter: Enter, azura: Brand) -> None:
    one = send(enter("crm_manager"), azura)
    elsewhere = enter("crm_manager", cast.bjork())
    assert elsewhere.get(f"/players/imports/{one.pk}/").status_code == 404
    assert elsewhere.post(f"/players/imports/{one.pk}/check/", chosen(one)).status_code == 404
    answer = elsewhere.post(
        "/players/imports/new/players/", {"brand": azura.pk, "file": SimpleUploadedFile("f.csv", FILE.encode())}
    )
    assert answer.status_code == 422


def test_the_lines_are_personal_data_for_everybody_else(enter: Enter, azura: Brand) -> None:
    one = send(enter("compliance_officer"), azura)
    crm = enter("crm_manager")
    page = crm.get(f"/players/imports/{one.pk}/").content.decode()
    assert "w1@example.test" not in page
    assert "personal data" in page


def test_what_has_moved_on_is_said_and_nothing_is_done(enter: Enter, azura: Brand) -> None:
    crm = enter("crm_manager")
    one = send(crm, azura)
    for verb in ("go", "resume", "nonsense"):
        answer = crm.post(f"/players/imports/{one.pk}/{verb}/", follow=True)
        assert "moved on" in answer.content.decode()
    one.refresh_from_db()
    assert one.status == "uploaded"
    assert crm.get("/players/imports/new/nonsense/").status_code == 404


def test_the_page_stops_asking_when_it_is_over(enter: Enter, azura: Brand) -> None:
    crm = enter("crm_manager")
    one = send(crm, azura)
    crm.post(f"/players/imports/{one.pk}/check/", chosen(one))
    asked = HTMX | {"HX-Target": "progress"}
    assert "HX-Refresh" not in crm.get(f"/players/imports/{one.pk}/", headers=asked)
    work(one)
    assert crm.get(f"/players/imports/{one.pk}/", headers=asked)["HX-Refresh"] == "true"


async def test_a_body_above_the_limit_is_refused_before_it_is_read() -> None:
    from config.bodies import bounded

    async def app(scope, receive, send) -> None:
        while (await receive()).get("more_body"):
            pass
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def receive() -> dict:
        return {"type": "http.request", "body": bytes(600_000), "more_body": True}

    said: list[dict] = []

    async def send(message: dict) -> None:
        said.append(message)

    stated = {"type": "http", "headers": [(b"content-length", b"10000000000")]}
    for scope in (stated, {"type": "http", "headers": []}):
        said.clear()
        await bounded(app, 1_000_000)(scope, receive, send)
        assert said[0]["status"] == 413


def test_a_second_check_that_was_broken_off_is_not_gone_on_with_as_an_import(enter: Enter, azura: Brand) -> None:
    """Its first lines were counted, not written: behind them is not where an import begins."""
    crm = enter("crm_manager")
    one = send(crm, azura, text="id,registered\n" + "".join(f"x{n},2025-01-01\n" for n in range(running.CHUNK + 5)))
    crm.post(f"/players/imports/{one.pk}/check/", chosen(one))
    work(one)
    crm.post(f"/players/imports/{one.pk}/check/", chosen(one))
    assert running.step(one.pk, now=utcnow()) == running.CHUNK
    crm.post(f"/players/imports/{one.pk}/cancel/")

    assert "Go on behind" not in crm.get(f"/players/imports/{one.pk}/").content.decode()
    crm.post(f"/players/imports/{one.pk}/resume/")

    one.refresh_from_db()
    assert one.status == Import.Status.CANCELLED
    work(one)
    assert not Player.objects.filter(brand=azura).exists()


def test_one_line_alone_is_no_header_and_a_file_that_is_gone_is_not_opened(enter: Enter, azura: Brand) -> None:
    crm = enter("crm_manager")
    one = send(crm, azura, "list", "p77\n", list_name="VIP")
    query = chosen(one)
    assert query["header"] == "no"

    assert crm.get(f"/players/imports/{one.pk}/", query | {"header": "yes"}).status_code == 200
    assert crm.post(f"/players/imports/{one.pk}/check/", query | {"header": "yes"}).status_code == 302
    one.refresh_from_db()
    assert (one.rows, one.start, one.options["header"]) == (1, 0, False)
    work(one)

    running.purge(now=utcnow() + timedelta(days=99), keep=timedelta(days=30))
    assert crm.get(f"/players/imports/{one.pk}/", query | {"header": "yes"}).status_code == 200
