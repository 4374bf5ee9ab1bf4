"""Settings · Stages: two steps, the second with a reason."""

import pytest

from compliance.models import AuditEntry
from config.lib.clock import utcnow
from players import thresholds
from players.models import Brand, Player, PlayerState, Recount, Stage
from tests import cast
from tests.pages.conftest import Enter

pytestmark = pytest.mark.django_db
GIVEN = {"ftd_days": 7, "slipping_after_days": 14, "lapsed_after_days": 30, "dormant_after_days": 90, "reactivated_days": 30}  # fmt: skip


def test_thresholds_in_the_wrong_order_come_back_with_words(enter: Enter, anna: Player) -> None:
    answer = enter("admin").post(f"/settings/stages/{anna.brand_id}/", GIVEN | {"slipping_after_days": 40})

    assert answer.status_code == 422
    assert "slips away first" in answer.content.decode()


@pytest.mark.parametrize("wrong", ["0", "-3", "4000", "soon", ""])
def test_a_threshold_that_is_none_is_refused(enter: Enter, anna: Player, wrong: str) -> None:
    answer = enter("admin").post(f"/settings/stages/{anna.brand_id}/", GIVEN | {"ftd_days": wrong})

    assert answer.status_code == 422


def test_the_first_step_shows_who_would_move_and_sets_nothing(enter: Enter, anna: Player) -> None:
    PlayerState.objects.filter(player=anna).update(stage=Stage.ACTIVE)

    answer = enter("admin").post(f"/settings/stages/{anna.brand_id}/", GIVEN | {"slipping_after_days": 10})

    assert answer.status_code == 200
    assert "would move" in answer.content.decode()
    assert Brand.objects.get(pk=anna.brand_id).slipping_after_days == 14


def test_the_second_step_wants_a_reason_and_is_in_the_audit_trail(enter: Enter, anna: Player) -> None:
    admin, url = enter("admin"), f"/settings/stages/{anna.brand_id}/"
    confirmed = GIVEN | {"slipping_after_days": 10, "step": "apply"}

    assert admin.post(url, confirmed).status_code == 422
    assert admin.post(url, confirmed | {"reason": "Slower than we thought"}).status_code == 302
    assert Brand.objects.get(pk=anna.brand_id).slipping_after_days == 10
    entry = AuditEntry.objects.get(kind="stages.redrawn")
    assert '"slipping_after_days":14' in entry.payload
    assert '"slipping_after_days":10' in entry.payload
    assert "Going through the players" in admin.get("/settings/stages/").content.decode()

    while thresholds.advance(now=utcnow()):
        pass
    assert Recount.objects.get().finished_at
    assert "looked at" in admin.get("/settings/stages/").content.decode()


def test_the_stages_of_a_brand_without_a_seat_do_not_exist(enter: Enter, anna: Player, kaja: Player) -> None:
    admin = enter("admin", cast.bjork())

    assert admin.get(f"/settings/stages/{kaja.brand_id}/").status_code == 200
    assert admin.get(f"/settings/stages/{anna.brand_id}/").status_code == 404


def test_who_may_not_change_settings_may_not_change_stages(enter: Enter, anna: Player) -> None:
    assert enter("crm_manager").get(f"/settings/stages/{anna.brand_id}/").status_code == 403


def test_where_sessions_come_from_is_settled_before_the_first_one(enter: Enter, anna: Player) -> None:
    admin, brand = enter("admin"), cast.azura()

    assert admin.post(f"/settings/brands/{brand.pk}/", {"session_gap_minutes": "30"}).status_code == 302
    assert Brand.objects.get(pk=brand.pk).session_gap_minutes == 30
    assert '"session_gap_minutes":30' in AuditEntry.objects.get(kind="brand.changed").payload
