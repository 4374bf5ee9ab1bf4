"""Processes killed hard in the middle of the work; what was acknowledged must be there afterwards, once.

`make chaos` pours a hundred thousand events and kills the folding worker and PostgreSQL while they are folded.
"""
