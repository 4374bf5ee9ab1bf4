"""Idempotency-Key: whoever did not hear the answer sends the request again and hears it."""

import hashlib
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from rest_framework.request import Request
from rest_framework.response import Response

from players.api.bodies import BadBody
from players.api.members import Refused
from segments.models import ApiRequest

KEPT = timedelta(hours=24)
_LONGEST = 255


def once(request: Request, key: str, given: Any, do: Callable[[], Response], *, now: datetime) -> Response:
    """`given`: the body as read. `do` in a transaction, or what it answered before. A refusal is not kept: the same again is refused again.

    Of two at once the second waits for the first to commit, then hears its answer.
    """
    name = request.headers.get("Idempotency-Key")
    if name is None:
        with transaction.atomic():
            return do()
    if not 0 < len(name) <= _LONGEST or not name.isascii() or not name.isprintable():
        raise BadBody(f"Idempotency-Key is 1 to {_LONGEST} printable ASCII characters.", code="idempotency_key")
    said = json.dumps([request.method, request.path, given], sort_keys=True)
    digest = hashlib.sha256(said.encode()).hexdigest()
    with transaction.atomic():
        ApiRequest.objects.filter(at__lt=now - KEPT).delete()
        kept, is_new = ApiRequest.objects.get_or_create(key=key, name=name, defaults={"digest": digest, "at": now})
        if not is_new:
            return _again(kept, digest)
        response = do()
        kept.status, kept.answer = response.status_code, response.data
        kept.save(update_fields=["status", "answer"])
        return response


def _again(kept: ApiRequest, digest: str) -> Response:
    if kept.digest != digest:
        raise Refused("This Idempotency-Key was used for another request.", code="idempotency_key_reused")
    return Response(kept.answer, status=kept.status, headers={"Idempotency-Replayed": "true"})
