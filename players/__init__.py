"""players: who they are and what happened to them.

Owns brands, licences, persons, players, contact points, the game catalogue, feeds, the inbox of
events, the facts folded from it, player state and lifecycle stages. Imports `config.lib` only.
Records facts (`players.facts`) that `config/flow.py` hands to the apps above.
"""
