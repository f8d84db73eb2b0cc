"""The colour of a widget, and whether what is written on it can be read: WCAG 2.2."""

import re

from beesender_support.policy.errors import NoColour

WHITE, BLACK = "#ffffff", "#000000"
# Of a part of a page, such as the border of a button, beside what surrounds it (1.4.11).
LEAST_CONTRAST_OF_PARTS = 3.0
_HEX = re.compile(r"#([0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)


def colour_of(field: str, typed: str) -> str:
    """A colour as ``#rrggbb``; raises NoColour."""
    text = typed.strip().lower()
    if not _HEX.fullmatch(text):
        raise NoColour(field, typed)
    digits = text[1:]
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    return f"#{digits}"


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, from 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def text_on(colour: str) -> str:
    """Black or white, whichever is read better on it: at least 4.58 to 1."""
    return max(WHITE, BLACK, key=lambda each: contrast(each, colour))


def is_seen_on(colour: str, surface: str) -> bool:
    """Whether a button of this colour can be told from what is around it."""
    return contrast(colour, surface) >= LEAST_CONTRAST_OF_PARTS


def _luminance(colour: str) -> float:
    red, green, blue = (
        _linear(int(colour[index : index + 2], 16) / 255) for index in (1, 3, 5)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(share: float) -> float:
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4
