"""A PAM that credits once per key and can be told to misbehave on the next calls."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class FakePam:
    """`tricks` are played one per call, then it behaves: 'lost', 'busy', 'no', 'page', 'half', 'error'.

    lost: credits and hangs up · half: credits and cuts the answer short · page: 200 with a web page.
    """

    def __init__(self) -> None:
        self.credited: dict[str, dict] = {}
        self.calls: list[dict] = []
        self.tricks: list[str] = []
        pam = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                pam.calls.append(body)
                trick = pam.tricks.pop(0) if pam.tricks else ""
                if trick in {"busy", "no", "error"}:
                    return self._say({"busy": 429, "no": 422, "error": 500}[trick], b'{"error": "sorry"}')
                if trick == "page":
                    return self._say(200, b"<html>maintenance</html>")
                pam.credited.setdefault(self.headers["Idempotency-Key"], body)
                if trick == "lost":
                    return self.connection.close()
                return self._say(200, b'{"status": "cre' if trick == "half" else b'{"status": "credited", "id": "C1"}')

            def _say(self, status: int, content: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/credits"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
