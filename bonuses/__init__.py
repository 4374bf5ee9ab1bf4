"""bonuses: what we owe them.

Owns bonus templates with versioned terms, grants, the double-entry ledger and wagering progress.
Imports `segments`, `compliance`, `players`, `config.lib`. Records `bonus.granted`, `bonus.completed`
and their kin.
"""
