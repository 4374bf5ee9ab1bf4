"""Settings · Bad runs and Settings · Your own attributes."""

import pytest

from compliance.models import AuditEntry
from config.lib.clock import utcnow
from players import thresholds
from players.models import Brand, CustomAttribute, Player, Recount, SeenName
from tests import cast
from tests.pages.conftest import Enter

pytestmark = pytest.mark.django_db
RUNS = {"run_rounds": 20, "run_return": 80, "run_stop": 5, "run_cases": 10, "reason": "As the analysts advise"}
DECLARED = {"key": "shop_points", "label": "Points in the shop", "kind": "number", "unit": "points",
            "help": "What is left to spend.", "criterion": "vip", "sensitivity": "ordinary"}  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"run_rounds": 4}, "greater than or equal to 5"),
        ({"run_return": 101}, "less than or equal to 100"),
        ({"run_stop": 20}, "Fewer rounds than a run has"),
        ({"run_cases": 0}, "greater than or equal to 1"),
        ({"run_rounds": "many"}, "whole number"),
        ({"reason": ""}, "required"),
        ({}, "Nothing is different"),
    ],
)
def test_a_run_nobody_could_mean_comes_back_with_words(
    enter: Enter, anna: Player, wrong: dict[str, object], words: str
) -> None:
    answer = enter("admin").post(f"/settings/bad-runs/{anna.brand_id}/", RUNS | wrong)

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Recount.objects.exists()


def test_new_numbers_are_in_the_audit_trail_and_every_player_is_gone_through(enter: Enter, anna: Player) -> None:
    admin, url = enter("admin"), f"/settings/bad-runs/{anna.brand_id}/"
    assert admin.post(url, RUNS | {"run_return": 70}).status_code == 302
    assert Brand.objects.get(pk=anna.brand_id).run_return == 70
    entry = AuditEntry.objects.get(kind="runs.redefined")
    assert '"run_return":80' in entry.payload
    assert "Going through the players" in admin.get("/settings/bad-runs/").content.decode()
    assert "still being gone through" in admin.post(url, RUNS | {"run_return": 60}).content.decode()

    while thresholds.advance(now=utcnow()):
        pass
    assert Recount.objects.get().finished_at
    assert "looked at" in admin.get("/settings/bad-runs/").content.decode()
    assert "looked at" not in admin.get("/settings/stages/").content.decode()


def test_an_attribute_is_declared_once_and_its_key_and_kind_stay(enter: Enter, anna: Player) -> None:
    admin, given = enter("admin"), DECLARED | {"brand": anna.brand_id}
    assert admin.post("/settings/attributes/new/", given).status_code == 302
    assert admin.post("/settings/attributes/new/", given).status_code == 422

    made = CustomAttribute.objects.get()
    changed = DECLARED | {"label": "Shop points", "key": "other", "kind": "text"}
    assert admin.post(f"/settings/attributes/{made.pk}/", changed).status_code == 302
    made.refresh_from_db()
    assert (made.label, made.key, made.kind) == ("Shop points", "shop_points", "number")
    assert set(AuditEntry.objects.filter(kind__startswith="attribute.").values_list("kind", flat=True)) == {
        "attribute.declared", "attribute.changed",
    }  # fmt: skip
    assert "Shop points" in admin.get("/settings/attributes/").content.decode()


@pytest.mark.parametrize("key", ["Shop points", "1st", "", "a" * 33, "å"])
def test_a_key_events_could_not_name_is_refused(enter: Enter, anna: Player, key: str) -> None:
    given = DECLARED | {"brand": anna.brand_id, "key": key}
    assert enter("admin").post("/settings/attributes/new/", given).status_code == 422


def test_nobody_may_declare_a_sign_of_harm(enter: Enter, anna: Player) -> None:
    given = DECLARED | {"brand": anna.brand_id, "criterion": "rg_need"}
    assert enter("admin").post("/settings/attributes/new/", given).status_code == 422


def test_what_was_sent_and_left_out_is_shown_with_a_way_to_declare_it(enter: Enter, anna: Player) -> None:
    SeenName.objects.create(brand=anna.brand, what="own", name="shoe_size", seen_at=utcnow())
    shown = enter("admin").get("/settings/attributes/").content.decode()

    assert "Nobody has declared it." in shown
    assert "/settings/attributes/new/?key=shoe_size" in shown


def test_another_brands_settings_do_not_exist(enter: Enter, anna: Player, kaja: Player) -> None:
    crm = enter("crm_manager")
    admin, theirs = enter("admin", cast.bjork()), DECLARED | {"brand": anna.brand_id}

    assert admin.get(f"/settings/bad-runs/{anna.brand_id}/").status_code == 404
    assert admin.post("/settings/attributes/new/", theirs).status_code == 422
    assert crm.get("/settings/attributes/").status_code == 403
