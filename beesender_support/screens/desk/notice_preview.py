"""The texts of a kind of notice, filled with the names of what they will hold."""

from collections.abc import Iterator
from typing import TypedDict

import frappe
from frappe import _
from frappe.model.document import Document

from beesender_support.policy.notices.kinds import kind_of
from beesender_support.wording import notice_texts
from beesender_support.wording.language import speaking
from beesender_support.wording.notice_names import VARIABLE_MEANINGS


class Preview(TypedDict):
    """One text as its readers see it; ``fault`` says what is wrong with it instead."""

    language: str
    language_name: str
    subject: str
    message: str
    fault: str


class Variable(TypedDict):
    name: str
    meaning: str


class NoticePreview(TypedDict):
    """What a form shows of a kind: its variables, and a preview of each text."""

    variables: list[Variable]
    previews: list[Preview]


# Variables that hold a number, by which a text may decide.
NUMBERS = frozenset({"count", "limit", "share"})


class Placeholder(str):
    """The name of what a variable will hold; a list of one, where a text goes through a
    list, and has any part that a text names."""

    def __iter__(self) -> Iterator[str]:
        yield self

    def __getitem__(self, part: object) -> "Placeholder":
        return self if isinstance(part, (int, slice)) else Placeholder(f"[{part}]")

    def __getattr__(self, name: str) -> "Placeholder":
        if name.startswith("_"):
            raise AttributeError(name)
        return Placeholder(f"[{name}]")


def notice_preview(doc: Document) -> NoticePreview:
    variables = kind_of(doc.name).variables
    languages = [row.language for row in doc.texts] or list(notice_texts.LANGUAGES)
    return {
        "variables": [
            {"name": each, "meaning": _(VARIABLE_MEANINGS[each])} for each in variables
        ],
        "previews": [_preview(doc.name, each, variables) for each in languages],
    }


def _preview(kind: str, language: str, variables: tuple[str, ...]) -> Preview:
    shown: Preview = {
        "language": language,
        "language_name": frappe.db.get_value("Language", language, "language_name")
        or language,
        "subject": "",
        "message": "",
        "fault": "",
    }
    with speaking(language):
        values = {
            each: (
                2 if each in NUMBERS else Placeholder(f"[{_(VARIABLE_MEANINGS[each])}]")
            )
            for each in variables
        }
    try:
        shown["subject"], shown["message"] = notice_texts.preview(
            kind, language, values
        )
    except Exception as fault:
        # A text may fail in any way that an expression can.
        shown["fault"] = _(
            "This text cannot be filled, so the text of the app is sent instead: {0}"
        ).format(fault)
    return shown
