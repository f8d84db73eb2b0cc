"""Keeps a Beesender Channel one that tiers, requests and answers can name."""

import frappe
from frappe.model.document import Document

from beesender_support.policy.errors import ChannelInUse
from beesender_support.policy.sentences import Channel
from beesender_support.policy.sold.channels import OF_HELPDESK, PHONE
from beesender_support.records.sold.policy_values import channel_of

# Who holds the code of a channel as text.
HOLDERS = (
    ("HD Ticket", "beesender_channel"),
    ("Beesender Admission Log", "channel"),
    ("Beesender Registration Channel", "channel"),
    ("Beesender Answer Channel", "channel"),
)


def check(doc: Document) -> None:
    """Raise PolicyError for a channel that the policy refuses."""
    doc.title = (doc.title or "").strip() or doc.name
    channel_of(doc)


def refuse_removal(doc: Document) -> None:
    """Raise ChannelInUse for one that a record names, or that Helpdesk itself has."""
    is_named = any(
        frappe.db.exists(doctype, {field: doc.name}) for doctype, field in HOLDERS
    )
    if is_named or doc.name in {*OF_HELPDESK, PHONE}:
        raise ChannelInUse("name", Channel(doc.name))
