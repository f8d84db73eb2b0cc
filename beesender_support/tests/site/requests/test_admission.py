"""Who is admitted by which door, and what an agent makes of a held request."""

import frappe
import pytest
from helpdesk.helpdesk.doctype.hd_ticket.api import new

from beesender_support.api import agent as agent_api
from beesender_support.api import portal as portal_api
from beesender_support.enforcement.events import schedule
from beesender_support.records.cache import invalidate
from beesender_support.records.tickets.ticket_context import context_of
from beesender_support.tests.site.factories import (
    clock_at,
    held_mail,
    make_agent,
    make_client,
    make_contact,
    make_customer,
    make_plan,
    make_portal_user,
    make_ticket,
    receive_mail,
    session_of,
    site_time,
)

MONDAY = "2026-11-23T10:00:00.000001+03:00"


def events_of(ticket, event):
    return frappe.get_all(
        "Beesender Admission Log",
        {"ticket": ticket.name, "event": event},
        ["actor", "reason", "details"],
    )


def make_manager(client):
    """The client's own manager, with a portal user."""
    email = f"manager-{client.email}"
    contact = make_contact(client.customer, email, user=True)
    customer = frappe.get_doc("HD Customer", client.customer)
    for member in customer.contacts:
        member.is_manager = member.contact_name == contact
    customer.save()
    frappe.get_doc("User", email).add_roles("HD Customer Manager")
    return email


# Doors and reasons


def break_plan(client, reason):
    """Make the client's request fail for ``reason``."""
    plan = client.plan.reload()
    changes = {
        "plan_not_started": {"starts_on": "2099-01-01"},
        "plan_expired": {"ends_on": "2020-12-31"},
        "plan_suspended": {"status": "Suspended"},
        "contact_not_authorized": {"authorized_contacts": []},
        "seat_expired": {
            "authorized_contacts": [
                {"contact": client.contact, "to_date": "2020-12-31"}
            ]
        },
    }
    if reason == "channel_not_in_plan":
        # No form lets a tier without channels in; sites may have one from before.
        frappe.db.delete("Beesender Registration Channel", {"parent": plan.tier})
        frappe.clear_document_cache("Beesender Tier", plan.tier)
        invalidate()
        return
    plan.update(changes[reason])
    plan.save()


REASONS = [
    "plan_not_started",
    "plan_expired",
    "plan_suspended",
    "contact_not_authorized",
    "seat_expired",
    "channel_not_in_plan",
]


@pytest.mark.parametrize("reason", REASONS)
def test_the_portal_refuses_with_a_sentence_and_stores_nothing(reason):
    client = make_client()
    break_plan(client, reason)
    before = frappe.db.count("HD Ticket")
    with session_of(client.email), pytest.raises(frappe.ValidationError) as refusal:
        new({"subject": "No chats", "description": "Steps"})
    assert len(str(refusal.value)) > 20
    assert frappe.db.count("HD Ticket") == before


def come_by_mail(client):
    return receive_mail(client.email, "Help")


def come_by_chat(client, channel="chatbot"):
    ticket = frappe.get_doc(
        {
            "doctype": "HD Ticket",
            "subject": "Help",
            "raised_by": client.email,
            "contact": client.contact,
            "customer": client.customer,
        }
    )
    context_of(ticket).channel = channel
    return ticket.insert()


def come_by_widget(client):
    return come_by_chat(client, "widget")


@pytest.mark.parametrize("reason", REASONS)
@pytest.mark.parametrize(
    "come", [come_by_mail, come_by_chat, come_by_widget], ids=lambda each: each.__name__
)
def test_by_mail_and_chat_a_request_is_registered_and_held(come, reason):
    client = make_client()
    break_plan(client, reason)
    ticket = come(client)
    assert (ticket.beesender_admission, ticket.beesender_admission_reason) == (
        "Held",
        reason,
    )
    assert ticket.response_by is None
    assert events_of(ticket, "Held")[0].reason == reason


@pytest.mark.parametrize("reason", REASONS[:-1])
def test_an_agent_asking_for_a_contact_is_held_to_the_same_rules(reason):
    client = make_client()
    break_plan(client, reason)
    ticket = make_ticket(client)
    assert ticket.beesender_admission_reason == reason


def test_an_agent_is_bound_by_no_registration_channel():
    client = make_client()
    break_plan(client, "channel_not_in_plan")
    assert make_ticket(client).beesender_admission == "Accepted"


def test_an_agents_own_contact_asks_for_nobody():
    client = make_client()
    email = make_agent()
    make_contact(client.customer, email)
    with session_of(email):
        ticket = new(
            {"subject": "Call", "description": "Steps", "customer": client.customer}
        )
    assert frappe.get_doc("HD Ticket", ticket.name).beesender_admission == "Accepted"


def test_a_spoofed_sender_is_never_believed():
    client, stranger = make_client(), make_portal_user("stranger@example.com")
    with session_of(stranger), pytest.raises(frappe.ValidationError):
        frappe.client.insert(
            {
                "doctype": "HD Ticket",
                "subject": "I am somebody else",
                "raised_by": client.email,
            }
        )


def test_a_guests_request_is_held_as_unverified():
    client = make_client()
    with session_of("Guest"):
        ticket = frappe.get_doc(
            {
                "doctype": "HD Ticket",
                "subject": "From a public form",
                "raised_by": client.email,
            }
        ).insert(ignore_permissions=True)
    assert ticket.beesender_admission_reason == "unverified_sender"


def test_customers_without_a_plan_are_held_where_the_settings_say_so():
    settings = frappe.get_doc("Beesender Support Settings")
    settings.hold_unplanned = 1
    settings.save()
    customer = make_customer()
    make_contact(customer, "planless@example.com")
    ticket = receive_mail("planless@example.com", "Help")
    assert ticket.beesender_admission_reason == "no_plan"
    unknown = receive_mail("nobody@example.com", "Help")
    assert unknown.beesender_admission_reason == "unknown_sender"


def test_the_refusal_names_who_may_ask():
    client = make_client()
    email = "seatless@example.com"
    make_contact(client.customer, email, user=True)
    name = frappe.db.get_value("Contact", client.contact, "full_name")
    with session_of(email), pytest.raises(frappe.ValidationError, match=name):
        new({"subject": "No chats", "description": "Steps"})


# The sender is told once


def notices_to(address):
    return frappe.db.count("Email Queue Recipient", {"recipient": address})


def test_the_sender_of_a_held_mail_is_told_once_a_day():
    client = make_client()
    held_mail(client, "colleague@example.com")
    receive_mail("colleague@example.com", "Help again, another thread")
    assert notices_to("colleague@example.com") == 1


def test_the_notice_says_it_was_made_by_a_machine():
    held_mail(make_client(), "colleague@example.com")
    queue = frappe.get_all(
        "Email Queue Recipient", {"recipient": "colleague@example.com"}, pluck="parent"
    )
    message = frappe.get_doc("Email Queue", queue[0]).message
    assert "X-Auto-Generated" in message
    assert "auto-replied" in message


def test_no_machine_is_told():
    client = make_client()
    held_mail(client, "MAILER-DAEMON@example.com")
    assert notices_to("MAILER-DAEMON@example.com") == 0


# An agent decides


def test_admitting_once_starts_the_clock_and_gives_no_seat():
    client = make_client()
    ticket = held_mail(client)
    with clock_at(MONDAY), session_of(make_agent()):
        agent_api.admit_once(ticket.name, "their boss called")
    ticket.reload()
    assert ticket.beesender_admission == "Accepted"
    assert ticket.response_by == site_time("2026-11-23T18:00:00+03:00")
    assert ticket.sla == "Beesender Basic"
    assert len(client.plan.reload().authorized_contacts) == 1
    (event,) = events_of(ticket, "Admitted once")
    assert event.details == "their boss called"
    assert event.reason == "contact_not_authorized"


def test_what_is_no_category_any_more_has_to_be_named_anew_before_it_is_admitted():
    ticket = held_mail(make_client())
    frappe.db.set_single_value("Beesender Support Settings", "default_category", None)
    frappe.delete_doc("Beesender Category", ticket.ticket_type, force=True)
    frappe.clear_cache()
    refused = pytest.raises(frappe.ValidationError, match="Incident is not a category")
    with session_of(make_agent()), refused:
        agent_api.admit_once(ticket.name)
    assert ticket.reload().beesender_admission == "Held"


def test_admitting_with_a_seat_seats_the_contact():
    client = make_client()
    ticket = held_mail(client)
    with session_of(make_agent()):
        assert agent_api.held_request(ticket.name)["free_seats"] == 1
        agent_api.admit_with_seat(ticket.name)
    seated = [row.contact for row in client.plan.reload().authorized_contacts]
    assert seated == [client.contact, ticket.contact]
    assert ticket.reload().beesender_admission == "Accepted"
    assert receive_mail(ticket.raised_by, "Next").beesender_admission == "Accepted"


def test_no_seat_is_given_beyond_the_limit():
    client = make_client()
    client.plan.append(
        "authorized_contacts", {"contact": make_contact(client.customer)}
    )
    client.plan.save()
    ticket = held_mail(client)
    with session_of(make_agent()):
        assert agent_api.held_request(ticket.name)["free_seats"] == 0
        with pytest.raises(frappe.ValidationError, match="Basic includes 2"):
            agent_api.admit_with_seat(ticket.name)
    assert ticket.reload().beesender_admission == "Held"


def test_declining_answers_and_closes():
    ticket = held_mail(make_client())
    with session_of(make_agent()):
        reply = agent_api.held_request(ticket.name)["reply"]
        assert "not an authorized contact" in reply
        agent_api.decline(ticket.name, reply, "not theirs")
    ticket.reload()
    assert (ticket.beesender_admission, ticket.status) == ("Declined", "Closed")
    assert frappe.db.exists(
        "Communication", {"reference_name": ticket.name, "sent_or_received": "Sent"}
    )
    assert events_of(ticket, "Declined")[0].details == "not theirs"


def test_a_request_is_decided_only_once():
    ticket = held_mail(make_client())
    with session_of(make_agent()):
        agent_api.admit_once(ticket.name)
        with pytest.raises(frappe.ValidationError, match="does not wait"):
            agent_api.decline(ticket.name, "No")


def test_a_subject_cannot_inject_html_into_a_reply():
    client = make_client()
    make_contact(client.customer, "evil@example.com")
    ticket = receive_mail("evil@example.com", "Help <script>alert(1)</script>")
    with session_of(make_agent()):
        assert "<script>" not in agent_api.held_request(ticket.name)["reply"]


@pytest.mark.parametrize("method", ["admit_once", "admit_with_seat", "held_request"])
def test_clients_decide_nothing(method):
    client = make_client()
    ticket = held_mail(client)
    with session_of(client.email), pytest.raises(frappe.PermissionError):
        getattr(agent_api, method)(ticket.name)


# Seats: the customer's own manager


def test_a_customers_manager_swaps_seats_within_the_limit():
    client = make_client()
    colleagues = [make_contact(client.customer) for _ in range(2)]
    with session_of(make_manager(client)):
        portal_api.give_seat(client.plan.name, colleagues[0])
        with pytest.raises(frappe.ValidationError, match="Basic includes 2"):
            portal_api.give_seat(client.plan.name, colleagues[1])
        portal_api.end_seat(client.plan.name, client.contact)
        portal_api.give_seat(client.plan.name, colleagues[1])
        assert len(portal_api.seats_of(client.plan.name)) == 3
    assert (
        receive_mail(client.email, "Me?").beesender_admission_reason == "seat_expired"
    )


def test_a_manager_seats_no_stranger():
    client, other = make_client(), make_client()
    with (
        session_of(make_manager(client)),
        pytest.raises(frappe.ValidationError, match="not a contact of"),
    ):
        portal_api.give_seat(client.plan.name, other.contact)


def test_a_manager_touches_no_other_customers_plan():
    client, other = make_client(), make_client()
    with session_of(make_manager(client)):
        for call in (portal_api.seats_of, lambda plan: portal_api.end_seat(plan, "x")):
            with pytest.raises(frappe.PermissionError):
                call(other.plan.name)


def test_a_contact_who_is_no_manager_swaps_nothing():
    client = make_client()
    with session_of(client.email), pytest.raises(frappe.PermissionError):
        portal_api.end_seat(client.plan.name, client.contact)


def test_the_settings_can_keep_seats_to_the_account_manager():
    settings = frappe.get_doc("Beesender Support Settings")
    settings.customer_managers_may_swap_seats = 0
    settings.save()
    client = make_client()
    with (
        session_of(make_manager(client)),
        pytest.raises(frappe.PermissionError, match="account manager"),
    ):
        portal_api.end_seat(client.plan.name, client.contact)


# Downgrade and end


def test_after_the_grace_period_the_newest_seats_are_suspended_and_come_back():
    customer = make_customer()
    contacts = [make_contact(customer, f"seat{n}@example.com") for n in range(3)]
    plan = make_plan(customer, contacts, tier="Business")
    with clock_at("2026-11-01T10:00:00+03:00"):
        plan.tier = "Basic"
        plan.save()
        assert str(plan.over_quota_since) == "2026-11-01"
    with clock_at("2026-11-14T23:00:00+03:00"):
        schedule.hourly()
        assert not [
            row for row in plan.reload().authorized_contacts if row.is_suspended
        ]
    with clock_at("2026-11-15T00:00:00+03:00"):
        schedule.hourly()
        schedule.hourly()
    suspended = [row.is_suspended for row in plan.reload().authorized_contacts]
    assert suspended == [0, 0, 1]
    log = {"plan": plan.name, "event": "Seat suspended"}
    assert frappe.db.count("Beesender Admission Log", log) == 1
    # Of what was going to happen, and of what has.
    assert notices_to("seat2@example.com") == 2
    ticket = receive_mail("seat2@example.com", "Help")
    assert ticket.beesender_admission_reason == "contact_not_authorized"
    plan.tier = "Business"
    plan.save()
    schedule.hourly()
    assert not [row for row in plan.reload().authorized_contacts if row.is_suspended]


def test_the_end_of_a_plan_is_announced_once_for_each_day():
    client = make_client(ends_on="2026-12-31")
    for stamp, notices in (
        ("2026-11-30T12:00:00+03:00", 0),
        ("2026-12-01T00:00:00+03:00", 1),
        ("2026-12-01T12:00:00+03:00", 1),
        ("2026-12-24T12:00:00+03:00", 2),
        ("2026-12-30T12:00:00+03:00", 3),
        ("2027-01-02T12:00:00+03:00", 3),
    ):
        with clock_at(stamp):
            schedule.hourly()
        assert notices_to(client.email) == notices, stamp


def test_a_plan_ends_at_midnight_of_its_zone():
    client = make_client(time_zone="GMT+10", ends_on="2026-11-20")
    with clock_at("2026-11-20T23:59:59.999999+10:00"):
        assert receive_mail(client.email, "In time").beesender_admission == "Accepted"
    with clock_at("2026-11-21T00:00:00.000001+10:00"):
        late = receive_mail(client.email, "Too late")
    assert late.beesender_admission_reason == "plan_expired"


# Answer channels


def log_call(ticket, **overrides):
    return frappe.get_doc(
        {
            "doctype": "TP Call Log",
            "id": frappe.generate_hash(length=10),
            "type": "Outgoing",
            "status": "Completed",
            "telephony_medium": "Manual",
            "from": "+10000000001",
            "to": "+10000000002",
            "links": [{"link_doctype": "HD Ticket", "link_name": ticket.name}],
            **overrides,
        }
    ).insert(ignore_permissions=True)


def test_a_call_is_refused_where_the_plan_has_none():
    ticket = make_ticket(make_client(tier="Basic"))
    with pytest.raises(frappe.ValidationError, match="does not include answers by"):
        log_call(ticket)
    assert ticket.reload().first_responded_on is None


def test_a_call_answers_where_the_plan_has_calls():
    ticket = make_ticket(make_client(tier="Business"))
    log_call(ticket, status="No Answer")
    assert ticket.reload().first_responded_on is None
    log_call(ticket)
    assert ticket.reload().first_responded_on
    assert ticket.agreement_status == "Fulfilled"


def test_a_clients_call_is_always_taken_and_answers():
    ticket = make_ticket(make_client(tier="Basic"))
    log_call(ticket, type="Incoming")
    assert ticket.reload().first_responded_on


def test_an_agent_manager_allows_a_channel_with_a_reason():
    ticket = make_ticket(make_client(tier="Basic"))
    with session_of(make_agent()), pytest.raises(frappe.PermissionError):
        agent_api.allow_channel(ticket.name, "phone", "please")
    with pytest.raises(frappe.ValidationError, match="Say why"):
        agent_api.allow_channel(ticket.name, "phone", " ")
    agent_api.allow_channel(ticket.name, "phone", "system down, mail too")
    log_call(ticket)
    assert ticket.reload().first_responded_on


def test_skype_answers_only_premium():
    basic, premium = (make_ticket(make_client(tier=t)) for t in ("Basic", "Premium"))
    with session_of(make_agent()):
        with pytest.raises(frappe.ValidationError, match="does not include answers by"):
            agent_api.log_skype_answer(basic.name, "Hello")
        agent_api.log_skype_answer(premium.name, "Hello")
    assert premium.reload().first_responded_on
    assert basic.reload().first_responded_on is None


def test_a_portal_request_whose_customer_is_corrected_to_one_without_a_seat_is_held():
    client, other = make_client(), make_client()
    with session_of(client.email):
        request = {"subject": "No chats", "description": "The list is empty."}
        name = portal_api.raise_request(request).name
    ticket = frappe.get_doc("HD Ticket", name)
    ticket.customer = other.customer
    ticket.save()
    ticket.reload()
    assert (ticket.beesender_admission, ticket.beesender_admission_reason) == (
        "Held",
        "contact_not_authorized",
    )
