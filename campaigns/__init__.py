"""campaigns: what we say, to whom, when.

Owns campaigns with immutable versions, journeys, the arbiter between them, content, deliveries and
attempts, and the channels. Imports `bonuses`, `segments`, `compliance`, `players`, `config.lib`.
`dispatch` is the only door to `channels`.
"""
