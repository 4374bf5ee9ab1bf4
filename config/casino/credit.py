"""The PAM's wallet, as far as bonuses go: credits once per key, whatever is asked twice."""

import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


class Credit:
    """An HTTP endpoint on this machine; `credited` maps idempotency key to the answer first given, kept in `book`."""

    def __init__(self, port: int, book: Path) -> None:
        self.book = book
        self.credited: dict[str, dict[str, object]] = {}
        if book.exists():
            self.credited = {row["key"]: row["answer"] for row in map(json.loads, book.read_text().splitlines())}
        self.on_credit: Callable[[str, int, str], None] = lambda player, amount, reference: None
        self._lock = threading.Lock()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:  # noqa: N802 - the standard library's name
                status, answer = outer.answer(self._body(), self.headers.get("Idempotency-Key", ""))
                content = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def _body(self) -> dict[str, object]:
                try:
                    body = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))))
                except ValueError:
                    return {}
                return body if isinstance(body, dict) else {}

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the standard library's name
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def answer(self, body: dict[str, object], key: str) -> tuple[int, dict[str, object]]:
        player, amount = body.get("player"), body.get("amount")
        if not key or not isinstance(player, str) or not isinstance(amount, int) or amount <= 0:
            return 400, {"error": "Idempotency-Key, player and a positive amount of minor units are needed."}
        with self._lock:
            if key in self.credited:
                return 200, self.credited[key]
            answer: dict[str, object] = {"id": f"C{len(self.credited) + 1}", "status": "credited"}
            self.credited[key] = answer
            with self.book.open("a") as file:
                file.write(json.dumps({"key": key, "answer": answer}) + "\n")
        self.on_credit(player, amount, key)
        return 200, answer
