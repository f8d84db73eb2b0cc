"""Keeps a Beesender Entitlement within what tiers that have it can say of it."""

import frappe
from frappe import _
from frappe.model.document import Document

from beesender_support.policy.plans import limits
from beesender_support.policy.sold.entitlements import SoldEntitlement
from beesender_support.records.allowances import balances

ROW = "Beesender Tier Entitlement"


def check(doc: Document) -> None:
    """Raise PolicyError for an entitlement that the policy refuses, or with a unit in
    which the amounts of some tier make no sense."""
    limits.check_name("name", doc.name)
    limits.check_name("title", doc.title)
    sold = SoldEntitlement(doc.name, doc.title, doc.unit, bool(doc.enabled))
    for row in _rows(doc.name):
        limits.amount_of(sold, row.amount)
    if not doc.is_new() and doc.has_value_changed("unit"):
        _refuse_if_taken(
            doc,
            _(
                "{0} was reserved or used in that unit, so the unit stays. Make another"
                " entitlement with the unit you want, and disable this one."
            ),
        )


def refuse_removal(doc: Document) -> None:
    """Raise PolicyError for one that tiers have; refuse one that the ledger names."""
    tiers = sorted({row.parent for row in _rows(doc.name)})
    limits.check_unused("name", doc.title or doc.name, tiers)
    _refuse_if_taken(
        doc,
        _(
            "{0} was reserved or used, and the entries of that are kept. Disable it"
            " instead of deleting it."
        ),
    )


def _refuse_if_taken(doc: Document, sentence: str) -> None:
    if balances.has_entries(entitlement=doc.name):
        frappe.throw(sentence.format(frappe.utils.escape_html(doc.title or doc.name)))


def _rows(entitlement: str) -> list[frappe._dict]:
    return frappe.get_all(
        ROW, {"entitlement": entitlement}, ["parent", "amount"], order_by="parent"
    )
