"""Tools without opinions about players. Imports nothing of ours; everybody may import it."""
