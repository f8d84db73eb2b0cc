"""The kinds of notices and their texts, in English and Russian.

A kind that is missing is new: nobody can delete one. Its texts belong to the site from
then on.
"""

import frappe

from beesender_support.policy.notices.kinds import KINDS, Kind
from beesender_support.setup import first_texts
from beesender_support.wording import notice_texts
from beesender_support.wording.notice_names import NOTICE_NAMES

NOTICE, TEMPLATE = "Beesender Notice", "Email Template"


def add_notices() -> None:
    for kind in KINDS:
        if not frappe.db.exists(NOTICE, kind.code):
            _add(kind)


def _add(kind: Kind) -> None:
    frappe.get_doc(
        {
            "doctype": NOTICE,
            "name": kind.code,
            "title": NOTICE_NAMES[kind.code],
            "audience": kind.audience.value,
            "enabled": kind.is_on,
            "texts": [
                {"language": language, "email_template": _template(kind, language)}
                for language in notice_texts.LANGUAGES
                if frappe.db.exists("Language", language)
            ],
        }
    ).insert(set_name=kind.code, ignore_permissions=True)


def _template(kind: Kind, language: str) -> str:
    name = f"Beesender: {kind.code} ({language})"
    if not frappe.db.exists(TEMPLATE, name):
        text = notice_texts.shipped(kind.code, language)
        first_texts.add(
            TEMPLATE,
            name=name,
            subject=text.subject,
            use_html=1,
            response_html=text.message,
        )
    return name


def remove_texts() -> None:
    """Those that nobody has edited; the kinds go with their DocType."""
    for name in first_texts.untouched(TEMPLATE):
        first_texts.remove(TEMPLATE, name)
