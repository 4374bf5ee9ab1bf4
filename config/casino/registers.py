"""The national self-exclusion registers, as far as an operator sees them: same questions, same answers, same refusals.

One server on this machine with a path per register. `listed` holds what somebody is registered by: an e-mail address
(GAMSTOP, BetGuard), a national id number, or name and birth date (OASIS). It matches like the real ones: by what it
is asked with, so a number of the wrong form is refused by Spelpaus and simply not found by others.
"""

import json
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs
from uuid import uuid4

KEY_NAMES = {"spelpaus": "REGISTER_KEY_SPELPAUS", "rofus": "REGISTER_KEY_ROFUS"}  # of those that the demo asks itself
CLEAR_WORD = {"rofus": "NotRegistered"}
LISTED_WORD = {"rofus": "RegisteredIndefinitely"}
Reply = tuple[int, dict[str, str], Any]


class Registers:
    """`mood`: register -> 'slow', 'busy', 'broken', 'login_page'; absent = well. `asked`: what came, in order."""

    def __init__(self, port: int, key: str, is_listed: Callable[[str, str], bool] = lambda register, by: False) -> None:
        self.key, self.is_listed = key, is_listed
        self.mood: dict[str, str] = {}
        self.asked: list[tuple[str, str, Any]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:  # noqa: N802 - the standard library's name
                raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                status, headers, body = outer.answer(self.path, dict(self.headers.items()), raw)
                content = body.encode() if isinstance(body, str) else b"" if body is None else json.dumps(body).encode()
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the standard library's name
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.host = f"127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def answer(self, path: str, headers: dict[str, str], raw: bytes) -> Reply:
        register = path.strip("/").split("/")[0]
        match self.mood.get(register):
            case "slow":
                time.sleep(7)
            case "busy":
                return 429, {"Retry-After": "5"}, None
            case "broken":
                return 503, {}, None
            case "login_page":
                return 200, {"Content-Type": "text/html"}, "<html><h1>Please sign in</h1></html>"
        given = {name.lower(): value for name, value in headers.items()}
        if self.key not in (given.get("x-api-key"), given.get("authorization", "").removeprefix("Bearer ")):
            return 403, {}, None
        try:
            said = {k: v[0] for k, v in parse_qs(raw.decode()).items()} if register == "gamstop" else json.loads(raw)
        except ValueError:
            return 400, {}, None
        self.asked.append((register, path, said))
        speak = {"gamstop": self._gamstop, "spelpaus": self._spelpaus}.get(register, self._connector)
        return speak(path, said)

    def _gamstop(self, path: str, said: dict[str, str]) -> Reply:
        needed = ("firstName", "lastName", "dateOfBirth", "email", "postcode")
        if any(not said.get(name) for name in needed):
            return 400, {}, {"error": "missing parameter"}
        found = self.is_listed("gamstop", said["email"].casefold())
        return 200, {"X-Exclusion": "Y" if found else "N", "X-Unique-Id": uuid4().hex}, None

    def _spelpaus(self, path: str, said: dict[str, Any]) -> Reply:
        own = {"requestId": said.get("requestId"), "responseId": uuid4().hex}
        if "/marketing-subjectid/" in path:
            for place, item in enumerate(said["items"], 1):
                if not _twelve_digits(item["subjectId"]):
                    return 400, {"Content-Type": "text/plain"}, f"Invalid item at position {place}"
            allowed = [i["itemId"] for i in said["items"] if not self.is_listed("spelpaus", i["subjectId"])]
            return 200, {}, own | {"allowedItemIds": allowed}
        if not _twelve_digits(said.get("subjectId")):
            return 400, {}, None
        return 200, {}, own | {"isBlocked": self.is_listed("spelpaus", said["subjectId"])}

    def _connector(self, path: str, said: dict[str, Any]) -> Reply:
        register, who = path.strip("/").split("/")[0], said["subject"]
        if register == "cruks" and said.get("purpose") != "login":
            return 403, {}, {"error": "CRUKS is not consulted for mailing lists"}
        by = (
            who.get("nationalId")
            or who.get("email")
            or f"{who.get('firstName')} {who.get('lastName')} {who.get('birthDate')}"
        )
        found = self.is_listed(register, by.casefold())
        word = LISTED_WORD.get(register, "listed") if found else CLEAR_WORD.get(register, "clear")
        return 200, {}, {"reference": said["reference"], "status": word, "id": uuid4().hex}


def _twelve_digits(value: Any) -> bool:
    return isinstance(value, str) and len(value) == 12 and value.isascii() and value.isdigit()
