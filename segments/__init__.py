"""segments: which players.

Owns the attribute catalogue, rules (parse, validate, compile to SQL, evaluate, say in words),
segment versions and live membership, and what uploaded lists were chosen by.

language/     the rules: attributes, parse, compile, evaluate, sentence, criteria, cost
reading       rules together with the segments they name; what the gate is told of a segment (`criteria_now`)
validating    may this rule be used: the one answer for pages, API and admin
building      drafts, versions, going live, archiving; those who ask for a segment follow it
uses          where a segment is used, by whatever app (SEGMENT_USES in config/flow.py)
handpick      players added or taken out by hand
lists         what a list was chosen by, stated by a second person; a segment's members kept as a list
membership    who is in, kept true by events, ticks and builds
permitted     who may ask and learn what about players; sizes: how many, told so that counting singles nobody out
exporting     members as a file, through the gate; exported: the file, what has to be known of it, its end;
              stating: what will be said to them, as their taker states it and the gate hears it
api/          the same for other systems of the brand

Imports `compliance` (audit), `players`, `config.lib`.
Records `segment.entered` and `segment.left`.
"""
