"""One month of one brand, from play and ledger to page, PDF and CSV."""

import csv
import io
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from bonuses import ledger
from bonuses.books import Book
from bonuses.models import Grant
from config.lib.clock import utcnow
from players.models import Brand, Category, DailyActivity, Player
from players.partitions import ensure_for
from reporting import definitions, exports, pdf
from reporting.models import NgrDefinition
from reporting.questions import drill
from reporting.questions.one_player import months
from reporting.questions.scope import Period, Scope
from reporting.statements import Statement, build
from tests import cast
from tests.cast import make_player
from tests.ledger.conftest import give, make_terms

pytestmark = pytest.mark.django_db
for make in cast.EVERYBODY:
    globals()[make.__name__] = cast.as_fixture(make)

MONTH = Period.month(2026, 10)
DAY = date(2026, 10, 14)
NOON = datetime(2026, 10, 14, 12, tzinfo=UTC)


def played(player: Player, category: Category = Category.SLOTS, day: date = DAY, **sums: int) -> None:
    DailyActivity.objects.create(player=player, day=day, category=category, **sums)


@pytest.fixture
def october(azura: Brand) -> Statement:
    """W05's play on two players and two categories, with a bonus of Finn's in the books and a tester beside."""
    definitions.ensure_defaults()
    ensure_for([NOON])
    finn, mo = make_player(azura, "finn"), make_player(azura, "mo", affiliate="spinscout")
    tester = make_player(azura, "tester", is_test=True)
    grant = give(finn, make_terms(azura, amount=500_00), granted_at=NOON - timedelta(days=30)).grant
    book = Book(grant.pk, finn.pk, azura.pk, "EUR")
    ledger.post(
        [
            book.entry("s", "stake", book.money, book.house("bonus_play"), 300_00, NOON),
            book.entry("w", "win", book.house("bonus_play"), book.money, 100_00, NOON),
            book.entry("r", "release", book.money, book.house("released"), 214_00, NOON + timedelta(days=1)),
        ],
        now=utcnow(),
    )
    played(finn, rounds=100, stake_real=24_000_00, win_real=22_680_00, stake_bonus=300_00, win_bonus=100_00)
    played(mo, Category.SPORTS, rounds=10, stake_real=1_000_00, win_real=1_010_00)
    played(mo, Category.NONE, deposits=2, deposit_sum=6_400_00, withdrawals=3, withdrawal_sum=100_00)
    played(tester, rounds=9, stake_real=999_999_00)
    return build(azura, MONTH, definitions.default_for(azura, DAY), utcnow())


def test_the_lines_come_from_play_and_ledger_without_the_testers(october: Statement) -> None:
    assert october.played.cash_ggr == 1_310_00
    assert october.played.bonus_ggr == 200_00
    assert october.amount("total_ggr") == 1_510_00
    assert october.amount("bonus_cost") == 200_00 + 214_00
    assert october.amount("payments") == 6_400_00 * 21 // 1000 + 3 * 25
    assert (october.header.test_players, october.header.players, october.header.rounds) == (1, 2, 110)


def test_the_bonus_money_rolls_forward(october: Statement) -> None:
    bonus = october.bonus

    assert (bonus.opening, bonus.issued, bonus.net_play, bonus.released) == (500_00, 0, 200_00, 214_00)
    assert bonus.closing == 86_00
    assert sum(step.amount for step in october.roll_forward) == bonus.closing - bonus.opening


def test_the_categories_add_up_to_the_cent(october: Statement) -> None:
    assert sum(row.played.total_ggr for row in october.categories) == october.amount("total_ggr")
    assert sum(row.bonus_cost for row in october.categories) == october.amount("bonus_cost")
    assert {row.label: str(row.hold) for row in october.categories}["Sports"] == "-1.00"


@pytest.mark.parametrize("key", list(drill.LABELS))
def test_every_figure_keeps_its_sum_down_to_the_entries(october: Statement, azura: Brand, key: str) -> None:
    scope = Scope(azura, "EUR", MONTH)
    days = drill.by_day(scope, key)
    for piece in days:
        on_day = scope.on(Period(piece.day, piece.day))
        players = drill.by_player(on_day, key)
        assert sum(p.amount for p in players) == piece.amount
        for player in players:
            one = Scope(azura, "EUR", on_day.period, player_id=player.player_id)
            assert sum(e.amount for e in drill.entries(one, key)) == player.amount
    whole = {**{k: getattr(october.played, k) for k in drill.PLAYED if k != "deposits"},
             **{k: getattr(october.bonus, k) for k in drill.BOOKED}, "deposits": october.paid.deposit_sum}  # fmt: skip
    assert sum(p.amount for p in days) == whole[key]


def test_the_same_figures_have_the_same_hash_whenever_they_are_printed(october: Statement, azura: Brand) -> None:
    again = build(azura, MONTH, definitions.default_for(azura, DAY), utcnow() + timedelta(hours=3))
    other = build(azura, MONTH, NgrDefinition.objects.get(name="Bonuses when issued"), utcnow())

    assert again.hash == october.hash
    assert other.hash != october.hash


def test_the_pdf_says_what_the_page_says(october: Statement) -> None:
    from pypdf import PdfReader

    reader = PdfReader(io.BytesIO(pdf.render(october)))
    text = " ".join(page.extract_text() for page in reader.pages).replace("\u202f", " ").replace("\xa0", " ")

    assert len(reader.pages) <= 3
    for said in ("1 510.00 EUR", "Standard, Malta v1", october.hash[:16], "1 test accounts", "Azura"):
        assert said in text


def test_the_csv_cannot_trick_a_spreadsheet_and_keeps_its_numbers(october: Statement) -> None:
    rows = {row[0]: row for row in csv.reader(io.StringIO(exports.statement_csv(october))) if row}

    assert rows["Total GGR"][1] == "1510.00"
    assert [exports.safe(x) for x in ("=1+1", "@x", "+49", "-2", -2, "x")] == ["'=1+1", "'@x", "'+49", "'-2", "-2", "x"]


def test_a_grant_of_a_tester_is_not_a_liability(azura: Brand) -> None:
    give(make_player(azura, "tester", is_test=True), make_terms(azura))

    assert build(azura, MONTH, _any(), utcnow()).bonus.closing == 0
    assert Grant.objects.count() == 1


def _any() -> NgrDefinition:
    definitions.ensure_defaults()
    return NgrDefinition.objects.get(jurisdiction="MT")


def test_pages_open_for_finance_and_stay_shut_for_others(
    october: Statement, azura: Brand, fiona, client: Client
) -> None:
    client.force_login(fiona)
    query = f"?brand={azura.pk}&first=2026-10-01&last=2026-10-31"
    for name, args in (("ngr", []), ("ngr-csv", []), ("ngr-pdf", []), ("ngr-drill", ["released"])):
        assert client.get(reverse(f"reports:{name}", args=args) + query).status_code == 200
    day = client.get(reverse("reports:ngr-drill", args=["released"]) + query + "&day=2026-10-15")
    assert "finn" in day.content.decode()
    finn = Player.objects.get(external_id="finn")
    assert client.get(reverse("reports:ngr-player", args=[finn.pk])).status_code == 200
    assert client.get(reverse("reports:ngr-drill", args=["wishes"]) + query).status_code == 404
    assert client.get(reverse("reports:ngr") + "?brand=999999").status_code == 404
    for nonsense in (
        "first=yesterday",
        "definition=x",
        "currency=ZZZ",
        "first=2026-12-31&last=2026-01-01",
        "first=0001-01-01&last=9999-12-31",
    ):
        assert client.get(reverse("reports:ngr") + f"?brand={azura.pk}&{nonsense}").status_code == 200

    client.force_login(cast.make_operator("Sam", "support_agent"))
    assert client.get(reverse("reports:ngr")).status_code == 403


def test_before_there_is_a_definition_the_page_says_how_to_start(azura: Brand, fiona, client: Client) -> None:
    client.force_login(fiona)
    assert "No NGR definition yet" in client.get(reverse("reports:ngr")).content.decode()

    client.post(reverse("reports:ngr-definitions"))

    assert "Waterfall" in client.get(reverse("reports:ngr")).content.decode()


def test_finns_bonus_of_50_on_a_ggr_of_200_is_150_or_164_30_or_172(azura: Brand) -> None:
    ensure_for([NOON])
    finn = make_player(azura, "finn")
    grant = give(finn, make_terms(azura), granted_at=NOON).grant
    book = Book(grant.pk, finn.pk, azura.pk, "EUR")
    ledger.post(
        [
            book.entry("w", "win", book.house("bonus_play"), book.money, 372_00, NOON),
            book.entry("s", "stake", book.money, book.house("bonus_play"), 400_00, NOON),
        ],
        now=utcnow(),
    )
    played(finn, rounds=9, stake_real=1800_00, win_real=1628_00, stake_bonus=400_00, win_bonus=372_00)

    month = months(Scope(azura, "EUR", MONTH, player_id=finn.pk), _any())[0]

    assert month.play.total_ggr == 200_00
    assert {row.method: row.ngr for row in month.methods} == {
        "issue": 150_00, "issue_net": 150_00, "release": 172_00, "wagering": 172_00, "provision": 164_30
    }  # fmt: skip
    assert (month.inputs.bonus.closing, month.provision) == (22_00, 7_70)
