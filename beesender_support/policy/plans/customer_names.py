"""Names of customers, compared as a site's database does."""

from unicodedata import category, normalize

# To a database Cyrillic letters with a mark are letters of their own, except these; and a
# soft hyphen is one.
_CYRILLIC = range(0x400, 0x500)
_WITHOUT_MARK = {"ё": "е", "ѐ": "е", "ѝ": "и"}
_SOFT_HYPHEN = "\u00ad"


def comparable_name(name: str) -> str:
    """What names share that a site takes for one: neither case nor accents count, nor
    blanks behind; characters that take no room are not there."""
    if name.isascii():
        return name.rstrip(" ").lower()
    return "".join(map(comparable_letter, name)).rstrip(" ")


def comparable_letter(character: str) -> str:
    """What is left of one character in such a comparison."""
    if ord(character) in _CYRILLIC:
        lower = character.lower()
        return _WITHOUT_MARK.get(lower, lower)
    if character == _SOFT_HYPHEN:
        return character
    return "".join(
        each
        for each in normalize("NFKD", normalize("NFKD", character).casefold())
        if category(each) not in ("Mn", "Me", "Cf")
    )
