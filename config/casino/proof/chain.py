"""One journey to real mail and a real inbox; one player leaves by exclusion; one bonus reaches the PDF."""

import io
from contextlib import closing
from datetime import date, timedelta
from functools import partial

import httpx

from bonuses.grants import GrantRequest, grant_many
from bonuses.models import Grant, Template
from campaigns import links, publishing, recipes
from campaigns.models import Attempt, ConflictRules, Delivery, Enrolment, Step
from compliance.models import Decision, Operator
from config.casino.credit import Credit
from config.casino.people import PASSWORD
from config.casino.proof import Failed, Proof, event
from config.casino.proof.screen import inbox
from config.lib.clock import utcnow
from players.models import Brand, Player

JANE, MAX = "check-jane", "check-max"
NAME = "Check: after the deposit"


def prove(proof: Proof, credit: Credit) -> None:
    brand = Brand.objects.get(slug="azura")
    proof.key(brand)
    with proof.heartbeats(brand.slug):
        jane, maximilian = _players(proof, brand)
        proof.wait("a fresh feed", lambda: brand.feeds.filter(freshness="fresh").exists(), 90)
        _campaign(brand)
        _journey(proof, brand, jane, maximilian)
        _bonus(proof, brand, jane, credit)
        _refusal_on_the_page(proof, maximilian)
        _statement(proof, brand)


def _players(proof: Proof, brand: Brand) -> list[Player]:
    """Two who may be contacted, in a zone where it is about noon: quiet hours are not what is shown here."""
    offset = utcnow().hour - 12
    now, bodies = utcnow() - timedelta(minutes=5), []
    for player, first in ((JANE, "Jane"), (MAX, "Max")):
        identity = {"email": f"{player}@mail.example", "first_name": first, "last_name": "Check"}
        where = {"country": "MT", "language": "en", "currency": "EUR", "timezone": f"Etc/GMT{offset:+d}"}
        born = {"birth_date": "1985-05-17", "restrictions": "none"}
        bodies.append(event("player.registered", player, identity | where | born, at=now))
        bodies.append(event("player.kyc", player, {"status": "verified"}, at=now))
        for channel in ("email", "onsite"):
            yes = {"product": "casino", "channel": channel, "granted": True, "wording": "v1", "screen": "check"}
            bodies.append(event("consent.changed", player, yes, at=now))
    proof.must("players of the journey", proof.feed.post(brand.slug, bodies)["accepted"], len(bodies))
    return [Player.objects.get(brand=brand, external_id=player) for player in (JANE, MAX)]


def _campaign(brand: Brand) -> None:
    """Deposit → e-mail and card → wait for a login → second e-mail."""
    now = utcnow()
    author, approver = (Operator.objects.get(email=f"{first}@pitboss.example") for first in ("carla", "conrad"))
    version = recipes.create(
        brand, "blank", author, name=NAME, now=now, trigger="fact", trigger_fact="deposit.approved",
        goal_fact="withdrawal.approved",
    )  # fmt: skip
    # Two words within a minute: the brand's usual spacing is not what is shown here.
    ConflictRules.objects.update_or_create(brand=brand, defaults={"per_day": 20, "per_week": 20, "spacing_minutes": 0})
    version.campaign.priority = 100
    version.campaign.save(update_fields=["priority"])
    hello = "<p>Hello {{ player.first_name }}.</p>"
    recipes.message(version, 0, [{"subject": "Our first message, {{ player.first_name }}", "body": hello}])
    recipes.message(version, 1, [{"subject": "A card for you", "body": hello}], channel=Step.Channel.ONSITE)
    recipes.wait(version, 2, wait_minutes=600, wait_fact="player.login")
    recipes.message(version, 3, [{"subject": "Our second message", "body": hello}])
    publishing.submit(version, author, now=now)
    publishing.approve(version, approver, now=now)
    publishing.launch(version, author, now=now)


def _journey(proof: Proof, brand: Brand, jane: Player, maximilian: Player) -> None:
    with inbox(links.inbox_url(jane.pk)) as (looker, wait_for):
        for who in (JANE, MAX):
            payment = {"payment_id": f"{who}-1", "amount": 5000, "method": "card"}
            proof.feed.post(brand.slug, [event("deposit.approved", who, payment)])
        wait_for("A card for you")
    for player in (jane, maximilian):
        proof.wait(f"mail to {player.first_name}", partial(_has_mail, proof, player), 60)
        proof.wait(f"{player.first_name} waiting", partial(_waiting, player), 60)
    excluded = {"measure_id": "check-1", "sequence": 1, "ends_at": None}
    proof.feed.post(brand.slug, [event("rg.self_excluded", MAX, excluded)])
    for who in (JANE, MAX):
        proof.feed.post(brand.slug, [event("player.login", who)])
    proof.wait("second mail to Jane", lambda: _sent(jane) >= 3, 60)
    proof.must("sent to Max after he excluded himself", (mails(proof, maximilian), _sent(maximilian)), (1, 2))
    cards = Attempt.objects.filter(channel="onsite", status="accepted").count()
    proof.figures |= {"onsite_received": cards, "onsite_seen_by": looker}
    proof.figures["emails_received"] = len(list((proof.data / "mail").glob("*.eml")))


def _waiting(player: Player) -> bool:
    runs = Enrolment.objects.filter(player=player, campaign__name=NAME, state="active", waits_for="player.login")
    return runs.exists() and _sent(player) == 2


def _has_mail(proof: Proof, player: Player) -> bool:
    return mails(proof, player) == 1


def _sent(player: Player) -> int:
    return Attempt.objects.filter(player=player, status="accepted").count()


def mails(proof: Proof, player: Player) -> int:
    """Counted in the mailbox, not in our own records."""
    address = f"{player.external_id}@mail.example".encode()
    return sum(address in path.read_bytes() for path in (proof.data / "mail").glob("*.eml"))


def _bonus(proof: Proof, brand: Brand, jane: Player, credit: Credit) -> None:
    """Granted, credited by the PAM, wagered to the end; to the excluded player the gate says no."""
    terms = Template.objects.get(brand=brand, name="Good to see you again").current
    assert terms is not None
    asked = [GrantRequest(Player.objects.get(external_id=who).pk, terms.pk, f"check:{who}") for who in (JANE, MAX)]
    given, refused = grant_many(asked, now=utcnow())
    if given.grant is None:
        raise Failed(f"Jane's bonus was refused: {given.refusal or given.answer}")
    proof.must("bonus to an excluded player", refused.grant, None)
    grant = given.grant
    reference = grant.reference
    proof.wait("the PAM's credit", lambda: reference in credit.credited, 60)
    proof.feed.post(brand.slug, [event("bonus.claimed", JANE, {"grant_ref": reference})])
    proof.wait("an active bonus", lambda: Grant.objects.filter(pk=grant.pk, status="active").exists(), 60)
    stake = 2_00
    rounds = grant.wagering_required // stake + 1
    bets = []
    for number in range(rounds):
        of_bonus = stake if number * stake < terms.amount else 0
        played = {"stake_real": stake - of_bonus, "stake_bonus": of_bonus, "win_real": 0, "win_bonus": 0}
        played["win_bonus" if of_bonus else "win_real"] = stake
        said = {"round_id": f"check-{number}", "category": "slots", **played}
        bets.append(event("round.settled", JANE, said))
    proof.feed.post(brand.slug, bets)
    ended = ("completed", "lost")
    proof.wait("a wagered bonus", lambda: Grant.objects.filter(pk=grant.pk, status__in=ended).exists(), 60)
    proof.figures |= {"bonus": Grant.objects.get(pk=grant.pk).status, "bonus_amount": terms.amount}


def _refusal_on_the_page(proof: Proof, player: Player) -> None:
    proof.figures["refusals"] = Decision.objects.filter(person=player.person_id, outcome="deny").count()
    if not proof.figures["refusals"]:
        raise Failed("No refusal was recorded for the excluded player.")
    with closing(login(proof, "olivia")) as client:
        page = client.get(f"/compliance/players/{player.pk}/panel/").raise_for_status().text.lower()
    if "exclu" not in page or "refused" not in page:
        raise Failed("The refusal is not on the excluded player's page.")


def _statement(proof: Proof, brand: Brand) -> None:
    """The bonus stands in the statement's PDF, read back from the file."""
    from pypdf import PdfReader

    today = date.today()
    with closing(login(proof, "fiona")) as client:
        address = (
            f"/reports/ngr.pdf?brand={brand.pk}&first={today - timedelta(days=1)}&last={today + timedelta(days=1)}"
        )
        content = client.get(address).raise_for_status().content
    text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    if "Bonus stakes" not in text or "5.00" not in text:
        raise Failed(f"The bonus is not in the NGR statement:\n{text[:1500]}")
    proof.figures["pdf_bytes"] = len(content)


def login(proof: Proof, first: str) -> httpx.Client:
    client = httpx.Client(base_url=proof.url, follow_redirects=True, timeout=120)
    client.get("/login/")
    form = {"username": f"{first}@pitboss.example", "password": PASSWORD, "csrfmiddlewaretoken": client.cookies["csrf"]}
    answer = client.post("/login/", data=form, headers={"Referer": proof.url})
    if "/login/" in str(answer.url):
        raise Failed(f"{first} cannot log in.")
    return client


def what_happened() -> list[str]:
    """For the log, when something did not: every run and delivery of the two, with the reason on record."""
    runs = Enrolment.objects.filter(campaign__name=NAME).values_list(
        "player__external_id", "state", "waits_for", "reason"
    )
    told = Delivery.objects.filter(player__external_id__in=(JANE, MAX)).order_by("pk")
    lines = [" ".join(map(str, row)) for row in runs]
    return lines + [
        f"{row.player.external_id} {row.channel} {row.status} {row.code} {row.detail}"
        for row in told.select_related("player")
    ]
