"""After how many days quiet conversations are deleted: the default, where the settings are
older than the question. Saved without it, Frappe would take it for 0, which is refused.
"""

import frappe
from frappe.utils import cint

from beesender_support.records.settings import DEFAULT_CONVERSATION_DAYS

SETTINGS = "Beesender Support Settings"


def execute() -> None:
    if not cint(frappe.db.get_single_value(SETTINGS, "conversation_days")):
        frappe.db.set_single_value(
            SETTINGS, "conversation_days", DEFAULT_CONVERSATION_DAYS
        )
