"""Codes as people write them."""

SAID = {"email": "E-mail", "sms": "SMS", "onsite": "On site", "gamstop": "GAMSTOP"}


def said(code: str) -> str:
    """A channel or a register: onsite -> On site, spelpaus -> Spelpaus."""
    return SAID.get(code, code.replace("_", " ").capitalize())
