"""What stops the clock, what settles a promise, and what neither can be undone by."""

import json
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

import frappe
import pytest
from frappe.core.doctype.communication.email import make as make_communication
from frappe.email.receive import InboundMail
from helpdesk.helpdesk.doctype.hd_ticket.api import merge_ticket, split_ticket
from helpdesk.helpdesk.doctype.hd_ticket.hd_ticket import (
    HDTicket,
    update_sla_status_in_ticket,
)

from beesender_support.api import agent as agent_api
from beesender_support.api.portal import promise_in_words
from beesender_support.enforcement.response.clock_job import follow_the_clock
from beesender_support.records.people import people
from beesender_support.records.tickets import promise
from beesender_support.screens.workspace import first_steps
from beesender_support.tests.site.factories import (
    AFTER_P1,
    FRIDAY_1730,
    MONDAY_10,
    MONDAY_11,
    P1_DUE,
    answer,
    clock_at,
    make_agent,
    make_client,
    make_contact,
    make_email_account,
    make_p1,
    make_ticket,
    session_of,
    site_time,
    site_zone,
)
from beesender_support.tests.site.statements import noted

TICKET = "HD Ticket"


def fresh(ticket):
    return frappe.get_doc(TICKET, ticket.name)


def first_message(ticket):
    return frappe.db.get_value("Communication", {"reference_name": ticket.name})


def answered(ticket):
    return promise.answered_at(ticket.reload())


# Who is answered


def test_an_answer_to_the_client_stops_the_clock_and_one_to_a_colleague_does_not(
    client,
):
    ticket = make_p1(client)
    with clock_at(MONDAY_10):
        answer(ticket, to=make_agent())
        answer(ticket, to="developer@partner.example")
    assert answered(ticket) is None
    assert ticket.agreement_status == "First Response Due"
    with clock_at(MONDAY_11):
        answer(ticket, to=make_agent(), cc=client.email)
    assert ticket.first_responded_on == site_time(MONDAY_11)


def test_an_answer_to_a_colleague_of_the_client_is_one(client):
    ticket = make_p1(client)
    make_contact(client.customer, "colleague@acme.example")
    with clock_at(MONDAY_10):
        answer(ticket, to="Colleague <Colleague@ACME.example>")
    assert ticket.first_responded_on == site_time(MONDAY_10)


def test_what_a_client_sends_through_the_mail_form_is_no_answer(client):
    ticket = make_p1(client)
    with clock_at(MONDAY_10), session_of(client.email):
        make_communication(
            doctype=TICKET,
            name=ticket.name,
            content="Any news?",
            subject="Re",
            recipients=client.email,
            communication_medium="Email",
        )
    assert answered(ticket) is None
    assert not ticket.first_responded_on


def test_mail_of_a_job_is_no_answer(client, monkeypatch):
    # Another test may have left a request behind; a job has none.
    monkeypatch.setattr(frappe.local, "request", None, raising=False)
    ticket = make_p1(client)
    with clock_at(MONDAY_10):
        make_communication(
            doctype=TICKET,
            name=ticket.name,
            content="Your weekly summary",
            subject="Summary",
            recipients=client.email,
        )
    assert answered(ticket) is None


def mail_of(sender, to, ticket, sent):
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Cc"] = sender, to, "support@example.com"
    mail["Subject"] = f"Re: chats (#{ticket.name})"
    mail["Date"], mail["Message-ID"] = format_datetime(sent), make_msgid()
    mail.set_content("We have mended it.")
    return InboundMail(mail.as_bytes(), make_email_account()).process()


def test_an_agents_own_mail_program_answers_when_it_was_sent(client):
    ticket, agent = make_p1(client), make_agent()
    sent = promise.to_instant(site_time(MONDAY_10))
    with clock_at("2026-11-23T10:20:00.000001+03:00"):
        communication = mail_of(agent, client.email, ticket, sent)
    assert str(communication.reference_name) == str(ticket.name)
    assert communication.sent_or_received == "Sent"
    assert ticket.reload().first_responded_on == site_time(MONDAY_10)
    assert ticket.agreement_status == "Fulfilled"


def test_an_answer_asks_no_more_where_a_customer_has_many_contacts(client):
    def asked() -> int:
        with noted() as statements:
            found = people.addresses_of_client(ticket)
            people.support_among({*found, *agents})
        return len(statements)

    ticket, agents = make_p1(client), {make_agent(), make_agent()}
    for _more in range(3):
        make_contact(client.customer, user=True)
    asked()
    few = asked()
    for _more in range(10):
        make_contact(client.customer, user=True)
    assert asked() == few
    assert people.support_among({client.email, *agents}) == agents


def test_an_agents_mail_to_the_mailbox_alone_answers_nobody(client):
    ticket = make_p1(client)
    with clock_at("2026-11-23T10:20:00.000001+03:00"):
        mail_of(
            make_agent(),
            "colleague@partner.example",
            ticket,
            promise.to_instant(site_time(MONDAY_10)),
        )
    assert answered(ticket) is None


# Splits and merges


def test_a_split_does_not_answer_the_whole_and_registers_the_part(client):
    ticket = make_p1(client)
    with clock_at(MONDAY_10), session_of(make_agent()):
        part = frappe.get_doc(TICKET, split_ticket("Other", first_message(ticket)))
    assert answered(ticket) is None
    assert ticket.agreement_status == "First Response Due"
    assert part.response_by == site_time("2026-11-23T14:00:00+03:00")
    with clock_at(MONDAY_11):
        answer(ticket)
    assert ticket.first_responded_on == site_time(MONDAY_11)


def test_a_part_is_registered_when_split_whatever_the_whole_promised(client):
    ticket = make_p1(
        client, ticket_type="Paid enhancement request", beesender_priority="P3"
    )
    with clock_at("2027-03-01T10:00:00+03:00"), session_of(make_agent()):
        part = frappe.get_doc(TICKET, split_ticket("Other", first_message(ticket)))
        part.ticket_type, part.beesender_priority = "Incident", "P1"
        part.save()
    assert part.response_by == site_time("2027-03-01T14:00:00+03:00")


def test_a_part_of_an_answered_ticket_has_a_clock_of_its_own(client):
    ticket = make_p1(client)
    with clock_at(MONDAY_10):
        answer(ticket)
    with clock_at(MONDAY_11), session_of(make_agent()):
        part = frappe.get_doc(TICKET, split_ticket("Other", first_message(ticket)))
    assert part.reload().beesender_response_state == "Due"
    assert part.response_by == site_time("2026-11-23T15:00:00+03:00")
    assert ticket.reload().first_responded_on == site_time(MONDAY_10)


def test_nobody_invents_terms_by_calling_a_ticket_a_part(client):
    ticket = make_p1(client)
    forged = json.dumps({**json.loads(ticket.beesender_terms), "tier": "Premium"})
    with clock_at(MONDAY_10), session_of(make_agent()):
        part = make_ticket(
            client, ticket_split_from=ticket.name, beesender_terms=forged
        )
    assert promise.terms_of(part).tier == "Basic"


def merge(source, target):
    with session_of(make_agent()):
        merge_ticket(source.name, target.name)


def test_however_many_are_merged_no_copied_answer_answers_the_target(client):
    first, second, target = make_p1(client), make_p1(client), make_p1(client)
    with clock_at("2026-11-20T17:45:00+03:00"):
        answer(first)
        answer(second)
    with clock_at(MONDAY_10):
        merge(first, target)
        merge(second, target)
    assert answered(target) is None
    assert target.beesender_response_state == "Due"
    with clock_at(AFTER_P1):
        follow_the_clock()
    assert target.reload().beesender_response_state == "Breached"


def test_a_merge_forgets_no_answer_of_the_target(client):
    source, target = make_p1(client), make_p1(client, tier=None)
    with clock_at("2026-11-20T17:45:00+03:00"):
        answer(source)
    with clock_at(MONDAY_10), session_of(make_agent()):
        frappe.get_doc(
            {
                "doctype": "TP Call Log",
                "id": frappe.generate_hash(),
                "telephony_medium": "Manual",
                "type": "Incoming",
                "status": "Completed",
                "from": "+1",
                "to": "+2",
                "start_time": site_time(MONDAY_10),
                "links": [{"link_doctype": TICKET, "link_name": target.name}],
            }
        ).insert(ignore_permissions=True)
    with clock_at(MONDAY_11):
        merge(source, target)
    assert target.reload().first_responded_on == site_time(MONDAY_10)
    assert target.agreement_status == "Fulfilled"


def test_a_merge_says_nothing_of_the_merged_ticket_and_two_are_not_merged_in_a_circle(
    client,
):
    source, target = make_p1(client), make_p1(client)
    with clock_at(MONDAY_10):
        merge(source, target)
    assert answered(source) is None
    with clock_at(AFTER_P1):
        follow_the_clock()
    assert source.reload().beesender_response_state != "Breached"
    with clock_at(MONDAY_11), pytest.raises(frappe.ValidationError, match="merged"):
        merge(target, source)


# Settled


def test_what_is_changed_after_the_answer_neither_breaks_nor_mends_the_promise(client):
    ticket = make_p1(client, beesender_priority="P3")
    with clock_at("2026-11-23T14:00:00+03:00"):
        answer(ticket)
    assert ticket.beesender_response_state == "Met"
    used = ticket.first_response_time
    for changed in (
        {"beesender_priority": "P1"},
        {"priority": "Low"},
        {"ticket_type": "Paid enhancement request"},
        {"ticket_type": "Incident", "beesender_priority": "P2"},
        {"contact": None},
    ):
        with clock_at("2026-11-23T15:00:00+03:00"):
            ticket.reload().update(changed)
            ticket.save()
        ticket.reload()
        assert (ticket.beesender_response_state, ticket.agreement_status) == (
            "Met",
            "Fulfilled",
        )
        assert ticket.first_response_time == used
        assert not ticket.first_response_failed_by


def test_a_broken_promise_is_not_mended_after_the_answer(client):
    ticket = make_p1(client)
    with clock_at(AFTER_P1):
        answer(ticket)
        ticket.beesender_priority = "P4"
        ticket.save()
    assert ticket.reload().beesender_response_state == "Breached"
    assert ticket.first_response_failed_by == 3600


def test_the_preview_of_a_settled_promise_shows_it_unchanged(client):
    ticket = make_p1(client, beesender_priority="P3")
    with clock_at("2026-11-23T14:00:00+03:00"), session_of(make_agent()):
        fresh(ticket).reply_via_agent("We are on it.")
        preview = agent_api.preview_change(ticket.name, "Incident", "P1")
    assert preview["after"]["due"] == preview["before"]["due"]
    assert preview["after"]["state"] == "met"


def test_closed_unanswered_is_late_by_no_more_for_being_looked_at_later(client):
    ticket = make_p1(client)
    with clock_at(AFTER_P1):
        ticket.status = "Closed"
        ticket.save()
        then = promise.response_of(ticket.reload())
    with clock_at("2026-12-23T13:30:00+03:00"):
        month_later = promise.response_of(ticket.reload())
        ticket.subject = "Another subject"
        ticket.save()
    assert then == month_later
    assert ticket.reload().beesender_response_state == "Breached"
    with clock_at("2026-12-24T13:30:00+03:00"):
        ticket.status, ticket.status_category = "Open", "Open"
        ticket.save()
        assert promise.response_of(ticket.reload()).overdue > then.overdue


def test_a_reply_months_later_starts_no_clock(client):
    ticket = make_p1(client)
    with clock_at(MONDAY_10):
        answer(ticket)
        ticket.status = "Closed"
        ticket.save()
    with clock_at("2027-05-01T10:00:00+03:00"), session_of(client.email):
        fresh(ticket).create_communication_via_contact("Now all is down!")
    ticket.reload()
    assert ticket.beesender_response_state == "Met"
    assert ticket.response_by == site_time(P1_DUE)


# Categories


def test_an_edited_category_or_rule_changes_no_registered_request(client):
    ticket = make_p1(client)
    category = frappe.get_doc("Beesender Category", "Incident")
    category.promises_response = 0
    category.priority_rules = [
        rule for rule in category.priority_rules if rule.priority != "P1"
    ]
    category.save()
    with clock_at(MONDAY_10):
        ticket.reload().subject = "Still no chats"
        ticket.save()
    assert ticket.reload().beesender_priority == "P1"
    assert ticket.response_by == site_time(P1_DUE)
    with clock_at(MONDAY_10):
        ticket.beesender_priority = "P2"
        ticket.save()
    assert ticket.reload().response_by == site_time("2026-11-23T16:30:00+03:00")


def test_a_deleted_category_changes_no_registered_request(client):
    ticket = make_p1(client)
    frappe.db.delete("Beesender Category", {"ticket_type": "Incident"})
    frappe.clear_cache()
    with clock_at(MONDAY_10):
        ticket.reload().subject = "Still no chats"
        ticket.save()
    assert ticket.reload().response_by == site_time(P1_DUE)


def test_a_category_chosen_for_the_ticket_counts_as_it_promises_then(client):
    ticket = make_p1(client)
    with clock_at(MONDAY_10):
        ticket.ticket_type = "Paid enhancement request"
        ticket.save()
        assert ticket.reload().response_by is None
        ticket.ticket_type, ticket.beesender_priority = "Incident", "P1"
        ticket.save()
    assert ticket.reload().response_by == site_time(P1_DUE)


# Nobody moves the clock by hand


@pytest.mark.parametrize("who", ["agent", "system"])
def test_nobody_moves_the_clock_or_the_answer_by_writing_the_fields(client, who):
    ticket = make_p1(client)
    user = make_agent() if who == "agent" else "Administrator"
    with clock_at(AFTER_P1), session_of(user):
        saved = fresh(ticket)
        saved.update(
            {
                "service_level_agreement_creation": site_time(MONDAY_11),
                "first_responded_on": site_time(FRIDAY_1730),
                "response_by": site_time("2030-01-01T00:00:00+00:00"),
                "agreement_status": "Fulfilled",
                "beesender_answered_at": "2026-11-20 15:00:00",
                "beesender_response_state": "Met",
                "beesender_tier": "Premium",
            }
        )
        saved.save()
    ticket.reload()
    assert ticket.response_by == site_time(P1_DUE)
    assert ticket.service_level_agreement_creation == site_time(FRIDAY_1730)
    assert not ticket.first_responded_on
    assert (ticket.agreement_status, ticket.beesender_tier) == ("Failed", "Basic")


@pytest.mark.parametrize("is_new", [True, False])
def test_another_app_decides_nothing_while_a_ticket_is_saved(
    client, monkeypatch, is_new
):
    """It runs between the decision and the writing, as a Server Script does."""
    ticket = None if is_new else make_p1(client)
    validate = HDTicket.validate

    def meddle(doc):
        validate(doc)
        doc.update(
            {
                "beesender_tier": "Premium",
                "beesender_admission": "Declined",
                "beesender_terms": None,
                "beesender_answered_at": "2026-11-20 15:00:00",
                "first_responded_on": "2026-11-20 15:00:00",
                "response_by": "2030-01-01 00:00:00",
            }
        )

    monkeypatch.setattr(HDTicket, "validate", meddle)
    if is_new:
        ticket = make_p1(client)
    else:
        with clock_at(MONDAY_10):
            fresh(ticket).save()
    ticket.reload()
    assert (ticket.beesender_tier, ticket.beesender_admission) == ("Basic", "Accepted")
    assert ticket.beesender_terms
    assert not answered(ticket)
    assert ticket.response_by == site_time(P1_DUE)


def test_an_agent_manager_corrects_the_clock_with_a_reason_that_is_kept(client):
    ticket = make_p1(client)
    correct = {"started_at": MONDAY_10, "answered_at": MONDAY_11}
    with clock_at(AFTER_P1):
        with session_of(make_agent()), pytest.raises(frappe.PermissionError):
            agent_api.correct_clock(ticket.name, "Because", **correct)
        with pytest.raises(frappe.ValidationError, match="Say why"):
            agent_api.correct_clock(ticket.name, " ", **correct)
        with pytest.raises(frappe.ValidationError, match="before the start"):
            agent_api.correct_clock(ticket.name, "Why", MONDAY_11, MONDAY_10)
        agent_api.correct_clock(ticket.name, "The portal was down", **correct)
    ticket.reload()
    assert ticket.response_by == site_time("2026-11-23T14:00:00+03:00")
    assert ticket.first_responded_on == site_time(MONDAY_11)
    assert ticket.beesender_response_state == "Met"
    log = frappe.get_last_doc("Beesender Admission Log", {"ticket": ticket.name})
    assert (log.event, log.details) == ("Clock corrected", "The portal was down")
    assert json.loads(log.before)["answered_at"] is None


# Instants


def premium_p1(opened):
    client = make_client(tier="Premium", time_zone="Europe/Berlin")
    return client, make_p1(client, opened)


@pytest.mark.parametrize(
    ("looked_at", "state"),
    [
        ("2026-10-25T02:35:00+02:00", "Due"),
        ("2026-10-25T02:14:59+01:00", "Due"),
        ("2026-10-25T02:15:00+01:00", "At risk"),
        ("2026-10-25T02:30:00+01:00", "At risk"),
        ("2026-10-25T02:30:01+01:00", "Breached"),
    ],
)
def test_in_the_repeated_hour_of_the_site_nothing_is_early_or_late(looked_at, state):
    """Opened in the first 02:30, due in the second: an hour of Premium."""
    with site_zone("Europe/Berlin"):
        client, ticket = premium_p1("2026-10-25T02:30:00+02:00")
        with clock_at(looked_at):
            update_sla_status_in_ticket()
            follow_the_clock()
            ticket.reload()
            assert ticket.beesender_response_state == state
            assert (ticket.agreement_status == "Failed") == (state == "Breached")
            with session_of(client.email):
                shown = promise_in_words(ticket.name)
    assert shown["state"] == state.lower().replace(" ", "_")
    assert shown["due"] == "2026-10-25T01:30:00+00:00"


@pytest.mark.parametrize(
    ("answered_on", "state", "used"),
    [
        ("2026-10-25T02:40:00+02:00", "Met", 600),
        ("2026-10-25T02:25:00+01:00", "Met", 3300),
        ("2026-10-25T02:40:00+01:00", "Breached", 4200),
    ],
)
def test_an_answer_in_the_repeated_hour_is_that_instant_for_good(
    answered_on, state, used
):
    with site_zone("Europe/Berlin"):
        client, ticket = premium_p1("2026-10-25T02:30:00+02:00")
        with clock_at(answered_on):
            answer(ticket, to=client.email)
        with clock_at("2026-10-26T12:00:00+01:00"):
            follow_the_clock()
            ticket.reload().subject = "Another"
            ticket.save()
    assert ticket.reload().beesender_response_state == state
    assert ticket.first_response_time == used


def test_after_the_site_moved_every_promise_says_the_same_instants():
    with site_zone("Europe/Berlin"):
        client = make_client()
        waiting, met = make_p1(client), make_p1(client)
        with clock_at(MONDAY_10):
            follow_the_clock()
            answer(met)
        before = [promise.response_of(each) for each in (waiting, met)]
    with site_zone("Asia/Kolkata"), clock_at(MONDAY_11):
        for _again in range(2):
            for each, earlier in zip((waiting, met), before, strict=True):
                response = promise.response_of(each.reload())
                assert (response.due, response.at_risk_from) == (
                    earlier.due,
                    earlier.at_risk_from,
                )
            assert answered(met).isoformat() == "2026-11-23T07:00:00+00:00"
            follow_the_clock()
            assert waiting.reload().beesender_response_state == "Due"
        # Helpdesk's own lists and badges read these.
        assert waiting.response_by == site_time(P1_DUE)
        assert met.reload().first_responded_on == site_time(MONDAY_10)
        waiting.subject = "Another"
        waiting.save()
        assert waiting.reload().response_by == site_time(P1_DUE)
    with clock_at(MONDAY_11):
        follow_the_clock()


# Terms that cannot be read


@pytest.mark.parametrize(
    "broken", [{"format": 99}, {"time_zone": "Mars/Olympus"}, {"windows": [[9]]}, None]
)
def test_terms_that_cannot_be_read_leave_the_stored_deadline_and_say_so(client, broken):
    ticket = make_p1(client)
    stored = ticket.response_by
    terms = {**json.loads(ticket.beesender_terms), **broken} if broken else "[]"
    ticket.db_set("beesender_terms", terms if broken is None else json.dumps(terms))
    with clock_at(MONDAY_10):
        ticket.reload().subject = "Still no chats"
        ticket.save()
        answer(ticket)
        words = promise_in_words(ticket.name)
    assert ticket.reload().response_by == stored
    assert "recounted" in words["label"]
    assert words["sentence"]


def test_the_first_steps_name_tickets_whose_terms_cannot_be_read(client):
    def codes():
        return [step.code for step in first_steps.evaluated()]

    assert "terms" not in codes()
    ticket = make_p1(client)
    assert "terms" not in codes()
    stored = json.loads(ticket.beesender_terms)
    ticket.db_set("beesender_terms", json.dumps({**stored, "format": 99}))
    (step,) = (each for each in first_steps.evaluated() if each.code == "terms")
    assert step.missing[0].record == str(ticket.name)
    assert "99" in str(step.missing[0].sentence)
    assert first_steps.as_shown(step)["missing"][0]["sentence"]
