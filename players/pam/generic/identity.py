"""Who the human behind an account is, as far as the PAM knows: what accounts of one person are told by."""

from datetime import datetime
from typing import Any

from players.pam.generic.fields import COUNTRY, FLAG, text
from players.pam.generic.kinds import Refused, Wrong, kind, pointer_to
from players.pam.generic.shapes import list_of

_OPTIONAL = {
    "person_ref": text(100),
    "national_id": text(40),
    "national_id_country": COUNTRY,
    "email_verified": FLAG,
    "postcode": text(16),
    "street": text(120),
    "city": text(80),
    "birth_name": text(80),
    "birth_place": text(80),
    "devices": list_of(text(120), 20),
    "instruments": list_of(text(120), 20),
}


def _something(properties: dict[str, Any], occurred_at: datetime) -> None:
    if not properties.keys() - {"national_id_country"}:
        raise Refused(
            "missing", "Name at least one thing the person is known by.", pointer_to("properties", "person_ref")
        )


KINDS = [
    kind(
        "player.identified",
        "What the PAM knows of who this is. person_ref: its own number of the human, the same on all their accounts. "
        "devices, instruments: its tokens, not card numbers. In force when the answer arrives: accounts that share a "
        "certain key (person_ref, a valid national_id, a verified e-mail address with the birth date) are one person's, "
        "and the stricter restrictions hold for both. Values are sealed or hashed and kept in no log.",
        {}, _OPTIONAL,
        # A number that is never given out: an example must not be somebody's.
        example={"person_ref": "H-20817", "national_id": "QQ 12 34 56 C", "national_id_country": "GB",
                 "email_verified": True, "postcode": "M1 1AE"},
        whole=_something, any_of=tuple(sorted(_OPTIONAL.keys() - {"national_id_country"})), at_once=True, secret=True,
        wrong=(
            Wrong({}, "missing", "/person_ref"),
            Wrong({"national_id_country": "SE"}, "missing", "/person_ref"),
            Wrong({"devices": ["d-1", ""]}, "empty", "/devices/1"),
        ),
    ),
]  # fmt: skip
