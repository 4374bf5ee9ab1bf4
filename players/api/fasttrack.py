"""The paths a sender to the Fast Track CRM posts to, under our address, and what we ask of each payload."""

import json
from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from config.lib.clock import utcnow
from players.api import schema as documented
from players.api.bodies import BadBody, body_of
from players.api.events import NDJSON
from players.api.keys import HasFeedKey, feed_of
from players.models import Feed
from players.pam.fasttrack import SCHEMAS, arriving
from players.pam.fasttrack.schemas import Schema
from players.pam.generic.reading import Malformed, TooMany, read_body


class HasIntegrationKey(HasFeedKey):
    """The feed's key as everywhere, or alone in the header these senders know: X-API-Key."""

    def has_permission(self, request: Request, view: Any) -> bool:
        key = request.META.get("HTTP_X_API_KEY", "").strip()
        if not key or "HTTP_AUTHORIZATION" in request.META:
            return super().has_permission(request, view)
        view.feed = feed_of(key)
        return True


def _answer(feed: Feed, schema: Schema, request: Request) -> HttpResponse:
    """200: everything counted as accepted is kept for good, and whoever it closes is closed."""
    now, raw = utcnow(), body_of(request)
    media_type = request.content_type.partition(";")[0].strip().lower()
    try:
        body = read_body(raw, is_ndjson=media_type in NDJSON, is_exact=True)
    except Malformed as error:
        arriving.refuse_body(feed, schema, raw, str(error), now=now)
        raise BadBody(str(error)) from None
    except TooMany as error:
        raise BadBody(str(error), code="too_many") from None
    receipt = arriving.receive(feed, schema, body, now=now)
    return HttpResponse(json.dumps(receipt.as_dict()), content_type="application/json")


class MessageView(APIView):
    """Schemas that travel over a queue: whoever bridges it posts each message under the name of its type."""

    permission_classes = [HasIntegrationKey]
    feed: Feed

    @extend_schema(
        operation_id="post_integration_message",
        summary="Send a message of any schema",
        description="One payload, an array of up to 1 000 or one per line. Schemas: " + ", ".join(SCHEMAS) + ".",
        tags=["fast track shape"],
        request={"application/json": {"type": "object"}},
        responses=documented.EVENTS["responses"],
    )
    def post(self, request: Request, schema: str) -> HttpResponse:
        if schema not in SCHEMAS:
            raise Http404
        return _answer(self.feed, SCHEMAS[schema], request)


def _method(schema: Schema, method: str) -> Callable[..., HttpResponse]:
    def handle(self: Any, request: Request) -> HttpResponse:
        return _answer(self.feed, schema, request)

    handle.__name__ = method.lower()
    return extend_schema(
        operation_id=f"{method.lower()}_integration_{schema.name.lower()}",
        summary=schema.name,
        description=schema.summary,
        tags=["fast track shape"],
        request={"application/json": _members(schema)},
        responses=documented.EVENTS["responses"],
        examples=[OpenApiExample(schema.name, schema.example, request_only=True)],
    )(handle)


def _members(schema: Schema) -> dict[str, Any]:
    return {
        "type": "object",
        "required": list(schema.required),
        "properties": {name: one.schema for name, one in {**schema.required, **schema.optional}.items()},
    }


def views() -> dict[str, Callable[..., Any]]:
    """Path -> view, each method of a path with the schema that is sent to it."""
    methods: dict[str, dict[str, Any]] = {}
    for schema in SCHEMAS.values():
        for method, path in schema.routes:
            methods.setdefault(path, {})[method.lower()] = _method(schema, method)
    made: dict[str, Callable[..., Any]] = {}
    for path, own in methods.items():
        view: Any = type("IntegrationView", (APIView,), own | {"permission_classes": [HasIntegrationKey]})
        made[path.lstrip("/")] = view.as_view()
    return made


@login_not_required
@require_safe
def schemas(request: HttpRequest) -> JsonResponse:
    """Every schema we take, with its routes."""
    return JsonResponse(
        {
            "schemas": [
                {
                    "name": schema.name,
                    "summary": schema.summary,
                    "routes": [f"{method} {path}" for method, path in schema.routes],
                    "schema": request.build_absolute_uri(f"{schema.name}.json"),
                }
                for schema in SCHEMAS.values()
            ]
        }
    )


@login_not_required
@require_safe
def schema(request: HttpRequest, name: str) -> JsonResponse:
    if name not in SCHEMAS:
        raise Http404
    return JsonResponse({"$id": request.build_absolute_uri()} | SCHEMAS[name].document())
