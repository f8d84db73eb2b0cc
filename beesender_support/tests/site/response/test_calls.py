"""Which calls stop the clock, and what nobody learns by calling."""

from unittest.mock import patch

import frappe
import pytest
from telephony.api import create_call_log
from twilio.request_validator import RequestValidator

from beesender_support.api import telephony
from beesender_support.tests.site.factories import (
    http_request,
    make_agent,
    make_client,
    make_portal_user,
    make_ticket,
    session_of,
)

STATUS_OF_TWILIO = "/api/method/telephony.twilio.api.update_call_status_info"


def fail(*args, **kwargs):
    raise RuntimeError("a fault of ours")


def answered_at(ticket):
    return frappe.db.get_value("HD Ticket", ticket, "first_responded_on")


def call_values(ticket, **overrides):
    return {
        "id": frappe.generate_hash(length=10),
        "telephony_medium": "Manual",
        "from_number": "+10000000001",
        "to_number": "+10000000002",
        "duration": 60,
        "status": "Completed",
        "call_type": "Incoming",
        "caller": None,
        "receiver": None,
        "links": [{"link_doctype": "HD Ticket", "link_name": ticket}],
        **overrides,
    }


@pytest.mark.parametrize("call_type", ["Incoming", "Outgoing"])
@pytest.mark.parametrize("tier", ["Basic", "Premium"])
def test_no_client_logs_a_call_on_any_ticket(call_type, tier):
    ticket, client = make_ticket(make_client(tier=tier)), make_client()
    for user in (client.email, make_portal_user("nobody@calls.example")):
        with session_of(user), pytest.raises(frappe.PermissionError) as refusal:
            create_call_log(**call_values(ticket.name, call_type=call_type))
        assert str(refusal.value) == (
            "Only support agents who may read a ticket can call about it."
        )
    assert not answered_at(ticket.name)
    assert not frappe.db.exists("Dynamic Link", {"link_name": ticket.name})


def test_an_agents_log_stops_the_clock():
    ticket = make_ticket(make_client(tier="Premium"))
    with session_of(make_agent()):
        create_call_log(**call_values(ticket.name))
    assert answered_at(ticket.name)


@pytest.mark.parametrize(
    ("medium", "signature", "is_answered"),
    [
        ("Exotel", None, True),
        ("Twilio", None, False),
        ("Twilio", "forged", False),
        ("Twilio", "right", True),
        ("Manual", None, False),
    ],
)
def test_a_webhook_stops_the_clock_if_its_provider_is_verified(
    medium, signature, is_answered
):
    settings = frappe.get_doc("TP Twilio Settings")
    settings.db_set("auth_token", "*****")
    frappe.utils.password.set_encrypted_password(
        "TP Twilio Settings", "TP Twilio Settings", "token", "auth_token"
    )
    ticket = make_ticket(make_client(tier="Premium"))
    call = frappe.get_doc(
        {
            "doctype": "TP Call Log",
            "id": frappe.generate_hash(length=10),
            "type": "Outgoing",
            "status": "Ringing",
            "telephony_medium": medium,
            "from": "+10000000001",
            "to": "+10000000002",
            "links": [{"link_doctype": "HD Ticket", "link_name": ticket.name}],
        }
    ).insert()
    if signature == "right":
        url = f"http://localhost{STATUS_OF_TWILIO}"
        signature = RequestValidator("token").compute_signature(url, {})
    headers = {"X-Twilio-Signature": signature} if signature else {}
    with session_of("Guest"), http_request(STATUS_OF_TWILIO, **headers):
        call.status = "Completed"
        call.save(ignore_permissions=True)
    assert bool(answered_at(ticket.name)) == is_answered


def test_a_guest_learns_no_tier_from_the_telephone():
    ticket = make_ticket(make_client(tier="Basic"))
    with session_of("Guest"):
        answer = telephony.voice(
            AccountSid="AC0",
            ApplicationSid="AP0",
            Caller="client:Administrator",
            To="+10000000002",
            link_doctype="HD Ticket",
            link_docname=ticket.name,
        )
    assert answer is None  # as telephony answers where it is not enabled


def test_a_client_learns_no_tier_by_making_a_call():
    said = set()
    tickets = [
        make_ticket(make_client(tier=tier)).name for tier in ("Basic", "Premium")
    ]
    with (
        session_of(make_client().email),
        patch("telephony.exotel.handler.is_integration_enabled", lambda: True),
        patch("telephony.exotel.handler.get_all_exophones", fail),
    ):
        for name in (*tickets, "999999"):
            with pytest.raises(frappe.PermissionError) as refusal:
                telephony.make_a_call("+1", "+2", "+3", "HD Ticket", name)
            said.add(str(refusal.value))
    assert len(said) == 1
