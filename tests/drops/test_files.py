"""Events that come as files: each line once, whatever happens in between, and nothing else is touched."""

import gzip
import os
import tracemalloc

import pytest
from django.db import DatabaseError

from compliance.models import Standing
from config.lib.clock import utcnow
from players import inbox
from players.drops import work
from players.models import DropFile, Event, Fact, Feed, FeedTally, Quarantine
from tests import cast
from tests.drops.conftest import NOW, deposit, ndjson, run

pytestmark = pytest.mark.django_db

STATUS = DropFile.Status


def test_every_line_of_a_file_is_taken_and_the_watermark_says_how_far(folder, anna):
    folder.put("day.ndjson", ndjson(deposit(n) for n in range(2500)))

    row = run()

    assert (row.status, row.line, row.accepted, row.quarantined) == (STATUS.DONE, 2500, 2500, 0)
    assert row.newest_at == NOW
    assert Event.objects.count() == 2500
    assert folder.lies() == []
    assert folder.lies("done") == [row.stored]


def test_columns_are_events_too(folder, anna):
    folder.put(
        "day.csv",
        "event;event_id;player;occurred_at;payment_id;amount;method;measure_id;sequence;ends_at;add\n"
        f"deposit.approved;d1;anna;{NOW.isoformat()};p1;1050;card;;;;\n"
        f'player.tagged;t1;anna;{NOW.isoformat()};;;;;;;"[""vip""]"\n'
        f"rg.self_excluded;x1;anna;{NOW.isoformat()};;;;m1;7;null;\n",
    )

    row = run()

    assert (row.accepted, row.quarantined) == (3, 0)
    assert Event.objects.get(event_id="d1").body["amount"] == 1050
    assert Fact.objects.get(kind="rg.self_excluded").data["ends_at"] is None
    assert Standing.objects.get(person=anna.person_id).verdict == "excluded"


def test_what_is_not_taken_stands_in_an_error_file_with_its_line_and_reason(folder, anna):
    good, stranger = deposit(1), deposit(2, "nobody")
    folder.put("day.ndjson", ndjson([good, stranger]) + "not json\n\n" + ndjson([deposit(3, amount="12"), good]))

    row = run()

    assert (row.accepted, row.duplicate, row.quarantined) == (1, 1, 3)
    assert [(cells[0], cells[2]) for cells in folder.errors()] == [
        ("2", "unknown_player"), ("3", "malformed"), ("5", "wrong_type"),
    ]  # fmt: skip
    assert folder.errors()[2][3] == "/properties/amount"
    assert Quarantine.objects.count() == 3
    tally = FeedTally.objects.get()
    assert (tally.accepted, tally.duplicate, tally.quarantined) == (1, 1, 3)


def test_a_cell_cannot_become_a_formula_in_the_error_file(folder, anna):
    folder.put("day.csv", f"event,event_id,player,occurred_at\n=cmd(),=x,anna,{NOW.isoformat()}\n")
    run()

    assert folder.errors()[0][1] == "'=x"
    assert folder.errors()[0][5].startswith("'=cmd")


@pytest.mark.parametrize(
    ("header", "why"),
    [
        ("a,b,c", "names the columns"),
        ("event,event_id,occurred_at,amount,amount", "Twice: amount"),
        ("event,event_id,occurred_at," + ",".join(f"c{n}" for n in range(1000)), "at most 200"),
    ],
)
def test_a_table_without_proper_names_is_not_taken(folder, anna, header, why):
    folder.put("day.csv", header + "\n1,2,3\n")
    row = run()

    assert row.status == STATUS.REFUSED
    assert why in row.trouble
    assert folder.lies("refused") == [row.stored]
    assert not Event.objects.exists()


def test_packed_files_and_unknown_kinds_are_not_taken_and_nothing_is_unpacked(folder, anna):
    bomb = gzip.compress(b"0" * 10_000_000)
    folder.put("bomb.ndjson", bomb)
    folder.put("bomb.ndjson.gz", bomb, age=50)
    folder.put("text.csv", "event,event_id\0", age=40)
    run()

    assert set(DropFile.objects.values_list("status", flat=True)) == {STATUS.REFUSED}
    assert len(folder.lies("refused")) == 3


def test_links_folders_odd_names_and_unfinished_files_are_left_alone(folder, anna, tmp_path):
    secret = tmp_path / "secret.ndjson"
    secret.write_text(ndjson([deposit(1)]))
    os.symlink(secret, folder.path / "link.ndjson")
    os.link(secret, folder.path / "hard.ndjson")
    os.mkfifo(folder.path / "pipe.ndjson")
    (folder.path / "folder.ndjson").mkdir()
    for name in (".hidden.ndjson", "half.ndjson.part", "-rf.ndjson", "a\nb.ndjson", "é.ndjson"):
        folder.put(name, ndjson([deposit(2)]))
    folder.put("growing.ndjson", ndjson([deposit(3)]), age=0)

    assert work.work(clock=utcnow) == 0

    assert not DropFile.objects.exists()
    assert secret.exists()


def test_a_link_in_place_of_a_folder_is_not_followed(folder, anna, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    folder.put("day.ndjson", ndjson([deposit(1)]))
    os.symlink(outside, folder.path / "working")
    work.work(clock=utcnow)

    assert list(outside.iterdir()) == []
    assert not Event.objects.exists()


@pytest.mark.parametrize("name", ["../../etc", "..", "a/b", ""])
def test_a_feed_cannot_be_named_out_of_the_folder(folder, anna, name):
    Feed.objects.filter(pk=folder.feed.pk).update(name=name)
    folder.put("day.ndjson", ndjson([deposit(1)]))

    assert work.work(clock=utcnow) == 0
    assert folder.lies() == ["day.ndjson"]


def test_a_line_of_a_hundred_megabytes_costs_no_memory_and_takes_no_other_with_it(folder, anna):
    path = folder.put("day.ndjson", ndjson([deposit(1)]))
    with path.open("ab") as file:
        file.write(b'{"event": "')
        for _ in range(100):
            file.write(b"x" * 1_000_000)
        file.write(b'"}\n' + ndjson([deposit(2)]).encode())
    os.utime(path, (1, 1))
    tracemalloc.start()
    row = run()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert (row.line, row.accepted, row.quarantined) == (3, 2, 1)
    assert folder.errors()[0][:3] == ["2", "", "too_long"]
    assert peak < 12_000_000


@pytest.mark.parametrize("kind", ["rg.self_excluded", "player.blocked", "player.closed"])
def test_a_restriction_nobody_can_read_closes_whatever_it_is_written_in(folder, anna, kind):
    folder.put("day.csv", f"event,event_id,player,occurred_at\n{kind},x1,anna,{NOW.isoformat()},too,many\n")
    run()

    folder.feed.refresh_from_db()
    assert folder.feed.freshness == "stale"


def test_a_file_that_changes_while_it_is_read_is_not_read_on(folder, anna, monkeypatch):
    monkeypatch.setattr(work, "BATCH", 2)
    folder.put("day.ndjson", ndjson(deposit(n) for n in range(6)))
    work.look(now=utcnow())
    row = DropFile.objects.get()
    assert work.step(row.pk, now=utcnow()) == 2
    (folder.path / "working" / row.stored).write_text("something else\n")
    DropFile.objects.update(due_at=utcnow())

    row = run()

    assert (row.status, row.line) == (STATUS.REFUSED, 2)
    assert "changed" in row.trouble


@pytest.mark.parametrize("when", ["before the inbox", "behind the inbox", "behind the error file"])
def test_a_crash_at_any_moment_loses_no_line_and_takes_none_twice(folder, anna, monkeypatch, when):
    monkeypatch.setattr(work, "BATCH", 3)
    lines = [deposit(n) for n in range(7)]
    lines[4] = deposit(4, amount="no number")
    folder.put("day.ndjson", ndjson(lines))
    work.look(now=utcnow())
    row = DropFile.objects.get()
    assert work.step(row.pk, now=utcnow()) == 3

    class Lightning(BaseException):
        pass

    def strike(*args, **kwargs):
        raise Lightning

    where = {"before the inbox": (inbox, "accept"), "behind the inbox": (work, "error_lines"),
             "behind the error file": (work, "_advance")}[when]  # fmt: skip
    with monkeypatch.context() as dark:
        dark.setattr(*where, strike)
        with pytest.raises(Lightning):
            work.step(row.pk, now=utcnow())
    row.refresh_from_db()
    assert (row.line, Event.objects.count()) == (3, 3)
    DropFile.objects.update(due_at=utcnow())  # the lease of the dead one ran out

    row = run()

    assert (row.status, row.accepted, row.duplicate, row.quarantined) == (STATUS.DONE, 6, 0, 1)
    assert (Event.objects.count(), Quarantine.objects.count(), len(folder.errors())) == (6, 1, 1)
    tally = FeedTally.objects.get()
    assert (tally.accepted, tally.duplicate, tally.quarantined) == (6, 0, 1)


def test_a_crash_behind_the_last_line_leaves_a_file_that_is_tidied_up(folder, anna, monkeypatch):
    folder.put("day.ndjson", ndjson([deposit(1)]))
    with monkeypatch.context() as dark:
        dark.setattr(work.files, "finish", lambda *args: None)
        run()
    assert len(folder.lies("working")) == 1

    work.look(now=utcnow())

    assert folder.lies("working") == []
    assert len(folder.lies("done")) == 1


def test_a_line_that_brings_us_down_is_left_out_and_the_others_go_in(folder, anna, monkeypatch):
    monkeypatch.setattr(work, "BATCH", 8)
    monkeypatch.setattr(work, "GIVES_UP", 5)
    folder.put("day.ndjson", ndjson(deposit(n) for n in range(20)))
    accept = inbox.accept

    def breaks(feed, values, **more):
        if any(
            value["event_id"] == "d13" and not aside.refused
            for value, aside in zip(values, more["asides"], strict=True)
        ):
            raise DatabaseError("value too odd")
        return accept(feed, values, **more)

    monkeypatch.setattr(inbox, "accept", breaks)
    row = run()

    assert (row.status, row.accepted, row.quarantined) == (STATUS.DONE, 19, 1)
    assert folder.errors()[0][:3] == ["14", "d13", "not_applied"]


def test_the_same_file_again_is_known_and_a_new_one_of_the_same_name_is_read(folder, anna):
    folder.put("day.ndjson", ndjson([deposit(1)]))
    run()
    [done] = (folder.path / "done").iterdir()
    os.rename(done, folder.path / "day.ndjson")
    run()
    assert DropFile.objects.count() == 1
    assert folder.lies() == []

    folder.put("day.ndjson", ndjson([deposit(1), deposit(2)]))
    row = run()
    assert (row.accepted, row.duplicate) == (1, 1)
    assert DropFile.objects.count() == 2


def test_without_a_folder_nothing_is_looked_for(anna, settings):
    settings.DROPS_DIR = ""
    assert work.work(clock=utcnow) == 0


def test_the_feeds_page_shows_the_files_that_came(folder, anna, client):
    from tests import cast

    folder.put("day-7.ndjson", ndjson([deposit(1), deposit(2, amount="x")]))
    run()
    client.force_login(cast.carla())

    assert "day-7.ndjson" in client.get("/integration/feeds/").content.decode()


def test_of_a_file_of_exclusions_a_few_people_at_a_time_are_held_and_everybody_is_closed(folder, anna, monkeypatch):
    monkeypatch.setattr(work, "FEW", 3)
    takes, accept = [], inbox.accept
    monkeypatch.setattr(
        inbox, "accept", lambda feed, values, **rest: takes.append(len(values)) or accept(feed, values, **rest)
    )
    people = [cast.make_player(folder.feed.brand, f"x{number}") for number in range(7)]
    told = [
        {"event": "rg.self_excluded", "event_id": f"x{number}", "player": one.external_id, "occurred_at": NOW.isoformat(),
         "properties": {"measure_id": "m", "sequence": 1, "ends_at": None}}
        for number, one in enumerate(people)
    ]  # fmt: skip
    folder.put("day.ndjson", ndjson([*(deposit(number) for number in range(5)), *told]))

    row = run()

    assert (row.status, row.accepted) == (STATUS.DONE, 12)
    assert takes == [5 + 3, 3, 1]
    assert Standing.objects.filter(person__in=[one.person_id for one in people], verdict="excluded").count() == 7
