"""Who leads a team, where it works, and what its agents are mailed."""

from frappe.custom.doctype.custom_field.custom_field import create_custom_fields

from beesender_support.setup.custom_fields import CUSTOM_FIELDS


def execute() -> None:
    create_custom_fields(CUSTOM_FIELDS)
