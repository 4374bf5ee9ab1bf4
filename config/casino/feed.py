"""The PAM's side of the API: posts batches over a few connections and reads the receipts."""

import json
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date
from typing import Any

import httpx

from config.casino.books import Books
from players.families import family_of

BATCH = 500
CONNECTIONS = 3
TRIES = 6


class Feed:
    """Posts for several brands, each with its own key. What comes back is counted, never assumed."""

    def __init__(
        self, url: str, keys: dict[str, str], connections: int = CONNECTIONS, *, books: Books | None = None
    ) -> None:
        self.keys = keys
        self.books = books  # what the PAM itself says its days add up to
        self.numbers: dict[str, dict[str, int]] | None = None  # brand -> family -> last number given
        self.answered: dict[str, dict[str, Any]] = {}  # the same, as far as it has been answered
        self.results: Counter[str] = Counter()
        self.reasons: Counter[str] = Counter()
        self._client = httpx.Client(base_url=url, timeout=120, limits=httpx.Limits(max_connections=connections))
        self._pool = ThreadPoolExecutor(connections, thread_name_prefix="feed")
        self._room = threading.Semaphore(connections * 3)

    def close(self) -> None:
        self._pool.shutdown(cancel_futures=True)
        self._client.close()
        if self.books:
            self.books.flush()

    def number(self, known: dict[str, dict[str, int]]) -> None:
        """From here on what is posted as it happens carries a number per brand and family; `known` is kept up to date."""
        self.numbers, self.answered = {brand: dict(numbers) for brand, numbers in known.items()}, known

    def post(self, brand: str, bodies: Sequence[dict[str, object]]) -> dict[str, Any]:
        """One batch, answered. Tries again when the far end is not there; raises when it says no."""
        self._note(brand, bodies)
        given = [self._numbered(brand, body) for body in bodies]
        answer = self._post(brand, given)
        for body in given:
            if "sequence" in body:  # a heartbeat may say so from now on
                self.answered.setdefault(brand, {})[family_of(str(body["event"]))] = body["sequence"]
        return answer

    def _note(self, brand: str, bodies: Iterable[dict[str, object]]) -> None:
        for body in bodies if self.books else ():
            assert self.books
            self.books.note(brand, body)

    def _numbered(self, brand: str, body: dict[str, object]) -> dict[str, object]:
        family = family_of(str(body["event"]))
        if not family or body.get("replay") or self.numbers is None:
            return body
        numbers = self.numbers.setdefault(brand, {})
        numbers[family] = numbers.get(family, 0) + 1
        return {**body, "sequence": numbers[family]}

    def _post(self, brand: str, bodies: Sequence[dict[str, object]]) -> dict[str, Any]:
        answer = self._request("POST", "/api/v1/events", brand, bodies)
        self.results.update({key: answer[key] for key in ("received", "accepted", "duplicate", "quarantined")})
        if answer["quarantined"]:
            self.reasons.update(
                f"{row['reason']}: {row.get('detail') or row.get('pointer')}"
                for row in answer["results"]
                if row["status"] == "quarantined"
            )
        return answer

    def put_games(self, brand: str, games: Sequence[dict[str, object]]) -> None:
        self._request("PUT", "/api/v1/games", brand, games)

    def put_totals(self, brand: str, day: date, totals: dict[str, Any], ids: Iterable[dict[str, Any]] = ()) -> None:
        self._request("PUT", f"/api/v1/totals/{day}", brand, totals)
        listed = list(ids)
        if listed:
            self._request("PUT", f"/api/v1/totals/{day}/ids", brand, listed, lines=True)

    def post_baseline(self, brand: str, part: dict[str, Any]) -> dict[str, Any]:
        return self._request("POST", "/api/v1/baseline", brand, part)

    def announce(self, brand: str, method: str, path: str, payload: dict[str, object]) -> None:
        """Something changed, which is to be fetched."""
        answer = self._request(method, path, brand, payload)
        self.results.update({key: answer[key] for key in ("received", "accepted", "duplicate", "quarantined")})

    def post_all(self, brand: str, bodies: Iterable[dict[str, object]]) -> list["Future[dict[str, Any]]"]:
        """Batches sent side by side: for events whose order among batches does not matter."""
        futures = []
        for batch in batches(bodies):
            self._note(brand, batch)
            self._room.acquire()
            future = self._pool.submit(self._post, brand, batch)
            future.add_done_callback(lambda _: self._room.release())
            futures.append(future)
        return futures

    def _request(self, method: str, path: str, brand: str, body: Any, *, lines: bool = False) -> dict[str, Any]:
        content = ("\n".join(map(json.dumps, body)) if lines else json.dumps(body)).encode()
        headers = {
            "Authorization": f"Api-Key {self.keys[brand]}",
            "Content-Type": "application/x-ndjson" if lines else "application/json",
        }
        for attempt in range(TRIES):
            try:
                answer = self._client.request(method, path, content=content, headers=headers)
            except httpx.TransportError as problem:
                if attempt == TRIES - 1:
                    raise
                sys.stderr.write(f"{path}: {problem}; trying again\n")
                time.sleep(2**attempt * 0.25)
                continue
            if answer.status_code in (429, 503) and attempt < TRIES - 1:
                time.sleep(2**attempt * 0.25)
                continue
            if answer.is_error:
                raise RuntimeError(f"{method} {path} answered {answer.status_code}: {answer.text[:500]}")
            return answer.json() if answer.content else {}
        raise RuntimeError(f"{method} {path} was turned away {TRIES} times.")


def batches(bodies: Iterable[dict[str, object]], size: int = BATCH) -> Iterator[list[dict[str, object]]]:
    batch: list[dict[str, object]] = []
    for body in bodies:
        batch.append(body)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
