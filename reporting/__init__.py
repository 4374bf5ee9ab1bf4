"""reporting: what came of it.

Owns named NGR definitions, statements and the questions a report answers. Reads every app below,
writes none of them. Nobody imports it.
"""
