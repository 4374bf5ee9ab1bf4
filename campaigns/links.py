"""Signed addresses that players hold in their hands: one to stop messages, one to their inbox."""

from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.urls import reverse

_STOP, _INBOX = "campaigns.stop", "campaigns.inbox"


@dataclass(frozen=True, slots=True)
class Stop:
    player_id: int
    channel: str
    delivery_id: int


def stop_token(player_id: int, channel: str, delivery_id: int) -> str:
    return signing.Signer(salt=_STOP).sign_object([player_id, channel, delivery_id])


def stop_url(player_id: int, channel: str, delivery_id: int) -> str:
    """Never expires: a message found after years must still be stoppable."""
    return settings.PUBLIC_URL + reverse("stop-messages", args=[stop_token(player_id, channel, delivery_id)])


def read_stop(token: str) -> Stop | None:
    try:
        player_id, channel, delivery_id = signing.Signer(salt=_STOP).unsign_object(token)
        return Stop(int(player_id), str(channel), int(delivery_id))
    except (signing.BadSignature, ValueError, TypeError):
        return None


def inbox_token(player_id: int) -> str:
    """What the casino's site puts into its page for the player who is logged in."""
    return signing.TimestampSigner(salt=_INBOX).sign_object([player_id])


def inbox_url(player_id: int) -> str:
    return settings.PUBLIC_URL + reverse("inbox", args=[inbox_token(player_id)])


def read_inbox(token: str) -> int | None:
    try:
        (player_id,) = signing.TimestampSigner(salt=_INBOX).unsign_object(token, max_age=30 * 86_400)
        return int(player_id)
    except (signing.BadSignature, ValueError, TypeError):
        return None
