"""The intake API for chatbots and site widgets; see docs/intake-api.md.

The methods take no arguments: the payload is the request's body, read in ``payloads``.
"""

import frappe

from beesender_support.enforcement.chat import requests
from beesender_support.enforcement.chat.caller import only_for_channels
from beesender_support.enforcement.chat.payloads import (
    Message,
    Question,
    Registration,
    read,
)
from beesender_support.enforcement.chat.replies import Standing
from beesender_support.enforcement.chat.requests import (
    MessageAnswer,
    RegistrationAnswer,
)
from beesender_support.enforcement.conversation import turns
from beesender_support.enforcement.conversation.payloads import Spoken
from beesender_support.enforcement.conversation.replies import TurnAnswer


@frappe.whitelist(methods=["POST"])
def register() -> RegistrationAnswer:
    """Register a request; the same ``external_id`` again gets the same ticket."""
    only_for_channels()
    return requests.register(read(Registration))


@frappe.whitelist(methods=["POST"])
def append() -> MessageAnswer:
    """Add a message to a request that this key registered."""
    only_for_channels()
    return requests.append(read(Message))


@frappe.whitelist(methods=["POST"])
def converse() -> TurnAnswer:
    """The answer to a message of somebody with whom this key leads a conversation."""
    only_for_channels()
    return turns.converse(read(Spoken))


@frappe.whitelist(methods=["GET"])
def status() -> Standing:
    """How a request that this key registered stands."""
    only_for_channels()
    return requests.status(read(Question))
