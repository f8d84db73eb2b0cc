"""Articles of the knowledge base for clients, each in English and Russian."""

import frappe

from beesender_support.setup import first_texts

ARTICLE, CATEGORY = "HD Article", "HD Article Category"
# Clients of both languages look through one list of categories.
CATEGORY_TITLE = "Support / Поддержка"
# File, and its title in each language.
ARTICLES = (
    (
        "compose_request",
        {"en": "How to compose a request", "ru": "Как составить обращение"},
    ),
    (
        "plan_includes",
        {"en": "What your plan includes", "ru": "Что входит в ваш план"},
    ),
)


def add_articles() -> None:
    """The four articles, on a site that never had them."""
    if first_texts.was_added(ARTICLE):
        return
    absent = [
        (file, language, title)
        for file, titles in ARTICLES
        for language, title in titles.items()
        if not frappe.db.exists(ARTICLE, {"title": title})
    ]
    with first_texts.adding(ARTICLE):
        category = absent and _category()
        for file, language, title in absent:
            first_texts.add(
                ARTICLE,
                title=title,
                category=category,
                status="Published",
                content=first_texts.text("articles", file, language),
            )


def _category() -> str:
    title = {"category_name": CATEGORY_TITLE}
    return frappe.db.exists(CATEGORY, title) or first_texts.add(CATEGORY, **title).name


def remove_articles() -> None:
    """Those that nobody has edited or rated, and the category if that empties it."""
    for name in first_texts.untouched(ARTICLE):
        if not frappe.db.exists("HD Article Feedback", {"article": name}):
            first_texts.remove(ARTICLE, name)
    for name in first_texts.untouched(CATEGORY):
        if not frappe.db.exists(ARTICLE, {"category": name}):
            first_texts.remove(CATEGORY, name)
