"""Checks a file of Frappe's Data Import: all rows by all rules, and keeps nothing."""

from typing import TypedDict

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import strip_html

from beesender_support.enforcement.imports.making import refused

# What the app's own records are, whose rules are worth a check of the whole file.
CHECKED = (
    "Beesender Support Plan",
    "Beesender Tier",
    "Beesender Holiday Calendar",
    "Beesender Channel",
    "Beesender Entitlement",
)
MOST_ROWS = 2_000
_ALL, _ONE = "beesender_data_import", "beesender_data_import_record"


class RowFault(TypedDict):
    """The rows of a record as the file numbers them, and what is wrong with it."""

    rows: list[int]
    fault: str


class Checked(TypedDict):
    records: int
    faults: list[RowFault]


def check(doc: Document) -> Checked:
    """What importing the file would refuse, as if the rows before were imported."""
    if doc.reference_doctype not in CHECKED:
        frappe.throw(_("{0} is not checked here.").format(_(doc.reference_doctype)))
    doc.validate_doctype()
    importer = doc.get_importer()
    file = importer.import_file
    payloads = file.get_payloads_for_import()
    if len(payloads) > MOST_ROWS:
        frappe.throw(_("Check at most {0} records at a time.").format(MOST_ROWS))
    faults = [
        RowFault(
            rows=[each["row"]] if each.get("row") else [],
            fault=strip_html(each["message"]),
        )
        for each in file.get_warnings()
        if each.get("type") != "info"
    ]
    before = frappe.flags.in_import, frappe.flags.mute_emails
    frappe.flags.in_import = frappe.flags.mute_emails = True
    frappe.db.savepoint(_ALL)
    try:
        for payload in payloads:
            if fault := _fault_of(importer, payload.doc):
                rows = [row.row_number for row in payload.rows]
                faults.append(RowFault(rows=rows, fault=fault))
    finally:
        frappe.flags.in_import, frappe.flags.mute_emails = before
        frappe.db.rollback(save_point=_ALL)
        frappe.db.after_commit.reset()
    return Checked(records=len(payloads), faults=faults)


def _fault_of(importer: object, record: dict) -> str | None:
    frappe.db.savepoint(_ONE)
    try:
        importer.process_doc(record)
    except Exception as error:
        frappe.db.rollback(save_point=_ONE)
        return refused(error)
    frappe.clear_messages()
    return None
