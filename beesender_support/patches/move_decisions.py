"""What tickets were decided by stood in a column of theirs, and in the log for customers of
before: each decision becomes a row of its own, and both columns go.

Some at a time, by key, in one transaction with what was moved: it goes on where it was
interrupted.
"""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import frappe
from frappe.custom.doctype.custom_field.custom_field import create_custom_fields
from frappe.utils import now_datetime

from beesender_support.records.tickets.admission_log import LOG, insert_all
from beesender_support.records.tickets.decisions import DECISION, row_of
from beesender_support.setup.custom_fields import CUSTOM_FIELDS
from beesender_support.setup.uninstall import drop_column

TICKET, COLUMN = "HD Ticket", "beesender_decisions"
COLUMN_OF_LOG = "decisions"
LOT = 500


def execute() -> None:
    # Those for customers of before come first, as they were decided.
    if has_column(LOG, COLUMN_OF_LOG):
        move(LOG, COLUMN_OF_LOG, ticket="ticket")
        drop_column(LOG, COLUMN_OF_LOG)
    frappe.delete_doc(
        "Custom Field", f"{TICKET}-{COLUMN}", force=True, ignore_missing=True
    )
    if has_column(TICKET, COLUMN):
        move(TICKET, COLUMN, ticket="name")
        drop_column(TICKET, COLUMN)
    for doctype in (LOG, TICKET):
        frappe.clear_cache(doctype=doctype)
    # The next one stood after it.
    create_custom_fields(CUSTOM_FIELDS)


def has_column(doctype: str, column: str) -> bool:
    """Asked anew: what Frappe remembers may be older than an interrupted run."""
    return bool(frappe.db.sql(f"show columns from `tab{doctype}` like %s", column))


def move(doctype: str, column: str, ticket: str) -> None:
    """``ticket`` is the column that names the ticket."""
    table = frappe.qb.DocType(doctype)
    last = None
    while rows := (
        frappe.qb.from_(table)
        .select(
            table.name,
            table[ticket].as_("ticket"),
            table.customer,
            table.creation,
            table[column].as_("decisions"),
        )
        .where(table[column].isnotnull())
        .where(table.name > last if last is not None else table.name.isnotnull())
        .orderby(table.name)
        .limit(LOT)
        .run(as_dict=True)
    ):
        names = [row.name for row in rows]
        insert_all(DECISION, list(_moved(doctype, rows)))
        frappe.qb.update(table).set(table[column], None).where(
            table.name.isin(names)
        ).run()
        frappe.db.commit()
        last = names[-1]


def _moved(doctype: str, rows: list[frappe._dict]) -> Iterator[dict[str, Any]]:
    tickets = _stored([row.ticket for row in rows])
    for row in rows:
        # The number of a ticket that was deleted may be another's.
        if str(row.ticket) not in tickets:
            continue
        written = row.creation if doctype == LOG else now_datetime()
        for number, decided in enumerate(json.loads(row.decisions)):
            asked = decided["asked"]
            customer = asked["customer"] if asked else row.customer
            # Of one second they are told in the order in which they were written.
            moment = written + timedelta(microseconds=number)
            by = decided["by"] or "Administrator"
            yield {
                **row_of(str(row.ticket), customer, decided),
                "creation": moment,
                "modified": moment,
                "owner": by,
                "modified_by": by,
            }


def _stored(tickets: list[Any]) -> set[str]:
    names = list({each for each in tickets if each})
    if not names:
        return set()
    return {
        str(each)
        for each in frappe.get_all(TICKET, {"name": ("in", names)}, pluck="name")
    }
