"""The field of tickets for what is asked for beside answers."""

from frappe.custom.doctype.custom_field.custom_field import create_custom_fields

from beesender_support.setup.custom_fields import CUSTOM_FIELDS


def execute() -> None:
    create_custom_fields(CUSTOM_FIELDS)
