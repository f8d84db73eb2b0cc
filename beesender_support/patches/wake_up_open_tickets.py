"""When a ticket next owes a notice, in a column of its own.

The pass looks at every open ticket once. What was owed before the upgrade counts as
told: nobody is flooded with warnings and confirmations of the past.
"""

import frappe
from frappe.custom.doctype.custom_field.custom_field import create_custom_fields

from beesender_support.enforcement.response.clock_job import update_in_lots
from beesender_support.records.notices.ticket_facts import NEXT_NOTICE
from beesender_support.records.site_time import now, to_column
from beesender_support.setup.custom_fields import CUSTOM_FIELDS

SHARES = "warning_percents"
SETTINGS, SINCE = "Beesender Support Settings", "notices_since"
ASLEEP = {
    "beesender_admission": ("is", "set"),
    "status_category": ("!=", "Resolved"),
    "is_merged": 0,
    NEXT_NOTICE: ("is", "not set"),
}


def execute() -> None:
    create_custom_fields(CUSTOM_FIELDS)
    instant = to_column(now())
    if not frappe.db.get_single_value(SETTINGS, SINCE):
        frappe.db.set_single_value(SETTINGS, SINCE, str(instant))
    _set_shares()
    update_in_lots(ASLEEP, {NEXT_NOTICE: instant})


def _set_shares() -> None:
    """A field that is new in the settings has no default on a site that has them."""
    if not frappe.db.count("Singles", {"doctype": SETTINGS, "field": SHARES}):
        default = frappe.get_meta(SETTINGS).get_field(SHARES).default
        frappe.db.set_single_value(SETTINGS, SHARES, default)
