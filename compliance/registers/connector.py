"""Registers whose own protocol is handed to licensees only (SOAP with client certificates, mostly): asked through the
licensee's connector, which speaks JSON to us and the register's language to the register.

    POST /<register>/check  {"reference", "purpose", "subject": {…}}  ->  {"reference", "status", "id"}

`status` is the register's own word; one we do not know is no answer.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from compliance.persons import national
from compliance.registers.contract import UNAVAILABLE, Answer, Call, Form, NotAskable, Reply, Subject, required

_POSTCODE_ON = re.compile(r"[KLMNP]\d[A-Z]\d[A-Z]\d", re.ASCII)


@dataclass(frozen=True)
class Connector:
    register: str
    words: Mapping[str, str]  # the register's status -> clear | listed

    def calls(
        self, people: Sequence[tuple[int, Form]], purpose: str, actor: str, key: str, reference: str
    ) -> list[Call]:
        headers = {"Authorization": f"Bearer {key}", "X-Licensee": actor}
        return [
            Call(f"/{self.register}/check", (about,), headers,
                 {"reference": f"{reference}-{about}", "purpose": purpose, "subject": dict(said)})
            for about, said in people
        ]  # fmt: skip

    def read(self, call: Call, reply: Reply) -> dict[int, Answer]:
        body = reply.body if isinstance(reply.body, dict) else {}
        ours = reply.status == 200 and body.get("reference") == call.body["reference"]
        status, own = body.get("status"), str(body.get("id", ""))[:80]
        result = self.words.get(status, UNAVAILABLE) if ours and isinstance(status, str) else UNAVAILABLE
        detail = "" if result != UNAVAILABLE else f"answered {reply.status} without a definite word"
        return {about: Answer(result, own, detail) for about in call.about}


def by_number(country: str) -> Callable[[Subject], Form]:
    def form(who: Subject) -> Form:
        if not who.national_id:
            raise NotAskable("not known: national id number")
        try:
            return {"nationalId": national.normal(country, who.national_id, who.born)}
        except national.WrongForm as wrong:
            raise NotAskable(str(wrong)) from None

    return form


def oasis(who: Subject) -> Form:
    """By name and birth; the address tells apart two who share both."""
    found = required(
        firstName=who.first_name, lastName=who.last_name, birthDate=who.born.isoformat() if who.born else "",
        birthPlace=who.birth_place, street=who.street, postcode=who.postcode, city=who.city,
    )  # fmt: skip
    if not re.fullmatch(r"\d{5}", found["postcode"], re.ASCII):
        raise NotAskable("the postcode is not a German one")
    return found | {"birthName": who.birth_name or who.last_name}


def betguard(who: Subject) -> Form:
    found = required(
        firstName=who.first_name, lastName=who.last_name, birthDate=who.born.isoformat() if who.born else "",
        email=who.email, postalCode="".join(who.postcode.upper().split()),
    )  # fmt: skip
    if not _POSTCODE_ON.fullmatch(found["postalCode"]):
        raise NotAskable("the postal code is not one of Ontario")
    return found
