"""Columns for the next answer and the solution, and the reasons for closing without one.

Nothing that runs is changed: a ticket has the terms it has, and what moves its clocks is
stored from its next save on.
"""

from frappe.custom.doctype.custom_field.custom_field import create_custom_fields

from beesender_support.setup.custom_fields import CUSTOM_FIELDS
from beesender_support.setup.first_data import add_closing_reasons


def execute() -> None:
    create_custom_fields(CUSTOM_FIELDS)
    add_closing_reasons()
