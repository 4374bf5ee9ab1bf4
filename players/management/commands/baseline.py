"""Applies a baseline of restrictions and consents from a CSV file; see players.baseline.csv_file for its columns.

Nothing of a file with a wrong line is applied. The same snapshot can be given again after an interruption.
"""

from argparse import ArgumentParser
from collections.abc import Iterator
from itertools import count, islice
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from config.lib.clock import utcnow
from players.baseline import Conflict, apply_pending, commit, read_part, receive
from players.baseline.csv_file import WrongLine, rows_of
from players.baseline.reading import MOST_PLAYERS
from players.models import Baseline, Feed
from players.pam.generic.kinds import Refused


class Command(BaseCommand):
    help = __doc__

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--brand", required=True, help="Its short name, as in the engine room.")
        parser.add_argument("--feed", default="pam")
        parser.add_argument("--snapshot", required=True, help="A name of its own for this file.")
        parser.add_argument("--as-of", required=True, help="When it was true, like 2026-11-22T06:00:00Z.")
        parser.add_argument(
            "--although-smaller", action="store_true", help="It is right that it names far fewer than the last one."
        )

    def handle(self, *args: object, **options: Any) -> None:
        feed = Feed.objects.filter(brand__slug=options["brand"], name=options["feed"]).first()
        if feed is None:
            raise CommandError(f"No feed {options['feed']} at a brand {options['brand']}.")
        try:
            baseline = self._receive(feed, options)
            baseline = commit(baseline, now=utcnow(), although_smaller=options["although_smaller"])
        except (WrongLine, Conflict, OSError, UnicodeDecodeError) as error:
            raise CommandError(str(error)) from None
        except Refused as refused:
            raise CommandError(f"{refused.pointer}: {refused.detail}") from None
        if baseline.status == Baseline.Status.REFUSED:
            raise CommandError(baseline.detail)
        while apply_pending(now=utcnow()):
            pass
        baseline.refresh_from_db()
        self.stdout.write(
            f"{baseline.applied:,} players known; {baseline.unknown:,} named but not ours, {baseline.doubtful:,} left"
            f" unknown, {baseline.unnamed:,} restrictions of ours it does not name, all kept."
        )

    def _receive(self, feed: Feed, options: dict[str, Any]) -> Baseline:
        """Reads the file twice: first all of it to see that it is right and count it, then chunk by chunk."""
        head = {"snapshot": options["snapshot"], "as_of": options["as_of"]}
        declared = {"players": 0, "restrictions": 0, "consents": 0}
        for number, chunk in _chunks(options["file"]):
            read_part(head | {"chunk": number, "players": chunk}, now=utcnow())
            declared["players"] += len(chunk)
            declared["restrictions"] += sum(len(row["restrictions"]) for row in chunk)
            declared["consents"] += sum(len(row["consents"]) for row in chunk)
        head["declared"] = declared
        baseline = receive(feed, read_part(head | {"commit": True}, now=utcnow()), now=utcnow())
        for number, chunk in _chunks(options["file"]):
            receive(feed, read_part(head | {"chunk": number, "players": chunk}, now=utcnow()), now=utcnow())
        return baseline


def _chunks(path: Path) -> Iterator[tuple[int, list[dict[str, Any]]]]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = rows_of(file)
        for number in count(1):
            chunk = list(islice(rows, MOST_PLAYERS))
            if not chunk:
                return
            yield number, chunk
