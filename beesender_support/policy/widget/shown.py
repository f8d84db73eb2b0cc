"""Which messages of a request its person is shown in the widget.

They are shown what they wrote by the proved address, and what support openly sent to it:
never a comment among colleagues, mail between others, or a blind copy.
"""

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Message:
    """A message of a request; addresses are in normal form. ``is_conversation`` is false
    for what programs note, ``openly_to`` holds who is in To and Cc."""

    is_conversation: bool
    is_from_support: bool
    sender: str
    openly_to: Collection[str]


def is_shown(message: Message, address: str) -> bool:
    """Whether the person who proved ``address`` is shown it."""
    if not message.is_conversation:
        return False
    if message.is_from_support:
        return address in message.openly_to
    return message.sender == address


def is_theirs(raised_by: str, address: str) -> bool:
    """Whether a request is of the person who proved ``address``; both in normal form.
    A colleague's request is not, whoever takes part in it."""
    return bool(address) and raised_by == address
