"""A service report in Desk: as the client will read it, and to whom it goes."""

from typing import TypedDict

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import getdate

from beesender_support.enforcement.plans import service_reports

MIN_YEAR, MAX_YEAR = 1970, 9998


class ShownReport(TypedDict):
    """``html`` is a whole page; ``problem`` says why it cannot be sent, if it cannot."""

    name: str
    status: str
    html: str
    recipients: list[str]
    problem: str | None


def opened(plan: str, month: str) -> ShownReport:
    try:
        day = getdate(month)
    except Exception:
        # Frappe raises errors of several libraries here, and of its own.
        frappe.clear_last_message()
        day = None
    # What is further away no calendar of a plan reaches.
    if day is None or not MIN_YEAR <= day.year <= MAX_YEAR:
        frappe.throw(_("{0} is not a date.").format(month[:40]))
    return shown(service_reports.open_report(plan, day))


def shown(doc: Document) -> ShownReport:
    addresses = [each.address for each in service_reports.recipients_of(doc)]
    return {
        "name": doc.name,
        "status": doc.status,
        "html": service_reports.html_of(doc),
        "recipients": [each for each in addresses if each],
        "problem": service_reports.why_not_send(doc),
    }
