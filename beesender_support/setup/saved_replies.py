"""Replies that agents start with, by category, each in English and Russian."""

import frappe

from beesender_support.setup import first_texts

SAVED_REPLY = "HD Saved Reply"
# File, and its title in each language. The title begins with the category, as the list
# that agents choose from is sorted and searched by it.
SAVED_REPLIES = (
    (
        "incident_accepted",
        {"en": "Incident: accepted", "ru": "Инцидент: обращение принято"},
    ),
    (
        "incident_steps_and_access",
        {
            "en": "Incident: steps and access needed",
            "ru": "Инцидент: нужны шаги и доступ",
        },
    ),
    (
        "consultation_accepted",
        {"en": "Consultation: accepted", "ru": "Консультация: вопрос принят"},
    ),
    (
        "consultation_closing",
        {"en": "Consultation: closing", "ru": "Консультация: закрываем обращение"},
    ),
    (
        "enhancement_no_promise",
        {
            "en": "Paid enhancement request: no promised response time",
            "ru": "Запрос на платную доработку: срок ответа не обещан",
        },
    ),
    (
        "authorized_contacts",
        {
            "en": "Any category: authorized contacts",
            "ru": "Любая категория: авторизованные контакты",
        },
    ),
)


def add_saved_replies() -> None:
    """For all agents, on a site that never had them."""
    if first_texts.was_added(SAVED_REPLY):
        return
    absent = [
        (file, language, title)
        for file, titles in SAVED_REPLIES
        for language, title in titles.items()
        if not frappe.db.exists(SAVED_REPLY, {"title": title})
    ]
    with first_texts.adding(SAVED_REPLY):
        for file, language, title in absent:
            first_texts.add(
                SAVED_REPLY,
                title=title,
                scope="Global",
                message=first_texts.text("saved_replies", file, language),
            )


def remove_saved_replies() -> None:
    """Those that nobody has edited."""
    for name in first_texts.untouched(SAVED_REPLY):
        first_texts.remove(SAVED_REPLY, name)
