"""The languages of what the command writes for people, from the app's own catalogues.

A site reads them compiled, which takes Frappe; here the text of a catalogue is read, so that
a page says the same in both.
"""

from ast import literal_eval
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from beesender_support.files.replay_report import ENGLISH, Reader

_CATALOGUES = Path(__file__).parents[1] / "locale"


class _Marks(NamedTuple):
    """Of numbers, as Unicode's locale data has them."""

    decimal_point: str
    thousands: str


_MARKS = {"ru": _Marks(",", "\N{NO-BREAK SPACE}")}
LANGUAGES = (ENGLISH.language, *_MARKS)


def reader_of(language: str) -> Reader:
    """For one of ``LANGUAGES``; what is missing in its catalogue stays English."""
    if language == ENGLISH.language:
        return ENGLISH
    texts = dict(_messages(_CATALOGUES / f"{language}.po"))
    return Reader(language, lambda text: texts.get(text) or text, *_MARKS[language])


def _messages(path: Path) -> Iterator[tuple[str, str]]:
    """Each text of a catalogue in the form of gettext and its translation.

    Such as ours are: without contexts and plurals.
    """
    said: dict[str, str] = {}
    now = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        first, _space, rest = line.partition(" ")
        if first in ("msgid", "msgstr"):
            now, line = first, rest
            said[now] = ""
        if line.startswith('"'):
            # Its escapes are those of Python.
            said[now] += literal_eval(line)
        elif said.keys() == {"msgid", "msgstr"}:
            yield said["msgid"], said["msgstr"]
            said = {}
    if said:
        yield said["msgid"], said["msgstr"]
