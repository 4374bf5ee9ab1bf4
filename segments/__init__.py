"""segments: which players.

Owns the attribute catalogue, rules (parse, validate, compile to SQL, evaluate, say in words),
segment versions and live membership. Imports `compliance` (audit), `players`, `config.lib`.
Records `segment.entered` and `segment.left`.
"""
