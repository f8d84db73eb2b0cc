"""The fields of tickets for by what they were decided, from now on."""

from frappe.custom.doctype.custom_field.custom_field import create_custom_fields

from beesender_support.setup.custom_fields import CUSTOM_FIELDS


def execute() -> None:
    create_custom_fields(CUSTOM_FIELDS)
