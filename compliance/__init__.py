"""compliance: may we?

Owns operators and roles, restrictions (measures), consents, standing, decisions, audit entries and
the gate every send and every grant must pass (`compliance.gate`). Imports `players` and
`config.lib`. It never sees a campaign or a bonus: what it cannot name it cannot make an exception for.
"""
