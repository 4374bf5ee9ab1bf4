"""Consents: each line is one yes or no with its evidence. Nothing is concluded from a line that is missing."""

from players import looking_again
from players.facts import NewFact, record
from players.imports.fields import Row
from players.imports.into import Job, Outcome, known
from players.models import Fact
from players.registration import Known

# Its time every line has.
_EVIDENCE = (
    ("wording", "the words it was said to (Wording shown)"), ("screen", "the screen it was asked on (Screen)"),
    ("origin", "the site it was given on (Given on site)"),
)  # fmt: skip


def bring(job: Job, rows: list[Row]) -> Outcome:
    outcome = Outcome()
    told: dict[str, NewFact] = {}
    for row, player in known(job, rows, outcome):
        if row.values["granted"] and (lacking := [why for name, why in _EVIDENCE if not row.values.get(name)]):
            outcome.refused.append((row, f"A yes without {' and '.join(lacking)} is no evidence."))
            continue
        new = _fact(row, player)
        if new.key in told:
            outcome.unchanged += 1
        told.setdefault(new.key, new)
    if job.dry:
        fresh = len(told) - Fact.objects.filter(key__in=list(told)).count()
    else:
        heard = record(list(told.values()), now=job.now)
        fresh = len(heard)
        looking_again.soon((fact.player_id for fact in heard), now=job.now)
    outcome.new += fresh
    outcome.unchanged += len(told) - fresh
    return outcome


def _fact(row: Row, player: Known) -> NewFact:
    said, at = row.values, row.values["occurred_at"]
    data = {
        "product": said["product"], "channel": said["channel"], "granted": said["granted"],
        "wording": said.get("wording", ""), "screen": said.get("screen", "import"),
        "origin": said.get("origin", ""),
    }  # fmt: skip
    word = "yes" if said["granted"] else "no"
    key = f"consent.imported:{player.id}:{said['product']}:{said['channel']}:{at.isoformat()}:{word}"
    return NewFact("consent.changed", player.id, at, key, data, is_replay=True)
