"""Who: counts, members, why, and whether this one is in."""

from typing import Any

from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from compliance import audit
from config.lib import prepared
from config.lib.clock import utcnow
from players.api.members import Refused, an_object, members, text, yes_no
from players.models import Player
from segments.api import schema
from segments.api.access import Scope, SegmentsAPI
from segments.api.bodies import at_rule
from segments.api.pages import read_limit, read_place, write_place
from segments.api.told import told_finding, told_size
from segments.explaining import explain_player
from segments.language.compile import matching, population
from segments.language.criteria import criteria, feeds
from segments.language.parse import RuleError
from segments.language.sentence import sentence
from segments.language.tree import At, Group
from segments.membership import members as open_members
from segments.models import Segment
from segments.permitted import families, sight
from segments.preview import TooSlow, examples, patiently
from segments.reading import effective, rule_of
from segments.sizes import size_of
from segments.validating import check

_PLAYER = text(64)
_SEES = (Scope.SEGMENTS_READ, Scope.SEGMENTS_MEMBERS)


class PreviewView(SegmentsAPI):
    needs = {"POST": (Scope.SEGMENTS_READ,)}
    pace = "segments_counting"

    @extend_schema(**schema.PREVIEW)
    def post(self, request: Request) -> Response:
        given = members(request, {"rule": an_object}, {"sample": yes_no})
        if given.get("sample"):
            self.key.require(Scope.SEGMENTS_MEMBERS)
        try:
            rule = check(given["rule"], self.brand, self.rights)
            with patiently():
                found = self._found(rule, with_sample=given.get("sample", False))
        except RuleError as error:
            raise at_rule(error) from None
        except TooSlow:
            words = "Counting takes longer than a request may. Save it as a draft: a live segment is counted aside."
            raise Refused(words, code="too_slow") from None
        return Response({"sentence": sentence(rule), "criteria": criteria(rule), "feeds": sorted(feeds(rule))} | found)

    def _found(self, rule: Group, *, with_sample: bool) -> dict[str, Any]:
        at = At.brand(self.brand, utcnow())
        shown, found = sight(rule, self.brand, self.rights), matching(self.brand, rule, at)
        everybody = population(self.brand).count()
        told = {"size": told_size(size_of(found, everybody, shown)), "everybody": everybody}
        if not with_sample:
            return told
        sample = examples(found, rule, at) if shown.people else []
        return told | {"sample": [{"player": one.player.external_id, "values": list(one.values)} for one in sample]}


class MembersView(SegmentsAPI):
    needs = {"GET": _SEES}

    @extend_schema(**schema.MEMBERS)
    def get(self, request: Request, pk: int) -> Response:
        segment, limit = self.segment(pk), read_limit(request)
        after = read_place(request, "members", pk)
        rows = open_members(segment).filter(pk__gt=after).order_by("pk")
        columns = rows.values_list("pk", "player__external_id", "entered_at", "cause")
        found = list(columns[: limit + 1])
        if not after:
            self._note(segment)
        results = [{"player": player, "entered_at": at.isoformat(), "cause": why} for _, player, at, why in found]
        place = write_place("members", pk, found[limit - 1][0]) if len(found) > limit else None
        return Response({"results": results[:limit], "next": place})

    def _note(self, segment: Segment) -> None:
        """Once per reading from the beginning: who asked for the list is part of its story."""
        after = {"api_key": self.key.prefix}
        with transaction.atomic():
            audit.record(None, "segment.members_read", f"segment:{segment.pk}", brand=self.brand.pk, after=after)


class ExplainView(SegmentsAPI):
    needs = {"POST": _SEES}

    @extend_schema(**schema.EXPLAIN)
    def post(self, request: Request, pk: int) -> Response:
        segment, given = self.segment(pk), members(request, {"player": _PLAYER})
        player = Player.objects.select_related("brand").filter(brand=self.brand, external_id=given["player"]).first()
        if player is None:
            raise _unknown()
        try:
            rule = effective(segment) if segment.current else rule_of(segment)
            explained = explain_player(player, rule, "", now=utcnow())
        except RuleError as error:
            raise at_rule(error) from None
        finding = explained.finding
        return Response(
            {
                "player": player.external_id,
                "is_member": open_members(segment).filter(player=player).exists(),
                "matches": bool(finding and finding.holds and not player.is_test),
                "finding": finding and told_finding(finding),
                "note": explained.note,
            }
        )


# Asked once per page a player opens: planned once per connection, three looks into indexes.
_IS_IN = """
    SELECT m.entered_at FROM players_player p
    LEFT JOIN segments_membership m ON m.player_id = p.id AND m.segment_id = %(segment)s::bigint AND m.left_at IS NULL
    WHERE p.brand_id = %(brand)s::bigint AND p.external_id = %(player)s::text
"""


class CheckView(SegmentsAPI):
    needs = {"POST": _SEES}
    pace = "segments_checking"

    @extend_schema(**schema.CHECK)
    def post(self, request: Request, pk: int) -> Response:
        segment, given = self.segment(pk), members(request, {"player": _PLAYER})
        found = prepared.run(_IS_IN, {"segment": segment.pk, "brand": self.brand.pk, "player": given["player"]})
        if not found:
            raise _unknown()
        [(since,)] = found
        return Response({**given, "is_member": since is not None, "since": since and since.isoformat()})


class AttributesView(SegmentsAPI):
    needs = {"GET": (Scope.SEGMENTS_READ,)}

    @extend_schema(**schema.ATTRIBUTES)
    def get(self, request: Request) -> Response:
        return Response(
            {
                "attributes": [
                    {
                        "key": attribute.key, "label": attribute.label, "group": family.value, "unit": attribute.unit,
                        "help": attribute.help, "note": attribute.note, "operators": dict(attribute.operators),
                        "params": {param.key: dict(param.choices) for param in attribute.params},
                        "criterion": attribute.criterion and attribute.criterion.value,
                        "feeds": sorted(attribute.feeds), "sensitivity": attribute.sensitivity,
                    }
                    for family, found in families(self.rights).items()
                    for attribute in found
                ]
            }
        )  # fmt: skip


def _unknown() -> NotFound:
    return NotFound("There is no such player at this brand.", code="unknown_player")
