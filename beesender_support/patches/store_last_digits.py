"""The last digits of the numbers that contacts have, by which a number is found."""

import frappe
from frappe.custom.doctype.custom_field.custom_field import create_custom_fields

from beesender_support.records.people.phones import last_digits
from beesender_support.setup.custom_fields import CUSTOM_FIELDS

PHONE = "Contact Phone"


def execute() -> None:
    create_custom_fields({PHONE: CUSTOM_FIELDS[PHONE]})
    missing = {"beesender_last_digits": ("is", "not set")}
    numbers = frappe.get_all(PHONE, missing, ["name", "phone"], order_by=None)
    by_digits: dict[str, list[str]] = {}
    for row in numbers:
        by_digits.setdefault(last_digits(row.phone), []).append(row.name)
    for digits, names in by_digits.items():
        frappe.db.set_value(
            PHONE,
            {"name": ("in", names)},
            "beesender_last_digits",
            digits,
            update_modified=False,
        )
