"""The promised deadline on real tickets, whichever way they come."""

import json

import frappe
import pytest
from frappe.utils import add_to_date, get_datetime
from helpdesk.helpdesk.doctype.hd_ticket.api import merge_ticket, new, split_ticket
from helpdesk.helpdesk.doctype.hd_ticket.hd_ticket import update_sla_status_in_ticket

from beesender_support.api.portal import promise_in_words, show_outside_hours_banner
from beesender_support.tests.site.factories import (
    FRIDAY_1730,
    P1_DUE,
    answer,
    clock_at,
    make_agent,
    make_client,
    make_contact,
    make_customer,
    make_p1,
    make_ticket,
    receive_mail,
    session_of,
    site_time,
    site_zone,
)

# Helpdesk cannot take mail at a whole second: it compares stamps as texts.
MAIL_ON_FRIDAY = "2026-11-20T17:30:00.000001+03:00"
P3_OF_MAIL_DUE = "2026-11-23T16:30:00+03:00"


def raise_in_portal(client, **fields):
    with session_of(client.email):
        ticket = new({"subject": "No chats", "description": "Steps", **fields})
    return frappe.get_doc("HD Ticket", ticket.name)


# Doors


def test_a_ticket_raised_by_an_agent_gets_the_deadline_of_the_plan():
    ticket = make_p1(make_client())
    assert ticket.response_by == site_time(P1_DUE)
    assert ticket.beesender_tier == "Basic"
    assert ticket.beesender_admission == "Accepted"
    assert ticket.beesender_channel == "agent"
    assert ticket.priority == "Urgent"
    assert ticket.sla == "Beesender Basic"
    assert ticket.agreement_status == "First Response Due"
    assert json.loads(ticket.beesender_terms)["time_zone"] == "GMT+3"


def test_a_portal_ticket_gets_the_deadline_of_the_plan():
    client = make_client()
    with clock_at(FRIDAY_1730):
        ticket = raise_in_portal(
            client, ticket_type="Incident", beesender_priority="P1"
        )
    assert ticket.response_by == site_time(P1_DUE)
    assert ticket.beesender_channel == "portal"


def test_an_email_gets_the_default_category_and_priority():
    client = make_client()
    with clock_at(MAIL_ON_FRIDAY):
        ticket = receive_mail(client.email, "Нет чатов")
    assert ticket.beesender_channel == "email"
    assert ticket.ticket_type == "Incident"
    assert ticket.beesender_priority == "P3"
    assert ticket.response_by == site_time(P3_OF_MAIL_DUE)
    assert ticket.customer == client.customer


def test_a_ticket_inserted_by_rest_gets_the_deadline_of_the_plan():
    client = make_client()
    with clock_at(FRIDAY_1730), session_of(client.email):
        ticket = frappe.client.insert(
            {
                "doctype": "HD Ticket",
                "subject": "No chats",
                "ticket_type": "Incident",
                "priority": "Urgent",
            }
        )
    ticket = frappe.get_doc("HD Ticket", ticket["name"])
    assert ticket.beesender_priority == "P1"
    assert ticket.response_by == site_time(P1_DUE)


def test_an_email_that_gets_its_customer_later_is_counted_from_its_registration():
    client = make_client()
    stranger = "stranger@example.com"
    with clock_at(MAIL_ON_FRIDAY):
        ticket = receive_mail(stranger, "No chats")
    assert not ticket.beesender_admission
    with clock_at("2026-11-20T17:50:00+03:00"):
        ticket = frappe.get_doc("HD Ticket", ticket.name)
        ticket.update({"customer": client.customer, "contact": client.contact})
        ticket.save()
    assert ticket.beesender_channel == "email"
    assert ticket.response_by == site_time(P3_OF_MAIL_DUE)


def test_a_ticket_that_gets_its_customer_later_keeps_the_priority_an_agent_gave_it():
    client = make_client()
    with clock_at(FRIDAY_1730):
        nobodys = frappe._dict(
            email="stranger@example.com", contact=None, customer=None
        )
        ticket = make_ticket(nobodys, ticket_type="Incident")
        ticket.priority = "Urgent"
        ticket.save()
        ticket.reload()
        ticket.update({"customer": client.customer, "contact": client.contact})
        ticket.save()
    assert ticket.beesender_priority == "P1"
    assert ticket.response_by == site_time(P1_DUE)


def test_a_split_ticket_keeps_the_terms_and_is_registered_when_split():
    with clock_at(FRIDAY_1730):
        ticket = make_ticket(
            make_client(), ticket_type="Incident", beesender_priority="P1"
        )
        communication = frappe.db.get_value(
            "Communication", {"reference_name": ticket.name}
        )
    with clock_at("2026-11-23T09:00:00+03:00"):
        part = frappe.get_doc("HD Ticket", split_ticket("Other", communication))
    assert part.beesender_admission == "Accepted"
    assert part.response_by == site_time("2026-11-23T13:00:00+03:00")
    assert part.sla == "Beesender Basic"


# What clients may not say


def test_a_client_cannot_set_the_promise():
    client = make_client()
    with clock_at(FRIDAY_1730):
        ticket = raise_in_portal(
            client,
            ticket_type="Incident",
            service_level_agreement_creation="2026-01-01 00:00:00",
            first_responded_on="2026-01-01 00:00:00",
            response_by="2026-01-01 00:00:00",
            beesender_tier="Premium",
            beesender_admission="Declined",
            beesender_terms='{"format": 1}',
        )
    assert ticket.beesender_tier == "Basic"
    assert ticket.response_by == site_time("2026-11-23T16:30:00+03:00")
    assert not ticket.first_responded_on


def test_a_client_cannot_change_the_promise_later():
    client = make_client()
    with clock_at(FRIDAY_1730):
        ticket = raise_in_portal(client, ticket_type="Incident")
        with session_of(client.email):
            ticket = frappe.get_doc("HD Ticket", ticket.name)
            ticket.update(
                {
                    "priority": "Urgent",
                    "beesender_priority": "P1",
                    "beesender_plan": None,
                    "beesender_admission": None,
                    "service_level_agreement_creation": "2026-01-01 00:00:00",
                }
            )
            ticket.save()
    ticket.reload()
    assert (ticket.beesender_priority, ticket.priority) == ("P3", "Medium")
    assert ticket.response_by == site_time("2026-11-23T16:30:00+03:00")


def test_an_agent_may_say_when_the_clock_started():
    ticket = make_ticket(
        make_client(),
        ticket_type="Incident",
        beesender_priority="P1",
        service_level_agreement_creation=site_time(FRIDAY_1730),
    )
    assert ticket.response_by == site_time(P1_DUE)


# Priority and category


def test_a_changed_priority_keeps_the_origin_and_changes_the_target():
    with clock_at(FRIDAY_1730):
        ticket = make_ticket(make_client(), ticket_type="Incident")
    with clock_at("2026-11-23T10:00:00+03:00"):
        ticket.priority = "Urgent"
        ticket.save()
    assert ticket.beesender_priority == "P1"
    assert ticket.response_by == site_time(P1_DUE)


def test_a_priority_that_the_category_forbids_is_lowered_and_said_so():
    ticket = make_ticket(
        make_client(), ticket_type="Consultation", beesender_priority="P1"
    )
    assert (ticket.beesender_priority, ticket.priority) == ("P3", "Medium")
    actions = frappe.get_all(
        "HD Ticket Activity", {"ticket": ticket.name}, pluck="action"
    )
    assert "Consultation allows P3, P4, so P1 became P3." in actions


def test_in_the_portal_a_forbidden_priority_is_refused_with_what_is_allowed():
    with pytest.raises(frappe.ValidationError, match="P3, P4"):
        raise_in_portal(
            make_client(), ticket_type="Consultation", beesender_priority="P1"
        )


def test_a_category_without_a_promise_has_no_deadline_and_never_fails():
    ticket = make_ticket(make_client(), ticket_type="Paid enhancement request")
    assert ticket.beesender_admission == "Accepted"
    assert ticket.response_by is None
    assert not ticket.agreement_status
    ticket.subject = "Another subject"
    ticket.save()
    update_sla_status_in_ticket()
    ticket.reload()
    assert not ticket.agreement_status
    actions = frappe.get_all(
        "HD Ticket Activity", {"ticket": ticket.name}, pluck="action"
    )
    assert not [action for action in actions if "SLA" in action]


def test_a_promise_appears_when_the_category_becomes_one_that_makes_it():
    with clock_at(FRIDAY_1730):
        ticket = make_ticket(make_client(), ticket_type="Paid enhancement request")
        ticket.ticket_type = "Incident"
        ticket.beesender_priority = "P1"
        ticket.save()
    assert ticket.response_by == site_time(P1_DUE)
    assert ticket.sla == "Beesender Basic"


# The clock


def test_the_first_answer_stops_the_clock_in_support_seconds():
    ticket = make_p1(make_client())
    with clock_at("2026-11-23T10:00:00+03:00"):
        answer(ticket)
    assert ticket.first_responded_on == site_time("2026-11-23T10:00:00+03:00")
    assert ticket.first_response_time == 30 * 60 + 60 * 60
    assert ticket.agreement_status == "Fulfilled"
    update_sla_status_in_ticket()
    assert ticket.reload().agreement_status == "Fulfilled"


def test_a_late_answer_is_a_failure_by_so_many_support_seconds():
    ticket = make_p1(make_client())
    with clock_at("2026-11-23T12:45:00+03:00"):
        answer(ticket)
    assert ticket.agreement_status == "Failed"
    assert ticket.first_response_failed_by == 15 * 60
    with clock_at("2026-11-24T12:45:00+03:00"):
        ticket.status = "Open"
        ticket.save()
    assert ticket.agreement_status == "Failed"
    assert ticket.first_response_time == 4 * 3600 + 15 * 60


@pytest.mark.parametrize("status", ["Replied", "Resolved", "Closed"])
def test_a_status_change_is_not_an_answer(status):
    ticket = make_ticket(make_client(), ticket_type="Incident")
    ticket.status = status
    ticket.status_category = None
    ticket.save()
    assert ticket.first_responded_on is None
    assert not ticket.first_response_time


def test_a_clients_own_mail_is_not_an_answer():
    client = make_client()
    ticket = raise_in_portal(client)
    with session_of(client.email):
        frappe.get_doc(
            {
                "doctype": "Communication",
                "communication_type": "Communication",
                "sent_or_received": "Sent",
                "content": "Any news?",
                "reference_doctype": "HD Ticket",
                "reference_name": ticket.name,
            }
        ).insert(ignore_permissions=True)
    assert ticket.reload().first_responded_on is None


def test_an_automated_message_is_not_an_answer():
    ticket = make_ticket(make_client())
    frappe.get_doc(
        {
            "doctype": "Communication",
            "communication_type": "Automated Message",
            "sent_or_received": "Sent",
            "content": "We got your request.",
            "reference_doctype": "HD Ticket",
            "reference_name": ticket.name,
        }
    ).insert()
    assert ticket.reload().first_responded_on is None


def test_the_hourly_job_sees_a_passed_deadline():
    ticket = make_p1(make_client())
    with clock_at("2026-11-23T12:30:00+03:00"):
        update_sla_status_in_ticket()
        assert ticket.reload().agreement_status == "First Response Due"
    with clock_at("2026-11-23T12:30:01+03:00"):
        update_sla_status_in_ticket()
    assert ticket.reload().agreement_status == "Failed"


def test_a_reopened_ticket_keeps_its_answer_and_deadline():
    client = make_client()
    with clock_at(FRIDAY_1730):
        ticket = raise_in_portal(
            client, ticket_type="Incident", beesender_priority="P1"
        )
    with clock_at("2026-11-23T10:00:00+03:00"):
        answer(ticket)
        ticket.status = "Replied"
        ticket.save()
    with clock_at("2026-11-25T10:00:00+03:00"), session_of(client.email):
        frappe.get_doc("HD Ticket", ticket.name).create_communication_via_contact(
            "It is back."
        )
    ticket.reload()
    assert ticket.status_category == "Open"
    assert ticket.response_by == site_time(P1_DUE)
    assert ticket.first_response_time == 90 * 60
    assert ticket.agreement_status == "Fulfilled"


def test_a_merge_does_not_answer_the_target():
    client = make_client()
    with clock_at(FRIDAY_1730):
        source, target = make_ticket(client), make_ticket(client)
        answer(source)
    with clock_at("2026-11-23T10:00:00+03:00"), session_of(make_agent()):
        merge_ticket(source.name, target.name)
    target.reload()
    assert target.first_responded_on is None
    assert target.agreement_status == "First Response Due"
    with clock_at("2026-11-23T11:00:00+03:00"):
        answer(target)
    assert target.first_responded_on == site_time("2026-11-23T11:00:00+03:00")


# Frozen terms


def test_editing_tier_and_plan_touches_no_open_ticket():
    client = make_client()
    with clock_at(FRIDAY_1730):
        ticket = make_ticket(client, ticket_type="Incident", beesender_priority="P1")
        tier = frappe.get_doc("Beesender Tier", "Basic")
        for target in tier.response_targets:
            target.hours = 100
        tier.save()
        client.plan.reload().update({"time_zone": "GMT-2"})
        client.plan.save()
        ticket.subject = "Still no chats"
        ticket.save()
    assert ticket.response_by == site_time(P1_DUE)


# Time zones


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Asia/Kolkata"])
@pytest.mark.parametrize(
    ("plan_zone", "opened", "due"),
    [
        ("GMT-2", "2026-11-20T17:30:00-02:00", "2026-11-23T12:30:00-02:00"),
        ("GMT+10", "2026-11-20T17:30:00+10:00", "2026-11-23T12:30:00+10:00"),
        ("Europe/Berlin", "2026-10-23T17:30:00+02:00", "2026-10-26T12:30:00+01:00"),
    ],
)
def test_the_deadline_is_the_same_instant_in_every_site_zone(
    zone, plan_zone, opened, due
):
    with site_zone(zone):
        client = make_client(time_zone=plan_zone)
        with clock_at(opened):
            ticket = make_ticket(
                client, ticket_type="Incident", beesender_priority="P1"
            )
        assert ticket.response_by == site_time(due)


def test_a_request_in_the_repeated_hour_of_the_site_is_counted_from_its_instant():
    with site_zone("Europe/Berlin"):
        client = make_client(tier="Premium", time_zone="GMT+3")
        with clock_at("2026-10-25T01:30:00+00:00"):  # the second 02:30 in Berlin
            ticket = make_ticket(
                client, ticket_type="Incident", beesender_priority="P1"
            )
            ticket.subject = "Another"
            ticket.save()
        assert ticket.response_by == site_time("2026-10-25T02:30:00+00:00")


# Outside the policy


def test_a_customer_without_a_plan_sees_plain_helpdesk():
    customer = make_customer()
    email = "plain@example.com"
    contact = make_contact(customer, email)
    with clock_at(FRIDAY_1730):
        ticket = frappe.get_doc(
            {
                "doctype": "HD Ticket",
                "subject": "Plain",
                "contact": contact,
                "customer": customer,
                "raised_by": email,
            }
        ).insert()
    assert ticket.sla == "Default"
    assert not ticket.beesender_admission
    agreement = frappe.get_doc("HD Service Level Agreement", "Default")
    assert ticket.response_by == agreement.calc_time(
        ticket.service_level_agreement_creation, ticket.priority, "response_time"
    )


def test_a_draft_plan_is_no_plan():
    assert not make_ticket(make_client(status="Draft")).beesender_admission


# Admission is decided and kept; a held request has no clock


def test_mail_of_a_contact_without_a_seat_is_held_without_a_clock():
    client = make_client()
    make_contact(client.customer, "colleague@example.com")
    ticket = receive_mail("colleague@example.com", "Help")
    assert ticket.beesender_admission == "Held"
    assert ticket.beesender_admission_reason == "contact_not_authorized"
    assert ticket.response_by is None
    update_sla_status_in_ticket()
    assert not ticket.reload().agreement_status


def test_the_portal_refuses_a_contact_without_a_seat_in_words():
    client = make_client()
    email = "seatless@example.com"
    make_contact(client.customer, email, user=True)
    with pytest.raises(frappe.ValidationError, match="not an authorized contact"):
        raise_in_portal(frappe._dict(email=email))


def test_a_fault_of_the_policy_costs_no_mail(monkeypatch):
    client = make_client()

    def fail(*args, **kwargs):
        raise RuntimeError("broken on purpose")

    monkeypatch.setattr("beesender_support.enforcement.requests.decision.triage", fail)
    ticket = receive_mail(client.email, "Help")
    assert ticket.response_by
    assert frappe.db.exists("Error Log", {"method": ("like", "Beesender Support%")})


def test_closing_behind_the_back_of_validation_keeps_the_result():
    ticket = make_p1(make_client())
    with clock_at("2026-11-25T12:30:00+03:00"):
        ticket.status = "Closed"
        ticket.flags.ignore_validate = True
        ticket.save()
    ticket.reload()
    assert ticket.agreement_status == "Failed"
    assert ticket.first_responded_on is None
    assert ticket.response_by == site_time(P1_DUE)
    assert get_datetime(ticket.response_by) < add_to_date(None, days=365)


# Helpdesk's banner


def test_the_banner_follows_the_hours_of_the_plan():
    frappe.db.set_single_value("HD Settings", "enable_outside_hours_banner", 1)
    client = make_client()
    with clock_at("2026-11-21T12:00:00+03:00"):  # a Saturday
        ticket = raise_in_portal(client)
        with session_of(client.email):
            banner = show_outside_hours_banner(ticket.name)
        assert banner["show"]
        assert banner["msg"]
    with clock_at("2026-11-23T09:00:00+03:00"), session_of(client.email):
        assert show_outside_hours_banner(ticket.name) == {"show": False}


def test_the_badge_says_how_the_promise_stands():
    client = make_client()
    with clock_at(FRIDAY_1730):
        ticket = raise_in_portal(
            client, ticket_type="Incident", beesender_priority="P1"
        )
    with clock_at("2026-11-23T09:30:00+03:00"), session_of(client.email):
        words = promise_in_words(ticket.name)
        assert (words["state"], words["label"]) == ("due", "Due in 3 h")
        assert words["due"] == "2026-11-23T09:30:00+00:00"
        assert "within 4 h of support time (Mon-Fri 09:00-18:00" in words["sentence"]
    with clock_at("2026-11-23T12:45:00+03:00"):
        assert promise_in_words(ticket.name)["label"] == "Overdue by 15 min"
        answer(ticket)
        assert promise_in_words(ticket.name)["label"] == "Failed by 15 min"
