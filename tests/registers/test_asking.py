"""The registers are asked before a send is due, and only a definite answer is one. Real HTTP against faithful fakes."""

from datetime import date, timedelta

import pytest

from compliance.models import RegisterAccess, RegisterCheck, Standing
from compliance.persons import arriving
from compliance.registers import asking, calling
from compliance.registers.catalogue import REGISTERS
from compliance.registers.contract import LOGIN, MARKETING, Call, NotAskable, Reply, Subject
from config.casino.registers import Registers
from config.lib.clock import utcnow
from tests import cast

NUMBER = "198505170061"
WHO = {
    "gamstop": Subject("Anna", "Archer", date(1985, 5, 17), "GB", "anna@example.test", postcode="sw1a 1aa"),
    "spelpaus": Subject("Kaja", "Karlsson", date(1985, 5, 17), "SE", national_id="850517-0061".replace("850517", "19850517")),
    "oasis": Subject("Jörg", "Maier", date(1985, 5, 17), "DE", postcode="64283", street="Luisenplatz 2", city="Darmstadt",
                     birth_place="Kassel"),
    "cruks": Subject("Saskia", "de Vries", date(1985, 5, 17), "NL", national_id="111222333"),
    "rofus": Subject("Mads", "Holm", date(1985, 5, 17), "DK", national_id="170585-1234"),
    "rgiaj": Subject("Lucía", "Pérez", date(1985, 5, 17), "ES", national_id="12345678Z"),
    "betguard": Subject("Owen", "Clark", date(1985, 5, 17), "CA", "owen@example.test", postcode="M5V 2T6"),
}  # fmt: skip


@pytest.fixture(scope="module")
def fakes():
    fakes = Registers(0, "a-key", lambda register, by: by in fakes.people)
    fakes.people = set()
    yield fakes
    fakes.close()


@pytest.fixture
def registers(fakes, settings, monkeypatch):
    fakes.people.clear(), fakes.mood.clear(), fakes.asked.clear()
    settings.REGISTER_HOSTS = [fakes.host]
    monkeypatch.setenv("REGISTER_KEY_TEST", "a-key")
    return fakes


def access_of(brand, register, registers, **fields):
    return RegisterAccess.objects.create(
        licence=brand.licence, register=register, base_url=f"http://{registers.host}/{register}", actor="20",
        key_name="REGISTER_KEY_TEST", **{"ask_again_after": timedelta(hours=12)} | fields,
    )  # fmt: skip


def swede(**fields):
    player = cast.make_player(cast.bjork(), register=None, birth_date=date(1985, 5, 17), **fields)
    now = utcnow()
    arriving.take([(player.pk, now, {"national_id": NUMBER, "national_id_country": "SE"})], now=now)
    return player


def due(players, monkeypatch):
    monkeypatch.setattr("campaigns.due.players", lambda until, limit: [player.pk for player in players])


def newest(player):
    return RegisterCheck.objects.filter(player=player).order_by("pk").last()


@pytest.mark.parametrize("name", WHO)
@pytest.mark.parametrize("is_listed", [False, True])
def test_each_register_says_who_is_listed_and_who_is_not(registers, name, is_listed):
    register, purpose = REGISTERS[name], LOGIN
    form = register.form(WHO[name])
    if is_listed:
        by = form.get("subjectId") or form.get("nationalId") or form.get("email") or "jörg maier 1985-05-17"
        registers.people.add(by.casefold())
    base = f"http://{registers.host}" + ("" if name not in {"gamstop", "spelpaus"} else f"/{name}")

    answers = calling.ask(base, register.adapter, register.adapter.calls([(7, form)], purpose, "20", "a-key", "r"))

    assert answers[7].result == ("listed" if is_listed else "clear")
    assert answers[7].reference
    assert answers[7].took_ms is not None


@pytest.mark.parametrize("name", WHO)
@pytest.mark.parametrize("mood", ["busy", "broken", "login_page"])
def test_whatever_is_no_definite_word_is_no_answer(registers, name, mood):
    register = REGISTERS[name]
    registers.mood[name] = mood
    base = f"http://{registers.host}" + ("" if name not in {"gamstop", "spelpaus"} else f"/{name}")

    calls = register.adapter.calls([(7, register.form(WHO[name]))], LOGIN, "20", "a-key", "r")

    assert calling.ask(base, register.adapter, calls)[7].result == "unavailable"


def test_an_answer_to_another_question_clears_nobody():
    adapter = REGISTERS["spelpaus"].adapter
    [call] = adapter.calls([(7, {"subjectId": NUMBER})], MARKETING, "20", "k", "mine")
    strange = Reply(200, {}, {"requestId": "another", "allowedItemIds": ["7"], "responseId": "x"})

    assert adapter.read(call, strange)[7].result == "unavailable"
    assert adapter.read(call, Reply(200, {}, ["7"]))[7].result == "unavailable"


def test_who_the_marketing_answer_does_not_name_may_not_be_written_to():
    adapter = REGISTERS["spelpaus"].adapter
    [call] = adapter.calls([(7, {"subjectId": NUMBER}), (8, {"subjectId": NUMBER})], MARKETING, "20", "k", "q")

    found = adapter.read(call, Reply(200, {}, {"requestId": "q-0", "allowedItemIds": ["8"], "responseId": "x"}))

    assert {pk: answer.result for pk, answer in found.items()} == {7: "listed", 8: "clear"}


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("spelpaus", {"national_id": "850517-0061"}), ("spelpaus", {"national_id": "198505170062"}),
        ("spelpaus", {"national_id": ""}), ("cruks", {"national_id": "111222334"}),
        ("cruks", {"national_id": "000000000"}), ("rofus", {"national_id": "3202851234"}),
        ("rofus", {"national_id": "1805851234"}), ("rgiaj", {"national_id": "12345678A"}),
        ("gamstop", {"postcode": "12345"}), ("gamstop", {"postcode": ""}), ("gamstop", {"born": None}),
        ("oasis", {"birth_place": ""}), ("oasis", {"postcode": "SW1A 1AA"}), ("betguard", {"postcode": "V5K 0A1"}),
    ],
)  # fmt: skip
def test_a_wrong_identifier_is_refused_before_anybody_is_asked(name, wrong):
    with pytest.raises(NotAskable) as refused:
        REGISTERS[name].form(Subject(**vars(WHO[name]) | wrong))

    assert not any(part and part in str(refused.value) for part in map(str, wrong.values()) if len(part) > 5)


@pytest.mark.django_db
def test_whoever_is_written_to_soon_is_asked_about_through_the_marketing_question(registers, monkeypatch):
    free, listed = swede(), cast.make_player(cast.bjork(), register=None, birth_date=date(1985, 5, 17))
    arriving.take([(listed.pk, utcnow(), {"national_id": "198505170079", "national_id_country": "SE"})], now=utcnow())
    registers.people.add("198505170079")
    access_of(cast.bjork(), "spelpaus", registers)
    due([free, listed], monkeypatch)

    assert asking.ask_before_sends(now=utcnow()) == 2

    assert [path for _, path, _ in registers.asked] == ["/spelpaus/api/marketing-subjectid/20"]
    assert (newest(free).result, newest(free).purpose, newest(free).by) == ("clear", "marketing", "us")
    assert Standing.objects.get(person=listed.person_id).verdict == "excluded"
    assert asking.ask_before_sends(now=utcnow()) == 0, "an answer of a moment ago is young enough"


@pytest.mark.django_db
def test_a_wrong_number_is_no_answer_on_record_and_nobody_was_asked(registers, monkeypatch):
    player = cast.make_player(cast.bjork(), register=None)
    access_of(cast.bjork(), "spelpaus", registers)
    due([player], monkeypatch)

    asking.ask_before_sends(now=utcnow())

    assert (newest(player).result, newest(player).detail) == ("unavailable", "not asked: not known: personal number")
    assert not registers.asked


@pytest.mark.django_db
def test_a_register_that_is_down_answers_nobody_and_is_left_alone_for_longer_each_time(registers, monkeypatch):
    player, access, now = swede(), access_of(cast.bjork(), "spelpaus", registers), utcnow()
    registers.mood["spelpaus"] = "broken"
    due([player], monkeypatch)
    pauses = []
    for _ in range(3):
        assert asking.ask_before_sends(now=now) == 1
        access.refresh_from_db()
        pauses.append(access.paused_until - now)
        assert asking.ask_before_sends(now=now + timedelta(seconds=1)) == 0
        now += timedelta(minutes=6)

    assert newest(player).result == "unavailable"
    assert pauses == [timedelta(seconds=30), timedelta(seconds=60), timedelta(seconds=120)]
    assert access.trouble == "answered 503 without a definite word"

    registers.mood.clear()
    asking.ask_before_sends(now=now)
    access.refresh_from_db()
    assert (newest(player).result, access.failures, access.trouble) == ("clear", 0, "")


@pytest.mark.django_db
def test_a_register_that_may_not_be_asked_for_marketing_is_not(registers):
    access = access_of(cast.bjork(), "cruks", registers)

    with pytest.raises(NotAskable, match="CRUKS may not be asked for marketing"):
        asking.ask(access, [], MARKETING, now=utcnow())
    calls = [
        Call(
            "/cruks/check",
            (1,),
            {"Authorization": "Bearer a-key"},
            {"reference": "r", "purpose": MARKETING, "subject": {}},
        )
    ]
    answers = calling.ask(f"http://{registers.host}", REGISTERS["cruks"].adapter, calls)
    assert answers[1].result == "unavailable", "and the register itself refuses it"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"base_url": "http://127.0.0.1:1/spelpaus"}, "127.0.0.1:1 is not among REGISTER_HOSTS."),
        ({"key_name": "SECRET_KEY"}, "SECRET_KEY is not set in the environment of the worker."),
    ],
)
def test_only_allowed_hosts_are_called_and_only_keys_of_registers_are_sent(registers, monkeypatch, fields, words):
    player = swede()
    access = access_of(cast.bjork(), "spelpaus", registers)
    RegisterAccess.objects.filter(pk=access.pk).update(**fields)
    due([player], monkeypatch)

    asking.ask_before_sends(now=utcnow())

    access.refresh_from_db()
    assert access.trouble == words
    assert not registers.asked
    assert newest(player) is None
