"""urls.py for facts: what happened -> who hears of it. Dotted paths keep this out of the import graph.

IN_TRANSACTION reactions commit or fail with the facts; AFTER_COMMIT ones are rows in `players.Owed`
until done. Reactions take a list of facts and are idempotent.
"""

IN_TRANSACTION: dict[str, list[str]] = {}
AFTER_COMMIT: dict[str, list[str]] = {}
