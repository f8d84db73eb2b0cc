"""A draft of a sales invoice in ERPNext, where it is installed; this app needs none.

One for each fee line of a plan: its key stands in the field for the customer's purchase
order, by which it is found again.
"""

import frappe
from frappe import _
from frappe.model.document import Document

from beesender_support.enforcement.plans import seats
from beesender_support.policy.prices.fees import FeeLine
from beesender_support.wording.renderer import tier_title

INVOICE = "Sales Invoice"


def can_be_made() -> bool:
    return "erpnext" in frappe.get_installed_apps()


def is_offered() -> bool:
    """Whether the session's user may make one here."""
    return can_be_made() and bool(frappe.has_permission(INVOICE, "create"))


def draft_of(plan: Document, line: FeeLine) -> str:
    """The invoice of a line, made as a draft if there is none that was not cancelled.

    The plan is locked meanwhile, and what others committed since is read: two who click
    at the same time get the same draft.
    """
    if not can_be_made():
        frappe.throw(_("ERPNext is not installed. Download the invoice lines instead."))
    frappe.has_permission(INVOICE, "create", throw=True)
    seats.locked_plan(plan.name)
    key = f"{plan.name} {line.starts_on}"
    of_line = {"po_no": key, "docstatus": ("<", 2)}
    there = frappe.db.get_value(INVOICE, of_line, "name", for_update=True)
    if there:
        return str(there)
    customer = frappe.db.get_value("HD Customer", plan.customer, "erpnext_customer")
    if not customer:
        frappe.throw(_("Link this customer to one of ERPNext first."))
    company, income_account = _seller()
    name = _("Support, tier {0}").format(tier_title(line.tier))
    invoice = frappe.get_doc(
        {
            "doctype": INVOICE,
            "company": company,
            "customer": customer,
            "currency": plan.currency,
            "po_no": key,
            "items": [
                {
                    "item_name": name,
                    "description": f"{name}: {line.starts_on} - {line.ends_on}",
                    "qty": 1,
                    "rate": float(line.amount),
                    "income_account": income_account,
                    "uom": frappe.db.get_single_value("Stock Settings", "stock_uom"),
                    "conversion_factor": 1,
                }
            ],
        }
    )
    invoice.insert()
    return str(invoice.name)


def _seller() -> tuple[str, str]:
    """The user's company in ERPNext, and the account of its income: an item without a
    record of its own has no other."""
    company = frappe.defaults.get_user_default("Company")
    account = company and frappe.db.get_value(
        "Company", company, "default_income_account"
    )
    if not account:
        frappe.throw(
            _("Choose a default company in ERPNext, and its default income account.")
        )
    return str(company), str(account)
