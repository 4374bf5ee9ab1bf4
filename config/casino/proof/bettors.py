"""42 649 real players of 2005 through the import; their stakes and winnings to the cent."""

from decimal import Decimal

from django.db.models import Sum

from config.casino import bwin
from config.casino.proof import Proof
from config.lib.clock import utcnow
from players.imports import import_players
from players.models import Player, PlayerState

# Of the data's own description, in cents: fixed odds and live together.
PLAYERS, STAKES, GGR = 42_649, (28_962_638 + 32_693_745) * 100, 594_380_800


def prove(proof: Proof) -> None:
    if proof.shared is None or not (proof.shared / bwin.FOLDER).is_dir():
        proof.say(f"No {bwin.FOLDER}: this step is left out (PITBOSS_SHARED_DATA names the folder that has it).")
        return
    brand = proof.brand("bwin-sample", "Bettors of 2005", "MT", "EUR")
    report = import_players(brand, bwin.rows(proof.shared / bwin.FOLDER), now=utcnow())
    proof.must("refused rows", report.refused, [])
    proof.must("players imported", (report.created, Player.objects.filter(brand=brand).count()), (PLAYERS, PLAYERS))
    sums = PlayerState.objects.filter(player__brand=brand).aggregate(stake=Sum("stake_real"), win=Sum("win_real"))
    proof.must("stakes of the imported", sums["stake"], STAKES)
    proof.must("GGR of the imported", sums["stake"] - sums["win"], GGR)
    proof.figures |= {"players_imported": report.created, "imported_stakes": f"{Decimal(STAKES).scaleb(-2):.2f}"}
    proof.figures["imported_ggr"] = f"{Decimal(GGR).scaleb(-2):.2f}"
