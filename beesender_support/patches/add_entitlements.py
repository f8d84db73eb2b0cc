"""What tiers include, as records: the entitlements there are, and a row for each that a
tier had as a field. Nothing is lost: the fields stay, and say the same."""

import frappe
from frappe.utils import flt

from beesender_support.policy.sold.catalogue import CATALOGUE
from beesender_support.policy.sold.entitlements import FIELD_OF_ENTITLEMENT
from beesender_support.records.cache import invalidate
from beesender_support.setup.first_data import add_entitlements

TIER, ROW = "Beesender Tier", "Beesender Tier Entitlement"


def execute() -> None:
    add_entitlements()
    for tier in frappe.get_all(TIER, pluck="name"):
        _add_title(tier)
        _add_rows(tier)
    invalidate()


def _add_title(tier: str) -> None:
    if not frappe.db.get_value(TIER, tier, "title"):
        frappe.db.set_value(TIER, tier, "title", tier, update_modified=False)


def _add_rows(tier: str) -> None:
    """Without a save, which an older fault of the tier would refuse. Rows that are there
    stay as they are."""
    listed = {"parent": tier, "parenttype": TIER, "parentfield": "entitlements"}
    if frappe.db.exists(ROW, listed):
        return
    doc = frappe.get_doc(TIER, tier)
    for code in (each.code for each in CATALOGUE.entitlements):
        amount = flt(doc.get(FIELD_OF_ENTITLEMENT[code]))
        if amount > 0:
            row = {"entitlement": code, "amount": amount}
            doc.append("entitlements", row).db_insert()
    frappe.clear_document_cache(TIER, tier)
