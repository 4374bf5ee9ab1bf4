"""Built-in attributes that are names a player carries: tags, uploaded lists."""

from players.models import Brand, ListMember, PlayerList, PlayerTag, SeenName
from segments.language.attributes import Criterion, Family, register
from segments.language.belonging import Among, Carried, Uploaded


def _tags(brand: Brand) -> list[str]:
    return SeenName.of(brand, SeenName.What.TAG)


def _lists(brand: Brand) -> list[str]:
    return list(PlayerList.objects.filter(brand=brand).order_by("name").values_list("name", flat=True)[:200])


register(
    Among(
        key="tags", label="Tags", family=Family.PERSON, help="Tags your platform has put on the player.",
        example="Tagged vip-watch in May, taken off in June: in July it is not included.", words="label flag marker",
        of=Carried(lambda: PlayerTag.objects.filter(is_on=True), "tag", _tags),
        phrase="who carry the tag {value}", phrase_not="who do not carry the tag {value}", blank="none",
        feeds=frozenset({"tags"}), criterion=Criterion.MANUAL,
    ),
    Uploaded(
        key="lists", label="Uploaded lists", family=Family.SEGMENTS, help="Lists of players somebody has imported.",
        example="On the list “VIP dinner” since it was imported on Monday: VIP dinner.", words="csv upload import file",
        of=Carried(ListMember.objects.all, "list__name", _lists), longest=80,
        phrase="who are on the list {value}", phrase_not="who are not on the list {value}", blank="none",
        feeds=frozenset(), criterion=Criterion.MANUAL,
    ),
)  # fmt: skip
