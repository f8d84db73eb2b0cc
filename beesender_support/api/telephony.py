"""Telephony's own doors to a call, asked before anybody's phone rings."""

import frappe
from telephony.exotel import handler as exotel
from telephony.twilio import api as twilio
from twilio.twiml.voice_response import VoiceResponse
from werkzeug.wrappers import Response

from beesender_support.enforcement import calls
from beesender_support.enforcement.never_lose import Refused


@frappe.whitelist()
def make_a_call(
    to_number: str,
    from_number: str | None = None,
    caller_id: str | None = None,
    link_doctype: str | None = None,
    link_docname: str | None = None,
) -> dict:
    """Exotel places the call before it is logged, so the plan is asked first."""
    if link_doctype == "HD Ticket" and link_docname:
        calls.refuse_channel(link_docname, calls.PHONE)
    return exotel.make_a_call(
        to_number, from_number, caller_id, link_doctype, link_docname
    )


# Twilio calls this without a session; telephony checks the account itself.
@frappe.whitelist(allow_guest=True)
def voice(**kwargs: str) -> Response | None:
    """Twilio asks what to do with a call: where the plan has none, say so and hang up."""
    try:
        if kwargs.get("link_doctype") == "HD Ticket" and kwargs.get("link_docname"):
            calls.refuse_channel(kwargs["link_docname"], calls.PHONE)
    except Refused as refusal:
        answer = VoiceResponse()
        answer.say(str(refusal))
        answer.hangup()
        return Response(str(answer), mimetype="text/xml")
    return twilio.voice(**kwargs)
