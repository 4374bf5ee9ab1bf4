"""compliance.sealing: the trail an outsider can verify.

What is kept for ever is only appended; `chain.seal` puts what has committed into blocks, each holding the hash of the
one before it (SQL: migrations/sql/sealing.sql). `anchor` writes the newest hash, signed, outside the database: without
that somebody who owns the database could cut the end off, or change a row and seal everything anew. `verifier` finds
every change; it is one file without Django, handed out with each export. `bundle` makes the export, `checking` reads
the database with the same verifier, again and again. `restoring` lets a person say that an older copy of the database was
put back: a new epoch, in which what was lost since is named instead of looking like a tail that was cut off. `rotating`
changes the key that signs, from a block on.

Four trails are sealed: what people did (audit), what the gate answered (decision), the words of players (consent) and
the answers of registers (register).
"""
