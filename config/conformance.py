"""Posting the examples of every event to a running Pitboss, and checking each answer."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

from players.pam.conformance import MOST_DETAILS, Case, rounds
from players.pam.generic import VERSION

BATCH = 500


class Unanswered(Exception):
    """The far end does not speak as it must: nothing can be said about the examples."""


@dataclass
class Result:
    total: int = 0
    failures: list[dict[str, str]] = field(default_factory=list)

    @property
    def passed(self) -> int:
        return self.total - len(self.failures)

    def as_dict(self) -> dict[str, Any]:
        return {
            "passed": self.passed, "total": self.total, "version": VERSION, "details": self.failures[:MOST_DETAILS],
        }  # fmt: skip


class Run:
    """`run`: letters and digits that make the event ids of this run its own."""

    def __init__(self, client: httpx.Client, key: str, run: str, say: Callable[[str], None], brand: str = "") -> None:
        self.client, self.run, self.say, self.brand = client, run, say, brand
        self.headers = {"Authorization": f"Api-Key {key}"}
        self.result = Result()

    def all(self) -> Result:
        self._requests()
        names = ("good examples", "the same again", "the same ids with other content", "bad examples")
        for name, cases in zip(names, rounds(self.run), strict=True):
            before = len(self.result.failures)
            for start in range(0, len(cases), BATCH):
                self._post(cases[start : start + BATCH])
            wrong = len(self.result.failures) - before
            self.say(f"{name}: {len(cases) - wrong}/{len(cases)}")
        return self.result

    def report(self) -> None:
        """Tells the feed what came of it."""
        answer = self.client.post("/api/v1/conformance", json=self.result.as_dict(), headers=self.headers)
        if answer.status_code != httpx.codes.CREATED:
            raise Unanswered(f"The result was not taken: {answer.status_code} {answer.text[:200]}")

    def _requests(self) -> None:
        """What is refused as a whole, before any event is looked at."""
        packed = {**self.headers, "Content-Encoding": "gzip"}
        asked: tuple[tuple[str, int, dict[str, str], bytes], ...] = (
            ("no key", 401, {}, b"[]"),
            ("a wrong key", 401, {"Authorization": "Api-Key nonsense.nonsense"}, b"[]"),
            ("a packed body", 415, packed, b"[]"),
            ("more than a thousand events", 400, self.headers, json.dumps([{}] * 1001).encode()),
            ("nothing", 200, self.headers, b"[]"),
        )
        for name, expected, headers, body in asked:
            answer = self.client.post(
                "/api/v1/events", content=body, headers={"Content-Type": "application/json", **headers}
            )
            self._count(None if answer.status_code == expected else {
                "case": f"request with {name}", "expected": str(expected), "got": str(answer.status_code),
            })  # fmt: skip

    def _post(self, cases: list[Case]) -> None:
        events = [self._of_brand(case.event) for case in cases]
        answer = self.client.post("/api/v1/events", json=events, headers=self.headers)
        if answer.status_code != httpx.codes.OK:
            raise Unanswered(f"POST /api/v1/events answered {answer.status_code}: {answer.text[:300]}")
        receipt = answer.json()
        results = receipt.get("results", [])
        if len(results) != len(cases):
            raise Unanswered(f"{len(cases)} events were sent and {len(results)} results came back.")
        if receipt["received"] != receipt["accepted"] + receipt["duplicate"] + receipt["quarantined"]:
            raise Unanswered("received is not accepted + duplicate + quarantined.")
        for index, (case, result) in enumerate(zip(cases, results, strict=True)):
            self._count(case.judge(result, index))

    def _of_brand(self, event: dict[str, Any]) -> dict[str, Any]:
        return {"brand": self.brand, **event} if self.brand else event

    def _count(self, failure: dict[str, str] | None) -> None:
        self.result.total += 1
        if failure:
            self.result.failures.append({name: words[:300] for name, words in failure.items()})
