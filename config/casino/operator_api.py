"""The operator's own API, as the Fast Track CRM would ask it: details, consents and blocks of one player.

As well behaved as a real one: told to, it answers slowly, with errors, with rubbish, or with something else
than a moment ago.
"""

import gzip
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote

CHANNELS = ("email", "sms", "telephone", "postMail", "siteNotification", "pushNotification")
LONGEST_DRIP = 30.0


@dataclass
class Account:
    """One player as the operator holds it."""

    details: dict[str, Any]
    consents: dict[str, bool] = field(default_factory=dict)
    excluded: bool = False
    blocked: bool = False
    note: str = ""

    def answer(self, what: str) -> dict[str, Any]:
        if what == "userdetails":
            return self.details | {"is_excluded": self.excluded, "is_blocked": self.blocked}
        if what == "userconsents":
            return {"consents": [{"type": name, "opted_in": self.consents.get(name, False)} for name in CHANNELS]}
        return {
            "blocks": [
                {"active": self.excluded, "type": "Excluded", "note": self.note},
                {"active": self.blocked, "type": "Blocked", "note": self.note},
            ]
        }


def details_of(user_id: str, **more: Any) -> dict[str, Any]:
    """What GET /userdetails answers for somebody nothing is special about."""
    return {
        "user_id": user_id, "username": user_id, "first_name": user_id.capitalize(), "last_name": "Archer",
        "email": f"{user_id}@example.test", "birth_date": "1985-05-17", "sex": "Female", "title": "Ms",
        "address": "1 High Street", "city": "London", "postal_code": "N1 1AA", "country": "GB", "market": "gb",
        "currency": "GBP", "language": "en", "mobile": "7700900123", "mobile_prefix": "44",
        "affiliate_reference": "AFF_1234A_UK", "registration_code": "ABC123", "origin": "northlight.example",
        "registration_date": "2026-01-05T10:00:00Z", "roles": ["PLAYER"], "verified_at": "2026-01-06T10:00:00Z",
    } | more  # fmt: skip


class OperatorApi:
    """Serves `accounts` (or whatever `find` finds). `tricks` are played one per call, then it behaves:

    error 500 · missing 404 · busy 429 with Retry-After · broken not JSON · page a web page · list an array ·
    huge an endless answer · packed five megabytes in five kilobytes · drip a byte now and then · away a redirect to another host · hang no answer · cut half of one
    """

    def __init__(self, port: int = 0, key: str = "demo") -> None:
        self.accounts: dict[str, Account] = {}
        self.find: Callable[[str], Account | None] = lambda user: self.accounts.get(user)
        self.tricks: list[str] = []
        self.calls: list[str] = []
        self.before: Callable[[str], None] = lambda path: None
        self.key, self.retry_after, self.delay = key, 2, 0.0
        self._closing = threading.Event()
        api = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:  # noqa: N802 - the standard library's name
                try:
                    api.serve(self)
                except (BrokenPipeError, ConnectionResetError):
                    pass

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the standard library's name
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.server.daemon_threads = True
        self.host = f"127.0.0.1:{self.server.server_address[1]}"
        self.url = f"http://{self.host}/operator"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        self._closing.set()
        self.server.shutdown()
        self.server.server_close()

    def serve(self, call: BaseHTTPRequestHandler) -> None:
        self.calls.append(call.path)
        self.before(call.path)
        if call.headers.get("X-API-Key") != self.key:
            return _say(call, 401, {"error": "wrong key"})
        time.sleep(self.delay)
        trick = self.tricks.pop(0) if self.tricks else ""
        if trick:
            return self._play(call, trick)
        return self._answer(call)

    def _answer(self, call: BaseHTTPRequestHandler) -> None:
        _, what, user = call.path.rsplit("/", 2)
        account = self.find(unquote(user))
        if account is None or what not in ("userdetails", "userconsents", "userblocks"):
            return _say(call, 404, {"error": "not found"})
        return _say(call, 200, account.answer(what))

    def _play(self, call: BaseHTTPRequestHandler, trick: str) -> None:
        match trick:
            case "error":
                return _say(call, 500, {"error": "sorry"})
            case "missing":
                return _say(call, 404, {"error": "not found"})
            case "busy":
                return _say(call, 429, {}, ("Retry-After", str(self.retry_after)))
            case "away":
                return _say(call, 302, {}, ("Location", "http://127.0.0.2:9/userdetails/anna"))
            case "list":
                return _say(call, 200, [])
            case "broken":
                return _send(call, 200, b'{"blocks": [')
            case "page":
                return _send(call, 200, b"<html>maintenance</html>")
            case "huge":
                return self._drip(call, b'{"a": "' + b"x" * 64 * 1024, 0.0)
            case "drip":
                return self._drip(call, b" ", 0.5)
            case "packed":
                return _send(call, 200, gzip.compress(b" " * 5_000_000), ("Content-Encoding", "gzip"))
            case "cut":
                return _send(call, 200, b'{"blo', length=500)
        self._closing.wait(LONGEST_DRIP)
        return None

    def _drip(self, call: BaseHTTPRequestHandler, piece: bytes, pause: float) -> None:
        call.send_response(200)
        call.send_header("Content-Type", "application/json")
        call.end_headers()
        until = time.monotonic() + LONGEST_DRIP
        while time.monotonic() < until and not self._closing.wait(pause):
            call.wfile.write(piece)
            call.wfile.flush()


def _say(call: BaseHTTPRequestHandler, status: int, answer: object, *headers: tuple[str, str]) -> None:
    _send(call, status, json.dumps(answer).encode(), *headers)


def _send(
    call: BaseHTTPRequestHandler, status: int, content: bytes, *headers: tuple[str, str], length: int = 0
) -> None:
    call.send_response(status)
    call.send_header("Content-Type", "application/json")
    call.send_header("Content-Length", str(length or len(content)))
    for name, value in headers:
        call.send_header(name, value)
    call.end_headers()
    call.wfile.write(content)
