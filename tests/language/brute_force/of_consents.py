"""What the player agreed to, how they can be reached, and what the brand itself keeps of them."""

from typing import Any

from tests.language.brute_force.house import Moment
from tests.language.brute_force.of_play import Params
from tests.language.brute_force.reading import ChosenBy, Read, reads
from tests.language.brute_force.told import Life

# Declared by every brand of the tests: key -> kind, and what players are chosen by.
OWN = {
    "points": ("number", "vip"), "venue": ("text", ""), "club": ("yes_no", "lifecycle"), "card_until": ("date", ""),
}  # fmt: skip
# Lists a second person has said the ground of.
STATED = {"Lapsed": ["inactivity", "lifecycle"]}


@reads("consent", "flag")
def consent(life: Life, at: Moment, params: Params) -> bool:
    """The newest word; of two of one instant the no."""
    told = [(when, not said["granted"]) for when, said in life.events["consent.changed"]
            if (said["product"], said["channel"]) == (params["product"], params["channel"])]  # fmt: skip
    return bool(told) and not max(told)[1]


@reads("address_known", "flag")
def address_known(life: Life, at: Moment, params: Params) -> bool:
    return bool(life.newest({"email": "email", "sms": "phone"}[params["address"]]))


def _stated(leaf: Any) -> set[str]:
    names = [leaf["value"]] if isinstance(leaf["value"], str) else leaf["value"]
    return {word for name in names for word in STATED.get(name, ["manual"])}


@reads("lists", "words", _stated)
def lists(life: Life, at: Moment, params: Params) -> frozenset[str]:
    return life.lists


def _own(kind: str) -> tuple[Read, ChosenBy]:
    def read(life: Life, at: Moment, params: Params) -> Any:
        """The newest word; null takes the value away."""
        name = params["name"]
        told = [(when, said["values"][name]) for when, said in life.events["player.attributes"]
                if name in said["values"]]  # fmt: skip
        return max(told, key=lambda pair: pair[0])[1] if told and OWN.get(name, ("", ""))[0] == kind else None

    def chosen_by(leaf: Any) -> set[str]:
        declared, criterion = OWN.get(leaf["params"]["name"], ("", ""))
        return {criterion if declared == kind else "manual"}

    return read, chosen_by


for _key, _kind in (("number", "number"), ("text", "text"), ("flag", "yes_no"), ("date", "date")):
    _read, _chosen_by = _own(_kind)
    reads(f"custom_{_key}", "own", _chosen_by)(_read)
