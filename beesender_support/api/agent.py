"""What agents do with held requests and answers, from Helpdesk's ticket page."""

import frappe
from frappe.model.document import Document
from helpdesk.utils import agent_only

from beesender_support.enforcement import holding
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


def _writable(ticket: str) -> Document:
    doc = frappe.get_doc("HD Ticket", ticket)
    doc.check_permission("write")
    return doc
