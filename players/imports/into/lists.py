"""Lists: players by their ids, and addresses nobody may write to. Both only grow; a short file lifts nobody."""

from config.lib import flow
from players.imports.fields import Row
from players.imports.into import Job, Outcome, known, look_again
from players.models.imports import ListMember, PlayerList
from players.registration import normal_email


def bring(job: Job, rows: list[Row]) -> Outcome:
    outcome = Outcome()
    found = known(job, rows, outcome)
    ids = {player.id for _, player in found}
    there = _list(job)
    on_it = set(there.members.filter(player__in=ids).values_list("player_id", flat=True)) if there else set()
    outcome.new += len(ids - on_it)
    outcome.unchanged += len(found) - len(ids - on_it)
    if not job.dry:
        if there is None:
            there, _ = PlayerList.objects.get_or_create(
                brand=job.brand, name=job.list_name, defaults={"created_at": job.now}
            )
        if ids - on_it and there.is_stated:
            there.unstate(by_more=True)  # what was stated was stated of fewer players
        ListMember.objects.bulk_create(
            [ListMember(list=there, player_id=id_) for id_ in sorted(ids - on_it)], ignore_conflicts=True
        )
        look_again(job, ids - on_it)
    return outcome


def _list(job: Job) -> PlayerList | None:
    """Locked when something will be written: nobody can state what is on it while it grows."""
    lists = PlayerList.objects.filter(brand=job.brand, name=job.list_name)
    return lists.first() if job.dry else lists.select_for_update(no_key=True).first()


def bring_suppressions(job: Job, rows: list[Row]) -> Outcome:
    outcome = Outcome()
    addresses: set[tuple[str, str]] = set()
    lines = 0
    for row in rows:
        mine = {("email", normal_email(row.values["email"]))} if "email" in row.values else set()
        mine |= {("sms", row.values["phone"])} if "phone" in row.values else set()
        if not mine:
            outcome.refused.append((row, "There is neither an e-mail address nor a phone number in this line."))
        addresses |= mine
        lines += bool(mine)
    if addresses:
        new = flow.hook("SUPPRESS", job.brand, sorted(addresses), now=job.now, dry=job.dry)
        outcome.new += new
        outcome.unchanged += max(lines - new, 0)
    return outcome
