"""What becomes of requests of strangers: what became of them before there was a setting."""

import frappe

from beesender_support.policy.requests.customers import LIKE_UNPLANNED

SETTINGS = "Beesender Support Settings"


def execute() -> None:
    set_before = {"doctype": SETTINGS, "field": "strangers"}
    if not frappe.db.count("Singles", set_before):
        frappe.db.set_single_value(SETTINGS, "strangers", LIKE_UNPLANNED)
