"""From the text of a cell to a value."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from players.imports import values
from players.imports.values import Reading, Wrong

STOCKHOLM = Reading("dmy", "Europe/Stockholm", datetime(2026, 12, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    ("cell", "amount"),
    [("1234.5", "1234.5"), ("1 234,50", "1234.50"), ("1.234,50", "1234.50"), ("1,234.50", "1234.50"), ("-3", "-3"),
     ("(12.00)", "-12.00"), ("12-", "-12"), ("1'000'000", "1000000"), ("1,234", "1234"), ("1.234.567", "1234567"),
     ("−5,1", "-5.1"), ("0", "0"), ("+7", "7")],
)  # fmt: skip
def test_a_number_is_read_as_it_is_written_here_or_there(cell, amount):
    assert values.number(cell, STOCKHOLM) == Decimal(amount)


@pytest.mark.parametrize("cell", ["", "12 EUR", "1e9", "abc", "--1", "1..2", "NaN", "Infinity", "9" * 20, "1 2 3"])
def test_what_is_no_number_is_refused(cell):
    with pytest.raises(Wrong):
        values.number(cell, STOCKHOLM)


@pytest.mark.parametrize(
    ("cell", "at"),
    [("2026-03-31", "2026-03-31T10:00Z"), ("31/03/2026", "2026-03-31T10:00Z"), ("31.3.26 14:05", "2026-03-31T12:05Z"),
     ("2026-03-31T14:05:30Z", "2026-03-31T14:05:30Z"), ("2026-03-31 14:05:30+02:00", "2026-03-31T12:05:30Z"),
     ("20260331", "2026-03-31T10:00Z"), ("2026/03/31 00:00", "2026-03-30T22:00Z")],
)  # fmt: skip
def test_a_time_is_the_brands_and_a_day_is_its_noon(cell, at):
    assert values.moment(cell, STOCKHOLM) == datetime.fromisoformat(at)


def test_americans_write_the_month_first():
    assert values.day("03/31/1990", Reading("mdy")) == date(1990, 3, 31)


@pytest.mark.parametrize("cell", ["31/31/2026", "2026-02-30", "yesterday", "2026-03-31 25:00", "1999-01-01", "2031-01-01",
                                  "0001-01-01", "9999-12-31T23:59:59-12:00", "2026-03-31 14:05 CET",
                                  "2026-03-31 14:05+24:00", "2026-03-31 14:05-99:59"])  # fmt: skip
def test_what_is_no_time_or_no_possible_one_is_refused(cell):
    with pytest.raises(Wrong):
        values.moment(cell, STOCKHOLM)


@pytest.mark.parametrize(("cell", "phone"), [("+44 7700 900123", "+447700900123"), ("0046701234567", "+46701234567"),
                                             ("447700900123", "+447700900123")])  # fmt: skip
def test_a_phone_number_is_kept_in_one_form(cell, phone):
    assert values.phone(cell, STOCKHOLM) == phone


@pytest.mark.parametrize(
    ("parse", "cell"),
    [(values.phone, "0701234567"), (values.email, "anna at example"), (values.country, "XX"), (values.currency, "EURO"),
     (values.flag, "maybe"), (values.category, "none"), (values.text(5), "123456"), (values.text(5), "a\x07"),
     (values.text(5), "\ud800"), (values.whole(0, 9), "1.5"), (values.zone, "Mars/Olympus")],
)  # fmt: skip
def test_a_cell_nobody_can_mean_says_what_would_be_right(parse, cell):
    with pytest.raises(Wrong) as wrong:
        parse(cell, STOCKHOLM)
    assert len(str(wrong.value)) > 10
