"""Service reports that were sent, for the people who manage their customer."""

from typing import NamedTuple, TypedDict

import frappe

from beesender_support.enforcement.plans import service_reports
from beesender_support.enforcement.plans.service_reports import REPORT, SENT
from beesender_support.records.people.session_contact import managed_by
from beesender_support.wording.service_report_words import name_of_month

# Three years; older ones are asked for.
MOST_REPORTS = 36
DOWNLOAD = "/api/method/beesender_support.api.portal.service_report?name="


class ReportShown(TypedDict):
    month: str
    address: str


class File(NamedTuple):
    name: str
    content: bytes


def sent_to(customer: str) -> list[ReportShown]:
    rows = frappe.get_all(
        REPORT,
        {"customer": customer, "status": SENT},
        ["name", "month"],
        order_by="month desc",
        limit=MOST_REPORTS,
    )
    return [
        {"month": name_of_month(row.month), "address": f"{DOWNLOAD}{row.name}"}
        for row in rows
    ]


def file_for(user: str, name: str) -> File:
    """The report as it was sent; PermissionError for anybody but a manager of its
    customer, as for a report that does not exist or was not sent."""
    customer, status = frappe.db.get_value(REPORT, name, ["customer", "status"]) or (
        None,
        None,
    )
    if not customer or status != SENT or customer not in managed_by(user):
        raise frappe.PermissionError
    return File(*service_reports.as_file(frappe.get_doc(REPORT, name)))
