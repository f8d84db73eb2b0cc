"""A site whose settings are older than one of them can save them after an upgrade."""

import frappe
import pytest

from beesender_support.patches import set_conversation_days
from beesender_support.records.settings import DEFAULT_CONVERSATION_DAYS

SETTINGS = "Beesender Support Settings"


@pytest.mark.parametrize(
    ("stored", "expected"),
    [
        (None, DEFAULT_CONVERSATION_DAYS),
        (0, DEFAULT_CONVERSATION_DAYS),
        (30, 30),
    ],
)
def test_the_days_of_conversations_are_there(stored, expected):
    frappe.db.delete("Singles", {"doctype": SETTINGS, "field": "conversation_days"})
    if stored is not None:
        frappe.db.set_single_value(SETTINGS, "conversation_days", stored)
    for _again in range(2):
        set_conversation_days.execute()
        settings = frappe.get_doc(SETTINGS)
        assert settings.conversation_days == expected
        settings.save()
