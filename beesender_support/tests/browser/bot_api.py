"""The part of Telegram's Bot API that the example uses, on this machine.

It gives what people send to the bot by ``getUpdates``, and keeps what the bot sends.
"""

import json
import queue
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any
from urllib.parse import parse_qs, unquote

TOKEN = "4711:made-up"  # noqa: S105 - of no bot
FILE_PATH = "documents/file_1"
PERSON = 815
BOT = {"id": 4711, "is_bot": True, "first_name": "Support", "username": "support_bot"}


class Telegram:
    """One person in a private chat with the bot."""

    def __init__(self) -> None:
        self.updates: list[dict[str, Any]] = []
        self.sent: queue.Queue[dict[str, Any]] = queue.Queue()
        self.content = b""
        # Cleared, downloads wait.
        self.may_download = Event()
        self.may_download.set()
        self.numbers = iter(range(1, 10_000))

    def say(self, text: str | None = None, *, language: str = "en", **message) -> None:
        number = next(self.numbers)
        person = {
            "id": PERSON,
            "is_bot": False,
            "first_name": "Jane",
            "language_code": language,
        }
        said = {
            "message_id": number,
            "date": int(time.time()),
            "chat": {"id": PERSON, "type": "private", "first_name": "Jane"},
            "from": person,
            **({"text": text} if text is not None else {}),
            **message,
        }
        self.updates.append({"update_id": number, "message": said})

    def repeat(self) -> None:
        """The last message once more, as another update."""
        message = self.updates[-1]["message"]
        self.updates.append({"update_id": next(self.numbers), "message": message})

    def hear(self, seconds: float = 90) -> dict[str, Any]:
        """What the bot sends next."""
        return self.sent.get(timeout=seconds)

    def answer(self, method: str, given: dict[str, Any]) -> Any:
        if method == "getMe":
            return BOT
        if method == "getUpdates":
            return self._updates_from(int(given.get("offset", 0)))
        if method == "sendMessage":
            self.sent.put(given)
            chat = {"id": PERSON, "type": "private"}
            return {
                "message_id": next(self.numbers),
                "date": int(time.time()),
                "chat": chat,
                "from": BOT,
                "text": given["text"],
            }
        if method == "getFile":
            size = len(self.content)
            return {
                "file_id": given["file_id"],
                "file_unique_id": "1",
                "file_path": FILE_PATH,
                "file_size": size,
            }
        return True

    def _updates_from(self, offset: int) -> list[dict[str, Any]]:
        for _moment in range(20):
            if waiting := [
                each for each in self.updates if each["update_id"] >= offset
            ]:
                return waiting
            time.sleep(0.1)
        return []


@contextmanager
def telegram() -> Iterator[tuple[Telegram, str]]:
    """Telegram, and the address at which it is."""
    it = Telegram()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            found = re.fullmatch(rf"/bot{TOKEN}/(\w+)", self.path)
            given = {name: values[0] for name, values in parse_qs(body).items()}
            answer = {"ok": True, "result": it.answer(found[1], given)}
            self._send(json.dumps(answer).encode(), "application/json")

        def do_GET(self) -> None:
            assert unquote(self.path) == f"/file/bot{TOKEN}/{FILE_PATH}"
            it.may_download.wait(60)
            self._send(it.content, "application/octet-stream")

        def _send(self, body: bytes, kind: str) -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    # The bot leaves in the middle of its last question.
    server.handle_error = lambda *ignored: None
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield it, f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
