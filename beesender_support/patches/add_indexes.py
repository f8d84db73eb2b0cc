"""Indexes for the shipped views and for handing over a plan: without one, another success
manager of a plan locked every ticket of the site."""

from frappe.custom.doctype.custom_field.custom_field import create_custom_fields

from beesender_support.setup.custom_fields import CUSTOM_FIELDS
from beesender_support.setup.indexes import add_indexes


def execute() -> None:
    create_custom_fields(CUSTOM_FIELDS)
    add_indexes()
