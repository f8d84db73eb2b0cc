"""Who sent a mail: the address that identifies them, the customer they ask for, and
whether they may answer on a ticket."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.header import decode_header
from unicodedata import category, combining, normalize

from beesender_support.policy.mail.addresses import (
    address_of,
    addresses_in,
    mailboxes_in,
    normalize_address,
)

_ENCODED_WORD = r"=\?[^?\s]+\?[bBqQ]\?[^?\s]*\?="
_ONLY_ENCODED_WORDS = re.compile(rf"{_ENCODED_WORD}(?:\s+{_ENCODED_WORD})*")
_FORWARDED = re.compile(r"\s*(?:fwd?|wg|tr|rv|пересл\w*)\s*:", re.IGNORECASE)


# The longest name of a person that is taken over.
LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Sender:
    """Addresses are in their normal form.

    ``address`` is that of the single mailbox in ``From``, the only one for which a mail
    server vouches. Where there is none, it is None, and ``claims`` are all addresses
    that the mail may claim as its sender, most plausible first.
    """

    address: str | None
    claims: tuple[str, ...] = ()


def sender_of(
    from_fields: Sequence[str], *, mailbox: str, answers_to: Sequence[str] = ()
) -> Sender:
    """By whom a mail with these ``From`` fields was sent, as they stand in its head.

    ``mailbox`` is our own address: it does not identify a sender who writes in its
    name, as a mailing group does. ``answers_to`` is what Reply-To and the like say.
    """
    own = normalize_address(mailbox)
    single = single_mailbox(from_fields)
    if single and single != own:
        return Sender(single)
    claims = (
        normalize_address(address)
        for text in (*from_fields, *answers_to)
        for address in addresses_in(text)
    )
    return Sender(None, tuple(dict.fromkeys(each for each in claims if each != own)))


def single_mailbox(from_fields: Sequence[str]) -> str | None:
    """The normal form of the address, if there is one field with one mailbox in it."""
    if len(from_fields) != 1:
        return None
    text = " ".join(from_fields[0].split())
    mailboxes = mailboxes_in(text)
    if len(mailboxes) != 1 or mailboxes[0].lower().startswith("mailto:"):
        return None
    address = address_of(mailboxes[0])
    if address is None and _ONLY_ENCODED_WORDS.fullmatch(mailboxes[0]):
        address = _international(_decoded(mailboxes[0]))
    elif address and "=?" in address:
        address = _international(_decoded(address))
    return normalize_address(address) if address else None


def _international(text: str) -> str | None:
    """Programs that do not know how a domain outside ASCII is sent encode such an
    address. Any other has no reason to be encoded but to hide from the mail server."""
    address = address_of(text) if "<" not in text else None
    if not address:
        return None
    local, _at, domain = normalize_address(address).rpartition("@")
    is_international = any(label.startswith("xn--") for label in domain.split("."))
    is_needed = local.isascii() and not address.isascii()
    return address if is_needed and is_international else None


def _decoded(text: str) -> str:
    try:
        return "".join(
            (
                part.decode(charset or "ascii", "replace")
                if isinstance(part, bytes)
                else part
            )
            for part, charset in decode_header(text)
        )
    except (HeaderParseError, LookupError, ValueError):
        return ""


def domain_of(address: str | None) -> str:
    return normalize_address(address or "").rpartition("@")[2] if address else ""


def is_stray(sender: str, participants: Iterable[str]) -> bool:
    """Whether a reply comes from none of the addresses that take part in a ticket."""
    return normalize_address(sender) not in map(normalize_address, participants)


def is_look_alike(found: str, sought: str) -> bool:
    """Whether a database query for an address found another, similar one."""
    found, sought = normalize_address(found), normalize_address(sought)
    return found != sought and _without_marks(found) == _without_marks(sought)


def _without_marks(text: str) -> str:
    """Roughly as databases compare: without accents and differences of letter forms."""
    parts = normalize("NFKD", text.casefold().replace("\u0131", "i"))
    return "".join(letter for letter in parts if not combining(letter))


def is_forward(subject: str) -> bool:
    """Whether a subject says that somebody passes on what was written elsewhere."""
    return bool(_FORWARDED.match(subject))


def name_of_sender(written: str | None, address: str) -> str:
    """The name under which somebody with ``address`` becomes a contact: as they write it,
    on one line and as plain text.

    Angle brackets, characters that do not show and those that reverse others are left
    out. An address in the place of a name says whose name it is not, so the part before
    the @ of the own one stands for it then, as where nothing is written.
    """
    name = _plain(written or "")
    if not name or "@" in name:
        name = _plain(address.rpartition("@")[0]) or _plain(address)
    return name


def _plain(text: str) -> str:
    shown = (
        " " if letter.isspace() else letter
        for letter in text
        if letter.isspace() or (letter not in "<>" and category(letter)[0] != "C")
    )
    return " ".join("".join(shown).split())[:LONGEST_NAME].strip()
