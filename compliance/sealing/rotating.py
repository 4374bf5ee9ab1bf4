"""The key that signs what is kept outside is changed for another, in order: from a block on, signed by both."""

from datetime import datetime
from typing import Any

from compliance import audit
from compliance.models import Operator
from compliance.sealing import anchor, chain, signing
from compliance.sealing.verifier import GENESIS, changed_message, epoch_of, short


class CannotChange(ValueError):
    """The message says why."""


def change(actor: Operator, reason: str, new: bytes, *, lost: bool = False, now: datetime) -> dict[str, Any]:
    """`new`: the seed of the key to come; the installation's own is still the one that goes, unless that is `lost`.

    Signs what is sealed with the old key a last time and retires it behind that: nothing is signed any more until the new
    one is AUDIT_SIGNING_KEY. Raises CannotChange, ImproperlyConfigured.
    """
    key, before = signing.public_key(new).hex(), anchor.key_in_use()
    if not before:
        raise CannotChange("Nothing was signed yet: put the key into AUDIT_SIGNING_KEY.")
    if key == before or any(key in (one["before"], one["key"]) for one in anchor.changed()):
        raise CannotChange("That key was used before: manage.py audit key makes a new one.")
    if not lost:
        chain.seal()
        anchor.write(now=now)
    with anchor.alone():
        last = anchor.newest() or {"block": 0, "hash": GENESIS}
        audit.record(actor, "trail.key_changed", "trail:key", brand=None, reason=reason, before={"key": short(before)},
                     after={"key": short(key), "behind_block": last["block"], "old_one_lost": lost})  # fmt: skip
        told = {
            "epoch": epoch_of(last), "block": last["block"], "hash": last["hash"], "before": before, "key": key,
            "at": now.isoformat(), "by": actor.name, "reason": reason,
        }  # fmt: skip
        words = changed_message(told)
        told |= {"signature": "" if lost else signing.sign(signing.seed(), words).hex()}
        return anchor.append(anchor.changes_of_keys(), told | {"accepted": signing.sign(new, words).hex()})
