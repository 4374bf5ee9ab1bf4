"""The key a PAM presents: one query, one fast hash (the key itself is 256 random bits)."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import DEFAULT_DB_ALIAS
from rest_framework.exceptions import APIException
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from config.lib import prepared
from players.models import Feed, FeedKey

# Asked with every post, of one event as of a thousand: planned once, where Django would write it anew each time.
_COLUMNS = [field.attname for field in Feed._meta.concrete_fields]
_FEED = f"""
    SELECT k.hashed_key, k.expiry_date, k.prefix, k.scopes, {", ".join(f"f.{name}" for name in _COLUMNS)}
    FROM players_feedkey k JOIN players_feed f ON f.id = k.feed_id
    WHERE k.prefix = %(prefix)s::text AND NOT k.revoked
"""  # noqa: S608  our own columns


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


class MissingScope(APIException):
    status_code = 403
    default_code = "missing_scope"

    def __init__(self, scope: str) -> None:
        super().__init__(f"This key may not do that: it lacks “{scope}”. What a key may do is chosen when it is made.")


@dataclass(frozen=True)
class Key:
    """What a valid key opens."""

    feed: Feed
    prefix: str
    scopes: frozenset[str]

    def require(self, scope: str) -> None:
        if scope not in self.scopes:
            raise MissingScope(scope)


class HasFeedKey(BasePermission):
    """Leaves the feed the key belongs to on the view, as `view.feed`."""

    def has_permission(self, request: Request, view: Any) -> bool:
        view.feed = feed_of(presented(request))
        return True


def presented(request: Request) -> str:
    """Raises NoKey."""
    word, _, key = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    if word.lower() != "api-key" or not key:
        raise NoKey
    return key.strip()


def feed_of(key: str) -> Feed:
    """Of a key that may post events. Raises WrongKey, MissingScope."""
    found = key_of(key)
    found.require(FeedKey.Scope.EVENTS)
    return found.feed


def key_of(key: str) -> Key:
    """Raises WrongKey, and tells nobody which of the possible reasons it was."""
    prefix, dot, _ = key.partition(".")
    found = []
    if dot and key.isascii() and key.isprintable() and len(prefix) <= 8:
        found = prepared.run(_FEED, {"prefix": prefix})
    if not found:
        raise WrongKey
    hashed, expires_at, prefix, scopes, *columns = found[0]
    if not FeedKey.objects.key_generator.verify(key, hashed):
        raise WrongKey
    if expires_at is not None and expires_at < datetime.now(UTC):
        raise WrongKey
    return Key(Feed.from_db(DEFAULT_DB_ALIAS, _COLUMNS, columns), prefix, frozenset(scopes))
