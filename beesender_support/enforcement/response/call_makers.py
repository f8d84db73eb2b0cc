"""Who may log a call on a ticket, and whose log counts as an answer.

telephony lets any signed-in user log calls on anything, and its webhooks come without a
session. So a log counts if an agent's session wrote it, or a provider whose request was
verified.
"""

import frappe
from frappe import _
from frappe.model.document import Document
from helpdesk.utils import is_agent

from beesender_support.records.people.people import is_agent_user
from beesender_support.records.people.session import acting_as

TWILIO, EXOTEL = "Twilio", "Exotel"


def may_stop_clock(call: Document) -> bool:
    """Whether a completed call in this log answers the tickets it names.

    telephony checks Exotel's key itself before it writes a log. It trusts Twilio's
    status, which arrives at a public endpoint, so the signature is checked here.
    """
    if is_agent():
        return True
    if frappe.session.user != "Guest":
        return False
    if call.telephony_medium == TWILIO:
        return _is_signed_by_twilio()
    return call.telephony_medium == EXOTEL


def was_made_by_support(call: Document) -> bool:
    """Whether an earlier log is one of support's, as far as it still shows.

    A log from Twilio keeps no signature, so an agent must have edited it.
    """
    if call.telephony_medium == EXOTEL:
        return True
    return is_agent_user(call.owner) or is_agent_user(call.modified_by)


def refuse_unless_theirs(tickets: list[str]) -> None:
    """A session may log calls on tickets only as an agent who may read them.

    A provider's webhook has no session; ``may_stop_clock`` decides what its log does.
    """
    if frappe.session.user != "Guest":
        for ticket in tickets:
            refuse_unless_readable(ticket, frappe.session.user)


def refuse_unless_readable(ticket: str, user: str) -> None:
    """The same words whether the ticket is another team's, a client's own, or none."""
    if not (user and is_agent(user) and _may_read(ticket, user)):
        frappe.throw(
            _("Only support agents who may read a ticket can call about it."),
            frappe.PermissionError,
        )


def _may_read(ticket: str, user: str) -> bool:
    if not frappe.db.exists("HD Ticket", ticket):
        return False
    if user == frappe.session.user:
        return bool(frappe.has_permission("HD Ticket", "read", ticket))
    # Helpdesk asks for the teams of the session.
    with acting_as(user):
        return bool(frappe.has_permission("HD Ticket", "read", ticket))


def _is_signed_by_twilio() -> bool:
    """Whether this request was signed with the account's token, as Twilio signs all.

    Code that runs without a request, such as a job, is the site's own.
    """
    from telephony.twilio.utils import get_public_url
    from twilio.request_validator import RequestValidator

    request = getattr(frappe.local, "request", None)
    if not request:
        return True
    settings = frappe.get_cached_doc("TP Twilio Settings")
    token = settings.get_password("auth_token", raise_exception=False)
    signature = request.headers.get("X-Twilio-Signature")
    if not (token and signature):
        return False
    posted = request.form.to_dict()
    validator = RequestValidator(token)
    # Behind a proxy the site sees another address than the one that was given to Twilio.
    addresses = (get_public_url(request.full_path.rstrip("?")), request.url)
    return any(validator.validate(each, posted, signature) for each in addresses)
