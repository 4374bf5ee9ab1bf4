"""Our own event format: which kinds there are and what each carries.

One module per family. `KINDS` is the single list: the reader checks against it, the OpenAPI
document is written from it. How a checked event looks to the fold (the `body` of an inbox row):
the properties under their own names, with these differences:

    category   the integer of players.models.Category instead of its word; always there
    game_id    replaced by `game`: the id of the players_game row, or null for a game we do not know
    instants   ISO text in UTC
"""

from players.pam.generic import bonus, consent, heartbeat, money, play, profile, rg
from players.pam.generic.kinds import Kind

KINDS: dict[str, Kind] = {
    kind.name: kind for family in (profile, consent, money, play, bonus, rg, heartbeat) for kind in family.KINDS
}
