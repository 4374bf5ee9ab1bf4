"""What a player was chosen by decides what may be said to them."""

from datetime import datetime

from compliance.asking import Request
from compliance.dossier import Dossier
from compliance.rules import Reason

PROTECTION = "rg_need"


def not_by_protection(dossier: Dossier, request: Request, now: datetime) -> Reason | None:
    """A sign of harm, a limit or an exclusion is known for the player's protection and used for nothing else."""
    return Reason("DENY_CHOSEN_BY_PROTECTION", "X-07") if PROTECTION in request.criteria else None
