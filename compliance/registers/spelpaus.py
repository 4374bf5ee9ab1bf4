"""Spelpaus: separate questions for marketing (many people at once) and for log-in (one), under the licensee's own actor
id and key. The answer to the marketing question names those who may be written to; whoever is not named may not.

After open-source clients of its API and recorded answers of its test system (2019-2024).
"""

from collections.abc import Sequence

from compliance.persons import national
from compliance.registers.contract import (
    CLEAR,
    LISTED,
    MARKETING,
    UNAVAILABLE,
    Answer,
    Call,
    Form,
    NotAskable,
    Reply,
    Subject,
)

MOST = 1000  # of the 10 000 it takes: one that fails is asked again as a whole


def form(who: Subject) -> Form:
    if not who.national_id:
        raise NotAskable("not known: personal number")
    try:
        return {"subjectId": national.normal("SE", who.national_id, who.born)}
    except national.WrongForm as wrong:
        raise NotAskable(str(wrong)) from None


class Spelpaus:
    def calls(
        self, people: Sequence[tuple[int, Form]], purpose: str, actor: str, key: str, reference: str
    ) -> list[Call]:
        headers = {"Authorization": key}
        if purpose != MARKETING:
            path = f"/api/blocking-info/{actor}"
            return [
                Call(path, (about,), headers, {"requestId": f"{reference}-{about}", **said}) for about, said in people
            ]
        found = []
        for start in range(0, len(people), MOST):
            part = people[start : start + MOST]
            items = [{"itemId": str(about), **said} for about, said in part]
            body = {"requestId": f"{reference}-{start}", "items": items}
            found.append(Call(f"/api/marketing-subjectid/{actor}", tuple(about for about, _ in part), headers, body))
        return found

    def read(self, call: Call, reply: Reply) -> dict[int, Answer]:
        body = reply.body if isinstance(reply.body, dict) else {}
        # An answer to another question than ours would clear people nobody asked about.
        ours = reply.status == 200 and body.get("requestId") == call.body["requestId"]
        own = str(body.get("responseId", ""))[:80]
        allowed, blocked = body.get("allowedItemIds"), body.get("isBlocked")
        if ours and "items" in call.body and isinstance(allowed, list) and own:
            clear = {item for item in allowed if isinstance(item, str)}
            return {about: Answer(CLEAR if str(about) in clear else LISTED, own) for about in call.about}
        if ours and "items" not in call.body and isinstance(blocked, bool) and own:
            return {about: Answer(LISTED if blocked else CLEAR, own) for about in call.about}
        detail = f"answered {reply.status} without a definite word"
        return {about: Answer(UNAVAILABLE, own, detail) for about in call.about}
