"""The promised deadline on real tickets, whatever way they come."""

import json

import frappe
import pytest
from frappe.utils import add_to_date, get_datetime

from beesender_support.tests.site.factories import (
    make_agent,
    make_client,
    make_ticket,
    site_time,
)

OPENED = "2026-11-20T17:30:00+03:00"  # a Friday


def test_a_ticket_gets_the_deadline_its_plan_promises():
    client = make_client(tier="Basic", time_zone="GMT+3")
    ticket = make_ticket(
        client,
        ticket_type="Incident",
        beesender_priority="P1",
        service_level_agreement_creation=site_time(OPENED),
    )
    assert ticket.response_by == site_time("2026-11-23T12:30:00+03:00")
    assert ticket.beesender_tier == "Basic"
    assert ticket.beesender_plan == client.plan.name
    assert ticket.beesender_admission == "Accepted"
    assert ticket.priority == "Urgent"
    assert ticket.sla == "Beesender Basic"
    assert ticket.agreement_status == "First Response Due"
    assert json.loads(ticket.beesender_terms)["time_zone"] == "GMT+3"
