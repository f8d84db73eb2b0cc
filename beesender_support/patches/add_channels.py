"""Channels become records. Tiers, requests and logged answers keep the codes they have: a
code that only this site uses becomes a channel, too."""

import frappe
from frappe.custom.doctype.custom_field.custom_field import create_custom_fields

from beesender_support.policy.errors import PolicyError
from beesender_support.policy.sold.channels import SoldChannel
from beesender_support.records.cache import invalidate
from beesender_support.setup.custom_fields import CUSTOM_FIELDS
from beesender_support.setup.first_data import add_channels, add_if_absent

ROWS = {
    "Beesender Registration Channel": "takes_requests",
    "Beesender Answer Channel": "answers",
}


def execute() -> None:
    # The channel of a ticket becomes text.
    create_custom_fields(CUSTOM_FIELDS)
    add_channels()
    add_channels_of_tiers()
    invalidate()


def add_channels_of_tiers() -> None:
    """Those that a site wrote into its tiers."""
    uses: dict[str, dict[str, int]] = {}
    for doctype, use in ROWS.items():
        for code in frappe.get_all(doctype, pluck="channel", distinct=True):
            uses.setdefault(code or "", {})[use] = 1
    for code, use in uses.items():
        try:
            SoldChannel(code, code)
        except PolicyError:
            continue  # No record can have it; the form of the tier says so.
        add_if_absent("Beesender Channel", code, {"title": code, **use})
