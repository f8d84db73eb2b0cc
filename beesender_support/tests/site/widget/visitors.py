"""Browsers that call the widget's endpoints, as the tests have them."""

import time
from contextlib import contextmanager
from unittest.mock import patch

import frappe
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from beesender_support.api import widget as api
from beesender_support.enforcement.widget import codes, visits
from beesender_support.enforcement.widget.cross_origin import SESSION_HEADER
from beesender_support.tests.site.factories import session_of

PAGE = "https://www.client.example"
CODE = "Beesender Widget Code"
SESSION = "Beesender Widget Session"


def make_widget(**overrides):
    return frappe.get_doc(
        {
            "doctype": "Beesender Widget",
            "title": "Beesender",
            "allowed_origins": PAGE,
            "colour": "#1f6feb",
            "colour_in_the_dark": "#6ea8fe",
            "tier": "Basic",
            "time_zone": "GMT+3",
            **overrides,
        }
    ).insert()


def count_afresh(monkeypatch):
    """Counts of other tests are none of ours: each has numbers of its own."""
    counts = {}

    def counted(what, seconds, amount=1):
        window = what, int(time.time()) // seconds
        counts[window] = counts.get(window, 0) + amount
        return counts[window]

    monkeypatch.setattr(visits, "counted", counted)


class Visitor:
    """A browser on a page; ``token`` is that of its session, if it has one."""

    def __init__(self, widget, origin=PAGE, token=None, user="Guest"):
        self.widget, self.origin, self.token, self.user = widget, origin, token, user

    def call(self, name, **sent):
        """What the endpoint answers, called as Frappe calls it."""
        headers = {"Origin": self.origin} if self.origin else {}
        if self.token:
            headers[SESSION_HEADER] = self.token
        builder = EnvironBuilder(method="POST", headers=headers)
        frappe.local.request = Request(builder.get_environ())
        form = frappe._dict(widget=getattr(self.widget, "name", self.widget), **sent)
        try:
            with session_of(self.user):
                frappe.local.form_dict = form
                return getattr(api, name)()
        finally:
            del frappe.local.request
            frappe.local.form_dict = frappe._dict()

    def ask_for_code(self, email, **sent):
        """The code that was mailed."""
        with codes_known() as known:
            self.call("send_code", email=email, **sent)
        return known[-1]

    def sign_in(self, email):
        answer = self.call("sign_in", email=email, secret=self.ask_for_code(email))
        self.token = answer["session"]
        return self

    def register(self, **sent):
        return self.call(
            "register",
            **{
                "external_id": "draft-1",
                "subject": "No chats",
                "description": "Open the console.\n\nNothing appears.",
                **sent,
            },
        )


@contextmanager
def codes_known():
    """The codes that are mailed, which nothing else tells."""
    known = []
    send = codes._mail

    def mail(visit, address, code):
        known.append(code)
        send(visit, address, code)

    with patch.object(codes, "_mail", mail):
        yield known


def mails_to(address):
    names = frappe.get_all(
        "Email Queue Recipient", {"recipient": address}, pluck="parent"
    )
    return [frappe.get_doc("Email Queue", name) for name in names]
