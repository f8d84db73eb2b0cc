"""A mail server on this machine that keeps what it is sent."""

import socketserver
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from email.policy import default
from threading import Event, Thread


@dataclass
class Sink:
    """``refusal`` is what it says to every recipient instead of taking mail;
    ``is_silent``: it takes the connection and never says a word."""

    refusal: str | None = None
    is_silent: bool = False
    port: int = 0
    raw: list[bytes] = field(default_factory=list)
    stopped: Event = field(default_factory=Event)

    @property
    def mails(self) -> list[Message]:
        return [message_from_bytes(each, policy=default) for each in self.raw]

    def to(self, address: str) -> list[Message]:
        return [each for each in self.mails if address in str(each["To"])]


@contextmanager
def mail_server(**options: object) -> Iterator[Sink]:
    sink = Sink(**options)

    class Conversation(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            converse(self, sink)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

    with Server(("127.0.0.1", 0), Conversation) as server:
        sink.port = server.server_address[1]
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield sink
        finally:
            sink.stopped.set()
            server.shutdown()


def converse(peer: socketserver.StreamRequestHandler, sink: Sink) -> None:
    if sink.is_silent:
        sink.stopped.wait(30)
        return
    say(peer, "220 sink.invalid ready")
    while line := peer.rfile.readline():
        verb = line.split()[0].upper() if line.split() else b""
        if verb == b"EHLO":
            say(peer, "250-sink.invalid")
            say(peer, "250 AUTH PLAIN")
        elif verb == b"AUTH":
            say(peer, "235 welcome, whoever you are")
        elif verb == b"RCPT" and sink.refusal:
            say(peer, sink.refusal)
        elif verb == b"DATA":
            say(peer, "354 go on")
            sink.raw.append(body_from(peer))
            say(peer, "250 kept")
        elif verb == b"QUIT":
            say(peer, "221 bye")
            return
        else:
            say(peer, "250 sink.invalid")


def say(peer: socketserver.StreamRequestHandler, text: str) -> None:
    peer.wfile.write(f"{text}\r\n".encode())


def body_from(peer: socketserver.StreamRequestHandler) -> bytes:
    lines = []
    while (line := peer.rfile.readline()) not in (b".\r\n", b""):
        lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
    return b"".join(lines)
