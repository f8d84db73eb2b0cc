"""The questions that a description answers, in the reader's language."""

import frappe
from bs4 import BeautifulSoup
from frappe import _

from beesender_support.policy.offers import is_unanswered
from beesender_support.policy.tiers import Category

SHOWN = ("img", "video", "a")


def questions_of(category: Category) -> list[str]:
    return [_(question) for question in category.questions]


def template_of(category: Category) -> str:
    """The questions as HTML, each with room for the answer below it."""
    return "".join(
        f"<p><strong>{frappe.utils.escape_html(question)}</strong></p><p></p>"
        for question in questions_of(category)
    )


def leaves_questions_open(description: str | None, category: Category) -> bool:
    """Whether somebody sent the questions as they were. A picture is an answer."""
    html = BeautifulSoup(description or "", "html.parser")
    if html.find(SHOWN):
        return False
    return is_unanswered(html.get_text("\n"), questions_of(category))
