"""What Desk does with plans: renews them, and invites the people on them."""

import frappe
from frappe import _

from beesender_support.enforcement.renewals import renewing
from beesender_support.enforcement.renewals.renewing import Renewed, Wanted
from beesender_support.screens.desk import renewal_form
from beesender_support.screens.desk.renewal_form import RenewalPreview
from beesender_support.wording.renderer import refusals_in_words

PLAN = "Beesender Support Plan"


@frappe.whitelist()
def renewal_preview(
    plan: str,
    tier: str | None = None,
    time_zone: str | None = None,
    starts_on: str | None = None,
    ends_on: str | None = None,
) -> RenewalPreview:
    """What renewing a plan would make; writes nothing."""
    doc = frappe.get_doc(PLAN, plan)
    doc.check_permission("read")
    with refusals_in_words(doc):
        period = renewal_form.period_in(doc, starts_on, ends_on)
        there = renewing.renewal_there(doc)
        return renewal_form.preview(doc, there, tier, time_zone, period)


@frappe.whitelist(methods=["POST"])
def renew(
    plan: str,
    tier: str | None = None,
    time_zone: str | None = None,
    starts_on: str | None = None,
    ends_on: str | None = None,
) -> Renewed:
    """The draft that renews a plan; called twice, the same one."""
    doc = frappe.get_doc(PLAN, plan)
    doc.check_permission("write")
    with refusals_in_words(doc):
        period = renewal_form.period_in(doc, starts_on, ends_on)
        return renewing.renew(plan, Wanted(tier or None, time_zone or None, period))


@frappe.whitelist(methods=["POST"])
def renew_several(plans: str | list) -> list[Renewed]:
    """Each for its next period, at most 100; one that is refused stops no other."""
    frappe.has_permission(PLAN, "create", throw=True)
    return renewing.renew_several(_listed(plans))


def _listed(names: str | list) -> list[str]:
    """Desk sends a list as text."""
    chosen = frappe.parse_json(names)
    if not isinstance(chosen, list):
        frappe.throw(_("The list of plans cannot be read. Reload the page."))
    return [str(each) for each in chosen]
