"""What waits for a second person on the day the demo opens: a policy to switch, a finding to overrule."""

from datetime import datetime

from campaigns import recipes, wording
from campaigns.lint import findings
from campaigns.models import Campaign, Version
from compliance import switches
from compliance.lint import checking, overriding
from compliance.models import Operator, PolicySwitch
from players.models import Brand

PODCAST = "Saturday podcast"
_RULE = "POL-09"


def ask(brand: Brand, author: Operator, officer: Operator, *, now: datetime) -> None:
    """At one brand; idempotent."""
    if not PolicySwitch.objects.filter(brand=brand, rule=_RULE).exists():
        reason = "Our conflict rules hold messages to three a week already, and per channel."
        switches.ask(brand, _RULE, False, officer, reason, now=now)
    if not Campaign.objects.filter(brand=brand, name=PODCAST).exists():
        _overrule(_draft(brand, author, now), author, now)


def _draft(brand: Brand, author: Operator, now: datetime) -> Version:
    version = recipes.create(
        brand, "blank", author, name=PODCAST, now=now, trigger=Version.Trigger.FACT, trigger_fact="player.login",
        goal_fact="deposit.approved", reentry_days=7, products=["betting"],
    )  # fmt: skip
    words = {
        "subject": "New episode: No Such Thing as a Sure Bet",
        "body": "<p>Hi {{ player.first_name | default: 'there' }},</p><p>This week our podcast talks to a man who sets odds"
        " for a living, and why he bets on nothing.</p>",
        "button": "Listen",
        "url": "{{ brand.site_url }}",
    }
    recipes.message(version, 0, [words])
    return version


def _overrule(version: Version, author: Operator, now: datetime) -> None:
    for found in findings(version, now=now):
        if found.may_be_overruled:
            finding = checking.Finding(
                found.level, found.rule, found.words, fingerprint=found.fingerprint, is_law=False
            )
            overriding.ask(
                finding, version.campaign.brand, wording.subject_of(version), author,
                "The title of the episode says “Sure Bet”, and the episode that there is none.",
                text=wording.words_of(version, found.fingerprint), now=now,
            )  # fmt: skip
