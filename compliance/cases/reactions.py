"""What a case hears by itself: that a journey of protection has written to the player, that they ask to lift a restriction."""

from collections.abc import Sequence
from datetime import datetime

from compliance.cases import opening
from compliance.models import Case, Interaction
from compliance.models.decision import Purpose
from players.models import Fact, Player

_BY = {"email": "by e-mail", "sms": "by SMS", "push": "by push message", "onsite": "on the site"}


def note_outreach(facts: Sequence[Fact], now: datetime) -> None:
    """A line in the log of the open case. The first look of a person stays due: a mail by itself reviews nothing."""
    said = [fact for fact in facts if fact.data.get("purpose") == Purpose.RG_OUTREACH]
    if not said:
        return
    people = dict(Player.objects.filter(pk__in={fact.player_id for fact in said}).values_list("pk", "person_id"))
    cases = {case.person_id: case for case in Case.objects.filter(person_id__in=people.values(), closed_at=None)}
    Interaction.objects.bulk_create(
        Interaction(
            case=case, at=fact.occurred_at, kind=Interaction.Kind.OUTREACH,
            done=f"Journey “{fact.data.get('campaign', '')}” wrote {_BY.get(channel := fact.data.get('channel', ''), channel)}.",
        )
        for fact in said
        if (case := cases.get(people[fact.player_id]))
    )  # fmt: skip


def hear_requests(facts: Sequence[Fact], now: datetime) -> None:
    """Of contacts with support. What is told of the past has been decided there."""
    opening.for_requests(
        [fact for fact in facts if fact.data.get("topic") == "lift_request" and not fact.is_replay], now=now
    )
