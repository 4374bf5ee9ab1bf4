import smtplib
from pathlib import Path

import httpx

from config.casino.credit import Credit
from config.casino.mailbox import Mailbox, serve
from config.embedded.processes import free_port


def test_the_mailbox_is_a_real_server_that_keeps_what_it_gets_and_goes_on_counting(tmp_path: Path) -> None:
    mailbox, port = Mailbox(tmp_path), free_port()
    controller = serve(mailbox, port)
    try:
        with smtplib.SMTP("127.0.0.1", port) as client:
            client.sendmail("crm@northlight.example", ["anna@mail.example"], "Subject: Hello\r\n\r\nAnna")
    finally:
        controller.stop()

    assert mailbox.addresses == {"anna@mail.example": 1}
    assert b"Subject: Hello" in (tmp_path / "00000001.eml").read_bytes()
    assert Mailbox(tmp_path).count == 1


def test_the_wallet_credits_once_per_key_also_after_a_restart(tmp_path: Path) -> None:
    book, told = tmp_path / "credits.jsonl", []
    body = {"grant_ref": "g1", "player": "anna", "amount": 1000, "currency": "GBP"}
    for _ in range(2):
        wallet = Credit(0, book)
        wallet.on_credit = lambda player, amount, reference: told.append((player, amount, reference))
        url = f"http://127.0.0.1:{wallet.port}/credit"
        answers = [httpx.post(url, json=body, headers={"Idempotency-Key": "g1"}).json() for _ in range(2)]
        wallet.close()
        assert answers == [{"id": "C1", "status": "credited"}] * 2

    assert told == [("anna", 1000, "g1")]


def test_the_wallet_refuses_what_it_cannot_book(tmp_path: Path) -> None:
    wallet = Credit(0, tmp_path / "credits.jsonl")
    url, key = f"http://127.0.0.1:{wallet.port}/credit", {"Idempotency-Key": "g1"}
    codes = [
        httpx.post(url, content=b"not json", headers=key).status_code,
        httpx.post(url, json={"player": "anna", "amount": -1}, headers=key).status_code,
        httpx.post(url, json={"player": "anna", "amount": 1}).status_code,
    ]
    wallet.close()

    assert codes == [400, 400, 400]
    assert wallet.credited == {}
