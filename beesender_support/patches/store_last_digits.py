"""The last digits of the numbers that contacts have, by which a number is found.

Some at a time, by key, each lot in a transaction of its own: it goes on where it was
interrupted.
"""

import frappe
from frappe.custom.doctype.custom_field.custom_field import create_custom_fields
from pypika import Case

from beesender_support.records.people.phones import last_digits
from beesender_support.setup.custom_fields import CUSTOM_FIELDS

PHONE = "Contact Phone"
LOT = 500


def execute() -> None:
    create_custom_fields({PHONE: CUSTOM_FIELDS[PHONE]})
    table = frappe.qb.DocType(PHONE)
    last = ""
    while rows := (
        frappe.qb.from_(table)
        .select(table.name, table.phone)
        .where(table.beesender_last_digits.isnull() & (table.name > last))
        .orderby(table.name)
        .limit(LOT)
        .run()
    ):
        digits = Case()
        for name, phone in rows:
            digits = digits.when(table.name == name, last_digits(phone))
        names = [name for name, _phone in rows]
        frappe.qb.update(table).set(table.beesender_last_digits, digits).where(
            table.name.isin(names)
        ).run()
        frappe.db.commit()
        last = names[-1]
