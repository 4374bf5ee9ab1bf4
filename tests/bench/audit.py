"""The audit trail: how fast it is written while it is sealed, how fast it is sealed, how fast an outsider reads it."""

import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from django.db import connection, transaction
from django.test import override_settings

from compliance import audit
from compliance.sealing import anchor, bundle, chain
from config.lib.clock import utcnow
from tests.bench import Figure, Run, bench

BATCH, SECONDS, MANY = 200, 10, 200_000

# The same rows by the shortest way there is.
_FILL = (
    "INSERT INTO compliance_auditentry (at, kind, subject, reason, payload)"
    " SELECT now(), 'campaign.approved', 'campaign:' || n, 'It says what it is for and whom it is for',"
    ' \'{"after":{"audience":\' || n || \',"status":"approved"},"before":{"status":"submitted"}}\''
    " FROM generate_series(1, %s) AS n"
)


def entries(first: int) -> list[audit.Entry]:
    return [
        audit.entry(None, "campaign.approved", f"campaign:{first + number}", brand=None,
                    reason="It says what it is for and whom it is for",
                    before={"status": "submitted"}, after={"status": "approved", "audience": number})
        for number in range(BATCH)
    ]  # fmt: skip


class Sealer(threading.Thread):
    """Seals each second as the schedule does, and notes how far behind it was before each time."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.lags: list[float] = []
        self.over = threading.Event()

    def run(self) -> None:
        while not self.over.wait(1):
            self.lags.append(chain.reach().lag(utcnow()).total_seconds())
            chain.seal()
        connection.close()


@bench("audit.append")
def append(run: Run) -> Iterator[Figure]:
    """Durable transactions of 200 entries while another connection seals each second."""
    sealer, written, until = Sealer(), 0, time.monotonic() + SECONDS
    sealer.start()
    with run.measure(1) as meter:
        while time.monotonic() < until:
            with transaction.atomic():
                audit.record_many(entries(written))
            written += BATCH
    sealer.over.set()
    sealer.join()
    meter.items = written
    with run.measure(written) as bare:
        for _ in range(written // BATCH):
            with connection.cursor() as db:
                db.execute(_FILL, [BATCH])
    rate = written / meter.seconds
    yield Figure(rate, "rows/s", "INSERT of the same rows, nobody sealing", bare.seconds / meter.seconds, meter)
    lag = max(sealer.lags)
    yield Figure(lag, "s behind, worst", "the interval of sealing", lag / 1, name="audit.append.lag")


@bench("audit.seal")
def seal(run: Run) -> Iterator[Figure]:
    """A backlog of 200 000 rows sealed."""
    with connection.cursor() as db:
        db.execute(_FILL, [MANY])
    with run.measure(MANY) as meter:
        assert chain.seal() == MANY
    with connection.cursor() as db, run.measure(MANY) as bare:
        db.execute("SELECT count(sha256(convert_to(compliance_line(r), 'UTF8'))) FROM compliance_auditentry r")
        db.fetchone()
    yield Figure(MANY / meter.seconds, "rows/s", "hashing them, no chain", bare.seconds / meter.seconds, meter)


@bench("audit.verify")
def verify(run: Run) -> Iterator[Figure]:
    """The stand-alone verifier, in a process of its own, over an export."""
    with connection.cursor() as db:
        db.execute(_FILL, [MANY])
    chain.seal()
    with tempfile.TemporaryDirectory() as folder:
        with override_settings(AUDIT_SIGNING_KEY="5a" * 32):
            anchor.write(now=utcnow())
            bundle.write(Path(folder), now=utcnow())
        command = [sys.executable, "-I", f"{folder}/verify.py", folder]
        with run.measure(MANY) as meter:
            done = subprocess.run(command, capture_output=True, text=True, check=True)
        assert f"{MANY} rows" in done.stdout, done.stdout
        with run.measure(MANY) as bare:
            subprocess.run(["sha256sum", f"{folder}/rows-audit.jsonl"], check=True, capture_output=True)
    rate = MANY / meter.seconds
    yield Figure(rate, "rows/s", "sha256sum of the same file", bare.seconds / meter.seconds, meter)
