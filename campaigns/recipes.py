"""Campaigns to start from. The pages and everything else create campaigns through `create`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from campaigns.admission import STRONG
from campaigns.audiences import category_segments
from campaigns.models import Arm, Campaign, Step, Variant, Version
from campaigns.publishing import Refused
from compliance import audit
from compliance.models import Operator
from compliance.models.decision import Purpose
from config.lib.clock import utcnow
from players.models import Brand, Stage

_CASINO_TODAY = '\n<p>See you at <a href="{{ brand.site_url }}">{{ brand.name }}</a>.</p>'


@dataclass(frozen=True, slots=True)
class Recipe:
    key: str
    name: str
    about: str
    icon: str
    build: Callable[[Version, Operator], None]
    settings: dict[str, Any]
    campaign: dict[str, Any]


def create(
    brand: Brand, key: str, author: Operator, *, name: str = "", now: datetime | None = None, **changes: Any
) -> Version:
    """The draft version of a new campaign. `changes` override fields of the version (terms, products, …).

    Raises KeyError for an unknown recipe and Refused when the brand has a campaign of that name.
    """
    recipe = RECIPES[key]
    now = now or utcnow()
    try:
        with transaction.atomic():
            campaign = Campaign.objects.create(
                brand=brand, name=name or recipe.name, recipe=key, owner=author, created_at=now, **recipe.campaign
            )
    except IntegrityError as error:
        raise Refused(f"There is already a campaign called “{name or recipe.name}”.") from error
    with transaction.atomic():
        version = Version.objects.create(
            campaign=campaign, author=author, created_at=now, **(recipe.settings | changes)
        )
        recipe.build(version, author)
        audit.record(
            author, "campaign.created", f"campaign:{campaign.id}", brand=brand.pk,
            after={"name": campaign.name, "recipe": key},
        )  # fmt: skip
    return version


def message(
    version: Version, position: int, variants: Sequence[dict[str, Any]], *, arm: Arm | None = None, **fields: Any
) -> Step:
    """A message step with its variants, first match wins."""
    fields = {"channel": Step.Channel.EMAIL} | fields
    step = Step.objects.create(version=version, position=position, arm=arm, kind=Step.Kind.MESSAGE, **fields)
    Variant.objects.bulk_create(
        [Variant(step=step, position=place, **variant) for place, variant in enumerate(variants)]
    )
    return step


def wait(version: Version, position: int, *, arm: Arm | None = None, **fields: Any) -> Step:
    return Step.objects.create(version=version, position=position, arm=arm, kind=Step.Kind.WAIT, **fields)


def _blank(version: Version, author: Operator) -> None:
    """Nothing: the author begins with an empty tree."""


def _welcome(version: Version, author: Operator) -> None:
    wait(version, 0, wait_minutes=2 * 24 * 60, wait_fact="")
    words = {
        "subject": "{{ player.first_name }}, your next evening at {{ brand.name }}",
        "body": "<p>Hi {{ player.first_name }},</p>\n<p>Good to have you here. Set your limits, pick what you like,"
        " and take your time.</p>" + _CASINO_TODAY,
        "button": "Look around",
        "url": "{{ brand.site_url }}",
    }
    message(version, 1, [words])
    wait(version, 2, wait_minutes=3 * 24 * 60)
    message(version, 3, [words | {"subject": "A quiet look at what is new"}], channel=Step.Channel.ONSITE)


def _win_back(version: Version, author: Operator) -> None:
    slots, live, sports = category_segments(version.campaign.brand, author, now=version.created_at)
    hello = "<p>Hi {{ player.first_name | default: 'there' }},</p>\n"
    link = {"button": "See what is new", "url": "{{ brand.site_url }}"}
    everyone: list[dict[str, Any]] = [
        {"segment": slots, "subject": "New slots since your last visit",
         "body": hello + "<p>Twelve new slots came in, two of them by studios you play.</p>" + _CASINO_TODAY, **link},
        {"segment": live, "subject": "A new table is open for you",
         "body": hello + "<p>The live casino has new tables, with calmer stakes too.</p>" + _CASINO_TODAY, **link},
        {"segment": sports, "subject": "The fixtures of this weekend",
         "body": hello + "<p>All matches of the weekend with their odds, on one page.</p>" + _CASINO_TODAY, **link},
        {"subject": "What is new at {{ brand.name }}",
         "body": hello + "<p>A few things changed since you were here.</p>" + _CASINO_TODAY, **link},
    ]  # fmt: skip
    message(version, 0, everyone)
    wait(version, 1, wait_minutes=3 * 24 * 60)
    message(version, 2, everyone, channel=Step.Channel.ONSITE)


def _limit_active(version: Version, author: Operator) -> None:
    words = {
        "subject": "Your {{ event.what }} is active",
        "body": "<p>Hi {{ player.first_name | default: 'there' }},</p>\n<p>Your {{ event.what }} of"
        " <strong>{{ event.amount }}</strong> per {{ event.period }} is active from now on."
        " Lowering it takes effect at once; raising it takes time to think.</p>",
    }
    message(version, 0, [words], purpose=Purpose.RG_CONFIRMATION)
    message(version, 1, [words], purpose=Purpose.RG_CONFIRMATION, channel=Step.Channel.ONSITE)


def _review_limits(version: Version, author: Operator) -> None:
    """What a law wants said every six months, and nothing beside it."""
    words = {
        "subject": "Do your limits still suit you?",
        "body": "<p>Hi {{ player.first_name | default: 'there' }},</p>\n<p>It has been six months since you last looked at"
        " your limits. Under “My limits” you see what they are and what you paid in and played, and you can change them."
        " Lowering a limit takes effect at once; raising it takes time to think.</p>",
    }
    message(version, 0, [words], purpose=Purpose.REGULATORY_NOTICE)
    message(version, 1, [words], purpose=Purpose.REGULATORY_NOTICE, channel=Step.Channel.ONSITE, valid_hours=7 * 24)


def _reach_out(version: Version, author: Operator) -> None:
    """No judgement, nothing to buy, a way to answer: what was seen, what the player can do, who listens."""
    first = {
        "subject": "How are you getting on?",
        "body": "<p>Hi {{ player.first_name | default: 'there' }},</p>\n<p>We have seen that the way you play has changed"
        " lately. That can have many reasons, and you owe us none of them. If it feels like more than you meant it to be,"
        " you can set a limit, take a break for a day or longer, or close your account to yourself: all of it under"
        " “My limits”, and at once.</p>\n<p>If you would rather talk, our support team has people who are"
        " trained for it. They ask nothing of you.</p>",
    }
    again = {
        "subject": "We are still here if you want to talk",
        "body": "<p>Hi {{ player.first_name | default: 'there' }},</p>\n<p>A few days ago we asked how you are getting on."
        " You need not answer. If you want to see how much time and money went into playing, your account shows it, and"
        " the same page sets a limit or a break.</p>\n<p>The people named below are independent of us. They listen for"
        " free and tell nobody.</p>",
    }
    message(version, 0, [first], purpose=Purpose.RG_OUTREACH, channel=Step.Channel.ONSITE, valid_hours=7 * 24)
    message(version, 1, [first], purpose=Purpose.RG_OUTREACH)
    wait(version, 2, wait_minutes=3 * 24 * 60)
    message(version, 3, [again], purpose=Purpose.RG_OUTREACH)


_CASINO = ["casino"]
RECIPES: dict[str, Recipe] = {
    recipe.key: recipe
    for recipe in (
        Recipe(
            "welcome", "Welcome: second deposit",
            "Starts with the first deposit, waits two days, writes once, shows a card; ends with the second deposit.",
            "send", _welcome,
            {"trigger": Version.Trigger.STAGE, "trigger_stage": Stage.FTD, "goal_fact": "deposit.approved",
             "goal_days": 14, "products": _CASINO, "control_percent": 10},
            {"priority": 60},
        ),
        Recipe(
            "win_back", "Win back",
            "Starts when a player slips away; other words for slots, live casino and sports; ends with a deposit.",
            "send", _win_back,
            {"trigger": Version.Trigger.STAGE, "trigger_stage": Stage.AT_RISK, "goal_fact": "deposit.approved",
             "goal_days": 14, "reentry_days": 60, "exit_facts": ["player.login"], "products": _CASINO,
             "control_percent": 10},
            {"priority": 50, "exclusive_group": "Reactivation"},
        ),
        Recipe(
            "limit_active", "Service: your limit is active",
            "Confirms a limit the player has just set. No promotion in it, so it reaches protected players too.",
            "shield-check", _limit_active,
            {"trigger": Version.Trigger.FACT, "trigger_fact": "rg.limit_set", "reentry_days": 0},
            {"priority": 100},
        ),
        Recipe(
            "review_limits", "Service: look at your limits again",
            "Reminds whoever has a limit every six months to look at it, as Great Britain asks (GB-17). No promotion in it.",
            "shield-check", _review_limits,
            {"trigger": Version.Trigger.FACT, "trigger_fact": "rg.review_due", "reentry_days": 150,
             "control_percent": 0},
            {"priority": 100},
        ),
        Recipe(
            "rg_outreach", "RG outreach: how are you getting on?",
            "Starts when a player shows strong signs of harm: asks, offers help, sells nothing. Ends when the player"
            " takes a break or the signs were looked at.",
            "heart-handshake", _reach_out,
            {"trigger": Version.Trigger.FACT, "trigger_fact": STRONG, "reentry_days": 30, "control_percent": 0,
             "exit_facts": ["rg.self_excluded", "rg.time_out", "rg.signs_reviewed"]},
            {"priority": 100},
        ),
        Recipe(
            "blank", "Empty journey", "Begin with an empty page.", "plus", _blank,
            {"products": _CASINO}, {},
        ),
    )
}  # fmt: skip
