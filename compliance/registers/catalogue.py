"""The registers, each with what it declares. What nobody has confirmed says so."""

from datetime import timedelta

from compliance.registers import gamstop, spelpaus
from compliance.registers.connector import Connector, betguard, by_number, oasis
from compliance.registers.contract import CLEAR, LISTED, Register

_DAY = timedelta(hours=24)
_PLAIN = {"clear": CLEAR, "listed": LISTED}
_OWN_PROTOCOL = "Through the licensee's connector: its own protocol is handed to licensees only."

REGISTERS = {
    register.key: register
    for register in (
        Register("gamstop", "GAMSTOP", "GB", "GAMSTOP for the UK Gambling Commission", True, True, _DAY,
                 "name, birth date, e-mail, postcode", gamstop.form, gamstop.Gamstop(), "SR 3.5.5", "B",
                 "Open-source clients of API v2."),
        Register("spelpaus", "Spelpaus", "SE", "Spelinspektionen", True, True, _DAY, "personal number, 12 digits",
                 spelpaus.form, spelpaus.Spelpaus(), "SIFS 2026:3: marketing and log-in apart", "B",
                 "Open-source clients and recorded answers of the test system."),
        Register("oasis", "OASIS", "DE", "Regierungspräsidium Darmstadt", True, True, _DAY,
                 "name, birth date and place, address", oasis, Connector("oasis", _PLAIN),
                 "GlüStV 2021 s. 8; that it may be asked before a mailing is unverified", "G", _OWN_PROTOCOL),
        Register("cruks", "CRUKS", "NL", "Kansspelautoriteit", False, True, _DAY, "service number (BSN), 9 digits",
                 by_number("NL"), Connector("cruks", _PLAIN),
                 "Cannot be asked for mailing lists (ministry, 2026): an answer at log-in counts", "B", _OWN_PROTOCOL),
        Register("rofus", "ROFUS", "DK", "Spillemyndigheden", True, True, _DAY, "personal number (CPR), 10 digits",
                 by_number("DK"),
                 Connector("rofus", {"NotRegistered": CLEAR, "RegisteredTemporarily": LISTED,
                                     "RegisteredIndefinitely": LISTED}),
                 "BEK 1276/2019 s. 19(5): at the earliest 24 h before sending", "A", _OWN_PROTOCOL),
        Register("rgiaj", "RGIAJ", "ES", "DGOJ", True, True, _DAY, "DNI or NIE with its letter", by_number("ES"),
                 Connector("rgiaj", _PLAIN), "That mailings must be checked is unverified", "G", _OWN_PROTOCOL),
        Register("betguard", "BetGuard", "ON", "iGaming Ontario", True, True, _DAY,
                 "name, birth date, e-mail, postal code", betguard, Connector("betguard", _PLAIN),
                 "AGCO 2.14.1, live 14 May 2026", "B", _OWN_PROTOCOL),
    )
}  # fmt: skip


def of_jurisdiction(jurisdiction: str) -> list[Register]:
    return [register for register in REGISTERS.values() if register.jurisdiction == jurisdiction]
