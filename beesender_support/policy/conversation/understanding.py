"""What somebody means who types instead of pressing a button.

A messenger may give only text: a number of the list, a label in any language of the
site, or a code; in any case, with any spaces.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence

from beesender_support.policy.conversation.choices import Choice
from beesender_support.policy.sentences import Renderer

_CONTROL_CHARACTERS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_AROUND = " .,;:!?()[]{}<>«»“”„\"'`*_/-\N{EN DASH}\N{EM DASH}"
# Of a keycap such as 1️⃣, which is a digit with two marks.
_MARKS = re.compile("[\N{VARIATION SELECTOR-16}\N{COMBINING ENCLOSING KEYCAP}]")
_NUMBER = re.compile(r"(?:no|#)?\s*0*(\d{1,3})")
# A Russian keyboard has letters that look like those of a code: Р1 for P1.
_LOOK_ALIKE = str.maketrans("авекмнорстух", "abekmhopctyx")


def cleaned(text: str) -> str:
    """Without control characters and the space around; line breaks and tabs stay."""
    return _CONTROL_CHARACTERS.sub("", text.replace("\r\n", "\n")).strip()


def one_line(text: str) -> str:
    return " ".join(cleaned(text).split())


def as_compared(text: str) -> str:
    """What is the same of two texts that mean the same to their writers."""
    folded = unicodedata.normalize("NFKC", _MARKS.sub("", text)).casefold()
    return " ".join(folded.replace("ё", "е").split()).strip(_AROUND)


def chosen(
    text: str, choices: Sequence[Choice], readers: Iterable[Renderer]
) -> Choice | None:
    """The choice that a text means: by its code, its label, or its number from 1.

    ``readers`` are the languages in which a label may be written, the person's first. A
    text that could mean several choices means none, unless the person's own language
    tells them apart.
    """
    named = named_as(text, choices, readers)
    if named:
        return named
    number = _NUMBER.fullmatch(as_compared(text))
    place = int(number[1]) if number else 0
    return choices[place - 1] if 0 < place <= len(choices) else None


def named_as(
    text: str, choices: Sequence[Choice], readers: Iterable[Renderer]
) -> Choice | None:
    """As ``chosen``, without numbers."""
    wanted = as_compared(text)
    if not wanted:
        return None
    for spelled in (wanted, wanted.translate(_LOOK_ALIKE)):
        by_code = [each for each in choices if as_compared(each.code) == spelled]
        if len(by_code) == 1:
            return by_code[0]
    for reader in readers:
        by_label = [
            each for each in choices if as_compared(reader.show(each.label)) == wanted
        ]
        if len(by_label) == 1:
            return by_label[0]
    return None
