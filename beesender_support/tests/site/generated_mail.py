"""Mail as it comes: plain, foreign, hostile, broken. The same seed gives the same mail.

Every message carries its number in a header of its own and, where its kind allows, in its
Message-ID and text, so that whatever becomes of it can be told from the others.
"""

import base64
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.header import Header
from random import Random

NUMBER = re.compile(r"number-\d{6}")
LETTERS = "Чаты не видны операторам. Ошибка 500 в консоли; 客户端没有消息 🐝\n"
HOSTILE = (
    "{{ frappe.db.sql('drop table `tabHD Ticket`') }}",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "'; drop table `tabHD Ticket`; --",
    "Subject: injected\r\nBcc: all@example.com",
    "%s %d {0} {name} \\x00 %",
    "../../../etc/passwd",
    "\u202egnp.exe\u0000\ufffe",
)


@dataclass
class Writer:
    """Writes messages to ``mailbox`` from known addresses and from strangers."""

    dice: Random
    mailbox: str
    known: list[str]
    strangers: list[str]
    tickets: Callable[[], list[str]]
    written: list[tuple[str, str]] = field(default_factory=list)
    dropped: set[str] = field(default_factory=set)

    def messages(self, count: int) -> Iterator[bytes]:
        kinds = [kind for kind, weight in KINDS.items() for _ in range(weight)]
        for _each in range(count):
            yield self.dice.choice(kinds)(self)

    def compose(
        self, *headers: str | bytes, body: bytes = b"", **known: str | None
    ) -> bytes:
        """``known`` headers replace the usual ones; None leaves one out."""
        number = f"number-{len(self.written):06}"
        identity = f"{number}.{self.dice.randrange(10**9)}@mail.example.com"
        usual = {
            "From": self.sender(),
            "To": self.mailbox,
            "Subject": self.subject(),
            "Message-ID": f"<{identity}>",
            **{name.replace("_", "-"): text for name, text in known.items()},
        }
        self.written.append((number, identity))
        lines = [f"{name}: {text}" for name, text in usual.items() if text is not None]
        lines += [f"X-Number: {number}", *headers]
        head = b"\n".join(
            line if isinstance(line, bytes) else line.encode("utf-8", "surrogateescape")
            for line in lines
        )
        return head + b"\n\n" + body.replace(b"NUMBER", number.encode())

    def sender(self) -> str:
        whom = self.known if self.dice.random() < 0.7 else self.strangers
        return self.dice.choice(whom)

    def subject(self) -> str:
        return f"{self.dice.choice(('Чаты', 'Chats', 'Licences'))} {self.dice.randrange(10**9)}"

    def text(self) -> str:
        start = self.dice.randrange(len(LETTERS))
        return "NUMBER\n" + LETTERS[start:] + LETTERS * self.dice.randrange(4)


# Sound


def plain(writer: Writer) -> bytes:
    return writer.compose(
        "Content-Type: text/plain; charset=utf-8", body=writer.text().encode()
    )


def alternative(writer: Writer) -> bytes:
    body = (
        "--b\nContent-Type: text/plain\n\nNUMBER\n"
        "--b\nContent-Type: text/html; charset=utf-8\n\n<p>NUMBER <b>Нет</b></p>\n--b--\n"
    )
    return writer.compose(
        'Content-Type: multipart/alternative; boundary="b"', body=body.encode()
    )


def eight_bit(writer: Writer) -> bytes:
    charset = writer.dice.choice(("koi8-r", "windows-1251", "iso-8859-5", "utf-8"))
    subject = Header(f"Чаты {writer.dice.randrange(10**9)}", charset).encode()
    return writer.compose(
        f"Content-Type: text/plain; charset={charset}",
        "Content-Transfer-Encoding: 8bit",
        body=b"NUMBER " + "Чаты не видны".encode(charset),
        Subject=subject,
    )


def encoded(writer: Writer) -> bytes:
    body = base64.encodebytes(writer.text().encode())
    headers = (
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: base64",
    )
    return writer.compose(*headers, body=body)


def with_file(writer: Writer) -> bytes:
    content = base64.encodebytes(writer.dice.randbytes(3_000)).decode()
    name = writer.dice.choice(
        ("log.gz", "журнал.log", "a" * 300 + ".txt", "../../x", "")
    )
    body = (
        "--b\nContent-Type: text/plain\n\nNUMBER\n"
        f'--b\nContent-Type: image/png; name="{name}"\n'
        f'Content-Disposition: attachment; filename="{name}"\n'
        f"Content-Transfer-Encoding: base64\n\n{content}\n--b--\n"
    )
    return writer.compose(
        'Content-Type: multipart/mixed; boundary="b"', body=body.encode()
    )


def answer_in_thread(writer: Writer) -> bytes:
    if not writer.written:
        return plain(writer)
    _number, parent = writer.dice.choice(writer.written[-200:])
    return writer.compose(
        body=b"NUMBER Any news?", In_Reply_To=f"<{parent}>", Subject="Re: it"
    )


def quoting_a_ticket(writer: Writer) -> bytes:
    ticket = writer.dice.choice(writer.tickets() or ["0"])
    return writer.compose(body=b"NUMBER", Subject=f"Re: Question (#{ticket})")


def automatic_answer(writer: Writer) -> bytes:
    return writer.compose(
        "Auto-Submitted: auto-replied", body=b"NUMBER", Subject="Out of office"
    )


def bounce(writer: Writer) -> bytes:
    body = (
        "--b\nContent-Type: text/plain\n\nNUMBER not delivered\n"
        "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx\n\n"
        "--b\nContent-Type: message/rfc822\n\nSubject: it\n\ntext\n--b--\n"
    )
    kind = 'Content-Type: multipart/report; report-type=delivery-status; boundary="b"'
    return writer.compose(kind, body=body.encode(), From="MAILER-DAEMON@mx.example.org")


def large(writer: Writer) -> bytes:
    return writer.compose(body=b"NUMBER " + b"a long line " * 20_000)


# Hostile


def hostile(writer: Writer) -> bytes:
    evil = writer.dice.choice(HOSTILE)
    body = f"<html>NUMBER {evil}</html>"
    return writer.compose("Content-Type: text/html", body=body.encode(), Subject=evil)


def with_a_hostile_sender(writer: Writer) -> bytes:
    evil = writer.dice.choice(
        (
            f'"{HOSTILE[2]}" <x@y.example>',
            "a" * 200 + "@y.example",
            "<>",
            "@",
            "no address",
            "x@y\0z",
        )
    )
    return writer.compose(body=b"NUMBER", From=evil)


def with_many_recipients(writer: Writer) -> bytes:
    addresses = ", ".join(f"u{each}@many.example.org" for each in range(3))
    return writer.compose(body=b"NUMBER", To=None, Cc=f"{writer.mailbox}, {addresses}")


# Broken


def without_sender(writer: Writer) -> bytes:
    return writer.compose(body=b"NUMBER \xd0", From=None)


def with_two_senders(writer: Writer) -> bytes:
    return writer.compose(f"From: {writer.sender()}", body=b"NUMBER")


def without_identity(writer: Writer) -> bytes:
    return writer.compose(body=b"NUMBER", Message_ID=None)


def without_anything(writer: Writer) -> bytes:
    return writer.compose(body=b"", Subject=None, To=None)


def with_a_broken_subject(writer: Writer) -> bytes:
    return writer.compose(body=b"NUMBER", Subject="=?utf-8?b?a?=")


def with_broken_parts(writer: Writer) -> bytes:
    kind = writer.dice.choice(
        (
            "multipart/mixed; boundary=never",
            "multipart/mixed",
            "text/plain; charset=klingon",
            "text/html; charset=utf-16",
            "message/rfc822",
            "a/b/c; =; charset",
            "application/octet-stream",
        )
    )
    encoding = writer.dice.choice(
        ("8bit", "base64", "quoted-printable", "uuencode", "?")
    )
    headers = (f"Content-Type: {kind}", f"Content-Transfer-Encoding: {encoding}")
    return writer.compose(*headers, body=b"NUMBER =ZZ\xff\x00 --never\n\n")


def of_noise(writer: Writer) -> bytes:
    noise = writer.dice.randbytes(writer.dice.randrange(2_000)).replace(b"NUMBER", b"")
    return writer.compose(
        b"X-Noise: " + noise.replace(b"\n", b" "), body=b"NUMBER " + noise
    )


def with_strange_headers(writer: Writer) -> bytes:
    return writer.compose(
        "Date: 31 Feb 1969 25:61:61 +9999",
        "Reply-To: =?x?q?y?=",
        "References: <<<>>> <a> <b",
        b"\xff\xfe: \xff",
        "no colon",
        body=b"NUMBER",
    )


def answered_to_the_mailbox(writer: Writer) -> bytes:
    to = writer.dice.choice(
        (writer.mailbox, f'"Support" <{writer.mailbox}>', f"<{writer.mailbox}>")
    )
    return writer.compose(f"Reply-To: {to}", body=b"NUMBER")


def passed_on_by_a_group(writer: Writer) -> bytes:
    return writer.compose(
        f"X-Original-From: {writer.sender()}",
        f'Reply-To: "Support" <{writer.mailbox}>',
        body=b"NUMBER",
        From=f"Via Support <{writer.mailbox}>",
    )


def of_somebody_who_is_away(writer: Writer) -> bytes:
    return writer.compose(
        "Auto-Submitted: auto-generated",
        "X-Auto-Response-Suppress: All",
        body=b"NUMBER",
        Subject="Automatic reply: Chats",
    )


# Not registered, by Helpdesk's and Frappe's own will


def generated_by_helpdesk(writer: Writer) -> bytes:
    message = writer.compose("X-Auto-Generated: hd-acknowledgement", body=b"NUMBER")
    writer.dropped.add(writer.written[-1][0])
    return message


def from_the_mailbox_itself(writer: Writer) -> bytes:
    message = writer.compose(body=b"NUMBER", From=writer.mailbox)
    writer.dropped.add(writer.written[-1][0])
    return message


KINDS: dict[Callable[[Writer], bytes], int] = {
    plain: 14,
    alternative: 8,
    eight_bit: 6,
    encoded: 4,
    with_file: 2,
    answer_in_thread: 16,
    quoting_a_ticket: 14,
    automatic_answer: 3,
    bounce: 2,
    large: 1,
    hostile: 6,
    with_a_hostile_sender: 4,
    with_many_recipients: 1,
    without_sender: 3,
    with_two_senders: 2,
    without_identity: 2,
    without_anything: 2,
    with_a_broken_subject: 3,
    with_broken_parts: 6,
    of_noise: 4,
    with_strange_headers: 3,
    answered_to_the_mailbox: 3,
    passed_on_by_a_group: 2,
    of_somebody_who_is_away: 2,
    generated_by_helpdesk: 1,
    from_the_mailbox_itself: 1,
}
