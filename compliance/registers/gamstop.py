"""GAMSTOP: one form-encoded POST per person; the answer is the header X-Exclusion: Y, N, or P (was, and came back).

After open-source clients of its API (v2); the production endpoint is given to licensees.
"""

import re
from collections.abc import Sequence

from compliance.registers.contract import (
    CLEAR,
    LISTED,
    UNAVAILABLE,
    Answer,
    Call,
    Form,
    NotAskable,
    Reply,
    Subject,
    required,
)

_POSTCODE = re.compile(r"[A-Z]{1,2}\d[A-Z\d]?\d[A-Z]{2}", re.ASCII)


def form(who: Subject) -> Form:
    found = required(
        firstName=who.first_name, lastName=who.last_name, dateOfBirth=who.born.isoformat() if who.born else "",
        email=who.email, postcode="".join(who.postcode.upper().split()),
    )  # fmt: skip
    if not _POSTCODE.fullmatch(found["postcode"]):
        raise NotAskable("the postcode is not one of the United Kingdom")
    return found | ({"mobile": who.phone} if who.phone else {})


class Gamstop:
    def calls(
        self, people: Sequence[tuple[int, Form]], purpose: str, actor: str, key: str, reference: str
    ) -> list[Call]:
        headers = {"X-API-Key": key, "X-Trace-Id": reference}
        return [Call("/v2", (about,), headers, form=said) for about, said in people]

    def read(self, call: Call, reply: Reply) -> dict[int, Answer]:
        """P: was excluded, and asked GAMSTOP to be let back after the term: not registered any more."""
        said, own = reply.headers.get("x-exclusion", ""), reply.headers.get("x-unique-id", "")[:80]
        result = {"Y": LISTED, "N": CLEAR, "P": CLEAR}.get(said, UNAVAILABLE) if reply.status == 200 else UNAVAILABLE
        detail = "" if result != UNAVAILABLE else f"answered {reply.status} without a definite word"
        return {about: Answer(result, own, detail) for about in call.about}
