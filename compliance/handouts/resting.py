"""What a decision rested on at that second, for a table: the exclusion and consent state a regulator asks for beside each
message, the answers of registers with their age, why the player was chosen."""

from compliance import withholding
from compliance.dossier import Dossier
from compliance.models import Decision
from compliance.vocabulary import product

COLUMNS = ("restricted", "exclusions", "limits", "consent", "registers", "harm", "chosen_by", "switched_off")


def on(decision: Decision) -> list[str]:
    """In the order of COLUMNS. A snapshot nobody can read any more says so in the first."""
    asked = decision.inputs.get("request") or {}
    chosen = "; ".join(asked.get("criteria", ()))
    try:
        known = withholding.without_birth(decision)
    except (KeyError, TypeError, ValueError):
        return ["cannot be read", *[""] * (len(COLUMNS) - 3), chosen, ""]
    return [
        known.verdict,
        "; ".join(known.exclusions),
        "; ".join(_limits(known)),
        "; ".join(_consents(known, asked.get("products", ()), decision.channel)),
        "; ".join(_registers(known, decision)),
        known.risk,
        chosen,
        "; ".join(known.switched_off),
    ]


def _limits(known: Dossier) -> list[str]:
    return [
        f"{one.kind} {one.period} {one.amount} {one.currency}" + ("" if one.left is None else f", {one.left} left")
        for one in known.limits
    ]


def _consents(known: Dossier, products: list[str], channel: str) -> list[str]:
    """Of each product it was about, on its channel."""
    found = []
    for name in sorted({product(word) for word in products}):
        cell = f"{name}/{channel}"
        word = (known.consents or {}).get(cell)
        if word is None:
            found.append(f"{cell}: never asked")
        else:
            said = {True: "yes", False: "no", None: "changed, not told yet"}[word.granted]
            found.append(f"{cell}: {said} to “{word.wording}” on {word.screen or '–'}, {word.at.isoformat()}")
    return [] if channel == "bonus" else found


def _registers(known: Dossier, decision: Decision) -> list[str]:
    return [
        f"{name}: {one.result}, asked {one.asked_at.isoformat()},"
        f" {(decision.decided_at - one.asked_at).total_seconds() / 3600:.1f} h before"
        for name, one in sorted((known.registers or {}).items())
    ]
