"""The shipped impact rules, switched off, for sites installed before them. Rules that an
admin drew meanwhile stay."""

import frappe
from frappe.custom.doctype.custom_field.custom_field import create_custom_fields

from beesender_support.policy.sold.catalogue import CATALOGUE
from beesender_support.records.cache import invalidate
from beesender_support.setup.custom_fields import CUSTOM_FIELDS
from beesender_support.setup.first_data import impact_rules

CATEGORY, RULE = "Beesender Category", "Beesender Impact Rule"


def execute() -> None:
    create_custom_fields(CUSTOM_FIELDS)
    for category in CATALOGUE.categories:
        if frappe.db.exists(CATEGORY, category.name) and not _has_rules(category.name):
            _add_rules(category.name, impact_rules(category))
    invalidate()


def _has_rules(category: str) -> bool:
    return bool(frappe.db.exists(RULE, {"parent": category, "parenttype": CATEGORY}))


def _add_rules(category: str, rules: list[dict]) -> None:
    """Without a save, which an older fault of the category would refuse."""
    codes = frappe.get_all("Beesender Priority", pluck="name")
    if not {rule["priority"] for rule in rules} <= set(codes):
        return
    doc = frappe.get_doc(CATEGORY, category)
    for rule in rules:
        doc.append("impact_rules", rule).db_insert()
    frappe.clear_document_cache(CATEGORY, category)
