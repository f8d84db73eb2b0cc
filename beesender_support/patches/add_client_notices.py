"""What says of a ticket whether its client gets notices: none of those from before."""

from frappe.custom.doctype.custom_field.custom_field import create_custom_fields

from beesender_support.setup.custom_fields import CUSTOM_FIELDS


def execute() -> None:
    create_custom_fields(CUSTOM_FIELDS)
