"""Who asks: whomever an agent names, whenever it is judged, and what is decided for good."""

import json

import frappe
import pytest
from frappe.utils import add_days, getdate
from helpdesk.helpdesk.doctype.hd_ticket.api import new

from beesender_support.api import agent as agent_api
from beesender_support.enforcement.response.clock_job import follow_the_clock
from beesender_support.records.cache import invalidate
from beesender_support.records.tickets import promise
from beesender_support.screens.reports import compliance
from beesender_support.tests.site.factories import (
    AFTER_P1,
    FRIDAY_1730,
    MONDAY_10,
    P1_DUE,
    clock_at,
    held_mail,
    make_agent,
    make_client,
    make_contact,
    make_customer,
    make_p1,
    make_plan,
    make_ticket,
    receive_mail,
    session_of,
    site_time,
)

TICKET = "HD Ticket"


@pytest.fixture
def agent():
    """An agent with a contact of their own, as Frappe makes one for every user."""
    user = make_agent()
    if not frappe.db.exists("Contact", {"user": user}):
        frappe.get_doc(
            {
                "doctype": "Contact",
                "first_name": "Agent",
                "user": user,
                "email_ids": [{"email_id": user, "is_primary": 1}],
            }
        ).insert()
    return user


def verdict(ticket):
    ticket.reload()
    return ticket.beesender_admission, ticket.beesender_admission_reason or None


def log_of(ticket):
    return frappe.get_all(
        "Beesender Admission Log",
        {"ticket": ticket.name, "event": "Admission changed"},
        ["before", "after", "actor"],
        order_by="creation",
    )


# An agent's own contact asks for nobody


def test_a_phone_ticket_is_accepted_when_its_customer_is_named_afterwards(
    client, agent
):
    with clock_at(FRIDAY_1730), session_of(agent):
        ticket = new({"subject": "By phone", "description": "All is down"})
    ticket = frappe.get_doc(TICKET, ticket.name)
    assert not ticket.beesender_admission
    with clock_at(MONDAY_10), session_of(make_agent()):
        ticket.customer = client.customer
        ticket.ticket_type, ticket.beesender_priority = "Incident", "P1"
        ticket.save()
    assert verdict(ticket) == ("Accepted", None)
    assert ticket.response_by == site_time(P1_DUE)


def test_naming_the_client_s_contact_afterwards_is_judged_by_the_contact(client, agent):
    make_contact(client.customer, "seatless@example.com")
    with clock_at(FRIDAY_1730), session_of(agent):
        accepted = new({"subject": "By phone", "description": "All is down"})
        held = new({"subject": "By phone", "description": "All is down"})
    seatless = frappe.db.get_value("Contact", {"email_id": "seatless@example.com"})
    for ticket, contact in ((accepted, client.contact), (held, seatless)):
        ticket = frappe.get_doc(TICKET, ticket.name)
        with session_of(agent):
            ticket.update({"customer": client.customer, "contact": contact})
            ticket.save()
    assert verdict(accepted) == ("Accepted", None)
    assert verdict(held) == ("Held", "contact_not_authorized")


@pytest.mark.parametrize(
    "asker",
    ["stranger@x.example", "Who <stranger@x.example>", "STRANGER@x.example"],
)
@pytest.mark.parametrize("by", ["agent", "system"])
def test_an_agent_who_names_a_stranger_is_held(client, agent, asker, by):
    with session_of(agent if by == "agent" else "Administrator"):
        ticket = frappe.get_doc(
            {
                "doctype": TICKET,
                "subject": "No chats",
                "raised_by": asker,
                "customer": client.customer,
            }
        ).insert()
    assert verdict(ticket) == ("Held", "unknown_sender")


def test_an_agent_who_names_a_contact_by_address_is_answered_by_its_seat(client, agent):
    make_contact(client.customer, "seatless@example.com")
    contact = frappe.get_doc("Contact", client.contact)
    contact.append("email_ids", {"email_id": "second.address@example.com"})
    contact.save()
    expected = {
        "seatless@example.com": ("Held", "contact_not_authorized"),
        "second.address@example.com": ("Accepted", None),
        client.email: ("Accepted", None),
        agent: ("Accepted", None),
    }
    for address, decided in expected.items():
        with session_of(agent):
            ticket = frappe.get_doc(
                {
                    "doctype": TICKET,
                    "subject": "No chats",
                    "raised_by": address,
                    "customer": client.customer,
                }
            ).insert()
        assert verdict(ticket) == decided, address


def test_a_stranger_s_mail_whose_customer_an_agent_sets_is_held(client, agent):
    ticket = receive_mail("stranger@x.example", "Help")
    with session_of(agent):
        ticket.customer = client.customer
        ticket.save()
    assert verdict(ticket) == ("Held", "unknown_sender")


# Decided once


def test_no_breach_goes_away_with_its_contact(client, agent):
    unseated = make_contact(client.customer)
    ticket = make_p1(client)
    with clock_at(AFTER_P1), session_of(agent):
        follow_the_clock()
        terms = ticket.reload().beesender_terms
        for contact in (unseated, None, client.contact):
            ticket.contact = contact
            ticket.save()
            assert verdict(ticket) == ("Accepted", None)
            assert ticket.beesender_terms == terms
            assert ticket.beesender_response_state == "Breached"
    assert ticket.response_by == site_time(P1_DUE)


def test_another_asker_of_a_held_request_is_judged_and_logged(client, agent):
    make_contact(client.customer, "seatless@example.com")
    with clock_at("2026-11-20T17:30:00.000001+03:00"):
        ticket = receive_mail("seatless@example.com", "Help")
    assert verdict(ticket) == ("Held", "contact_not_authorized")
    with clock_at(MONDAY_10), session_of(agent):
        ticket.contact = client.contact
        ticket.save()
    assert verdict(ticket) == ("Accepted", None)
    assert promise.terms_of(ticket).started_at.isoformat() == (
        "2026-11-23T07:00:00+00:00"
    )
    (row,) = log_of(ticket)
    assert json.loads(row.before)["beesender_admission"] == "Held"
    assert json.loads(row.after)["beesender_admission"] == "Accepted"
    assert row.actor == agent


def test_what_an_agent_declined_or_admitted_stays_so(client, agent):
    make_contact(client.customer, "seatless@example.com")
    declined, admitted = (
        receive_mail("seatless@example.com", subject) for subject in ("One", "Two")
    )
    other = make_contact(client.customer)
    with session_of(agent):
        agent_api.decline(declined.name, "<p>No</p>")
        agent_api.admit_once(admitted.name)
        for ticket in (declined, admitted):
            for contact in (client.contact, other):
                ticket.reload().contact = contact
                ticket.save()
    assert verdict(declined)[0] == "Declined"
    assert verdict(admitted)[0] == "Accepted"


def test_another_customer_is_judged_anew_with_the_same_start_and_logged(client, agent):
    other = make_client(tier="Premium")
    ticket = make_p1(client)
    with clock_at(MONDAY_10), session_of(agent):
        ticket.update({"customer": other.customer, "contact": other.contact})
        ticket.save()
    assert verdict(ticket) == ("Accepted", None)
    assert ticket.beesender_plan == other.plan.name
    assert ticket.response_by == site_time("2026-11-20T18:30:00+03:00")
    (row,) = log_of(ticket)
    assert json.loads(row.after)["beesender_tier"] == "Premium"


def test_a_customer_taken_away_and_given_back_restarts_nothing(client, agent):
    ticket = make_p1(client)
    with clock_at(MONDAY_10), session_of(agent):
        ticket.customer = None
        ticket.save()
        assert not ticket.reload().beesender_admission
        ticket.customer = client.customer
        ticket.ticket_type, ticket.beesender_priority = "Incident", "P1"
        ticket.save()
    assert ticket.reload().response_by == site_time(P1_DUE)
    assert len(log_of(ticket)) == 2


def test_an_answered_promise_stays_whatever_becomes_of_the_customer(client, agent):
    ticket, other = make_p1(client), make_customer()
    with clock_at(AFTER_P1), session_of(agent):
        frappe.get_doc(TICKET, ticket.name).reply_via_agent("Sorry", to=client.email)
        ticket.reload().customer = other
        ticket.contact = None
        ticket.save()
    assert ticket.reload().beesender_response_state == "Breached"
    assert ticket.response_by == site_time(P1_DUE)


# Copies and history


def as_the_form_copies(ticket):
    """Desk leaves out what the DocType says is not copied."""
    meta = frappe.get_meta(TICKET)
    left_out = {field.fieldname for field in meta.fields if field.no_copy}
    standard = ("name", "creation", "modified", "owner", "modified_by")
    return {
        key: value
        for key, value in ticket.as_dict(no_nulls=True).items()
        if key not in left_out and key not in standard
    }


@pytest.mark.parametrize("how", ["copy_doc", "duplicate"])
def test_a_copy_is_a_new_request(client, agent, how):
    ticket = make_p1(client)
    with clock_at(MONDAY_10), session_of(agent):
        frappe.get_doc(TICKET, ticket.name).reply_via_agent("Hello", to=client.email)
        ticket.reload().status = "Closed"
        ticket.save()
        ticket.reload()
        copy = (
            frappe.copy_doc(ticket)
            if how == "copy_doc"
            else frappe.get_doc(as_the_form_copies(ticket))
        )
        copy.insert()
    copy.reload()
    assert copy.beesender_response_state == "Due"
    assert not copy.first_responded_on
    assert not copy.is_merged
    assert copy.service_level_agreement_creation == site_time(MONDAY_10)
    assert copy.response_by == site_time("2026-11-23T14:00:00+03:00")


def history(client, **fields):
    """As Data Import inserts: by Administrator, with whatever the file says."""
    frappe.flags.in_import = True
    try:
        return make_ticket(
            client, ticket_type="Incident", beesender_priority="P1", **fields
        )
    finally:
        frappe.flags.in_import = False


STARTED = "2025-11-20T10:00:00+03:00"
ANSWERED = "2025-11-20T11:00:00+03:00"


@pytest.mark.parametrize(
    ("stamps", "state"),
    [
        ({}, None),
        ({"service_level_agreement_creation": STARTED}, None),
        ({"first_responded_on": ANSWERED}, None),
        (
            {
                "service_level_agreement_creation": STARTED,
                "first_responded_on": ANSWERED,
            },
            "Met",
        ),
    ],
)
def test_closed_history_is_counted_only_with_both_stamps(client, stamps, state):
    given = {name: site_time(stamp) for name, stamp in stamps.items()}
    ticket = history(client, status="Closed", **given)
    for stamp in ("2026-11-23T10:00:00+03:00", "2030-11-23T10:00:00+03:00"):
        with clock_at(stamp):
            follow_the_clock()
            ticket.reload().subject = f"Looked at {stamp}"
            ticket.save()
    ticket.reload()
    assert ticket.status == "Closed"
    assert ticket.beesender_response_state == state
    assert ticket.beesender_terms
    assert (ticket.agreement_status or None) == ("Fulfilled" if state else None)
    if state:
        assert ticket.first_response_time == 3600


def test_history_without_stamps_is_in_no_report(client):
    def counted():
        found = compliance.counted(
            {"from_date": "2020-01-01", "to_date": add_days(None, 800)}, getdate()
        )
        return sum(row.promised for row in found.rows)

    before = counted()
    history(
        client, status="Closed", service_level_agreement_creation=site_time(STARTED)
    )
    assert counted() == before


def test_an_open_request_imported_overdue_brings_no_breach_of_today(client):
    ticket = history(client, service_level_agreement_creation=site_time(STARTED))
    assert not ticket.beesender_response_state
    assert ticket.status == "Open"
    # Whoever registers a request that came elsewhere is believed.
    ticket = make_ticket(
        client,
        ticket_type="Incident",
        beesender_priority="P1",
        service_level_agreement_creation=site_time(STARTED),
    )
    assert ticket.beesender_response_state == "Breached"


# Admitting


def test_a_plan_sold_after_holding_admits(agent):
    client = make_client(status="Suspended")
    ticket = receive_mail(client.email, "Help")
    assert verdict(ticket) == ("Held", "plan_suspended")
    client.plan.reload().update({"status": "Expired"})
    client.plan.save()
    sold = make_plan(client.customer, [], tier="Premium")
    with session_of(agent):
        agent_api.admit_with_seat(ticket.name)
    ticket.reload()
    assert ticket.beesender_plan == sold.name
    assert promise.terms_of(ticket).tier == "Premium"
    assert [row.contact for row in sold.reload().authorized_contacts] == [
        client.contact
    ]


def test_an_ended_seat_can_be_given_again(client, agent):
    ended = make_contact(client.customer, "ended@example.com")
    plan = client.plan.reload()
    plan.append(
        "authorized_contacts",
        {"contact": ended, "from_date": "2020-01-01", "to_date": "2020-12-31"},
    )
    plan.save()
    ticket = receive_mail("ended@example.com", "Help")
    assert verdict(ticket) == ("Held", "seat_expired")
    with session_of(agent):
        assert agent_api.held_request(ticket.name)["free_seats"] == 1
        agent_api.admit_with_seat(ticket.name)
    assert verdict(ticket)[0] == "Accepted"
    assert verdict(receive_mail("ended@example.com", "Again")) == ("Accepted", None)


def test_a_customer_without_a_plan_goes_back_to_plain_helpdesk(agent):
    frappe.db.set_single_value("Beesender Support Settings", "hold_unplanned", 1)
    frappe.clear_document_cache("Beesender Support Settings")
    invalidate()
    customer = make_customer()
    make_contact(customer, "plain@example.com")
    ticket = receive_mail("plain@example.com", "Help")
    assert verdict(ticket) == ("Held", "no_plan")
    with session_of(agent):
        agent_api.admit_once(ticket.name)
    ticket.reload()
    assert not ticket.beesender_admission
    assert ticket.sla == "Default"
    assert ticket.response_by


def test_an_answer_while_held_keeps_no_promise(client, agent):
    with clock_at("2026-11-20T17:30:00.000001+03:00"):
        ticket = held_mail(client)
    with clock_at("2026-11-20T17:40:00+03:00"), session_of(agent):
        frappe.get_doc(TICKET, ticket.name).reply_via_agent(
            "Who are you?", to=ticket.raised_by
        )
    with clock_at(MONDAY_10), session_of(agent):
        agent_api.admit_once(ticket.name)
    ticket.reload()
    assert ticket.beesender_response_state == "Due"
    assert not ticket.first_responded_on
    with clock_at("2026-11-23T11:00:00+03:00"), session_of(agent):
        frappe.get_doc(TICKET, ticket.name).reply_via_agent("Now", to=ticket.raised_by)
    assert ticket.reload().first_response_time == 3600


@pytest.mark.parametrize("how", ["declined", "closed", "auto-closed"])
def test_a_closed_request_waits_for_no_admission(client, agent, how):
    ticket = held_mail(client)
    waiting = {"beesender_admission": "Held", "status_category": ("!=", "Resolved")}
    assert frappe.db.exists(TICKET, {**waiting, "name": ticket.name})
    with session_of(agent):
        if how == "declined":
            agent_api.decline(ticket.name, "<p>No</p>")
        else:
            ticket.flags.ignore_validate = how == "auto-closed"
            ticket.status, ticket.status_category = "Closed", "Resolved"
            ticket.save()
    assert not frappe.db.exists(TICKET, {**waiting, "name": ticket.name})
    view = frappe.get_doc("HD View", "BEESENDER-VIEW-AWAITING-ADMISSION")
    assert frappe.parse_json(view.filters)["status_category"] == ["!=", "Resolved"]
