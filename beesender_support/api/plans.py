"""What Desk does with plans: renews them, and invites the people on them."""

import csv
from io import StringIO

import frappe
from frappe import _
from frappe.utils import getdate

from beesender_support.enforcement.renewals import invitations, invoices, renewing
from beesender_support.enforcement.renewals.invitations import Invited
from beesender_support.enforcement.renewals.renewing import Renewed, Wanted
from beesender_support.files.formulas import harmless
from beesender_support.records.site_time import now
from beesender_support.records.sold import plan_prices, plan_values
from beesender_support.screens.desk import renewal_form
from beesender_support.screens.desk.renewal_form import RenewalPreview
from beesender_support.screens.workspace import fees
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
    return renewing.renew_several(_listed(plans), frappe.db.commit)


@frappe.whitelist(methods=["POST"])
def invite_all(plan: str, contact: str | None = None) -> Invited:
    """Everybody with a seat and no access to the portal, or one of them; twice invites
    nobody twice."""
    frappe.only_for(renewing.MAY_RENEW)
    frappe.get_doc(PLAN, plan).check_permission("write")
    return invitations.invite_all(plan, contact or None)


@frappe.whitelist(methods=["GET"])
def invoice_lines(filters: str | dict) -> None:
    """The lines of the report *Support fees* as a CSV file, for programs that bill."""
    frappe.only_for(renewing.MAY_RENEW)
    chosen = frappe.parse_json(filters)
    if not isinstance(chosen, dict):
        frappe.throw(_("These are not the values of a form."))
    file = StringIO()
    # A name may be text that a spreadsheet would run.
    csv.writer(file).writerows(
        map(harmless, row) for row in fees.invoice_rows(fees.lines(chosen))
    )
    frappe.response["type"] = "download"
    frappe.response["filename"] = "invoice-lines.csv"
    frappe.response["filecontent"] = file.getvalue().encode("utf-8-sig")


@frappe.whitelist(methods=["POST"])
def draft_invoice(plan: str, starts_on: str) -> str:
    """The draft of a sales invoice in ERPNext for the line that begins on a day."""
    frappe.only_for(renewing.MAY_RENEW)
    doc = frappe.get_doc(PLAN, plan)
    doc.check_permission("read")
    with refusals_in_words(doc):
        value = plan_values.plan_of(doc)
    for line in plan_prices.lines_of(doc, value, value.today(now())):
        if line.starts_on == getdate(starts_on):
            return invoices.draft_of(doc, line)
    frappe.throw(_("No line of this plan begins on that day."))


def _listed(names: str | list) -> list[str]:
    """Desk sends a list as text."""
    chosen = frappe.parse_json(names)
    if not isinstance(chosen, list):
        frappe.throw(_("The list of plans cannot be read. Reload the page."))
    return [str(each) for each in chosen]
