"""An import from its file to the rows: checked first, committed step by step, twice is once."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from compliance import suppression
from compliance.models import Consent, Standing, Suppression
from players import batches, inbox
from players.imports import guess, preview, running, upload
from players.imports.fields import BY_KIND
from players.models import Contact, Fact, Feed, Import, ListMember, Payment, Player, PlayerState, Round
from players.rebuild import verify
from segments import building, membership
from tests import cast

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
PLAYERS = (
    "Player ID,Registered,First name,Surname,E-mail,Mobile,DOB,Country,Language\n"
    "m1,2025-05-01,Åsa,Öberg,asa@example.test,+46701234567,1988-04-12,SE,sv\n"
    "m2,2025-06-01 10:00,Bo,Ek,,,,FI,\n"
    "m3,not a date,Cy,Ek,,,,,\n"
    "m1,2025-05-01,Åsa,Öberg,asa@example.test,+46701234567,1988-04-12,SE,sv\n"
)


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path


def begin(brand, kind, text, **more) -> Import:
    return preview.begin(kind, brand, "file.csv", [text.encode()], cast.olivia(), now=NOW, **more)


def finish(one: Import, now=NOW) -> Import:
    while running.step(one.pk, now=now):
        pass
    one.refresh_from_db()
    return one


def check(one: Import) -> Import:
    running.check(one, now=NOW)
    return finish(one)


def bring(brand, kind, text, **more) -> Import:
    one = begin(brand, kind, text, **more)
    running.go(one, now=NOW)
    return finish(one)


class Said:
    """The feed of the brand, saying something of a player."""

    def __init__(self, brand) -> None:
        self.feed = Feed.objects.select_related("brand").get(brand=brand)

    def say(self, kind: str, at: str, player: str = "k", **properties) -> None:
        one = {"event": kind, "event_id": f"{kind}{at}{player}", "player": player, "occurred_at": at,
               "properties": properties}  # fmt: skip
        assert inbox.accept(self.feed, [one], now=NOW).accepted == 1


def counts(one: Import) -> tuple[int, int, int, int]:
    return one.new, one.changed, one.unchanged, one.refused


def test_a_check_counts_what_an_import_would_do_and_writes_nothing(azura):
    one = check(begin(azura, "players", PLAYERS))

    assert (one.status, counts(one)) == ("checked", (2, 0, 1, 1))
    assert not Player.objects.filter(brand=azura).exists()
    assert not Fact.objects.exists()

    running.go(one, now=NOW)
    assert counts(finish(one)) == (2, 0, 1, 1)
    assert one.checked == {"new": 2, "changed": 0, "unchanged": 1, "refused": 1}


def test_players_come_with_their_addresses_and_a_state(azura):
    bring(azura, "players", PLAYERS)

    asa = Player.objects.get(brand=azura, external_id="m1")
    assert (asa.name, asa.country, asa.currency, str(asa.birth_date)) == ("Åsa Öberg", "SE", "EUR", "1988-04-12")
    assert dict(asa.contacts.values_list("channel", "normal")) == {"email": "asa@example.test", "sms": "+46701234567"}
    assert PlayerState.objects.filter(player__brand=azura).count() == 2
    assert Standing.objects.get(person=asa.person_id).verdict == Standing.Verdict.UNKNOWN  # nobody has cleared them
    assert verify(now=NOW) == []


def test_the_same_file_again_changes_nothing(azura):
    bring(azura, "players", PLAYERS)
    facts = Fact.objects.count()

    assert counts(bring(azura, "players", PLAYERS)) == (0, 0, 3, 1)
    assert (Player.objects.filter(brand=azura).count(), Fact.objects.count()) == (2, facts)


def test_a_known_player_gets_what_the_file_says_and_keeps_what_it_does_not(azura):
    bring(azura, "players", PLAYERS)
    Contact.objects.filter(channel="email").update(bounced_at=NOW)

    one = bring(azura, "players", "player_id;email;country\nm1;new@example.test;\nm2;;FI\n")

    assert counts(one) == (0, 1, 1, 0)
    asa = Player.objects.get(brand=azura, external_id="m1")
    email = asa.contacts.get(channel="email")
    assert (asa.country, email.address, email.bounced_at) == ("SE", "new@example.test", None)
    assert Fact.objects.get(kind="player.updated").data["fields"] == ["email"]  # which, never what to


def test_refused_lines_come_back_in_a_file_no_spreadsheet_runs(azura):
    one = bring(azura, "contacts", 'id,email\n"=cmd|x",a@b.test\nm9,@SUM(A1)\n-1,x@example.test\n')

    text = upload.errors_of(one.token).read_text().splitlines()
    assert text[0] == "line,why it was refused,id,email"
    assert text[1].startswith("1,No player of this brand has this id")
    assert text[1].endswith(",'=cmd|x,a@b.test")
    assert "'@SUM(A1)" in text[2]
    assert text[3].endswith(",'-1,x@example.test")
    assert counts(one) == (0, 0, 0, 3)


def test_the_error_file_can_be_corrected_and_uploaded_again(azura):
    cast.make_player(azura, "-1", consents=(), register=None)
    one = bring(azura, "contacts", "id,email,phone\n-1,nonsense,\n")
    corrected = upload.errors_of(one.token).read_text().replace("nonsense", "right@example.test")

    assert counts(bring(azura, "contacts", corrected)) == (0, 1, 0, 0)


def kyc_of(brand, external_id: str) -> str:
    return Player.objects.get(brand=brand, external_id=external_id).kyc


@pytest.mark.parametrize(
    ("said", "line", "becomes"),
    [
        ("rejected", "verified,2025-03-01", "verified"),  # newer than what the feed said
        ("rejected", "verified,2025-01-01", "rejected"),  # older
        ("rejected", "verified,2025-02-01 10:00", "rejected"),  # the same moment: the more careful word
        ("rejected", "verified,", "rejected"),  # nobody knows when
        ("pending", "verified,", "pending"),
        ("verified", "rejected,", "rejected"),  # careful words need no date
        ("verified", "rejected,2025-01-01", "verified"),
        (None, "verified,", "verified"),  # the first to say anything
    ],
)
def test_the_newest_word_on_an_identity_counts_and_one_without_a_date_loosens_nothing(azura, said, line, becomes):
    cast.make_player(azura, "k", consents=(), kyc="none", registered_at=datetime(2024, 1, 1, tzinfo=UTC))
    pam = Said(azura)
    if said:
        pam.say("player.kyc", "2025-02-01T10:00:00+01:00", status=said)
    text = f"id,kyc,kyc date,country\nk,{line},SE\n"
    assert counts(check(begin(azura, "players", text))) == (0, 1, 0, 0)
    bring(azura, "players", text)

    assert kyc_of(azura, "k") == becomes
    told = [fact.data["status"] for fact in Fact.objects.filter(kind="player.kyc").order_by("occurred_at")]
    assert told[-1] == becomes or said == becomes
    assert counts(bring(azura, "players", text)) == (0, 0, 1, 0)


def test_what_the_feed_tells_late_of_an_identity_beats_an_import_without_a_date(azura):
    bring(azura, "players", "id,registered,kyc\nk,2025-01-01,verified\nd,2025-01-01,verified\n")
    bring(azura, "players", "id,kyc,kyc date\nd,verified,2025-06-01\n")
    assert kyc_of(azura, "k") == kyc_of(azura, "d") == "verified"

    for player in ("k", "d"):
        Said(azura).say("player.kyc", "2025-02-01T10:00:00Z", player, status="rejected")

    assert (kyc_of(azura, "k"), kyc_of(azura, "d")) == ("rejected", "verified")


def test_an_import_that_takes_a_verification_away_is_known_to_the_next_decision(azura):
    player = cast.make_player(azura, "p")
    before = Standing.objects.get(person=player.person_id).generation
    bring(azura, "players", "id,kyc,country\np,rejected,SE\n")
    assert Standing.objects.get(person=player.person_id).generation > before


CONSENT_COLUMNS = "player,product,channel,granted,date,wording,screen,origin\n"
CONSENTS = CONSENT_COLUMNS + "p,casino,email,{},{},v1,sign-up,azura\n"


def test_the_newest_word_rules_and_an_older_one_changes_nothing(azura):
    player = cast.make_player(azura, "p", consents=())
    bring(azura, "consents", CONSENTS.format("yes", "2025-01-02 10:00"))
    bring(azura, "consents", CONSENTS.format("no", "2025-03-01 10:00"))
    one = bring(azura, "consents", CONSENTS.format("yes", "2025-02-01 10:00"))

    assert one.new == 1  # kept as evidence
    newest = Consent.objects.filter(player=player).order_by("-occurred_at").first()
    assert newest is not None
    assert not newest.granted


@pytest.mark.parametrize(("cells", "why"), [
    (",sign-up,azura", "words it was said to"), ("v1,,azura", "the screen"), ("v1,sign-up,", "the site"),
    (",,", "the words it was said to (Wording shown) and the screen it was asked on (Screen) and the site"),
])  # fmt: skip
def test_30_a_yes_without_its_evidence_is_refused_line_by_line_and_a_no_is_always_taken(azura, cells, why):
    player = cast.make_player(azura, "p", consents=("casino/sms",))
    lines = f"p,casino,email,yes,2025-01-02,{cells}\np,casino,phone,yes,2025-01-02,v1,sign-up,azura\n"
    one = bring(azura, "consents", f"{CONSENT_COLUMNS}{lines}p,casino,sms,no,2026-01-02,,,\n")
    assert counts(one) == (2, 0, 0, 1)
    assert why in upload.errors_of(one.token).read_text()
    said = Consent.objects.filter(player=player).order_by("id").values_list("channel", "granted", "origin")
    assert list(said)[1:] == [("phone", True, "azura"), ("sms", False, "")]


def test_a_consent_file_without_a_column_of_the_evidence_is_not_begun(azura):
    one = begin(azura, "consents", "player,product,channel,granted,date\np,casino,email,yes,2025-01-02\n")
    lacking = guess.missing(BY_KIND["consents"], one.mapping)
    assert lacking == ["Wording shown", "Screen", "Given on site"]


@pytest.mark.parametrize("lines", ["", "stranger,casino,email,no,2025-01-01,v1,,\n"])
def test_a_consent_file_that_is_nearly_empty_takes_nothing_from_those_it_leaves_out(azura, lines):
    players = [cast.make_player(azura, f"p{n}", consents=("casino/email",)) for n in range(10)]
    header = CONSENT_COLUMNS
    if lines:
        bring(azura, "consents", header + lines)
    else:
        with pytest.raises(upload.Refused, match="no line of data"):
            begin(azura, "consents", header)
    assert Consent.objects.filter(player__in=players, granted=True).count() == 10
    assert not Consent.objects.filter(granted=False).exists()


def test_a_suppression_list_that_shrank_by_nine_tenths_lifts_nobody(azura):
    full = "email\n" + "".join(f"a{n}@example.test\n" for n in range(100))
    assert counts(bring(azura, "suppressions", full)) == (100, 0, 0, 0)

    short = bring(azura, "suppressions", "\n".join(full.splitlines()[:11]))

    assert counts(short) == (0, 0, 10, 0)
    assert Suppression.objects.filter(brand=azura).count() == 100
    with pytest.raises(upload.Refused, match="takes nobody off"):
        begin(azura, "suppressions", "")


def test_a_suppressed_address_is_known_to_the_next_decision(azura):
    player = cast.make_player(azura, "p")
    before = Standing.objects.get(person=player.person_id).generation
    bring(azura, "suppressions", "email\nP@Example.test\n")
    assert Standing.objects.get(person=player.person_id).generation > before


def test_a_new_secret_key_leaves_the_suppression_list_as_it_was(azura, settings):
    player = cast.make_player(azura, "p")
    bring(azura, "suppressions", "email\np@example.test\n")
    mine = [(player.pk, azura.pk, "email", "p@example.test")]

    settings.SECRET_KEY = "another one, since the old one was seen in a log"
    assert suppression.listed(mine) == {player.pk: {"email"}}

    settings.SUPPRESSION_KEY = ""  # a tool without the key says so; to it nobody would be on the list
    with pytest.raises(ImproperlyConfigured, match="SUPPRESSION_KEY"):
        suppression.listed(mine)


HISTORY = "id;category;stakes;wins;bets;last played;reference\nh1;slots;1 000,50;900;40;2025-07-01;\n"


def test_history_adds_up_and_a_correction_is_signed(azura):
    cast.make_player(azura, "h1", consents=())
    assert counts(bring(azura, "history", HISTORY)) == (1, 0, 0, 0)
    down = HISTORY.splitlines()[0] + "\nh1;slots;-100,50;-50;-4;2025-07-01;fix-17\n"
    assert counts(bring(azura, "history", down)) == (1, 0, 0, 0)
    assert counts(bring(azura, "history", down)) == (0, 0, 1, 0)

    state = PlayerState.objects.get(player__external_id="h1")
    assert (state.stake_real, state.win_real, state.rounds) == (900_00, 850_00, 36)
    assert verify(now=NOW) == []


def test_a_negative_opening_or_other_figures_need_a_reference(azura):
    cast.make_player(azura, "h1", consents=())
    head = HISTORY.splitlines()[0]
    bring(azura, "history", HISTORY)
    one = bring(azura, "history", f"{head}\nh1;table;-1;0;1;2025-07-01;\nh1;slots;7;7;7;2025-07-01;\n")
    assert counts(one) == (0, 0, 0, 2)
    assert Round.objects.count() == 1


_HEAD = HISTORY.splitlines()[0]


@pytest.mark.parametrize(
    ("kind", "lines", "found"),
    [
        ("history", "h1;slots;1;0;1;2025-07-01;fix\nh1;table;1;0;1;2025-07-01;fix\n", (1, 0, 0, 1)),
        ("history", "h1;slots;1;0;1;2025-07-01;fix\nh1;slots;1.00;0;1;2025-07-01;fix\n", (1, 0, 1, 0)),
        ("history", "h1;slots;1;0;1;2025-07-01;\nh1;slots;2;0;1;2025-07-01;\n", (1, 0, 0, 1)),
        ("history", "h1;slots;-1;0;1;2025-07-01;\nh1;slots;2;0;1;2025-07-01;\n", (1, 0, 0, 1)),
        ("history", "h1;slots;1;0;1;2025-07-01;a\nh1;slots;1;0;1;2025-07-01;b\n", (2, 0, 0, 0)),
        ("payments", "h1;t;deposit;;5;2025-07-01\nh1;t;deposit;approved;6;2025-07-01\n", (1, 0, 0, 1)),
        ("payments", "h1;t;deposit;;5;2025-07-01\nh1;t;deposit;approved;5.00;2025-07-01\n", (1, 0, 1, 0)),
        ("payments", "h1;t;deposit;;-5;2025-07-01\nh1;t;deposit;;5;2025-07-01\n", (1, 0, 0, 1)),
    ],
)
@pytest.mark.parametrize("at_a_time", [1, 500])
def test_a_check_says_of_two_lines_what_the_import_will_do(azura, monkeypatch, kind, lines, found, at_a_time):
    cast.make_player(azura, "h1", consents=())
    monkeypatch.setattr(running, "CHUNK", at_a_time)
    text = (_HEAD if kind == "history" else "id;txid;type;status;amount;date") + "\n" + lines

    assert counts(check(begin(azura, kind, text))) == found
    assert counts(bring(azura, kind, text)) == found


def test_a_check_killed_after_it_remembered_counts_those_lines_once(azura, monkeypatch):
    one = begin(azura, "players", crowd(5))
    running.check(one, now=NOW)

    def killed(*args, **kwargs):
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr(Import, "save", killed)
        with pytest.raises(KeyboardInterrupt):
            running.step(one.pk, now=NOW)
    assert counts(finish(one)) == (5, 0, 0, 0)


PAYMENTS = (
    "id,txid,type,status,amount,date\n"
    "pay,t1,deposit,success,50.00,2025-07-01 10:00\n"
    "pay,t2,withdraw,approved,20,2025-07-02 10:00\n"
    "pay,t3,deposit,declined,10,2025-07-03 10:00\n"
    "pay,t1,deposit,reversed,50,2025-07-04 10:00\n"
    "pay,t4,deposit,approved,-5,2025-07-04 10:00\n"
    "pay,t5,deposit,approved,1.005,2025-07-04 10:00\n"
)


def test_payments_of_the_past_become_state_and_start_nothing(azura):
    cast.make_player(azura, "pay", consents=())
    one = bring(azura, "payments", PAYMENTS)

    assert counts(one) == (4, 0, 0, 2)
    state = PlayerState.objects.get(player__external_id="pay")
    assert (state.deposits, state.deposit_sum, state.withdrawal_sum, state.declined_deposits) == (0, 0, 20_00, 1)
    assert Payment.objects.count() == 4
    assert all(fact.is_replay for fact in Fact.objects.filter(kind__startswith="deposit."))
    assert counts(bring(azura, "payments", PAYMENTS)) == (0, 0, 4, 2)
    assert verify(now=NOW) == []


def test_a_deposit_and_its_refund_by_withdrawal_share_an_id_and_are_two_payments(azura):
    """As in the table and in the feed; only the same direction with another amount is a contradiction."""
    cast.make_player(azura, "pay", consents=())
    refunded = "id,txid,type,status,amount,date\npay,t1,deposit,ok,50,2025-07-01\npay,t1,withdrawal,ok,50,2025-07-02\n"
    contradiction = refunded + "pay,t1,withdrawal,ok,49,2025-07-03\n"

    assert counts(check(begin(azura, "payments", refunded))) == (2, 0, 0, 0)
    assert counts(bring(azura, "payments", refunded)) == (2, 0, 0, 0)
    assert counts(bring(azura, "payments", contradiction)) == (0, 0, 2, 1)
    state = PlayerState.objects.get(player__external_id="pay")
    assert (state.deposit_sum, state.withdrawal_sum) == (50_00, 50_00)


def test_a_list_grows_and_never_shrinks(azura):
    for name in ("l1", "l2"):
        cast.make_player(azura, name, consents=())
    assert counts(bring(azura, "list", "l1\nl2\nl3\nl1\n", list_name="VIP dinner")) == (2, 0, 1, 1)
    assert counts(bring(azura, "list", "l1\n", list_name="VIP dinner")) == (0, 0, 1, 0)
    assert ListMember.objects.filter(list__name="VIP dinner").count() == 2


@pytest.mark.parametrize(
    ("attribute", "kind", "text"),
    [
        ({"attribute": "lists", "op": "is", "value": "VIP dinner"}, "list", "l1\n"),
        ({"attribute": "country", "op": "is", "value": "FI"}, "players", "id,country\nl1,FI\n"),
        ({"attribute": "kyc", "op": "is", "value": "rejected"}, "players", "id,kyc\nl1,rejected\n"),
        ({"attribute": "deposits", "op": "at_least", "value": 1}, "payments",
         "id,txid,type,amount,date\nl1,t1,deposit,50,2025-07-01\n"),
        ({"attribute": "consent", "op": "yes", "params": {"product": "casino", "channel": "email"}}, "consents",
         "player,product,channel,granted,date,wording,screen,origin\nl1,casino,email,yes,2025-01-02,v1,sign-up,azura\n"),
    ],
)  # fmt: skip
def test_a_segment_knows_at_its_next_tick_what_a_file_has_changed(azura, attribute, kind, text):
    for name in ("l1", "l2"):
        cast.make_player(azura, name, consents=(), country="MT")
    rule = {"all": [attribute, {"attribute": "lists", "op": "not_in", "value": ["Nobody", "No-one"]}]}
    segment = building.save_draft(None, azura, "Listed", rule, None, now=NOW)
    building.go_live(segment, None, acts_on_existing=False, now=NOW)
    building.build(segment.pk, now=NOW)
    assert not membership.members(segment).exists()

    bring(azura, kind, text, **({"list_name": "VIP dinner"} if kind == "list" else {}))
    batches.settle(now=NOW)
    membership.tick(now=NOW)

    inside = set(membership.members(segment).values_list("player__external_id", flat=True))
    assert inside == {"l1"}


def test_minor_units_are_taken_as_they_are(azura):
    cast.make_player(azura, "h1", consents=())
    one = begin(azura, "history", HISTORY.replace("1 000,50", "100050"))
    one.options["amounts"] = "minor"
    running.go(one, now=NOW)
    finish(one)
    assert PlayerState.objects.get(player__external_id="h1").stake_real == 100_050


def crowd(count: int) -> str:
    return "id,registered\n" + "".join(f"c{n},2025-01-01\n" for n in range(count))


def test_an_import_goes_on_behind_the_last_committed_line(azura, monkeypatch):
    monkeypatch.setattr(running, "CHUNK", 10)
    one = begin(azura, "players", crowd(25))
    running.go(one, now=NOW)
    assert running.step(one.pk, now=NOW) == 10

    def killed(*args, **kwargs):
        raise KeyboardInterrupt

    with monkeypatch.context() as dying:
        dying.setattr(running, "_whole_or_halves", killed)
        with pytest.raises(KeyboardInterrupt):
            running.step(one.pk, now=NOW)
    one.refresh_from_db()
    assert (one.line, Player.objects.filter(brand=azura).count()) == (10, 10)

    finish(one)
    assert (one.status, one.line, one.new) == ("done", 25, 25)
    assert Player.objects.filter(brand=azura).count() == 25


def test_what_a_dead_worker_held_is_taken_over_when_its_lease_is_over(azura):
    one = begin(azura, "players", crowd(3))
    running.go(one, now=NOW)
    assert running._claim(NOW) == one.pk
    assert running._claim(NOW + timedelta(seconds=30)) is None  # somebody is at it
    assert running.work(clock=lambda: NOW + timedelta(minutes=2)) == 3


def test_a_cancelled_import_keeps_what_is_in_and_can_go_on(azura, monkeypatch):
    monkeypatch.setattr(running, "CHUNK", 10)
    one = check(begin(azura, "players", crowd(25)))
    running.go(one, now=NOW)
    running.step(one.pk, now=NOW)
    running.cancel(one.pk, now=NOW)
    assert running.step(one.pk, now=NOW) == 0
    one.refresh_from_db()
    assert (one.status, one.line) == ("cancelled", 10)

    running.resume(one, now=NOW)
    assert finish(one).new == 25


def test_one_line_the_tables_cannot_hold_does_not_take_the_others_with_it(azura, monkeypatch):
    from players.imports import into

    one = begin(azura, "players", crowd(20))
    original = running._INTO["players"]

    def poisoned(job: into.Job, rows):
        if any(row.values["external_id"] == "c7" for row in rows):
            with connection.cursor() as db:
                db.execute("SELECT 1 / 0")
        return original(job, rows)

    monkeypatch.setitem(running._INTO, "players", poisoned)
    running.go(one, now=NOW)
    assert counts(finish(one)) == (19, 0, 0, 1)


def test_a_file_that_is_gone_stops_with_words(azura):
    one = begin(azura, "players", crowd(3))
    running.go(one, now=NOW)
    upload.discard(one.token)
    finish(one)
    assert (one.status, bool(one.note)) == ("failed", True)


def test_files_go_after_the_retention_and_the_counts_stay(azura):
    one = bring(azura, "players", PLAYERS)
    assert running.purge(now=NOW + timedelta(days=6), keep=timedelta(days=7)) == 0
    assert running.purge(now=NOW + timedelta(days=8), keep=timedelta(days=7)) == 1
    assert not upload.path_of(one.token).exists()
    assert not upload.errors_of(one.token).exists()
    one.refresh_from_db()
    assert one.new == 2
    assert one.purged_at


def test_a_player_of_another_brand_is_nobody_here(azura, anna):
    assert counts(bring(azura, "contacts", "id,email\nanna,thief@example.test\n")) == (0, 0, 0, 1)
    assert anna.contacts.get(channel="email").address == "anna@example.test"
