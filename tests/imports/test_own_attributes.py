"""Values of attributes a brand declared, brought in by a file."""

from datetime import UTC, date, datetime

import pytest

from players.imports import preview, running
from players.models import Brand, CustomAttribute, Import, PlayerAttribute
from tests import cast

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
FILE = (
    "Player ID,Attribute,Value,Said when\n"
    'zoe,points,"1,200",2026-03-01\n'
    "zoe,points,900,2026-02-01\n"
    "zoe,venue,Leeds,\n"
    "zoe,member,yes,\n"
    "zoe,card_until,2026-06-30,\n"
    "zoe,points,many,\n"
    "zoe,shoe_size,42,\n"
    "nobody,points,1,\n"
)


@pytest.fixture
def azura(settings, tmp_path) -> Brand:
    settings.DATA_DIR = tmp_path
    brand = cast.azura()
    cast.make_player(brand, "zoe")
    for key, kind in (("points", "number"), ("venue", "text"), ("member", "yes_no"), ("card_until", "date")):
        CustomAttribute.objects.create(brand=brand, key=key, label=key, kind=kind, help="…", declared_at=NOW)
    return brand


def bring(brand: Brand, text: str) -> Import:
    one = preview.begin("attributes", brand, "file.csv", [text.encode()], cast.olivia(), now=NOW)
    running.go(one, now=NOW)
    while running.step(one.pk, now=NOW):
        pass
    one.refresh_from_db()
    return one


def test_the_newest_word_counts_and_what_does_not_fit_is_refused_with_words(azura: Brand) -> None:
    one = bring(azura, FILE)

    assert (one.new, one.changed, one.unchanged, one.refused) == (4, 0, 1, 3)
    told = {row.attribute.key: row for row in PlayerAttribute.objects.select_related("attribute")}
    assert (told["points"].number, told["venue"].word, told["member"].number) == (1200, "Leeds", 1)
    assert told["card_until"].day == date(2026, 6, 30)


def test_the_same_file_again_changes_nothing(azura: Brand) -> None:
    bring(azura, FILE)
    again = bring(azura, FILE)

    assert (again.new, again.changed, again.unchanged, again.refused) == (0, 0, 5, 3)


def test_a_later_value_replaces_the_earlier_one(azura: Brand) -> None:
    bring(azura, FILE)
    later = bring(azura, "Player ID,Attribute,Value,Said when\nzoe,points,5,2026-03-02\n")

    assert (later.changed, PlayerAttribute.objects.get(attribute__key="points").number) == (1, 5)
