"""Rounds taken back: how every statement tells that one stands."""


def stands(round_: str) -> str:
    """SQL: nobody took the round of this alias back.

    OFFSET 0 keeps it one look into an index per round. As a join, a plan made while the table was empty, as it is on
    a new installation, reads the whole of it again and again: a fold got five times slower as rollbacks came in.
    """
    return f"""NOT EXISTS (SELECT FROM players_roundrollback g WHERE g.player_id = {round_}.player_id
                           AND g.round_id = {round_}.round_id OFFSET 0)"""
