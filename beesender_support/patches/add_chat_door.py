"""The field and the role of the intake, for sites installed before it."""

from frappe.custom.doctype.custom_field.custom_field import create_custom_fields

from beesender_support.setup.custom_fields import CUSTOM_FIELDS
from beesender_support.setup.roles import add_channel_role


def execute() -> None:
    create_custom_fields(CUSTOM_FIELDS)
    add_channel_role()
