"""What an agent is also mailed of the notices that ring their bell: their own choice."""

from typing import TypedDict

import frappe
from frappe import _

from beesender_support.policy.notices.staff import CHOICES, DEFAULT

AGENT, BY_MAIL = "HD Agent", "beesender_notices_by_mail"


class Choice(TypedDict):
    value: str
    label: str


class NoticeSettings(TypedDict):
    """``by_mail`` is None for who has no record as an agent and so no choice: they are
    always mailed."""

    by_mail: str | None
    choices: list[Choice]
    labels: dict[str, str]


def settings_of_user(user: str) -> NoticeSettings:
    found = frappe.db.get_value(AGENT, user, ["name", BY_MAIL], as_dict=True)
    return {
        "by_mail": (found[BY_MAIL] or DEFAULT) if found else None,
        "choices": [{"value": each, "label": _(each)} for each in CHOICES],
        "labels": {
            "title": _("Notices also by mail"),
            "what": _(
                "Warnings, breaches and escalations always ring your bell in Helpdesk."
                " Choose which of them are mailed to you, too."
            ),
            "always": _(
                "You have no record as an agent, so everything is mailed to you."
            ),
            "save": _("Save"),
            "cancel": _("Cancel"),
            "saved": _("Saved"),
        },
    }
