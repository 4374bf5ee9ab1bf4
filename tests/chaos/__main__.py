"""The long run: `python -m tests.chaos [--events 100000] [--seed 1]`. Ends with one line; exit code 1 when a figure is off."""

import argparse
import os
import sys
import tempfile
from pathlib import Path


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument("--events", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    os.environ.setdefault("LC_ALL", "C.UTF-8")
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    for key in ("SECRET_KEY", "SUPPRESSION_KEY"):
        os.environ.setdefault(key, "chaos" * 10)  # signs nothing here
    with tempfile.TemporaryDirectory(prefix="pitboss-chaos-") as folder:
        from tests.chaos.world import World

        with World(Path(folder)) as world:
            from tests.chaos.kills import run

            outcome = run(world, options.events, options.seed)
    print(outcome.sentence)  # noqa: T201
    return 0 if outcome.is_clean else 1


if __name__ == "__main__":
    sys.exit(main())
