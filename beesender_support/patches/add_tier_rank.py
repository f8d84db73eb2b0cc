"""The rank of the tier on tickets from before, for views that show the highest first."""

import frappe
from frappe.custom.doctype.custom_field.custom_field import create_custom_fields

from beesender_support.setup.custom_fields import CUSTOM_FIELDS


def execute() -> None:
    create_custom_fields(CUSTOM_FIELDS)
    for tier, rank in frappe.get_all(
        "Beesender Tier", fields=["name", "rank"], as_list=True
    ):
        frappe.db.set_value(
            "HD Ticket",
            {"beesender_tier": tier},
            "beesender_tier_rank",
            rank,
            update_modified=False,
        )
