"""May this be sent to, or given to, these players? For the PAM's own mails, call lists, affiliates, other CRMs."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.db import transaction
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from compliance import audit, gate, probing, reasons
from compliance.api import reading, schema
from compliance.api.access import AskingAPI
from config.lib.clock import utcnow
from players.api.members import members
from players.models import FeedKey, Player

# As old as a yes may be for our own messages: whoever sends later asks again.
GOOD_FOR = timedelta(seconds=60)


class ClearancesView(AskingAPI):
    needs: ClassVar[str] = FeedKey.Scope.CLEARANCES
    pace: ClassVar[str] = "clearances"

    @extend_schema(**schema.CLEARANCES)
    def post(self, request: Request) -> Response:
        given, now = members(request, reading.REQUIRED, reading.OPTIONAL), utcnow()
        rows = Player.objects.filter(brand=self.brand, external_id__in=given["players"])
        asked = reading.questions(given, dict(rows.values_list("external_id", "pk")), self.key.prefix, now.date())
        with transaction.atomic():
            over = self._over(given, list(asked.values()), now)
            asked = {name: one for name, one in asked.items() if one.player_id not in over}
            answers = dict(zip(asked, gate.clear_many(list(asked.values()), now=now), strict=True))
            if len(given["players"]) > 1:
                self._note(given, list(answers.values()))
        known = rows.filter(pk__in=over).values_list("external_id", flat=True) if over else ()
        results = [_over(name) if name in known else _told(name, answers.get(name)) for name in given["players"]]
        return Response(_receipt(results, utcnow()))

    def _over(self, given: dict[str, Any], asked: list[gate.Request], now: datetime) -> set[int]:
        """Players who are asked about with too many different amounts."""
        over = probing.exceeding(asked, self.brand.pk, now=now)
        if over:
            probing.note(over, f"outside:{given['reference']}", self.brand.pk, key=self.key.prefix)
        return over

    def _note(self, given: dict[str, Any], answers: Sequence[gate.Answer]) -> None:
        """A list was asked for: by whom, for what, and which list it was (X-07). Each answer is a decision anyway."""
        names = "\n".join(sorted(given["players"]))
        after = {
            "api_key": self.key.prefix, "purpose": given["purpose"], "channel": given["channel"],
            "asked": len(given["players"]), "allowed": sum(answer.allowed for answer in answers),
            "list_sha256": hashlib.sha256(names.encode()).hexdigest(),
        }  # fmt: skip
        audit.record(None, "clearances.asked", f"outside:{given['reference']}", brand=self.brand.pk, after=after)


def _over(name: str) -> dict[str, Any]:
    return {"player": name, "outcome": "deny", "decision": None, "class": "other", "reason": probing.REFUSED,
            "retry_at": None}  # fmt: skip


def _told(name: str, answer: gate.Answer | None) -> dict[str, Any]:
    if answer is None:
        words = "No player of this brand has this id"
        return {"player": name, "outcome": "deny", "decision": None, "class": "unknown", "reason": words,
                "retry_at": None}  # fmt: skip
    later = reasons.kind(answer.code) == "caps"  # any other instant would tell of a restriction and its end
    return {
        "player": name,
        "outcome": "allow" if answer.allowed else "defer" if later and answer.retry_at else "deny",
        "decision": answer.decision_id,
        "class": None if answer.allowed else reasons.kind(answer.code),
        "reason": reasons.sentence(answer.code, "crm"),
        "retry_at": answer.retry_at.isoformat() if later and answer.retry_at else None,
    }


def _receipt(results: list[dict[str, Any]], now: datetime) -> dict[str, Any]:
    refused = Counter(result["class"] for result in results if result["class"])
    return {
        "asked": len(results),
        "allowed": len(results) - sum(refused.values()),
        "refused": dict(sorted(refused.items())),
        "expires_at": (now + GOOD_FOR).isoformat(),
        "results": results,
    }
