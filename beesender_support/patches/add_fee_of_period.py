"""What each plan costs from its first day to its last, which the list of plans shows."""

import frappe
from frappe.utils import getdate

from beesender_support.enforcement.plans.plan_validation import period_fee_of
from beesender_support.policy.errors import PolicyError
from beesender_support.records.sold import plan_values

PLAN = "Beesender Support Plan"


def execute() -> None:
    for name in frappe.get_all(PLAN, pluck="name"):
        doc = frappe.get_doc(PLAN, name)
        try:
            plan = plan_values.plan_of(doc)
            fee = period_fee_of(doc, plan, getdate()) if plan.ends_on else doc.fee
        except (PolicyError, frappe.DoesNotExistError):
            # Its form says what is wrong with it, or that its tier is gone.
            continue
        frappe.db.set_value(PLAN, name, "period_fee", fee, update_modified=False)
