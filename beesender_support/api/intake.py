"""The door of the chatbot and the site widget; see docs/intake-api.md.

The methods take no arguments: the payload is the request's body, read in ``payloads``.
"""

import frappe

from beesender_support.api.payloads import Message, Question, Registration, read
from beesender_support.enforcement import chat
from beesender_support.enforcement.chat.caller import only_for_channels


@frappe.whitelist(methods=["POST"])
def register() -> dict:
    """Register a request; the same ``external_id`` again gets the same ticket."""
    only_for_channels()
    return chat.register(read(Registration))


@frappe.whitelist(methods=["POST"])
def append() -> dict:
    """Add a message to a request that this key registered."""
    only_for_channels()
    return chat.append(read(Message))


@frappe.whitelist(methods=["GET"])
def status() -> dict:
    """How a request that this key registered stands."""
    only_for_channels()
    return chat.status(read(Question))
