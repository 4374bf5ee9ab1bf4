"""What the player agreed to, per product and channel, with the evidence."""

from players.pam.generic.fields import FLAG, one_of, text
from players.pam.generic.kinds import kind

KINDS = [
    kind(
        "consent.changed",
        "Consent given or withdrawn; in force when the answer arrives. origin: the site it was given on.",
        {
            "product": one_of("casino", "betting", "bingo"),
            "channel": one_of("email", "sms", "push", "onsite", "phone", "post", "social", "affiliate", "ads"),
            "granted": FLAG,
            "wording": text(60),
            "screen": text(60),
        },
        {"origin": text(60)},
        example={
            "product": "casino", "channel": "email", "granted": True, "wording": "2026-02", "screen": "registration",
        },
        at_once=True,
    )
]  # fmt: skip
