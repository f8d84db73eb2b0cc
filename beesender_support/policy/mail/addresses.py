"""Mailbox addresses: one normal form of each, and reading them out of what people write.

``normalize_address`` is for mail, chat, seats, strays and the command alike: two texts
name one mailbox exactly if their normal forms are equal.

Spellings of one address are one: case, blanks around it, invisible characters that a
copied address brings along, and the two ways to write a domain (``пример.рф``,
``xn--e1afmkfd.xn--p1ai``). Look-alikes stay apart: no letter outside ASCII ever becomes
one within, as case folding, databases and compatibility mappings would have it. The
Kelvin sign is no ``k``, ``ß`` no ``ss``, an ``á`` or a full-width letter no ``a``.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from unicodedata import normalize
from urllib.parse import unquote

import idna

# What Unicode calls ignorable by default, and the marks of interlinear annotation.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]+"
)
# All but the letters that lower case or NFC turns into ASCII: the Greek question mark
# and varia, İ and the Kelvin sign.
_OF_ONE_SHAPE = re.compile("[^\u0130\u037e\u1fef\u212a]+")

_SEPARATORS = re.compile(r"[,;\r\n\v\f\x85\u2028\u2029]")
# A separator within a quoted name or within brackets separates nothing.
_PIECE = re.compile(
    r'"(?:[^"\\\r\n]|\\.)*"|<[^<>\r\n]*>|\([^()\r\n]*\)'
    r'|[^"<(,;\r\n\v\f\x85\u2028\u2029]+|.',
    re.DOTALL,
)
_MAILBOX = re.compile(
    r"(?P<name>(?:[^<>\"]|\"(?:[^\"\\]|\\.)*\")*)<(?P<address>[^<>]*)>", re.DOTALL
)
_COMMENT_BEHIND = re.compile(r"\s*\([^()]*\)\s*$")
_ADDRESS = re.compile(r'(?:"(?:[^"\\]|\\.)+"|[^\s@<>()\[\],;:"\\]+)@[^\s@<>(),;:"\\]+')
_LONGEST_LABEL = 63
_MAILTO = re.compile(r"\s*mailto:", re.IGNORECASE)


def normalize_address(text: str) -> str:
    """The normal form of the address ``text``; a text without ``@`` is lower-cased.

    A domain is in ASCII where it has such a form, and as it is otherwise. Never raises:
    text that is not an address has a normal form too. ``anna+support@`` and a dot at
    the end of a domain are part of an address, so they make another one.
    """
    if text.isascii():
        return text.strip().lower()
    visible = _INVISIBLE.sub("", text).strip()
    local, at, domain = _lower(visible).rpartition("@")
    if not at:
        return domain
    return f"{local}@{'.'.join(map(_label_in_ascii, domain.split('.')))}"


def _lower(text: str) -> str:
    """Lower case, composed as Unicode prefers it, but no new letter within ASCII."""
    for change in (_composed, str.lower, _composed):
        text = _except_look_alikes(change, text)
    return text


def _composed(text: str) -> str:
    return normalize("NFC", text)


def _except_look_alikes(change: Callable[[str], str], text: str) -> str:
    return _OF_ONE_SHAPE.sub(lambda run: change(run[0]), text)


def _label_in_ascii(label: str) -> str:
    # Long texts are not cached.
    if label.isascii() or len(label) > _LONGEST_LABEL:
        return label
    return _a_label(label)


@lru_cache(maxsize=1_024)
def _a_label(label: str) -> str:
    try:
        return idna.alabel(label).decode()
    except UnicodeError:
        return label


def address_of(text: str) -> str | None:
    """The one address in ``text`` as it is written there, or None.

    Accepted are ``anna@acme.example``, ``Anna <anna@acme.example>``, ``"Last, Anna"
    <...>``, ``<...>``, ``... (Anna)`` and ``mailto:...``.
    """
    if text.isascii() and _ADDRESS.fullmatch(text):
        return text
    text = _INVISIBLE.sub("", text).strip()
    if mailbox := _MAILBOX.fullmatch(text := _COMMENT_BEHIND.sub("", text)):
        text = mailbox["address"].strip()
    if scheme := _MAILTO.match(text):
        text = unquote(text[scheme.end() :].partition("?")[0]).strip()
    return text if _ADDRESS.fullmatch(text) else None


def mailboxes_in(text: str) -> tuple[str, ...]:
    """The parts of a list separated by commas, semicolons or lines, blank ones left out.

    A part need not be an address; ``address_of`` checks that. ``Last, Anna <...>`` is
    one part.
    """
    parts: list[str] = [""]
    separators: list[str] = []
    for piece in _PIECE.findall(text):
        if _SEPARATORS.fullmatch(piece):
            separators.append(piece)
            parts.append("")
        else:
            parts[-1] += piece
    return tuple(part.strip() for part in _names_joined(parts, separators))


def _names_joined(parts: list[str], separators: list[str]) -> list[str]:
    """The ``parts`` that are not blank; a name cut at its comma is rejoined with its
    address."""
    joined: list[str] = []
    for part, separator in zip(parts, ["", *separators], strict=True):
        is_rest_of_a_name = (
            separator == ","
            and joined
            and "@" not in joined[-1]
            and "<" in part
            and part.partition("<")[0].strip()
        )
        if is_rest_of_a_name:
            joined[-1] += f",{part}"
        elif _INVISIBLE.sub("", part).strip():
            joined.append(part)
    return joined


def addresses_in(text: str) -> tuple[str, ...]:
    """Every address of a list, as it is written there; anything else is left out."""
    return tuple(filter(None, map(address_of, mailboxes_in(text))))
