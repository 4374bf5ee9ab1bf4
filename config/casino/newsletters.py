"""Another sender of Northlight's, beside the CRM: an agency that mails its sports pages to lists of its own.

It asks before it sends (POST /api/v1/clearances), and reads each hour whom nobody may write to (GET /api/v1/suppressions),
through the public API with a key of its own.
"""

import time
from collections.abc import Sequence

import httpx

BRAND, NAME = "northlight", "Letterbox newsletters"
READ_EVERY, ASK_EVERY = 3600.0, 1200.0
LIST = 24  # players of one edition


class Newsletters:
    def __init__(self, url: str, key: str) -> None:
        headers = {"Authorization": f"Api-Key {key}"}
        self._client = httpx.Client(base_url=url, headers=headers, timeout=60)
        self.editions = 0

    def close(self) -> None:
        self._client.close()

    def read_list(self) -> int:
        """Every page of it; how many addresses may not be written to."""
        asked, count = {"channel": "email", "product": "betting"}, 0
        while True:
            answer = self._client.get("/api/v1/suppressions", params=asked).raise_for_status().json()
            count += len(answer["results"])
            if not answer["next"]:
                return count
            asked = {**asked, "after": answer["next"]}

    def ask(self, players: Sequence[str]) -> dict[str, int]:
        """For the next edition: how many it may go to, and why not to the others."""
        self.editions += 1
        asked = {
            "purpose": "promotional", "channel": "email", "products": ["betting"], "criteria": ["product_affinity"],
            "reference": f"sports-page-{time.strftime('%Y-%m-%d', time.gmtime())}-{self.editions}", "players": list(players),
        }  # fmt: skip
        answer = self._client.post("/api/v1/clearances", json=asked).raise_for_status().json()
        return {"allowed": answer["allowed"], **answer["refused"]}
