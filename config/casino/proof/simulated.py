"""Where the real files are absent: bets of simulated players through the same API, their totals to the cent."""

from decimal import Decimal

from django.db.models import Sum

from config.casino.crowd import Casino, Memory
from config.casino.gamblers import DAY, HISTORY_DAYS
from config.casino.play import Happening
from config.casino.proof import Proof
from config.lib.clock import utcnow
from players.models import PlayerState, Waiting

AMOUNTS = ("stake_real", "stake_bonus", "win_real", "win_bonus")


def prove(proof: Proof) -> None:
    brand = proof.brand("simulated", "Simulated", "MT", "EUR")
    now = utcnow().timestamp()
    casino = Casino(11, 400, Memory(proof.data / "unused.json", now - HISTORY_DAYS * DAY), now)
    told: list[Happening] = []
    for gambler in casino.gamblers.values():
        past = list(casino.past(gambler))
        if gambler.house.slug == "azura":
            told += past
    people = [one for one in told if one.kind == "player.registered"]
    kinds = ("round.settled", "session.ended")
    for pile in (people, [one for one in told if one.kind in kinds]):
        for future in proof.feed.post_all(brand.slug, (one.body(replay=True) for one in pile)):
            proof.must("quarantined", future.result()["quarantined"], 0)
    proof.wait("folding the bets", lambda: not Waiting.objects.filter(feed__brand=brand).exists(), 300)
    bets = [one.properties for one in told if one.kind == "round.settled"]
    wanted = {name: sum(int(str(bet[name])) for bet in bets) for name in AMOUNTS}
    sums = PlayerState.objects.filter(player__brand=brand).aggregate(
        rounds=Sum("rounds"), **{n: Sum(n) for n in AMOUNTS}
    )
    proof.must("totals", sums, {"rounds": len(bets), **wanted})
    stakes, ggr = wanted["stake_real"], wanted["stake_real"] - wanted["win_real"]
    money = {"stakes": stakes, "ggr": ggr, "ngr": ggr + wanted["stake_bonus"] - wanted["win_bonus"]}
    proof.figures |= {"bets": len(bets), "players_imported": len(people), "source": "simulated"}
    proof.figures |= {name: f"{Decimal(value).scaleb(-2):.2f}" for name, value in money.items()}
