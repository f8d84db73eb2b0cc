"""The questions that a description answers, in the reader's language."""

import html

import frappe
from bs4 import BeautifulSoup
from frappe import _
from frappe.utils import strip_html
from frappe.utils.html_utils import sanitize_html

from beesender_support.policy.requests.offers import is_unanswered
from beesender_support.policy.sold.categories import Category

SHOWN = ("img", "video", "a")
LONGEST_SUBJECT = 140


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
    """A subject of which Frappe would take a part for HTML and drop it, or all of it and
    miss a subject, escaped.

    A subject has room for 140 characters; a longer one is cut.
    """
    if not subject or "<" not in subject:
        return subject
    if sanitize_html(subject) == subject and strip_html(subject).strip():
        return subject
    while len(escaped := html.escape(subject, quote=False)) > LONGEST_SUBJECT:
        subject = subject[:-1]
    return escaped
