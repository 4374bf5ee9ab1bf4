"""Codes as people write them."""

SAID = {
    "email": "E-mail",
    "sms": "SMS",
    "onsite": "On site",
    "gamstop": "GAMSTOP",
    "oasis": "OASIS",
    "cruks": "CRUKS",
    "rofus": "ROFUS",
    "rgiaj": "RGIAJ",
    "betguard": "BetGuard",
}


def said(code: str) -> str:
    """A channel or a register: onsite -> On site, spelpaus -> Spelpaus."""
    return SAID.get(code, code.replace("_", " ").capitalize())
