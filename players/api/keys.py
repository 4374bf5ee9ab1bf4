"""The key a PAM presents: one query, one fast hash (the key itself is 256 random bits)."""

from datetime import UTC, datetime
from typing import Any

from rest_framework.exceptions import APIException
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from players.models import Feed, FeedKey


class NoKey(APIException):
    status_code = 401
    default_code = "no_key"
    default_detail = 'Send the feed\'s key: "Authorization: Api-Key <key>".'
    auth_header = "Api-Key"


class WrongKey(APIException):
    status_code = 401
    default_code = "wrong_key"
    default_detail = "This key is not known, is revoked or has expired. Keys are made on the page of the feed."
    auth_header = "Api-Key"


class HasFeedKey(BasePermission):
    """Leaves the feed the key belongs to on the view, as `view.feed`."""

    def has_permission(self, request: Request, view: Any) -> bool:
        word, _, key = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        if word.lower() != "api-key" or not key:
            raise NoKey
        view.feed = feed_of(key.strip())
        return True


def feed_of(key: str) -> Feed:
    """Raises WrongKey, and tells nobody which of the possible reasons it was."""
    prefix, dot, _ = key.partition(".")
    found = None
    if dot and key.isascii() and key.isprintable() and len(prefix) <= 8:
        found = FeedKey.objects.select_related("feed").filter(prefix=prefix, revoked=False).first()
    if found is None or not FeedKey.objects.key_generator.verify(key, found.hashed_key):
        raise WrongKey
    if found.expiry_date is not None and found.expiry_date < datetime.now(UTC):
        raise WrongKey
    return found.feed
