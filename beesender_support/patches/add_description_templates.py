"""Questions for the description and the days that access details stay, for sites installed
before both. What an admin wrote or chose meanwhile stays."""

import frappe

from beesender_support.policy.sold.catalogue import CATALOGUE
from beesender_support.setup.first_data import SETTINGS

DAYS = 14


def execute() -> None:
    for category in CATALOGUE.categories:
        frappe.db.set_value(
            "Beesender Category",
            {"name": category.name, "description_template": ("is", "not set")},
            "description_template",
            category.description_template,
        )
    if "access_details_days" not in frappe.db.get_singles_dict(SETTINGS):
        frappe.db.set_single_value(SETTINGS, "access_details_days", DAYS)
