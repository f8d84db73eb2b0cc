"""A client hears of a request what is true of it: once, and in the thread of their mail."""

from email import message_from_string, policy
from email.message import EmailMessage
from email.utils import make_msgid

import frappe
import pytest
from frappe.email.receive import InboundMail

from beesender_support.api import agent as agent_api
from beesender_support.api import portal as portal_api
from beesender_support.enforcement.notices.ticket_pass import say_what_is_owed
from beesender_support.records.tickets.ticket_context import context_of
from beesender_support.tests.site.factories import (
    answer,
    clock_at,
    held_mail,
    make_agent,
    make_email_account,
    make_p1,
    make_ticket,
    session_of,
)

LOG = "Beesender Notice Log"
# Frappe compares instants as text, and writes none without a fraction like that.
FRIDAY_1730 = "2026-11-20T17:30:00.000001+03:00"
MONDAY_10 = "2026-11-23T10:00:00.000001+03:00"
MONDAY_11 = "2026-11-23T11:00:00.000001+03:00"
HALF_A_MINUTE_LATER = "2026-11-23T11:00:30.000001+03:00"
MONDAY_12 = "2026-11-23T12:00:00.000001+03:00"


@pytest.fixture(autouse=True)
def _from_the_beginning():
    """Clocks of these tests stand before the site was made."""
    settings = frappe.get_doc("Beesender Support Settings")
    settings.db_set("notices_since", None)
    make_email_account().db_set({"enable_outgoing": 1, "default_outgoing": 1})
    frappe.clear_cache(doctype="Email Account")


def receive(sender, subject="No chats", **headers):
    """The communication that a mail became."""
    message = EmailMessage()
    message["From"], message["To"] = sender, "support@example.com"
    message["Subject"], message["Message-ID"] = subject, make_msgid()
    for name, text in headers.items():
        message[name.replace("_", "-")] = text
    message.set_content("The list of chats is empty.")
    return InboundMail(message.as_bytes(), make_email_account()).process()


def ticket_of(communication):
    return frappe.get_doc("HD Ticket", communication.reference_name)


@pytest.fixture(autouse=True)
def _empty_queue():
    """The number of a ticket that was rolled back comes again, and mails about it may
    have been committed."""
    frappe.db.delete("Email Queue")
    frappe.db.delete("Email Queue Recipient")


def mails_about(ticket):
    """All that wait in Frappe's queue, the first one first."""
    queued = frappe.get_all(
        "Email Queue",
        {"reference_doctype": "HD Ticket", "reference_name": ticket.name},
        ["message", "message_id"],
        order_by="creation",
    )
    mails = [
        message_from_string(each.message, policy=policy.default) for each in queued
    ]
    return [each for each in mails if "reply" not in each.get("X-Auto-Generated", "")]


def text_of(mail):
    return " ".join(mail.get_body(("plain",)).get_content().split())


def told(ticket):
    return frappe.get_all(
        LOG, {"ticket": ticket.name}, ["kind", "outcome"], order_by="creation, owed_at"
    )


def kinds_told(ticket):
    return [(each.kind, each.outcome) for each in told(ticket)]


def test_a_mail_is_confirmed_in_its_thread_with_what_is_promised(client):
    with clock_at(FRIDAY_1730):
        communication = receive(client.email)
        say_what_is_owed()
    ticket = ticket_of(communication)
    [mail] = mails_about(ticket)
    assert mail["Subject"] == f"Re: No chats (#{ticket.name})"
    assert communication.message_id in mail["In-Reply-To"]
    assert mail["References"] == mail["In-Reply-To"]
    assert mail["Auto-Submitted"] == "auto-generated"
    text = text_of(mail)
    assert f"#{ticket.name}" in text
    # Eight hours of Basic: half an hour on Friday, the rest on Monday.
    assert "We answer by Mon 2026-11-23 16:30 (GMT+3)." in text
    assert "Support is open now." in text
    assert f"{ticket.ticket_type}, {ticket.beesender_priority} · " in text
    assert "within 8 h of support time" in text
    assert f"/helpdesk/my-tickets/{ticket.name}" in text
    assert kinds_told(ticket) == [("request_confirmed", "Sent")]


def test_at_night_the_confirmation_says_when_support_opens(client):
    with clock_at("2026-11-23T03:00:00.000001+03:00"):
        ticket = ticket_of(receive(client.email))
        say_what_is_owed()
    assert "Support opens Mon 2026-11-23 09:00 (GMT+3)." in text_of(
        mails_about(ticket)[0]
    )


def test_it_is_in_the_language_of_the_contact_else_of_the_plan(client):
    frappe.get_doc("User", client.email).db_set("language", "")
    client.plan.reload().db_set("mail_language", "ru")
    with clock_at(MONDAY_10):
        ticket = ticket_of(receive(client.email))
        say_what_is_owed()
    assert "Мы ответим до" in text_of(mails_about(ticket)[0])


def test_it_is_in_the_zone_that_the_contact_has_chosen(client):
    frappe.get_doc("User", client.email).db_set("time_zone", "Asia/Tokyo")
    with clock_at(MONDAY_10):
        ticket = ticket_of(receive(client.email))
        say_what_is_owed()
    assert "(Asia/Tokyo)" in text_of(mails_about(ticket)[0])


def test_a_request_that_an_agent_registers_is_confirmed_to_its_contact(client):
    with clock_at(MONDAY_10), session_of(make_agent()):
        ticket = make_ticket(client)
        say_what_is_owed()
    [mail] = mails_about(ticket)
    assert mail["Subject"].endswith(f"(#{ticket.name})")
    [recipients] = frappe.get_all(LOG, {"ticket": ticket.name}, pluck="recipients")
    assert recipients == client.email


def test_a_correction_and_its_reason_are_part_of_it(client):
    with clock_at(MONDAY_10), session_of(make_agent()):
        ticket = make_ticket(
            client, ticket_type="Consultation", beesender_priority="P1"
        )
        say_what_is_owed()
    text = text_of(mails_about(ticket)[0])
    assert "Consultation, P3" in text
    assert "so P1 became P3" in text


def test_what_is_shown_in_the_portal_is_not_mailed(client):
    with clock_at(MONDAY_10), session_of(client.email):
        ticket = make_ticket(client, via_customer_portal=1)
    with clock_at(MONDAY_10):
        say_what_is_owed()
    assert ticket.beesender_channel == "portal"
    assert not mails_about(ticket)
    assert kinds_told(ticket) == [("request_confirmed", "Nobody")]


def test_looking_again_says_nothing_more(client):
    with clock_at(MONDAY_10):
        ticket = ticket_of(receive(client.email))
        for _time in range(3):
            ticket.db_set("beesender_next_notice_at", "2020-01-01")
            say_what_is_owed()
    assert len(mails_about(ticket)) == 1


# Helpdesk's own acknowledgement


@pytest.fixture
def acknowledging():
    frappe.db.set_single_value("HD Settings", "send_acknowledgement_email", 1)


def acknowledged(ticket):
    return [
        each
        for each in mails_about(ticket)
        if each["X-Auto-Generated"] == "hd-acknowledgement"
    ]


def test_helpdesk_does_not_acknowledge_what_is_confirmed(client, acknowledging):
    with clock_at(MONDAY_10):
        ticket = ticket_of(receive(client.email))
        say_what_is_owed()
    assert not acknowledged(ticket)
    assert len(mails_about(ticket)) == 1


def test_helpdesk_does_not_acknowledge_what_is_held(client, acknowledging):
    with clock_at(MONDAY_10):
        ticket = held_mail(client)
        say_what_is_owed()
    assert not acknowledged(ticket)
    [mail] = mails_about(ticket)
    assert mail["X-Auto-Generated"] == "beesender-request_held"
    assert kinds_told(ticket) == [("request_held", "Sent")]


def test_helpdesk_acknowledges_tickets_outside_the_policy(acknowledging):
    with clock_at(MONDAY_10):
        ticket = ticket_of(receive("somebody@elsewhere.example"))
        say_what_is_owed()
    assert not ticket.beesender_admission
    assert len(acknowledged(ticket)) == 1
    assert not told(ticket)


@pytest.mark.parametrize(
    ("kind", "make"),
    [
        ("request_confirmed", lambda client: ticket_of(receive(client.email))),
        ("request_held", held_mail),
    ],
)
def test_helpdesk_acknowledges_what_we_say_nothing_of(
    client, acknowledging, kind, make
):
    notice = frappe.get_doc("Beesender Notice", kind)
    notice.enabled = 0
    notice.save()
    with clock_at(MONDAY_10):
        ticket = make(client)
        say_what_is_owed()
    assert ticket.beesender_admission
    assert len(acknowledged(ticket)) == 1
    assert kinds_told(ticket) == [(kind, "Switched off")]


# What comes back


def confirmed(client):
    ticket = ticket_of(receive(client.email))
    say_what_is_owed()
    return ticket, mails_about(ticket)[0]


def test_a_reply_to_the_confirmation_joins_the_ticket(client):
    with clock_at(MONDAY_10):
        ticket, mail = confirmed(client)
        before = frappe.db.count("HD Ticket")
        by_thread = receive(
            client.email, "Re: something", In_Reply_To=mail["Message-Id"]
        )
        by_number = receive(client.email, f"Re: {mail['Subject']}")
    assert by_thread.reference_name == by_number.reference_name == ticket.name
    assert frappe.db.count("HD Ticket") == before


def test_an_automatic_reply_to_the_confirmation_changes_nothing(client):
    with clock_at(MONDAY_10):
        ticket, mail = confirmed(client)
        before = frappe.db.count("HD Ticket"), frappe.db.count("Communication")
        try:
            receive(
                client.email,
                f"Automatic reply: {mail['Subject']}",
                In_Reply_To=mail["Message-Id"],
                Auto_Submitted="auto-replied",
            )
        except Exception:
            frappe.clear_messages()
        assert before == (
            frappe.db.count("HD Ticket"),
            frappe.db.count("Communication"),
        )
        ticket.db_set("beesender_next_notice_at", "2020-01-01")
        say_what_is_owed()
    assert len(mails_about(ticket)) == 1


def test_a_machine_is_told_nothing_also_later(client):
    with clock_at(MONDAY_10):
        ticket = ticket_of(receive(client.email, Auto_Submitted="auto-generated"))
        say_what_is_owed()
        agent_api.change_ticket(ticket.name, "Incident", "P1", "It is down.")
        say_what_is_owed()
    assert not mails_about(ticket)
    assert not told(ticket)


# What changes afterwards


def test_a_priority_that_changed_twice_within_a_minute_is_one_mail(client):
    agent = make_agent()
    with clock_at(MONDAY_10), session_of(agent):
        ticket = make_ticket(client, ticket_type="Incident", beesender_priority="P3")
        say_what_is_owed()
    with clock_at(MONDAY_11), session_of(agent):
        agent_api.change_ticket(ticket.name, "Incident", "P2", "I was too quick.")
    with clock_at(HALF_A_MINUTE_LATER), session_of(agent):
        agent_api.change_ticket(ticket.name, "Incident", "P1", "Nobody can log in.")
        say_what_is_owed()
    _confirmation, changed = mails_about(ticket)
    text = text_of(changed)
    assert "The reason: Nobody can log in." in text
    assert "Before, it was: Incident, P3" in text
    assert "We answer by Mon 2026-11-23 14:00 (GMT+3)." in text
    assert kinds_told(ticket) == [
        ("request_confirmed", "Sent"),
        ("promise_changed", "Sent"),
    ]


def test_a_priority_that_changed_and_changed_back_is_no_mail(client):
    with clock_at(MONDAY_10), session_of(make_agent()):
        ticket = make_ticket(client, ticket_type="Incident", beesender_priority="P3")
        say_what_is_owed()
        agent_api.change_ticket(ticket.name, "Incident", "P1")
        agent_api.change_ticket(ticket.name, "Incident", "P3")
        say_what_is_owed()
    assert len(mails_about(ticket)) == 1


def test_held_and_then_admitted_is_told_with_the_promise(client):
    with clock_at(FRIDAY_1730):
        ticket = held_mail(client)
        say_what_is_owed()
    with clock_at(MONDAY_10):
        agent_api.admit_once(ticket.name)
        say_what_is_owed()
        say_what_is_owed()
    held, admitted = mails_about(ticket)
    assert "A support agent decides on it." in text_of(held)
    assert "We answer by Mon 2026-11-23 18:00 (GMT+3)." in text_of(admitted)
    assert kinds_told(ticket) == [
        ("request_held", "Sent"),
        ("request_admitted", "Sent"),
    ]


def test_a_declined_request_is_told_by_the_agents_reply_alone(client):
    with clock_at(MONDAY_10):
        ticket = held_mail(client)
        agent_api.decline(ticket.name, "We cannot take it.")
        say_what_is_owed()
    assert kinds_told(ticket) == [("request_held", "Sent")]


def test_an_answer_within_the_minute_is_the_confirmation(client):
    with clock_at(MONDAY_10):
        ticket = answer(ticket_of(receive(client.email)))
        say_what_is_owed()
    assert kinds_told(ticket) == [("request_confirmed", "Missed")]


def test_a_missed_promise_is_an_apology_where_that_is_switched_on(client):
    kind = frappe.get_doc("Beesender Notice", "promise_missed")
    assert not kind.enabled
    kind.enabled = 1
    kind.save()
    ticket = make_p1(client)
    with clock_at(FRIDAY_1730):
        say_what_is_owed()
    with clock_at("2026-11-23T12:31:00.000001+03:00"):
        say_what_is_owed()
        say_what_is_owed()
    _confirmation, apology = mails_about(ticket)
    assert "First answer by Mon 2026-11-23 12:30 (GMT+3)" in text_of(apology)
    assert "Our team is looking at it." in text_of(apology)


def test_as_shipped_nobody_apologizes(client):
    ticket = make_p1(client)
    with clock_at("2026-11-23T12:31:00.000001+03:00"):
        say_what_is_owed()
    assert ("promise_missed", "Sent") not in kinds_told(ticket)


def test_what_was_registered_before_this_app_told_anybody_stays_untold(client):
    with clock_at(MONDAY_10):
        ticket = make_ticket(client)
        ticket.db_set("beesender_tells_client", 0)
        agent_api.change_ticket(ticket.name, "Incident", "P1")
        say_what_is_owed()
    assert not told(ticket)


def test_an_import_tells_nobody(client):
    frappe.flags.in_import = True
    try:
        with clock_at(MONDAY_10):
            ticket = make_ticket(client)
            say_what_is_owed()
    finally:
        frappe.flags.in_import = False
    assert not told(ticket)


def test_what_a_client_writes_is_no_markup(client):
    with clock_at(MONDAY_10):
        ticket = ticket_of(receive(client.email, "<b>No</b> chats {{ 7 * 7 }}"))
        say_what_is_owed()
    html = mails_about(ticket)[0].get_body(("html",)).get_content()
    assert "<b>No</b>" not in html
    assert "{{ 7 * 7 }}" in html


def test_nobody_may_decide_whether_a_client_is_told(client):
    with clock_at(MONDAY_10), session_of(client.email):
        ticket = make_ticket(client, via_customer_portal=1, beesender_tells_client=0)
        assert ticket.beesender_tells_client


def test_a_chat_is_told_by_its_answer(client):
    ticket = frappe.get_doc(
        {
            "doctype": "HD Ticket",
            "subject": "Help",
            "raised_by": client.email,
            "contact": client.contact,
            "customer": client.customer,
        }
    )
    context_of(ticket).channel = "chatbot"
    with clock_at(MONDAY_10):
        ticket.insert()
        say_what_is_owed()
    assert kinds_told(ticket) == [("request_confirmed", "Nobody")]


# On the ticket in the portal


def why_then(ticket):
    lines = portal_api.explain_deadline(ticket.name)["lines"]
    return [each["words"] for each in lines if each["kind"] == "changed"]


def test_the_portal_says_what_support_understood_and_when_it_opens(client):
    with clock_at("2026-11-23T03:00:00.000001+03:00"):
        ticket = make_p1(client, "2026-11-23T03:00:00.000001+03:00")
        with session_of(client.email):
            shown = portal_api.promise_in_words(ticket.name)
    assert dict(shown["understood"])["Category"] == "Incident"
    assert dict(shown["understood"])["Support priority"].startswith("P1 · ")
    assert shown["support"] == "Support opens in 6 h."


def test_nothing_is_said_of_support_once_it_has_answered(client):
    with clock_at(MONDAY_10):
        ticket = answer(make_p1(client, MONDAY_10))
        with session_of(client.email):
            assert portal_api.promise_in_words(ticket.name)["support"] == ""


def test_why_then_tells_the_client_what_an_agent_changed_and_why(client):
    with clock_at(MONDAY_10):
        ticket = make_ticket(client, ticket_type="Incident", beesender_priority="P3")
        with session_of(make_agent()):
            agent_api.change_ticket(ticket.name, "Incident", "P1", "Nobody can log in.")
        with session_of(client.email):
            assert why_then(ticket) == [
                "Support changed P3 Incident to P1 Incident: Nobody can log in."
            ]


def test_a_reason_that_was_written_for_the_log_stays_there(client):
    with clock_at(MONDAY_10):
        ticket = make_ticket(client, ticket_type="Incident", beesender_priority="P3")
        agent = make_agent()
        with session_of(agent):
            agent_api.change_ticket(ticket.name, "Incident", "P1", "They shouted.")
        ticket.db_set("beesender_tells_client", 0)
        with session_of(client.email):
            assert why_then(ticket) == ["Support changed P3 Incident to P1 Incident"]
        with session_of(agent):
            assert "They shouted." in why_then(ticket)[0]


def test_why_then_says_why_a_priority_was_corrected(client):
    with clock_at(MONDAY_10), session_of(make_agent()):
        ticket = make_ticket(
            client, ticket_type="Consultation", beesender_priority="P1"
        )
        assert why_then(ticket) == ["Consultation allows P3, P4, so P1 became P3."]


def test_an_earlier_reason_is_not_given_for_a_later_change(client):
    agent = make_agent()
    with clock_at(MONDAY_10), session_of(agent):
        ticket = make_ticket(client, ticket_type="Incident", beesender_priority="P3")
        say_what_is_owed()
        agent_api.change_ticket(ticket.name, "Incident", "P2", "It works in part.")
    with clock_at(MONDAY_11), session_of(agent):
        say_what_is_owed()
    with clock_at(MONDAY_12), session_of(agent):
        agent_api.change_ticket(ticket.name, "Incident", "P1")
        say_what_is_owed()
    _confirmation, with_reason, without = mails_about(ticket)
    assert "The reason: It works in part." in text_of(with_reason)
    assert "The reason" not in text_of(without)


def test_a_number_that_is_given_again_after_a_deletion_is_told_anew(client):
    with clock_at(MONDAY_10):
        gone = ticket_of(receive(client.email))
        say_what_is_owed()
        frappe.delete_doc("HD Ticket", gone.name, force=True)
        assert not told(gone)
        ticket = ticket_of(receive(client.email, "Another"))
        frappe.db.sql("update `tabEmail Queue` set reference_name = 'gone'")
        say_what_is_owed()
    assert ticket.name == gone.name
    assert kinds_told(ticket) == [("request_confirmed", "Sent")]
