"""The hour of the digest: a site that saves its settings without one would mean midnight."""

import frappe

from beesender_support.policy.notices.digest import DEFAULT_HOUR

SETTINGS = "Beesender Support Settings"


def execute() -> None:
    set_before = {"doctype": SETTINGS, "field": "digest_hour"}
    if not frappe.db.count("Singles", set_before):
        frappe.db.set_single_value(SETTINGS, "digest_hour", DEFAULT_HOUR)
