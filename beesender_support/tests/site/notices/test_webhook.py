"""Frappe's own Webhook on the notice log: what programs outside are told of a notice."""

import json
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import frappe
import pytest
from frappe.integrations.doctype.webhook.webhook import enqueue_webhook

from beesender_support.enforcement.outgoing import mailer
from beesender_support.records.people.readers import Recipient
from beesender_support.tests.site.factories import make_agent, make_p1

ROOT = Path(__file__).parents[4]
GUIDE = ROOT / "docs/notices.md"


@contextmanager
def listening():
    """A server of this machine, and the requests that came to it."""
    received = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            length = int(self.headers["Content-Length"])
            received.append(
                (self.headers["Content-Type"], json.loads(self.rfile.read(length)))
            )
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"ok")

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/hook", received
    finally:
        server.shutdown()
        server.server_close()


def examples() -> list[dict]:
    """The Webhook records that the guide shows."""
    blocks = GUIDE.read_text().split("```json\n")[1:]
    return [
        found
        for block in blocks
        if (found := json.loads(block.split("```")[0])).get("doctype") == "Webhook"
    ]


def say(ticket):
    mailer.send(
        mailer.Notice(
            kind="escalated",
            key=frappe.generate_hash(),
            recipients=[Recipient("en", user=make_agent())],
            values=lambda: {
                "ticket": ticket.name,
                "ticket_link": "http://localhost/helpdesk",
                "subject": 'Quoted "subject" & more',
                "customer": ticket.customer,
                "category": "Incident",
                "priority": "P1",
                "event": "The promise is broken.",
                "due": "",
            },
            ticket=ticket.name,
            customer=ticket.customer,
            priority="P1",
        )
    )
    name = frappe.db.get_value("Beesender Notice Log", {"ticket": ticket.name})
    return frappe.get_doc("Beesender Notice Log", name)


@pytest.fixture
def _no_webhook_stays():
    """Frappe keeps its list of them outside the transaction."""
    yield
    if hasattr(frappe.local, "_webhook_queue"):
        del frappe.local._webhook_queue
    # Version 15 has no cache of a process that goes before the shared one.
    getattr(frappe, "client_cache", frappe.cache).delete_value("webhooks")


@pytest.mark.usefixtures("_no_webhook_stays")
@pytest.mark.parametrize("example", examples(), ids=lambda each: each["name"])
def test_the_webhooks_of_the_guide_post_what_was_said(client, example):
    ticket = make_p1(client)
    with listening() as (address, received):
        webhook = frappe.get_doc({**example, "request_url": address})
        webhook.insert(set_name=f"Test {example['name']}")
        row = say(ticket)
        [queued] = [
            each
            for each in frappe.local._webhook_queue
            if each.doc.name == row.name and each.webhook.name == webhook.name
        ]
        enqueue_webhook(queued.doc, queued.webhook)
    [(content_type, body)] = received
    assert content_type == "application/json"
    text = json.dumps(body)
    assert r"Quoted \"subject\" & more" in text
    assert ticket.name in text


@pytest.mark.usefixtures("_no_webhook_stays")
def test_what_was_not_said_does_not_meet_their_condition(client):
    ticket = make_p1(client)
    webhook = frappe.get_doc({**examples()[0], "request_url": "http://127.0.0.1:9"})
    webhook.insert(set_name="Test condition")
    frappe.db.set_value("Beesender Notice", "escalated", "enabled", 0)
    row = say(ticket)
    assert row.outcome == "Switched off"
    assert not [
        each
        for each in getattr(frappe.local, "_webhook_queue", ())
        if each.doc.name == row.name
    ]


def test_the_guide_names_every_field_of_the_payload():
    text = GUIDE.read_text()
    fields = [
        field.fieldname
        for field in frappe.get_meta("Beesender Notice Log").fields
        if field.fieldtype not in ("Section Break", "Column Break")
    ]
    assert not [name for name in fields if f"| `{name}` |" not in text]
