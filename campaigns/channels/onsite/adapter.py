"""On site: a card in the player's inbox and a word to the pages he has open.

The card is a row in the same transaction as the attempt's outcome, so there is nothing unknown about it.
"""

from collections.abc import Sequence

from campaigns import inbox
from campaigns.channels.contract import Idempotency, Result, Verdict
from campaigns.models import Attempt, Card


class Onsite:
    idempotency = Idempotency.LOOKUP

    def send(self, attempts: Sequence[Attempt], deadline: float) -> dict[int, Result]:
        Card.objects.bulk_create(
            [
                Card(
                    delivery_id=attempt.delivery_id,
                    attempt=attempt,
                    player_id=attempt.player_id,
                    created_at=attempt.created_at,
                    expires_at=attempt.delivery.expires_at,
                )
                for attempt in attempts
            ],
            ignore_conflicts=True,
        )
        inbox.tell_on_commit([attempt.player_id for attempt in attempts])
        return {attempt.id: Result(Verdict.ACCEPTED, provider_id=f"card:{attempt.delivery_id}") for attempt in attempts}

    def arrived(self, attempt: Attempt) -> bool:
        return Card.objects.filter(attempt=attempt).exists()


ADAPTER = Onsite()
