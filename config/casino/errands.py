"""What the colleagues asked for in the morning: a gift, lists for other systems, a file for a regulator, an erasure.

Each through the function its page calls, so that the gate answers and the audit trail knows.
"""

from datetime import datetime, timedelta

from django.db import transaction

from bonuses import gifts, offering
from bonuses.models import Gift, Template
from compliance import erasing
from compliance.handouts import asking
from compliance.models import Erasure, Handout, Operator
from compliance.models.decision import Purpose
from config.casino.desk import GOODWILL, LONG_AND_SILENT
from players.models import Brand, Player
from segments import exporting
from segments.models import Export, Segment
from segments.stating import Says

_SORRY = "Her free rounds froze in the middle; the studio confirmed it (ticket 5512)"
_LETTER = "Asked for it by letter of 12 November (UK GDPR art. 17); no complaint and no case is open"
_QUESTION = "UKGC, letter of 19 November: what was sent to this customer before and after he excluded himself"
# brand, offer: the agency in Leeds gets a list; in Denmark the same offer may go to nobody who stayed away (DK-07).
_LISTS = (
    ("northlight", "Good to see you again", "Postcards of the autumn, printed by the agency in Leeds"),
    ("havblik", "Ten spins", "The same autumn mailing for Denmark"),
)


def run(*, now: datetime) -> None:
    """Once the history is there. Safe to run again."""
    who = {one.email.partition("@")[0]: one for one in Operator.objects.all()}
    with transaction.atomic():
        _gift(who["vera"], now)
        _lists(who["carla"], now)
        _file(who["olivia"], now)
        _erasure(who["olivia"], now)


def _gift(host: Operator, now: datetime) -> None:
    player = Player.objects.filter(external_id="ivy").select_related("brand__licence").first()
    template = Template.objects.filter(name=GOODWILL, brand__slug="northlight").select_related("current").first()
    if player and template and template.current and not Gift.objects.filter(player=player).exists():
        gifts.give(player, template.current, 10_00, host, _SORRY, once="ticket-5512", now=now)


def _lists(author: Operator, now: datetime) -> None:
    for slug, offer, reason in _LISTS:
        segment = Segment.objects.filter(brand__slug=slug, name=LONG_AND_SILENT).select_related("brand").first()
        if segment is None or Export.objects.filter(segment=segment).exists():
            continue
        exporting.ask(
            segment, author, channel="email", purpose=Purpose.PROMOTIONAL, products=["casino"], reason=reason,
            says=_says(segment.brand, offer), now=now,
        )  # fmt: skip


def _says(brand: Brand, name: str) -> Says:
    found = next(one for one in offering.offers(brand) if one.name.startswith(name))
    return Says(found.incentive, found.ask)


def _file(officer: Operator, now: datetime) -> None:
    player = Player.objects.filter(external_id="bo").select_related("brand").first()
    if player and not Handout.objects.exists():
        since = now - timedelta(days=90)
        asking.ask(Handout.Kind.PLAYER, player.brand, player, "", since, now, officer, _QUESTION, now=now)


def _erasure(officer: Operator, now: datetime) -> None:
    player = Player.objects.filter(external_id="otis").select_related("brand").first()
    if player and not Erasure.objects.filter(player=player).exists():
        erasing.erase(player, officer, _LETTER, now=now)
