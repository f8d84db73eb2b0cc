"""Telephony's own endpoints for calls, which check the plan before a phone rings.

Each checks the account first, as telephony does, then whether the caller may read the
ticket, and only then says what the ticket's plan includes.
"""

from typing import TypedDict

import frappe
from telephony.exotel import handler as exotel
from telephony.twilio import api as twilio
from telephony.twilio.twilio_handler import Twilio
from twilio.twiml.voice_response import VoiceResponse
from werkzeug.wrappers import Response

from beesender_support.enforcement.response import answer_channels, call_makers
from beesender_support.enforcement.safety.fault_isolation import Refused
from beesender_support.policy.sold.channels import PHONE


class ExotelCall(TypedDict):
    """The parts of Exotel's response that telephony's page reads; the rest is passed
    on."""

    CallSid: str


@frappe.whitelist()
def make_a_call(
    to_number: str,
    from_number: str | None = None,
    caller_id: str | None = None,
    link_doctype: str | None = None,
    link_docname: str | None = None,
) -> ExotelCall:
    """Exotel places the call before it is logged, so the plan is checked first."""
    if link_doctype == "HD Ticket" and link_docname and exotel.is_integration_enabled():
        call_makers.refuse_unless_readable(link_docname, frappe.session.user)
        answer_channels.refuse_channel(link_docname, PHONE)
    return exotel.make_a_call(
        to_number, from_number, caller_id, link_doctype, link_docname
    )


# Twilio calls this without a session; the account is checked as telephony does.
@frappe.whitelist(allow_guest=True)
def voice(**kwargs: str) -> Response | None:
    """Twilio asks what to do with a call: where the plan has none, say so and hang up."""
    ticket = kwargs.get("link_docname")
    if kwargs.get("link_doctype") == "HD Ticket" and ticket and _is_account(kwargs):
        try:
            call_makers.refuse_unless_readable(ticket, _caller(kwargs))
            answer_channels.refuse_channel(ticket, PHONE)
        except (Refused, frappe.PermissionError) as refusal:
            frappe.clear_messages()
            return _say(str(refusal))
    return twilio.voice(**kwargs)


def _is_account(request: dict[str, str]) -> bool:
    """Whether the request names this site's account; telephony checks that as well."""
    account = Twilio.connect()
    return bool(account) and (
        request.get("AccountSid") == account.account_sid
        and request.get("ApplicationSid") == account.application_sid
    )


def _caller(request: dict[str, str]) -> str:
    """The user whose browser calls; Twilio had the name from telephony's own token."""
    identity = str(request.get("Caller", "")).replace("client:", "").strip()
    return Twilio.emailid_from_identity(identity)


def _say(words: str) -> Response:
    answer = VoiceResponse()
    answer.say(words)
    answer.hangup()
    return Response(str(answer), mimetype="text/xml")
