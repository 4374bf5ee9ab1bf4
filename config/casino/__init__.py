"""The demo casino: a simulated PAM with four brands, its players and the operators who look at them.

Everything a player does reaches Pitboss through the public API, as it would from a real PAM; only what
an operator would set up by hand (brands, keys, segments, campaigns) is seeded.
"""

from pathlib import Path


def keys_file(data: Path) -> Path:
    """Where the seed leaves the simulator's API keys; readable by us alone."""
    return data / "keys.json"
