"""A language that nobody speaks: every text of this app in brackets, with accents, and
longer by two fifths, as a translation may be. What is shown without brackets is not
marked for translation; what is cut off would be so in somebody's language.

``python -m beesender_support.tests.browser.pseudo_locale > en_XA.po`` writes its catalogue.
"""

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import frappe
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from beesender_support.tests.site.catalogues import in_use, template

# English with accents, as others who test by it call it; Frappe writes a dash.
LANGUAGE = "en-XA"
ACCENTS = str.maketrans("aceinouyACEINOUY", "áçéíñóúýÁÇÉÍÑÓÚÝ")
LONGER_BY = 0.4
# Long words break no line in most languages; none is as long as a sentence.
LONGEST_WORD = 12
# What programs read in a text: places for values, markup, and its entities.
KEPT = re.compile(r"(\{[^{}]*\}|<[^<>]*>|&\w+;|%\w|https?://\S+)")


def pseudo(text: str) -> str:
    """``[Ópéñ ñów~~~]``. Places for values and markup stay."""
    parts = KEPT.split(text)
    said = "".join(
        part if KEPT.fullmatch(part) else part.translate(ACCENTS) for part in parts
    )
    letters = sum(len(part) for part in parts if not KEPT.fullmatch(part))
    return f"[{said}{_padding(max(1, round(letters * LONGER_BY)))}]"


def _padding(length: int) -> str:
    words = ("~" * LONGEST_WORD for _word in range(length // LONGEST_WORD))
    return " ".join((*words, "~" * (length % LONGEST_WORD))).rstrip()


def catalogue() -> Catalog:
    """Of every text in the template."""
    made = Catalog(locale="en", charset="utf-8")
    for message in template():
        if message.id:
            made.add(message.id, pseudo(message.id), context=message.context)
    return made


@contextmanager
def spoken() -> Iterator[None]:
    """The site offers the language, and people may read it."""
    frappe.db.rollback()
    with in_use(LANGUAGE, catalogue()):
        if not frappe.db.exists("Language", LANGUAGE):
            frappe.new_doc(
                "Language",
                language_code=LANGUAGE,
                language_name="Test of translations",
                enabled=1,
            ).insert()
        frappe.db.commit()
        yield
        frappe.db.rollback()
        frappe.db.set_value("User", {"language": LANGUAGE}, "language", "en")
        frappe.delete_doc("Language", LANGUAGE, force=True, delete_permanently=True)
        frappe.db.commit()


if __name__ == "__main__":
    write_po(sys.stdout.buffer, catalogue(), width=None)
