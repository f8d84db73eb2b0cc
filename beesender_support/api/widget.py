"""The widget of a site; anybody may call these, so each checks the page first, then the
session, both in ``enforcement.widget``.

The methods take no arguments: what is sent is read in ``payloads``. Those that write are
``xss_safe``: otherwise Frappe takes what a guest writes for HTML, and drops or changes
``<module>`` and ``&``, in a password too. It is text, and is escaped where HTML is made of
it.
"""

import frappe
from typing_extensions import TypedDict

from beesender_support.enforcement.chat.payloads import read
from beesender_support.enforcement.chat.requests import (
    MessageAnswer,
    RegistrationAnswer,
)
from beesender_support.enforcement.widget import codes, requests, sessions
from beesender_support.enforcement.widget.payloads import (
    Asked,
    CodeGiven,
    CodeWanted,
    FileAsked,
    MessageWritten,
    RequestWritten,
    TicketAsked,
)
from beesender_support.enforcement.widget.visits import visiting
from beesender_support.screens.widget import new_request as offers
from beesender_support.screens.widget import requests as shown
from beesender_support.screens.widget.new_request import NewRequest
from beesender_support.screens.widget.page import Page, page_of
from beesender_support.screens.widget.requests import RequestInList, RequestShown


class SignedIn(TypedDict):
    """``session`` is the token of a new session, None if the code proved nothing."""

    session: str | None


@frappe.whitelist(methods=["GET"], allow_guest=True)
def page() -> Page:
    """What the widget shows first."""
    with visiting() as visit:
        return page_of(visit.widget, read(Asked).language)


@frappe.whitelist(methods=["POST"], allow_guest=True, xss_safe=True)
def send_code() -> None:
    """Mail a code to an address; nothing says whether it is known."""
    with visiting() as visit:
        codes.send(visit, read(CodeWanted).email)


@frappe.whitelist(methods=["POST"], allow_guest=True, xss_safe=True)
def sign_in() -> SignedIn:
    """Prove an address by the code that was sent to it."""
    with visiting() as visit:
        given = read(CodeGiven)
        is_proved = codes.is_proved(visit, given.email, given.secret)
        return {"session": sessions.begin(visit, given.email) if is_proved else None}


@frappe.whitelist(methods=["POST"], allow_guest=True)
def sign_out() -> None:
    """End the session."""
    with visiting() as visit:
        sessions.end(visit)


@frappe.whitelist(methods=["GET"], allow_guest=True)
def new_request() -> NewRequest:
    """What the person may request now, and what each choice promises."""
    with visiting() as visit:
        read(Asked)
        return offers.what_may_be_requested(visit, sessions.person_of(visit))


@frappe.whitelist(methods=["POST"], allow_guest=True, xss_safe=True)
def register() -> RegistrationAnswer:
    """Register a request; the same ``external_id`` again gets the same ticket."""
    with visiting() as visit:
        person = sessions.person_of(visit)
        return requests.register(visit, person, read(RequestWritten))


@frappe.whitelist(methods=["POST"], allow_guest=True, xss_safe=True)
def append() -> MessageAnswer:
    """Add a message to a request of the person."""
    with visiting() as visit:
        person = sessions.person_of(visit)
        return requests.append(visit, person, read(MessageWritten))


@frappe.whitelist(methods=["GET"], allow_guest=True)
def last_requests() -> list[RequestInList]:
    """The last requests of the person."""
    with visiting() as visit:
        read(Asked)
        return shown.requests_of(sessions.person_of(visit))


@frappe.whitelist(methods=["GET"], allow_guest=True)
def request() -> RequestShown:
    """One of them, with what was said in it."""
    with visiting() as visit:
        person = sessions.person_of(visit)
        asked = read(TicketAsked)
        return shown.request_of(person, asked.ticket, asked.language)


@frappe.whitelist(methods=["GET"], allow_guest=True)
def attachment() -> None:
    """A file of one of its messages, to be saved."""
    with visiting() as visit:
        person = sessions.person_of(visit)
        asked = read(FileAsked)
        file = shown.file_of(person, asked.ticket, asked.file)
    frappe.response["type"] = "download"
    frappe.response["filename"] = file["name"]
    frappe.response["filecontent"] = file["content"]
