"""What agents do with held requests and answers, from Helpdesk's ticket page."""

from typing import Literal

import frappe
from frappe.model.document import Document
from helpdesk.utils import agent_only

from beesender_support.enforcement import access_details, calls, holding
from beesender_support.setup import helpdesk_screens


@frappe.whitelist(methods=["POST"])
@agent_only
def admit_once(ticket: str, why: str = "") -> None:
    holding.admit_once(_writable(ticket), why)


@frappe.whitelist(methods=["POST"])
@agent_only
def admit_with_seat(ticket: str, why: str = "") -> None:
    holding.admit_with_seat(_writable(ticket), why)


@frappe.whitelist(methods=["POST"])
@agent_only
def decline(ticket: str, reply: str, why: str = "") -> None:
    holding.decline(_writable(ticket), reply, why)


@frappe.whitelist()
@agent_only
def held_request(ticket: str) -> dict:
    """Why a request is held, the seats that are free, and a reply to decline it with."""
    return {**holding.overview(_writable(ticket)), "labels": helpdesk_screens.labels()}


@frappe.whitelist(methods=["POST"])
@agent_only
def log_skype_answer(ticket: str, text: str) -> None:
    calls.log_skype_answer(_writable(ticket), text)


@frappe.whitelist(methods=["POST"])
def allow_channel(ticket: str, channel: Literal["phone", "skype"], why: str) -> None:
    """An agent manager lets one ticket be answered by a channel its plan lacks."""
    frappe.only_for(("Agent Manager", "System Manager"))
    calls.override(_writable(ticket), channel, why)


def _writable(ticket: str) -> Document:
    doc = frappe.get_doc("HD Ticket", ticket)
    doc.check_permission("write")
    return doc


@frappe.whitelist()
@agent_only
def access_details_of(ticket: str) -> dict:
    """Whether the client put access details on file."""
    overview = access_details.overview(_readable(ticket))
    return {**overview, "labels": access_details.labels_for_agent()}


@frappe.whitelist(methods=["POST"])
@agent_only
def read_access_details(ticket: str) -> dict:
    """The details in plain text; reading leaves a line in the ticket's history."""
    return access_details.read(_readable(ticket))


def _readable(ticket: str) -> Document:
    doc = frappe.get_doc("HD Ticket", ticket)
    doc.check_permission("read")
    return doc
