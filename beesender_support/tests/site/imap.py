"""A mailbox on this machine that can be signed in to and looked into, and is empty."""

import socketserver
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from time import sleep

# Longer than anybody waits.
SILENCE = 20


class Conversation(socketserver.StreamRequestHandler):
    """The commands with which an account is checked, one folder, no mail."""

    def handle(self) -> None:
        if self.server.is_silent:
            sleep(SILENCE)
            return
        self.say("* OK ready")
        while line := self.rfile.readline().decode():
            tag, command, *_rest = [*line.split(), ""]
            if command.upper() == "LOGIN" and self.server.refusal:
                self.say(f"{tag} NO {self.server.refusal}")
                continue
            for answer in ANSWERS.get(command.upper(), ()):
                self.say(answer)
            self.say(f"{tag} OK done")
            if command.upper() == "LOGOUT":
                return

    def say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


_FOLDER = ("* 0 EXISTS", "* 0 RECENT", "* OK [UIDVALIDITY 1] valid")
ANSWERS = {
    "CAPABILITY": ("* CAPABILITY IMAP4rev1",),
    "LIST": ('* LIST () "/" "INBOX"',),
    "SELECT": _FOLDER,
    "EXAMINE": _FOLDER,
    "LOGOUT": ("* BYE",),
}


@contextmanager
def empty_mailbox(refusal: str = "", is_silent: bool = False) -> Iterator[int]:
    """The port. ``refusal`` is what it says to whoever signs in; ``is_silent``: it takes
    the connection and never says a word."""

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        block_on_close = False

    Server.refusal, Server.is_silent = refusal, is_silent

    with Server(("127.0.0.1", 0), Conversation) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
