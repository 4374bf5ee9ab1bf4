"""The long run: `python -m tests.hammer [--seconds 180] [--seed N] [--senders 8]`. Ends with two lines; exit code 1 on a violation.

Starts a throw-away database of its own unless DATABASE_URL and DATABASE_OWNER_URL name an empty one.
"""

import argparse
import os
import shutil
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

import psycopg


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.hammer", description=__doc__)
    parser.add_argument("--seconds", type=float, default=180)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--senders", type=int, default=8)
    options = parser.parse_args()
    with ExitStack() as stack:
        _database(stack)
        return _race(options.seconds, options.seed, options.senders)


def _database(stack: ExitStack) -> None:
    if "DATABASE_URL" not in os.environ:
        os.environ.setdefault("LC_ALL", "C.UTF-8")
        from config.embedded.servers import running

        data = Path(tempfile.mkdtemp(prefix="pitboss-hammer-"))
        stack.callback(shutil.rmtree, data, ignore_errors=True)
        # With fsync: the time a real COMMIT takes is where the race lives.
        given = stack.enter_context(running(data, durable=True))
        os.environ |= {
            "PITBOSS_DATA": str(data), "DATABASE_URL": given.database_url,
            "DATABASE_OWNER_URL": given.database_owner_url, "REDIS_URL": given.redis_url,
        }  # fmt: skip
    os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
    for key in ("SECRET_KEY", "SUPPRESSION_KEY"):
        os.environ.setdefault(key, "hammer" * 10)  # signs nothing here
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", database="owner", verbosity=0)


def _race(seconds: float, seed: int, senders: int) -> int:
    from django.db import connections

    from tests import cast
    from tests.hammer import race
    from tests.hammer.people import address, make

    people, officer = make(50), cast.olivia().pk
    owner, app = address("owner"), address("default")
    with psycopg.connect(owner, autocommit=True) as admin:
        race.build(admin, connections["default"].settings_dict["USER"])
        try:
            guarded = race.run(app, owner, people, officer, seconds=seconds, seed=seed, locked=True, senders=senders)
            control = race.run(
                app, owner, people, officer, seconds=max(5, seconds / 8), seed=seed, locked=False, senders=senders
            )
        finally:
            race.drop(admin)
    bad = guarded.violations + guarded.late + guarded.deadlocks
    caught = control.violations + control.late
    print(  # noqa: T201
        f"seed {seed}, {seconds:.0f} s, {senders} processes send and 4 change: {guarded.sentence}.\n"
        f"Control without the lock: {control.sentence}"
        f" ({'fails as it must' if caught else 'found nothing: this run proves nothing'})."
    )
    return 1 if bad or not caught else 0


if __name__ == "__main__":
    sys.exit(main())
