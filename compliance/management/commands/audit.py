"""The audit trail from the shell: seal it, sign it, verify it, hand it out, judge its decisions again, change the key, say
that an older copy was put back."""

import json
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError

from compliance import replaying
from compliance.models import Decision, Operator
from compliance.sealing import anchor, bundle, chain, checking, restoring, rotating, signing, verifier
from config.lib.clock import utcnow

REASON = 10  # characters, as on the pages


class Command(BaseCommand):
    help = __doc__
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        acts.add_parser("seal", help="Seals what waits and writes a checkpoint.")
        acts.add_parser("key", help="Makes a key for AUDIT_SIGNING_KEY.")
        acts.add_parser("public-key", help="The half of the key that others may know.")
        verify = acts.add_parser("verify", help="Reads the whole trail against its blocks and the checkpoints.")
        verify.add_argument("--checkpoints", type=Path, help="A copy kept elsewhere, instead of this machine's.")
        verify.add_argument("--export", type=Path, help="Verify an export instead of the database.")
        verify.add_argument(
            "--key", action="append", default=[], metavar="HEX", help="A public key you trust; again for each."
        )
        rotate = acts.add_parser("rotate", help="Changes the key that signs for another, from the newest block on.")
        rotate.add_argument("--to", type=Path, required=True, help="File with the new key, as `audit key` makes one.")
        rotate.add_argument("--by", required=True, help="E-mail of the compliance officer who orders it.")
        rotate.add_argument("--reason", required=True)
        rotate.add_argument(
            "--lost", action="store_true", help="The old key is gone, it cannot sign its own retirement."
        )
        replay = acts.add_parser("replay", help="Judges stored decisions again, by the rules of their day.")
        replay.add_argument(
            "--last", type=int, default=10_000, metavar="N", help="The newest N; 10 000 when not given."
        )
        restored = acts.add_parser("restored", help="Declares that an older copy of the database was put back.")
        restored.add_argument("--by", required=True, help="E-mail of the compliance officer who declares it.")
        restored.add_argument("--reason", required=True, help="Which copy, and why.")
        export = acts.add_parser("export", help="Writes rows, blocks, checkpoints and the verifier into a folder.")
        export.add_argument("folder", type=Path)
        export.add_argument("--first", type=int, default=1, help="First block.")
        export.add_argument("--last", type=int, help="Last block; the newest when not given.")

    def handle(self, *args: object, act: str, **options: Any) -> None:
        try:
            getattr(self, act.replace("-", "_"))(options)
        except (ImproperlyConfigured, OSError) as error:
            raise CommandError(str(error)) from error

    def seal(self, options: dict[str, Any]) -> None:
        rows = chain.seal()
        point = anchor.write(now=utcnow())
        signed = f"block {point['block']} signed" if point else "nothing new to sign"
        self.stdout.write(f"{rows} rows sealed; {signed}")

    def key(self, options: dict[str, Any]) -> None:
        self.stdout.write(signing.new_seed())

    def public_key(self, options: dict[str, Any]) -> None:
        self.stdout.write(signing.public_key(signing.seed()).hex())

    def export(self, options: dict[str, Any]) -> None:
        folder: Path = options["folder"]
        if folder.exists() and any(folder.iterdir()):
            raise CommandError(f"{folder} is not empty.")
        made = bundle.write(folder, options["first"], options["last"], now=utcnow())
        self.stdout.write(f"Blocks {made['blocks'][0]} to {made['blocks'][1]} in {folder}: python3 verify.py {folder}")

    def restored(self, options: dict[str, Any]) -> None:
        actor, reason = self._signs_for_it(options, "Say which copy was put back, and why.")
        try:
            restoring.declare(actor, reason, now=utcnow())
        except restoring.CannotDeclare as refused:
            raise CommandError(str(refused)) from refused
        chain.seal()
        anchor.write(now=utcnow())
        report = checking.check()
        checking.keep(report, now=utcnow())
        self._say(report)

    def replay(self, options: dict[str, Any]) -> None:
        rows = Decision.objects.order_by("-pk")[: options["last"]]
        same = erased = 0
        others = []
        for one in replaying.many(rows.iterator(1000)):
            same, erased = same + one.same, erased + one.erased
            others += [] if one.same or one.erased else [one]
        for one in others[:50]:
            row = one.decision
            self.stdout.write(self.style.ERROR(f"decision {row.pk} of {row.decided_at:%Y-%m-%d %H:%M:%S}: {row.code}, and again"
                                               f" {one.code or 'nothing'} ({row.ruleset})"))  # fmt: skip
        self.stdout.write(f"{same} decisions come out the same, {erased} cannot be told since the player was erased")
        if others:
            raise CommandError(f"{len(others)} do not.")

    def rotate(self, options: dict[str, Any]) -> None:
        actor, reason = self._signs_for_it(options, "Say why the key is changed.")
        new = signing.read(options["to"].read_text(encoding="ascii").strip(), str(options["to"]))
        try:
            told = rotating.change(actor, reason, new, lost=options["lost"], now=utcnow())
        except rotating.CannotChange as refused:
            raise CommandError(str(refused)) from refused
        said = f"Key {verifier.short(told['before'])} is retired with block {told['block']}."
        if not signing.put_in_place(new):
            said += f" Make {options['to']} the AUDIT_SIGNING_KEY and start anew: until then nothing is signed outside."
        self.stdout.write(f"{said} Tell whoever verifies the new public key: {told['key']}")

    def _signs_for_it(self, options: dict[str, Any], why: str) -> tuple[Operator, str]:
        actor = Operator.objects.filter(email=options["by"].lower()).first()
        if actor is None or not actor.may("compliance.edit"):
            raise CommandError("No compliance officer has that e-mail.")
        reason = options["reason"].strip()
        if len(reason) < REASON:
            raise CommandError(why)
        return actor, reason[:300]

    def verify(self, options: dict[str, Any]) -> None:
        started, copy, keys = time.monotonic(), options["checkpoints"], [key.lower() for key in options["key"]]
        if options["export"]:
            report = verifier.folder(options["export"], copy, keys)
        else:
            said = [json.loads(line) for line in copy.read_text().splitlines() if line] if copy else None
            report = checking.check(checkpoints=said, keys=keys)
        self._say(report, f" ({time.monotonic() - started:.1f} s)")

    def _say(self, report: verifier.Report, took: str = "") -> None:
        for story in report.stories:
            self.stdout.write(self.style.WARNING(story))
        for number, what in report.problems:
            self.stdout.write(self.style.ERROR(f"block {number}: {what}" if number else what))
        self.stdout.write(
            f"{report.rows} rows in {report.blocks} blocks, {sum(report.unsealed.values())} not sealed yet;"
            f" {report.checkpoints} checkpoints hold, the newest for block {report.anchored}{took}"
        )
        if not report.intact:
            raise CommandError("The audit trail is not intact.")
