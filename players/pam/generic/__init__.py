"""Our own event format: which kinds there are and what each carries.

One module per family. `KINDS` is the single list: the reader checks against it, the OpenAPI
document is written from it. How a checked event looks to the fold (the `body` of an inbox row):
the properties under their own names, with these differences:

    category   the integer of players.models.Category instead of its word; always there
    game_id    replaced by `game`: the id of the players_game row, or null for a game we do not know
    instants   ISO text in UTC

and what `whole` of a kind completes (a bet told alone becomes a closed round, see play). The inbox row carries
`Kind.stored`: the kind the fold knows it by. `custom.<name>` kinds are made on demand; see custom.
"""

from players.pam import Connector
from players.pam.generic import (
    announced,
    bonus,
    consent,
    custom,
    heartbeat,
    identity,
    money,
    own,
    play,
    profile,
    rg,
    sports,
    tags,
)
from players.pam.generic.kinds import Kind

__all__ = ["CONNECTOR", "DOCUMENTED", "KINDS", "VERSION"]

# Of the schemas. Members and kinds may be added under the same number; what was accepted stays accepted.
VERSION = 1

KINDS: dict[str, Kind] = {
    kind.name: kind
    for family in (profile, identity, tags, own, consent, money, play, sports, bonus, rg, announced, heartbeat)
    for kind in family.KINDS
}
# The same and one that stands for every custom event.
DOCUMENTED: list[Kind] = [*KINDS.values(), custom.CUSTOM]

CONNECTOR = Connector("generic", "Pitboss events", str(VERSION), "the Pitboss project")
