"""A file of exchange rates is looked at before it is recorded: each line says what it would do, or why nothing."""

import json
from datetime import timedelta
from decimal import Decimal
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from compliance import rate_files, rates
from compliance.models import AuditEntry, Rate
from config.lib.clock import utcnow
from tests import cast

pytestmark = pytest.mark.django_db
PAGE = "compliance:rate-file"


@pytest.fixture
def officer(client: Client) -> Client:
    client.force_login(cast.olivia())
    return client


def look(client: Client, text: str | bytes) -> str:
    content = text.encode() if isinstance(text, str) else text
    answer = client.post(reverse(PAGE), {"file": SimpleUploadedFile("eurofxref.csv", content), "source": "ECB"})
    return unescape(answer.content.decode())


def record(client: Client, text: str) -> int:
    return client.post(reverse(PAGE), {"text": text, "source": "ECB", "yes": "1"}).status_code


def test_the_banks_daily_file_is_shown_first_and_recorded_with_a_yes(officer: Client) -> None:
    today = utcnow().date()
    text = f"Date, USD, GBP, SEK, \n{today.day} {today:%B %Y}, 1.2500, 0.8000, 10.0000, \n"
    page = look(officer, text)
    assert "Record 3 rates" in page
    assert not Rate.objects.exists()
    assert record(officer, text) == 302
    assert dict(Rate.objects.values_list("currency", "value")) == {
        "USD": Decimal("0.8"), "GBP": Decimal("1.25"), "SEK": Decimal("0.1"),
    }  # fmt: skip
    [entry] = AuditEntry.objects.filter(kind="rates.recorded")
    after = json.loads(entry.payload)["after"]
    assert (after["rates"], after["refused"], after["source"]) == (3, 0, "ECB")


def test_one_bad_rate_is_refused_and_the_others_go_on(officer: Client) -> None:
    now = utcnow()
    day, ahead = now.date(), (now + timedelta(days=2)).date()
    text = f"Date,USD,XXZ,SEK,GBP\n{day},1.25,2,N/A,0\n{ahead},1.25,,,\nyesterday,1.25,,,\n{day},1.26,,,\n"
    reading = rate_files.read(text, now=now)
    assert [(line.number, line.currency) for line in reading.good] == [(2, "USD")]
    assert {(line.number, line.currency): line.why for line in reading.refused} == {
        (2, "XXZ"): "'XXZ' is no currency that needs a rate.", (2, "GBP"): "'0' is no rate.",
        (3, "USD"): f"{ahead} has not come yet.", (4, "USD"): "'yesterday' and '0.8' are no day and no rate.",
        (5, "USD"): "this currency and day stand in the file already",
    }  # fmt: skip
    page = look(officer, text)
    assert all(line.why in page for line in reading.refused)
    assert record(officer, text) == 302
    assert [row.currency for row in Rate.objects.all()] == ["USD"]


@pytest.mark.parametrize(("text", "value"), [
    ("KEY,FREQ,CURRENCY,CURRENCY_DENOM,TIME_PERIOD,OBS_VALUE\nEXR.D.GBP,D,GBP,EUR,{day},0.8\n", "1.25"),
    ("currency;day;rate\nGBP;{day};1,1504\n", "1.1504"),
    ("GBP, {day}, 1.1504", "1.1504"),
])  # fmt: skip
def test_the_portal_and_ones_own_lines_are_understood_too(text: str, value: str) -> None:
    now = utcnow()
    [line] = rate_files.read(text.format(day=now.date()), now=now).good
    assert (line.currency, line.value) == ("GBP", Decimal(value))


def test_a_rate_for_another_currency_than_the_euro_is_not_taken_for_one() -> None:
    now = utcnow()
    text = f"CURRENCY,CURRENCY_DENOM,TIME_PERIOD,OBS_VALUE\nGBP,USD,{now.date()},0.8\n"
    assert [line.currency for line in rate_files.read(text, now=now).refused] == ["GBP for USD"]


def test_what_is_on_record_is_left_out_and_a_large_move_asks_for_a_second_look(officer: Client) -> None:
    now = utcnow()
    day, before = now.date(), (now - timedelta(days=1)).date()
    rates.record([("GBP", str(before), "1.15"), ("SEK", str(before), "0.09")], source="ECB", actor=None, now=now)
    text = f"GBP,{before},1.15\nGBP,{day},1.16\nSEK,{day},0.9"
    reading = rate_files.read(text, now=now)
    assert (reading.known, len(reading.good), reading.strange) == (1, 2, 1)
    assert "recorded: look twice" in look(officer, text)
    record(officer, text)
    assert Rate.objects.count() == 4


@pytest.mark.parametrize(("content", "said"), [
    (b"", "The submitted file is empty"), (b"hello", "The first line should begin"), (b"Date,USD\n", "There is no rate in it"),
    (b"PK\x03\x04\xff\xfe", "This is no text"), (b"a" * 140_000 + b",1", "This is no CSV"), (b"USD,2026-11-20,1\n" * 5001, "More than 5000 rates"),
])  # fmt: skip
def test_a_file_that_is_none_says_what_is_wrong(officer: Client, content: bytes, said: str) -> None:
    assert said in look(officer, content)
    assert not Rate.objects.exists()


def test_who_may_only_look_brings_no_file(client: Client) -> None:
    client.force_login(cast.carla())
    assert client.post(reverse(PAGE), {"text": "GBP,2026-11-20,1", "source": "x", "yes": "1"}).status_code == 403
