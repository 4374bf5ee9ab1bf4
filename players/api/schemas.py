"""GET /api/v1/schemas/: the contract as JSON Schemas, for whoever wants to check before sending."""

import json
from hashlib import blake2b
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from players.api import schema
from players.pam.generic import DOCUMENTED, VERSION
from players.pam.generic.schemas import json_schema, name_of

_BY_NAME = {name_of(kind): kind for kind in DOCUMENTED}


class Public(APIView):
    """Nobody's data: no key needed, and anybody on the way may keep it."""

    authentication_classes = ()
    permission_classes = ()

    def finalize_response(self, request: Request, response: HttpResponseBase, *args: Any, **kwargs: Any) -> Any:
        answer = super().finalize_response(request, response, *args, **kwargs)  # type: ignore[arg-type]
        if answer.status_code == 200:
            answer["Cache-Control"] = "public, max-age=3600"
        return answer


class SchemasView(Public):
    @extend_schema(**schema.SCHEMAS)
    def get(self, request: Request) -> Response:
        rows = [
            {"event": name, "family": kind.family, "summary": kind.summary, "href": _address(request, name)}
            for name, kind in _BY_NAME.items()
        ]
        return Response({"version": VERSION, "schemas": rows})


class SchemaView(Public):
    @extend_schema(**schema.SCHEMA)
    def get(self, request: Request, event: str) -> HttpResponse:
        kind = _BY_NAME.get(event)
        if kind is None:
            raise NotFound("No such kind of event; they are listed at /api/v1/schemas/.")
        text = json.dumps(json_schema(kind, _address(request, event)), indent=2, ensure_ascii=False)
        tag = f'"{blake2b(text.encode(), digest_size=8).hexdigest()}"'
        if request.headers.get("If-None-Match") == tag:
            return HttpResponse(status=304, headers={"ETag": tag})
        return HttpResponse(text, content_type="application/schema+json", headers={"ETag": tag})


def _address(request: Request, event: str) -> str:
    return request.build_absolute_uri(reverse("players-api:schema", args=[event]))
