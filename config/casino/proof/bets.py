"""50 000 real crash-game bets through the public API; their totals to the cent."""

import csv
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from django.db.models import Sum

from config.casino.proof import Proof, event, simulated
from players.models import Brand, PlayerState, Waiting

FILE = "bustabit_crash/bustabit_pseudonymised.csv"
# The totals of the data's own description, in hundredths.
BETS, PLAYERS = 50_000, 4_147
STAKES, PAID, BONUS = 14_676_254_900, 14_777_268_844, 127_697_883


def prove(proof: Proof) -> None:
    if proof.shared is None or not (proof.shared / FILE).is_file():
        proof.say(f"No {FILE}: the simulator's bets instead (PITBOSS_SHARED_DATA names the folder that has it).")
        simulated.prove(proof)
        return
    brand = proof.brand("bustabit", "Bustabit sample", "MT", "BIT")
    rows = list(_rows(proof.shared / FILE))
    first: dict[str, datetime] = {}
    for row in rows:
        at = _at(row)
        first[row["player"]] = min(at, first.get(row["player"], at))
    people = (_registration(player, at) for player, at in first.items())
    for body in (people, (_bet(row) for row in rows)):
        for future in proof.feed.post_all(brand.slug, body):
            proof.must("quarantined", future.result()["quarantined"], 0)
    proof.wait("folding the bets", lambda: not Waiting.objects.filter(feed__brand=brand).exists(), 300)
    _compare(proof, brand, len(rows), len(first))


def _compare(proof: Proof, brand: Brand, bets: int, players: int) -> None:
    sums = PlayerState.objects.filter(player__brand=brand).aggregate(
        rounds=Sum("rounds"), stake=Sum("stake_real"), paid=Sum("win_real"), bonus=Sum("win_bonus")
    )
    proof.must("bets", (bets, sums["rounds"]), (BETS, BETS))
    proof.must("players of the bets", players, PLAYERS)
    proof.must("stakes", sums["stake"], STAKES)
    proof.must("paid", sums["paid"], PAID)
    proof.must("bonus", sums["bonus"], BONUS)
    money = {"stakes": STAKES, "ggr": STAKES - PAID, "ngr": STAKES - PAID - BONUS}
    proof.figures |= {"bets": bets, **{name: f"{Decimal(value).scaleb(-2):.2f}" for name, value in money.items()}}
    proof.figures["currency"] = brand.currency


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(newline="") as file:
        yield from csv.DictReader(file)


def _at(row: dict[str, str]) -> datetime:
    return datetime.fromisoformat(row["PlayDate"].replace("Z", "+00:00"))


def _registration(player: str, at: datetime) -> dict[str, object]:
    who = {"email": f"{player.lower()}@bustabit.example", "first_name": player, "last_name": "Sample"}
    rest = {"birth_date": "1990-01-01", "country": "MT", "language": "en", "currency": "BIT", "restrictions": "none"}
    return event("player.registered", player, who | rest, at=at, replay=True)


def _bet(row: dict[str, str]) -> dict[str, object]:
    """Paid = bet × cash-out; the bonus is what the profit holds beyond that."""
    bet, paid, bonus = Decimal(row["Bet"]), Decimal(0), Decimal(0)
    if row["CashedOut"]:
        paid = bet * Decimal(row["CashedOut"])
        bonus = bet + Decimal(row["Profit"]) - paid
    amounts = {"stake_real": bet, "stake_bonus": Decimal(0), "win_real": paid, "win_bonus": bonus}
    minor = {name: int(value * 100) for name, value in amounts.items()}
    said = {"round_id": row["Id"], "category": "crash", **minor}
    return event("round.settled", row["player"], said, at=_at(row), replay=True)
