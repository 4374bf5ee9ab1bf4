"""Segments themselves: listed, made, read, changed, started, archived."""

from typing import Any

from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from compliance import audit
from config.lib.clock import utcnow
from config.lib.wake import wake_on_commit
from players.api.bodies import Clash
from players.api.members import an_object, members, text, yes_no
from segments import building, uses
from segments.api import schema
from segments.api.access import Scope, SegmentsAPI
from segments.api.bodies import at_rule
from segments.api.pages import read_limit, read_place, write_place
from segments.api.repeats import once
from segments.api.told import told
from segments.building import NameTaken
from segments.language.parse import RuleError
from segments.models import Segment
from segments.uses import InUse
from segments.validating import check

_NAME, _REASON = text(120), text(300)
_WRITES = (Scope.SEGMENTS_READ, Scope.SEGMENTS_WRITE)


class Writing(SegmentsAPI):
    def note(self, kind: str, segment: Segment, *, reason: str = "", **after: Any) -> None:
        after |= {"api_key": self.key.prefix}
        audit.record(None, kind, f"segment:{segment.pk}", brand=self.brand.pk, reason=reason, after=after)

    def save(self, segment: Segment | None, name: str, rule: Any) -> Segment:
        """Keeps the draft. Raises ValidationError."""
        try:
            tree = check(rule, self.brand, self.rights, segment=segment)
            saved = building.save_draft(segment, self.brand, name, tree.json(), None, now=utcnow())
        except RuleError as error:
            raise at_rule(error) from None
        except NameTaken as error:
            raise ValidationError({"/name": [ErrorDetail(str(error), code="taken")]}) from None
        saved = self.segment(saved.pk)
        self.note("segment.saved", saved, name=saved.name, rule=told(saved, self.rights)["draft_sentence"])
        return saved


class SegmentsView(Writing):
    needs = {"GET": (Scope.SEGMENTS_READ,), "POST": _WRITES}

    @extend_schema(**schema.LIST)
    def get(self, request: Request) -> Response:
        limit = read_limit(request)
        found = self.segments.filter(pk__gt=read_place(request, "segments", self.brand.pk)).order_by("pk")
        if state := request.query_params.get("status"):
            if state not in Segment.Status.values:
                raise ValidationError({"status": f"One of: {', '.join(Segment.Status.values)}."})
            found = found.filter(status=state)
        rows = list(found[: limit + 1])
        place = write_place("segments", self.brand.pk, rows[limit - 1].pk) if len(rows) > limit else None
        return Response({"results": [told(row, self.rights) for row in rows[:limit]], "next": place})

    @extend_schema(**schema.CREATE)
    def post(self, request: Request) -> Response:
        given = members(request, {"name": _NAME, "rule": an_object})

        def create() -> Response:
            return Response(told(self.save(None, **given), self.rights), status=201)

        return once(request, self.key.prefix, given, create, now=utcnow())


class SegmentView(Writing):
    needs = {"GET": (Scope.SEGMENTS_READ,), "PATCH": _WRITES}

    @extend_schema(**schema.READ)
    def get(self, request: Request, pk: int) -> Response:
        return Response(told(self.segment(pk), self.rights, size=True))

    @extend_schema(**schema.CHANGE)
    def patch(self, request: Request, pk: int) -> Response:
        """A live segment stays as it is until the draft is made live."""
        given = members(request, {}, {"name": _NAME, "rule": an_object})
        with transaction.atomic():
            segment = _unarchived(self.segment(pk))
            rule = given.get("rule", segment.draft or (segment.current and segment.current.rule))
            if given:
                segment = self.save(segment, given.get("name", segment.name), rule)
        return Response(told(segment, self.rights))


class LiveView(Writing):
    needs = {"POST": _WRITES}

    @extend_schema(**schema.LIVE)
    def post(self, request: Request, pk: int) -> Response:
        given = members(request, {"acts_on_existing": yes_no}, {"everybody_is_meant": yes_no})
        return once(request, self.key.prefix, given, lambda: self._go(pk, **given), now=utcnow())

    def _go(self, pk: int, acts_on_existing: bool, everybody_is_meant: bool = False) -> Response:
        segment = _unarchived(self.segment(pk))
        if segment.draft is None:
            raise Clash("There is no draft: change the rule first.", code="no_draft")
        try:
            check(segment.draft, self.brand, self.rights, segment=segment)
            version = building.go_live(
                segment, None, acts_on_existing=acts_on_existing, now=utcnow(), everybody_is_meant=everybody_is_meant
            )
        except RuleError as error:
            raise at_rule(error) from None
        except building.EverybodyMatches as error:
            raise Clash(str(error), code="everybody") from None
        existing = "act" if acts_on_existing else "new_only"
        self.note("segment.live", segment, version=version.number, rule=version.sentence, existing=existing)
        wake_on_commit("segments.tasks.tick")
        return Response(told(self.segment(pk), self.rights), status=202)


class ArchiveView(Writing):
    needs = {"POST": _WRITES}

    @extend_schema(**schema.ARCHIVE)
    def post(self, request: Request, pk: int) -> Response:
        given = members(request, {"reason": _REASON})
        if len(given["reason"]) < 8:
            raise ValidationError({"/reason": "At least 8 characters: it is kept in the audit trail."})
        with transaction.atomic():
            segment = _unarchived(self.segment(pk))
            try:
                building.archive(segment, now=utcnow())
            except InUse as error:
                by = "; ".join(use.label for use in uses.told(error.uses, segment, self.rights))
                raise Clash(f"It is still used by {by}.", code="in_use") from None
            self.note("segment.archived", segment, **given)
        return Response(told(self.segment(pk), self.rights))


def _unarchived(segment: Segment) -> Segment:
    if segment.status == Segment.Status.ARCHIVED:
        raise Clash("This segment is archived: it can be read, not changed.", code="archived")
    return segment
