"""The check of the words in the languages of the licences: what sells inside a service message, and what does not."""

import re

import pytest

from compliance.lint import languages, words
from compliance.lint.languages import da, de, en, es, fr, nl, sv

SELLS = {
    "en": ["Your bonus waits", "Make your first deposit and start playing today!", "Top up and bet now", "Place a bet",
           "5/1 on Arsenal", "Bayern @ 2.50", "100 free spins"],
    "sv": ["Din välkomstbonus väntar: 50 gratissnurr! Sätt in nu.", "Spela nu, betala senare", "Lägg ett spel",
           "Gör en insättning", "Ett erbjudande till dig"],
    "de": ["Willkommensbonus: 100 Freispiele, jetzt einzahlen", "Zahlen Sie jetzt 20 Euro ein", "Spielen Sie jetzt",
           "Platzieren Sie eine Wette", "Unser Angebot für Sie"],
    "nl": ["Stort nu 20 euro", "Speel nu", "Plaats een weddenschap", "Doe je eerste storting", "Gratis spins"],
    "da": ["Spil nu", "Indbetal i dag", "Placer et spil", "Dit velkomsttilbud", "Lav din første indbetaling"],
    "es": ["Juega ahora", "Haz tu primer depósito", "Deposita hoy", "Tienes un bono", "Tiradas gratis"],
    "fr": ["Jouez maintenant", "Faites votre premier dépôt", "Placez un pari", "Des tours gratuits", "Nos offres"],
}  # fmt: skip
SERVES = {
    "en": ["Your deposit of 20 EUR has arrived", "Your limit is now active", "You can play again from 3 March",
           "You can't play now: your time-out ends on 5/1/2027", "To place a bet your age has to be verified",
           "We are here 24/7", "You will get no promotions during your time-out", "We will not send you offers any more",
           "Please quote number 123/4", "Play responsibly", "GamCare offers free, confidential help"],
    "sv": ["Din insättning är bokförd", "Din gräns gäller nu", "Du kan spela igen från den 5/1", "Du kan inte spela nu",
           "Du får inga erbjudanden under spelpausen", "Spela på ett ansvarsfullt sätt", "Ditt uttag är på väg"],
    "de": ["Deine Einzahlung ist eingegangen", "Ihr Einzahlungslimit gilt jetzt", "Die Transaktion wurde abgelehnt",
           "Bitte laden Sie Ihr Dokument hoch", "Sie erhalten keine Angebote mehr", "Spielen Sie verantwortungsvoll"],
    "nl": ["Je storting is ontvangen", "Je limiet is nu actief", "Speel bewust", "Actie vereist: upload je paspoort",
           "Je ontvangt geen aanbiedingen meer", "Zet in je agenda: 3 maart"],
    "da": ["Din indbetaling er modtaget", "Din grænse er nu aktiv", "Spil ansvarligt", "Du kan ikke spille nu",
           "Du modtager ikke længere tilbud", "Tilbud om hjælp hos StopSpillet"],
    "es": ["Tu depósito de 20 EUR ha sido abonado", "Tu límite ya está activo", "Juega con responsabilidad",
           "Ya no recibirás ofertas", "No puedes jugar ahora"],
    "fr": ["Votre dépôt de 20 $ a été reçu", "Votre limite est maintenant active", "Jouez avec modération",
           "Vous ne recevrez plus d'offres", "Déposez votre pièce d'identité"],
}  # fmt: skip
# One of each thing no message should do, said in each language.
DOES = {
    "urgency": ["Hurry", "Sista chansen", "Nur noch heute", "Alleen vandaag", "Kun i dag", "Solo hoy", "Dernière chance"],
    "chasing_losses": ["Win back your money", "Vinn tillbaka dina pengar", "Hol dir dein Geld zurück", "Win je geld terug",
                       "Vind dine penge tilbage", "Recupera lo perdido", "Récupérez vos pertes"],
    "raise_stakes": ["Bet bigger", "Höj insatsen", "Verdopple deinen Einsatz", "Verhoog je inzet", "Hæv din indsats",
                     "Sube la apuesta", "Doublez vos mises"],
    "play_longer": ["Keep playing", "Fortsätt spela", "Spiel weiter", "Speel door", "Spil videre", "Sigue jugando",
                    "Continuez à jouer"],
    "cancel_withdrawal": ["Cancel your withdrawal", "Avbryt ditt uttag", "Stornieren Sie Ihre Auszahlung",
                          "Annuleer je opname", "Annuller din udbetaling", "Cancela tu retirada", "Annulez votre retrait"],
    "credit": ["Play now, pay later", "Spela nu, betala senare", "Jetzt spielen, später zahlen", "Speel nu, betaal later",
               "Spil nu, betal senere", "Juega ahora y paga después", "Jouez maintenant, payez plus tard"],
    "promise": ["Easy money", "Garanterad vinst", "Leichtes Geld", "Makkelijk geld", "Nemme penge", "Dinero fácil",
                "Argent facile"],
}  # fmt: skip


@pytest.mark.parametrize("said", [text for texts in SELLS.values() for text in texts])
def test_a_service_message_that_asks_to_play_or_offers_something_sells(said: str) -> None:
    assert words.selling(f"Hello Anna. {said}")


@pytest.mark.parametrize("said", [text for texts in SERVES.values() for text in texts])
def test_what_a_service_message_has_to_say_sells_nothing(said: str) -> None:
    assert not words.selling(f"Hello Anna. {said}.")
    assert not words.found(f"Hello Anna. {said}.")


@pytest.mark.parametrize(("tag", "said"), [(tag, text) for tag, texts in DOES.items() for text in texts])
def test_each_thing_no_message_should_do_is_known_in_each_language(tag: str, said: str) -> None:
    assert tag in {one.tag for one in words.found(f"Hello Anna. {said}!")}


def test_every_language_says_something_of_every_kind() -> None:
    known = {module.__name__.rpartition(".")[2]: module.WORDS for module in (en, sv, de, nl, da, es, fr)}
    assert known.keys() == SELLS.keys() == SERVES.keys()
    assert all(said.keys() == en.WORDS.keys() for said in known.values())
    for entry in languages.entries(*en.WORDS):
        letters = re.sub(r"\\.", "", entry)
        assert letters == letters.lower()
        assert not re.compile(entry).groups


@pytest.mark.parametrize(
    "hidden", ["V&auml;lkomst&shy;bonus", "bo<b>nus</b>", "Bo\u200bnus", "bo\u0308nus BONUS", "ＢＯＮＵＳ"]
)
def test_letters_nobody_sees_hide_no_word(hidden: str) -> None:
    assert words.selling(hidden)


def test_a_button_begins_a_sentence_of_its_own() -> None:
    assert words.selling("<p>Your papers are in order</p><a href='https://x.example'>Place a bet</a>") == "Place a bet"
    assert not words.selling("<p>Before you can <b>place a bet</b> we need your papers</p>")


def test_what_is_not_to_be_missed_is_an_offer_all_the_same() -> None:
    assert not words.selling("Sie erhalten keinen Bonus mehr")
    assert words.selling("Verpassen Sie keinen Bonus mehr") == "Bonus"
