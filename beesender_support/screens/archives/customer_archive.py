"""Everything that is kept of a customer, in one archive.

Access details are accounted for, and said only if that is asked for: each is then read
like by an agent, which its ticket notes.
"""

import csv
import io
from collections.abc import Iterable
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import frappe

from beesender_support.files.formulas import harmless
from beesender_support.records.tables import with_rows
from beesender_support.records.tickets.decisions import DECISION

CUSTOMER, PLAN, TICKET = "HD Customer", "Beesender Support Plan", "HD Ticket"
# Records of a ticket, and the field that names it.
OF_TICKET = {
    "communications": ("Communication", "reference_name"),
    "comments": ("HD Ticket Comment", "reference_ticket"),
    "history": ("HD Ticket Activity", "ticket"),
    "notice_log": ("Beesender Notice Log", "ticket"),
}
# Records of a customer.
OF_CUSTOMER = {
    "admission_log": "Beesender Admission Log",
    # Those for them alone, also on tickets that are others' now.
    "decisions": DECISION,
    "service_reports": "Beesender Service Report",
    "allowances": "Beesender Allowance Entry",
    "erasures": "Beesender Erasure",
}
_FILE = (
    "file_name",
    "file_url",
    "attached_to_doctype",
    "attached_to_name",
    "file_size",
)


def archive(customer: str, secrets: dict[str, str] | None = None) -> bytes:
    """A zip with a JSON file for each kind of record and a list of attachments.

    ``secrets`` are access details in plain text by ticket, where they were asked for.
    """
    tickets = with_rows(TICKET, {"customer": customer})
    names = [str(each.name) for each in tickets]
    members = frappe.get_all(
        "HD Customer Member", {"parent": customer}, pluck="contact_name"
    )
    askers = {each.contact for each in tickets if each.contact}
    kinds: dict[str, list[Any]] = {
        "customer": with_rows(CUSTOMER, {"name": customer}),
        "contacts": _named("Contact", {*members, *askers}),
        "plans": with_rows(PLAN, {"customer": customer}),
        "tickets": tickets,
        "access_details": _access_details(names, secrets or {}),
    }
    for kind, (doctype, field) in OF_TICKET.items():
        kinds[kind] = _rows(doctype, field, names)
    for kind, doctype in OF_CUSTOMER.items():
        kinds[kind] = with_rows(doctype, {"customer": customer})
    content = io.BytesIO()
    with ZipFile(content, "w", ZIP_DEFLATED) as files:
        for kind, rows in kinds.items():
            files.writestr(f"{kind}.json", frappe.as_json(rows))
        plans = [each.name for each in kinds["plans"]]
        said = [each.name for each in kinds["communications"]]
        attached = {TICKET: names, PLAN: plans, "Communication": said}
        files.writestr("attachments.csv", _attachments(attached))
    return content.getvalue()


def tickets_with_details(customer: str) -> list[str]:
    """The tickets of a customer that have access details on file."""
    tickets = frappe.get_all(TICKET, {"customer": customer}, pluck="name")
    return [each["ticket"] for each in _access_details(list(map(str, tickets)), {})]


def _named(doctype: str, names: Iterable[str]) -> list[Any]:
    names = list(names)
    return with_rows(doctype, {"name": ("in", names)}) if names else []


def _rows(doctype: str, field: str, names: list[str]) -> list[Any]:
    if not names:
        return []
    filters: dict[str, Any] = {field: ("in", names)}
    if doctype == "Communication":
        filters["reference_doctype"] = TICKET
    return frappe.get_all(doctype, filters, ["*"], order_by="creation")


def _access_details(names: list[str], secrets: dict[str, str]) -> list[dict[str, Any]]:
    """Which tickets have some, since when and by whom."""
    rows = (
        frappe.get_all(
            "Beesender Access Details",
            {"ticket": ("in", names)},
            ["ticket", "creation", "modified", "modified_by", "closed_on"],
        )
        if names
        else []
    )
    return [{**row, "secret": secrets.get(str(row.ticket))} for row in rows]


def _attachments(attached: dict[str, list[str]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_FILE)
    for doctype, names in attached.items():
        if names:
            filters = {
                "attached_to_doctype": doctype,
                "attached_to_name": ("in", names),
            }
            for row in frappe.get_all("File", filters, _FILE, as_list=True):
                writer.writerow(map(harmless, row))
    return text.getvalue()
