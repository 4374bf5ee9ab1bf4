"""Small live campaigns for tests."""

from datetime import datetime
from typing import Any

from campaigns import publishing, recipes
from campaigns.models import Version
from compliance.models import Operator
from players.models import Brand
from tests import cast


def live(version: Version, now: datetime) -> Version:
    publishing.submit(version, version.author, now=now)
    publishing.approve(version, cast.olivia(), now=now)
    publishing.launch(version, version.author, now=now)
    return version


def simple(
    brand: Brand, now: datetime, *, name: str = "Hello", wait_minutes: int = 0, wait_fact: str = "",
    channel: str = "email", priority: int = 50, group: str = "", subject: str = "Hello {{ player.first_name }}",
    purpose: str = "promotional", author: Operator | None = None, **version: Any,
) -> Version:  # fmt: skip
    """Live: starts with player.login (unless told otherwise), waits if asked to, says one thing."""
    fields: dict[str, Any] = {"trigger": "fact", "trigger_fact": "player.login", "products": ["casino"]} | version
    draft = recipes.create(brand, "blank", author or cast.carla(), name=name, now=now, **fields)
    draft.campaign.priority, draft.campaign.exclusive_group = priority, group
    draft.campaign.save(update_fields=["priority", "exclusive_group"])
    if wait_minutes:
        recipes.wait(draft, 0, wait_minutes=wait_minutes, wait_fact=wait_fact)
    words = {"subject": subject, "body": "<p>Hello {{ player.first_name }}.</p>"}
    recipes.message(draft, 1, [words], channel=channel, purpose=purpose)
    return live(draft, now)
