"""The questions that a description answers, in the reader's language."""

import re

import frappe
from bs4 import BeautifulSoup
from frappe import _
from frappe.utils import strip_html

from beesender_support.policy.requests.offers import is_unanswered
from beesender_support.policy.sold.categories import Category

SHOWN = ("img", "video", "a")
LONGEST_SUBJECT = 140
# A word joiner: it takes no room, breaks no line, and is no blank.
UNSEEN = "\u2060"
_OPENS_A_TAG = re.compile("<(?=[A-Za-z/!?])")


def questions_of(category: Category) -> list[str]:
    return [_(question) for question in category.questions]


def template_of(category: Category) -> str:
    """The questions as HTML, each with room for the answer below it."""
    return "".join(
        f"<p><strong>{frappe.utils.escape_html(question)}</strong></p><p></p>"
        for question in questions_of(category)
    )


def leaves_questions_open(description: str | None, category: Category) -> bool:
    """Whether somebody sent the bare questions. A picture counts as an answer."""
    page = BeautifulSoup(description or "", "html.parser")
    if page.find(SHOWN):
        return False
    return is_unanswered(page.get_text("\n"), questions_of(category))


def subject_as_typed(subject: str | None) -> str | None:
    """A subject that is shown as it was typed, wherever it is shown, and is HTML nowhere.

    Frappe takes ``<console>`` for a tag: it would drop it, or all of a subject. A
    character that is not shown keeps the bracket from opening one; where nothing but tags
    was typed, another one keeps it from counting as empty. A subject has room for 140
    characters; a longer one is cut.
    """
    if not subject or "<" not in subject:
        return subject
    inert = _OPENS_A_TAG.sub("<" + UNSEEN, subject)
    if strip_html(inert[:LONGEST_SUBJECT]).strip():
        return inert[:LONGEST_SUBJECT]
    return inert[: LONGEST_SUBJECT - 1].removesuffix(UNSEEN) + UNSEEN
