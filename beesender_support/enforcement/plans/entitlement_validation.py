"""Keeps a Beesender Entitlement within what tiers that have it can say of it."""

import frappe
from frappe.model.document import Document

from beesender_support.policy.plans import limits
from beesender_support.policy.sold.entitlements import SoldEntitlement

ROW = "Beesender Tier Entitlement"


def check(doc: Document) -> None:
    """Raise PolicyError for an entitlement that the policy refuses, or with a unit in
    which the amounts of some tier make no sense."""
    limits.check_name("name", doc.name)
    limits.check_name("title", doc.title)
    sold = SoldEntitlement(doc.name, doc.title, doc.unit, bool(doc.enabled))
    for row in _rows(doc.name):
        limits.amount_of(sold, row.amount)


def refuse_removal(doc: Document) -> None:
    """Raise PolicyError for one that tiers have."""
    tiers = sorted({row.parent for row in _rows(doc.name)})
    limits.check_unused("name", doc.title or doc.name, tiers)


def _rows(entitlement: str) -> list[frappe._dict]:
    return frappe.get_all(
        ROW, {"entitlement": entitlement}, ["parent", "amount"], order_by="parent"
    )
