"""Next answers and solutions on tickets, and Helpdesk's own fields at every step."""

from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

import frappe
import pytest
from frappe.email.receive import InboundMail
from helpdesk.helpdesk.doctype.hd_ticket.api import merge_ticket, split_ticket
from helpdesk.helpdesk.doctype.hd_ticket.hd_ticket import (
    close_tickets_after_n_days,
    update_sla_status_in_ticket,
)

from beesender_support.enforcement.requests import held_requests
from beesender_support.enforcement.rerating import rerating
from beesender_support.enforcement.response import agreement
from beesender_support.enforcement.response.clock_job import follow_the_clock
from beesender_support.records.sold import sold_plans
from beesender_support.records.tickets import promise
from beesender_support.tests.site.factories import (
    P1_INCIDENT,
    clock_at,
    make_agent,
    make_client,
    make_contact,
    make_customer,
    make_email_account,
    make_ticket,
    receive_mail,
    session_of,
    site_time,
    site_zone,
)

TICKET = "HD Ticket"
# Basic, GMT+3: 09:00 to 18:00, Monday to Friday. A Monday and the day after it.
MONDAY, TUESDAY = "2026-11-23", "2026-11-24"


def at(day, time):
    return f"{day}T{time}:00+03:00"


@pytest.fixture(autouse=True)
def _statuses():
    """As Helpdesk's settings are on most sites: an answer sets a ticket aside."""
    frappe.db.set_single_value("HD Settings", "auto_update_status", 1)
    frappe.db.set_single_value("HD Settings", "update_status_to", "Replied")


@pytest.fixture
def agent():
    return make_agent()


def sell(tier="Basic", **hours_by_priority):
    """P1=dict(hours=4, next_answer_hours=2, solution_hours=8)."""
    doc = frappe.get_doc("Beesender Tier", tier)
    for row in doc.response_targets:
        row.update(hours_by_priority.get(row.priority, {}))
    doc.save()


ALL = {"hours": 4, "next_answer_hours": 2, "solution_hours": 8}


@pytest.fixture
def sold(client):
    sell(P1=ALL)
    return client


def open_p1(client, stamp=None, **fields):
    with clock_at(stamp or at(MONDAY, "10:00")):
        return make_ticket(client, **{**P1_INCIDENT, **fields})


def reply(agent, stamp, ticket, **recipients):
    with clock_at(stamp), session_of(agent):
        frappe.get_doc(TICKET, ticket.name).reply_via_agent("We do it.", **recipients)
    end_request()
    return ticket.reload()


def write(client, stamp, ticket, message="And now?"):
    """The client writes in the portal."""
    with clock_at(stamp), session_of(client.email):
        frappe.get_doc(TICKET, ticket.name).create_communication_via_contact(message)
    end_request()
    return ticket.reload()


def end_request():
    """What one request keeps in mind, the next does not know."""
    for name in [name for name in frappe.flags if name.startswith("beesender")]:
        frappe.flags.pop(name)


def save(agent, stamp, ticket, **fields):
    with clock_at(stamp), session_of(agent):
        doc = frappe.get_doc(TICKET, ticket.name)
        doc.update(fields)
        doc.save()
    return ticket.reload()


def job(stamp, ticket):
    """Helpdesk's hourly job, and then this app's."""
    with clock_at(stamp):
        update_sla_status_in_ticket()
        native = ticket.reload().agreement_status
        follow_the_clock()
    return native, ticket.reload().agreement_status


def states(ticket):
    return tuple(ticket.get(each.state) for each in promise.FIELDS_OF_TARGET.values())


def test_a_ticket_of_a_tier_with_all_targets_goes_its_way(sold, agent):
    ticket = open_p1(sold)
    assert ticket.sla == "Beesender Basic (solution)"
    assert ticket.response_by == site_time(at(MONDAY, "14:00"))
    assert ticket.resolution_by == site_time(at(MONDAY, "18:00"))
    assert ticket.agreement_status == "First Response Due"
    assert states(ticket) == ("Due", None, "Due")
    assert job(at(MONDAY, "10:30"), ticket) == ("First Response Due",) * 2

    reply(agent, at(MONDAY, "11:00"), ticket)
    assert ticket.status_category == "Paused"
    assert states(ticket) == ("Met", None, "Paused")
    assert ticket.agreement_status == "Paused"
    assert ticket.first_response_time == 3600
    assert job(at(MONDAY, "12:00"), ticket) == ("Paused",) * 2

    write(sold, at(MONDAY, "13:00"), ticket)
    assert ticket.status_category == "Open"
    assert states(ticket) == ("Met", "Due", "Due")
    assert ticket.beesender_next_answer_due_at == frappe.utils.get_datetime(
        f"{MONDAY} 12:00"
    )
    # An hour is used, two were paused.
    assert ticket.resolution_by == site_time(at(TUESDAY, "11:00"))
    assert ticket.total_hold_time == 7200
    assert ticket.agreement_status == "Resolution Due"
    assert job(at(MONDAY, "13:10"), ticket) == ("Resolution Due",) * 2

    reply(agent, at(MONDAY, "14:00"), ticket)
    assert states(ticket) == ("Met", "Met", "Paused")
    write(sold, at(TUESDAY, "09:00"), ticket)
    assert states(ticket) == ("Met", "Due", "Due")
    assert ticket.beesender_next_answers_met == 1

    save(agent, at(TUESDAY, "10:00"), ticket, status="Resolved")
    assert states(ticket) == ("Met", None, "Met")
    assert ticket.resolution_date == site_time(at(TUESDAY, "10:00"))
    assert ticket.resolution_time == 3 * 3600
    assert not ticket.resolution_failed_by
    assert ticket.agreement_status == "Fulfilled"

    write(sold, at(TUESDAY, "12:00"), ticket)
    assert ticket.status_category == "Open"
    assert not ticket.resolution_date
    assert states(ticket) == ("Met", "Due", "Due")
    # The message has the whole time, the solution what was left: five hours of eight.
    assert ticket.beesender_next_answer_due_at == frappe.utils.get_datetime(
        f"{TUESDAY} 11:00"
    )
    assert ticket.resolution_by == site_time(at(TUESDAY, "17:00"))

    job(at(TUESDAY, "14:30"), ticket)
    assert states(ticket) == ("Met", "Breached", "Due")
    assert ticket.agreement_status == "Failed"
    # Helpdesk's job does not know of the next answer.
    assert job(at(TUESDAY, "14:40"), ticket)[1] == "Failed"
    save(agent, at(TUESDAY, "18:30"), ticket, status="Resolved")
    assert states(ticket) == ("Met", "Breached", "Breached")
    assert ticket.resolution_time == 9 * 3600
    assert ticket.resolution_failed_by == 3600


def test_a_priority_without_a_solution_has_none_in_a_tier_that_sells_some(sold, agent):
    ticket = open_p1(sold, beesender_priority="P3")
    assert ticket.sla == "Beesender Basic"
    assert not ticket.resolution_by
    reply(agent, at(MONDAY, "11:00"), ticket)
    save(agent, at(MONDAY, "12:00"), ticket, status="Open")
    assert job(at(MONDAY, "12:30"), ticket) == ("Fulfilled",) * 2


def test_another_priority_counts_what_has_elapsed(sold, agent):
    sell(P2={"solution_hours": 16})
    ticket = open_p1(sold)
    reply(agent, at(MONDAY, "11:00"), ticket)
    write(sold, at(MONDAY, "13:00"), ticket)
    save(agent, at(MONDAY, "14:00"), ticket, beesender_priority="P2")
    # Two of sixteen are used: fourteen from Monday 14:00 on.
    assert ticket.resolution_by == site_time("2026-11-25T10:00:00+03:00")
    save(agent, at(MONDAY, "15:00"), ticket, beesender_priority="P3")
    assert not ticket.resolution_by
    assert ticket.sla == "Beesender Basic"
    save(agent, at(MONDAY, "16:00"), ticket, beesender_priority="P1")
    assert ticket.resolution_by == site_time(at(TUESDAY, "11:00"))


def test_a_solution_alone_is_shown_and_corrected_after_helpdesks_job(client, agent):
    sell(P1={"hours": 0, "solution_hours": 8})
    ticket = open_p1(client)
    assert not ticket.response_by
    assert ticket.resolution_by == site_time(at(MONDAY, "18:00"))
    assert ticket.agreement_status == "Resolution Due"
    assert job(at(MONDAY, "12:00"), ticket)[1] == "Resolution Due"
    reply(agent, at(MONDAY, "12:30"), ticket)
    assert ticket.agreement_status == "Paused"
    save(agent, at(MONDAY, "13:00"), ticket, status="Resolved")
    assert ticket.agreement_status == "Fulfilled"
    assert ticket.resolution_time == 2.5 * 3600


def test_a_next_answer_alone_needs_no_agreement(client, agent):
    sell(P1={"hours": 0, "next_answer_hours": 2})
    ticket = open_p1(client)
    assert (ticket.sla, ticket.response_by, ticket.resolution_by) == (None,) * 3
    reply(agent, at(MONDAY, "11:00"), ticket)
    write(client, at(MONDAY, "13:00"), ticket)
    assert states(ticket) == (None, "Due", None)
    reply(agent, at(MONDAY, "16:00"), ticket)
    assert states(ticket) == (None, "Breached", None)


def test_a_pause_at_night_pauses_nothing(sold, agent):
    ticket = open_p1(sold)
    reply(agent, at(MONDAY, "18:00"), ticket)
    save(agent, at(TUESDAY, "08:59"), ticket, status="Open")
    assert ticket.resolution_by == site_time(at(MONDAY, "18:00"))
    assert ticket.total_hold_time == 0


def test_a_request_closed_without_a_solution_does_not_count(sold, agent):
    ticket = open_p1(sold)
    reply(agent, at(MONDAY, "11:00"), ticket)
    save(
        agent,
        at(TUESDAY, "17:00"),
        ticket,
        status="Closed",
        beesender_closing_reason="Spam",
    )
    assert states(ticket) == ("Met", None, None)
    assert ticket.agreement_status == "Fulfilled"
    assert not ticket.resolution_failed_by
    assert not ticket.resolution_time
    write(sold, at(TUESDAY, "17:30"), ticket)
    assert not ticket.beesender_closing_reason
    assert ticket.beesender_solution_state == "Due"


def test_a_reason_that_an_admin_counts_is_a_solution(sold, agent):
    frappe.get_doc(
        {
            "doctype": "Beesender Closing Reason",
            "name": "Shown how",
            "counts_as_solution": 1,
        }
    ).insert(set_name="Shown how")
    ticket = open_p1(sold)
    reply(agent, at(MONDAY, "11:00"), ticket)
    save(
        agent,
        at(MONDAY, "12:00"),
        ticket,
        status="Closed",
        beesender_closing_reason="Shown how",
    )
    assert ticket.beesender_solution_state == "Met"


def test_a_reason_that_is_edited_or_gone_changes_nothing_of_what_was_closed(
    sold, agent
):
    reason = frappe.get_doc(
        {
            "doctype": "Beesender Closing Reason",
            "name": "Shown how",
            "counts_as_solution": 1,
        }
    ).insert(set_name="Shown how")
    ticket = open_p1(sold)
    reply(agent, at(MONDAY, "11:00"), ticket)
    save(
        agent,
        at(MONDAY, "12:00"),
        ticket,
        status="Closed",
        beesender_closing_reason="Shown how",
    )
    reason.update({"counts_as_solution": 0}).save()
    save(agent, at(TUESDAY, "12:00"), ticket, subject="Another subject")
    assert ticket.beesender_solution_state == "Met"
    frappe.delete_doc("Beesender Closing Reason", "Shown how", force=True)
    save(agent, at(TUESDAY, "13:00"), ticket, subject="A third subject")
    assert ticket.beesender_solution_state == "Met"
    assert ticket.resolution_date == site_time(at(MONDAY, "12:00"))


def test_a_client_gives_no_reason_and_pauses_nothing(sold, agent):
    ticket = open_p1(sold)
    reply(agent, at(MONDAY, "11:00"), ticket)
    write(sold, at(MONDAY, "12:00"), ticket)
    with clock_at(at(MONDAY, "13:00")), session_of(sold.email):
        doc = frappe.get_doc(TICKET, ticket.name)
        doc.update(
            {
                "status": "Closed",
                "feedback_rating": 1,
                "beesender_closing_reason": "Spam",
                "beesender_events": "[]",
                "on_hold_since": "2026-11-01 00:00:00",
            }
        )
        doc.save()
    ticket.reload()
    assert not ticket.beesender_closing_reason
    assert ticket.beesender_solution_state == "Met"
    assert len(promise.happenings_of(ticket)) == 4


# Who starts a next answer


def test_nothing_written_before_the_first_answer_starts_the_next(sold):
    ticket = open_p1(sold)
    write(sold, at(MONDAY, "11:00"), ticket)
    assert states(ticket) == ("Due", None, "Due")


def test_a_second_message_starts_no_second_clock(sold, agent):
    ticket = open_p1(sold)
    reply(agent, at(MONDAY, "11:00"), ticket)
    write(sold, at(MONDAY, "13:00"), ticket)
    write(sold, at(MONDAY, "14:00"), ticket)
    assert ticket.beesender_next_answer_due_at == frappe.utils.get_datetime(
        f"{MONDAY} 12:00"
    )
    reply(agent, at(MONDAY, "15:00"), ticket)
    assert states(ticket)[1] == "Met"


def test_a_question_that_was_closed_waits_again_when_an_agent_reopens_it(sold, agent):
    ticket = open_p1(sold)
    reply(agent, at(MONDAY, "11:00"), ticket)
    write(sold, at(MONDAY, "13:00"), ticket)
    save(agent, at(MONDAY, "14:00"), ticket, status="Resolved")
    assert states(ticket) == ("Met", None, "Met")
    save(agent, at(MONDAY, "16:00"), ticket, status="Open")
    assert ticket.beesender_next_answer_due_at == frappe.utils.get_datetime(
        f"{MONDAY} 14:00"
    )


def test_an_agents_note_to_a_colleague_answers_nothing(sold, agent):
    ticket = open_p1(sold)
    reply(agent, at(MONDAY, "11:00"), ticket)
    write(sold, at(MONDAY, "13:00"), ticket)
    reply(agent, at(MONDAY, "14:00"), ticket, to=make_agent())
    assert states(ticket)[1] == "Due"


def test_a_colleague_of_the_client_asks_again_by_mail(sold, agent):
    ticket = open_p1(sold)
    make_contact(sold.customer, "colleague@acme.example", user=True)
    reply(agent, at(MONDAY, "11:00"), ticket)
    with clock_at(f"{MONDAY}T13:00:00.000001+03:00"):
        receive_mail("colleague@acme.example", f"Re: help (#{ticket.name})")
    assert states(ticket.reload())[1] == "Due"


def log_call(agent, stamp, ticket, began, ended=None):
    """A call that began earlier is logged."""
    with clock_at(stamp), session_of(agent):
        frappe.get_doc(
            {
                "doctype": "TP Call Log",
                "id": frappe.generate_hash(),
                "telephony_medium": "Manual",
                "type": "Incoming",
                "status": "Completed",
                "from": "+1",
                "to": "+2",
                "receiver": agent,
                "start_time": site_time(began),
                "end_time": ended and site_time(ended),
                "links": [{"link_doctype": TICKET, "link_name": ticket.name}],
            }
        ).insert(ignore_permissions=True)
    end_request()
    return ticket.reload()


def test_a_call_answers_what_was_asked_again(sold, agent):
    ticket = open_p1(sold)
    reply(agent, at(MONDAY, "11:00"), ticket)
    write(sold, at(MONDAY, "13:00"), ticket)
    log_call(agent, at(MONDAY, "16:00"), ticket, began=at(MONDAY, "14:00"))
    assert states(ticket)[1] == "Met"


def test_what_was_written_after_a_call_that_is_logged_later_waits_for_an_answer(
    sold, agent
):
    ticket = open_p1(sold)
    reply(agent, at(MONDAY, "11:00"), ticket)
    write(sold, at(MONDAY, "13:00"), ticket)
    write(sold, at(MONDAY, "14:30"), ticket)
    log_call(agent, at(MONDAY, "15:00"), ticket, began=at(MONDAY, "14:00"))
    assert states(ticket)[1] == "Due"
    assert ticket.beesender_next_answers_met == 1
    assert ticket.beesender_next_answer_due_at == frappe.utils.get_datetime(
        f"{MONDAY} 13:30"
    )


def test_what_was_written_after_a_first_call_that_is_logged_later_waits(sold, agent):
    ticket = open_p1(sold)
    write(sold, at(MONDAY, "10:30"), ticket)
    log_call(agent, at(MONDAY, "11:00"), ticket, began=at(MONDAY, "10:15"))
    assert ticket.first_response_time == 900
    assert states(ticket)[:2] == ("Met", "Due")


def test_an_answer_after_a_first_call_that_is_logged_later_is_one_of_the_next(
    sold, agent
):
    ticket = open_p1(sold)
    write(sold, at(MONDAY, "10:30"), ticket)
    reply(agent, at(MONDAY, "11:00"), ticket)
    log_call(agent, at(MONDAY, "11:30"), ticket, began=at(MONDAY, "10:15"))
    assert ticket.first_response_time == 900
    assert states(ticket)[:2] == ("Met", "Met")


def test_an_answer_counts_after_the_question_though_the_machines_clock_was_set_back(
    sold, agent
):
    ticket = open_p1(sold)
    reply(agent, at(MONDAY, "11:00"), ticket)
    write(sold, at(MONDAY, "13:00"), ticket)
    reply(agent, at(MONDAY, "12:30"), ticket)
    assert states(ticket)[1] == "Met"
    write(sold, at(MONDAY, "12:40"), ticket)
    assert states(ticket)[1] == "Due"


def test_a_call_answers_what_was_written_while_it_lasted(sold, agent):
    ticket = open_p1(sold)
    reply(agent, at(MONDAY, "11:00"), ticket)
    write(sold, at(MONDAY, "13:00"), ticket)
    log_call(
        agent,
        at(MONDAY, "13:10"),
        ticket,
        began=at(MONDAY, "12:55"),
        ended=at(MONDAY, "13:10"),
    )
    assert states(ticket.reload())[1] == "Met"


def test_where_no_next_answer_is_sold_a_reopening_asks_nothing(client, agent):
    ticket = open_p1(client)
    reply(agent, at(MONDAY, "11:00"), ticket)
    save(agent, at(MONDAY, "12:00"), ticket, status="Resolved")
    write(client, at(TUESDAY, "09:00"), ticket)
    reply(agent, at(TUESDAY, "09:30"), ticket)
    events = [each.event.value for each in promise.happenings_of(ticket)]
    assert "customer_wrote" not in events
    sell(P1=ALL)
    with clock_at("2026-11-27T10:00:00+03:00"):
        plan = sold_plans.named([client.plan.name])[0]
        rated = rerating.apply_batch({plan.name: plan}, [ticket.name], "Sold now")
    assert rated == 1
    assert states(ticket.reload())[:2] == ("Met", None)


# Merges, splits, jobs, writes past the handlers


def test_copied_messages_of_a_merge_start_and_answer_nothing(sold, agent):
    source, target = open_p1(sold), open_p1(sold)
    for each in (source, target):
        reply(agent, at(MONDAY, "11:00"), each)
    write(sold, at(MONDAY, "12:00"), source)
    with clock_at(at(MONDAY, "13:00")), session_of(agent):
        merge_ticket(source.name, target.name)
    assert states(target.reload())[:2] == ("Met", None)
    write(sold, at(MONDAY, "14:00"), target)
    assert states(target)[1] == "Due"
    third = open_p1(sold)
    reply(agent, at(MONDAY, "11:00"), third)
    with clock_at(at(MONDAY, "15:00")), session_of(agent):
        merge_ticket(third.name, target.name)
    assert states(target.reload())[1] == "Due"
    assert states(source.reload()) == ("Met", None, None)


def test_a_client_who_writes_on_a_merged_ticket_waits_in_the_other(sold, agent):
    source, target = open_p1(sold), open_p1(sold)
    for each in (source, target):
        reply(agent, at(MONDAY, "11:00"), each)
    with clock_at(at(MONDAY, "13:00")), session_of(agent):
        merge_ticket(source.name, target.name)
    end_request()
    write(sold, at(MONDAY, "14:00"), source)
    assert states(target.reload()) == ("Met", "Due", "Due")
    assert states(source) == ("Met", None, None)
    reply(agent, at(MONDAY, "15:00"), target)
    with clock_at(f"{MONDAY}T16:00:00.000001+03:00"):
        receive_mail(sold.email, f"Re: help (#{source.name})")
    assert states(target.reload()) == ("Met", "Due", "Due")


def test_a_part_of_what_was_closed_as_spam_can_be_solved(sold, agent):
    ticket = open_p1(sold)
    message = frappe.get_last_doc("Communication", {"reference_name": ticket.name})
    save(
        agent,
        at(MONDAY, "12:30"),
        ticket,
        status="Closed",
        beesender_closing_reason="Spam",
    )
    with clock_at(at(MONDAY, "13:00")), session_of(agent):
        name = split_ticket("Another matter", message.name)
    part = save(
        agent, at(MONDAY, "14:00"), frappe.get_doc(TICKET, name), status="Resolved"
    )
    assert part.beesender_solution_state == "Met"


def test_a_part_has_clocks_of_its_own(sold, agent):
    ticket = open_p1(sold)
    reply(agent, at(MONDAY, "11:00"), ticket)
    write(sold, at(MONDAY, "12:00"), ticket)
    message = frappe.get_last_doc("Communication", {"reference_name": ticket.name})
    with clock_at(at(MONDAY, "13:00")), session_of(agent):
        name = split_ticket("Another matter", message.name)
    part = frappe.get_doc(TICKET, name)
    assert states(part) == ("Due", None, "Due")
    assert part.resolution_by == site_time(at(TUESDAY, "12:00"))
    assert not promise.happenings_of(part)


def test_a_ticket_that_helpdesk_closes_by_itself_is_solved(sold, agent):
    ticket = open_p1(sold)
    reply(agent, at(MONDAY, "11:00"), ticket)
    frappe.db.set_single_value("HD Settings", "auto_close_tickets", 1)
    frappe.db.set_single_value("HD Settings", "auto_close_after_days", 1)
    frappe.db.set_single_value("HD Settings", "auto_close_status", "Replied")
    with clock_at("2026-12-01T10:00:00+03:00"):
        close_tickets_after_n_days()
    assert ticket.reload().status_category == "Resolved"
    assert states(ticket) == ("Met", None, "Met")
    assert ticket.agreement_status == "Fulfilled"
    assert ticket.resolution_time == 3600


def test_a_status_written_past_every_handler_is_noticed(sold, agent):
    ticket = open_p1(sold)
    reply(agent, at(MONDAY, "11:00"), ticket)
    ticket.db_set({"status": "Open", "status_category": "Open"})
    save(agent, at(MONDAY, "12:00"), ticket, subject="Another subject")
    assert ticket.beesender_solution_state == "Due"


def test_a_ticket_from_before_goes_on_from_the_status_it_has(sold, agent):
    ticket = open_p1(sold)
    reply(agent, at(MONDAY, "11:00"), ticket)
    ticket.db_set("beesender_events", None)
    assert promise.promises_of(ticket.reload()).of("solution").state == "paused"
    save(agent, at(MONDAY, "15:00"), ticket, status="Open")
    assert ticket.resolution_by == site_time(at(TUESDAY, "13:00"))


def test_what_a_held_request_waited_with_pauses_its_solution_from_the_start():
    client = make_client(status="Suspended")
    sell(P1=ALL)
    with clock_at(at(MONDAY, "09:00")):
        ticket = make_ticket(client, **P1_INCIDENT)
    assert ticket.beesender_admission == "Held"
    agent = make_agent()
    save(agent, at(MONDAY, "10:00"), ticket, status="Replied")
    client.plan.reload().update({"status": "Active"}).save()
    with clock_at(at(MONDAY, "11:00")), session_of(agent):
        held_requests.admit_once(frappe.get_doc(TICKET, ticket.name))
    assert ticket.reload().beesender_admission == "Accepted"
    assert states(ticket) == ("Due", None, "Paused")


def test_unreadable_events_count_as_none(sold, agent):
    ticket = open_p1(sold)
    reply(agent, at(MONDAY, "11:00"), ticket)
    ticket.db_set("beesender_events", '[["paused", "yesterday", null, null]]')
    assert promise.happenings_of(ticket.reload()) == ()


def test_the_jobs_follow_every_target(sold, agent):
    ticket = open_p1(sold)
    reply(agent, at(MONDAY, "11:00"), ticket)
    write(sold, at(MONDAY, "13:00"), ticket)
    job(at(MONDAY, "14:30"), ticket)
    assert states(ticket) == ("Met", "At risk", "Due")
    job(at(MONDAY, "15:01"), ticket)
    assert states(ticket) == ("Met", "Breached", "Due")
    job(at(TUESDAY, "09:30"), ticket)
    assert states(ticket) == ("Met", "Breached", "At risk")
    job(at(TUESDAY, "11:01"), ticket)
    assert states(ticket) == ("Met", "Breached", "Breached")


def test_a_message_is_not_lost_with_the_agreement_of_older_terms(sold, agent):
    ticket = open_p1(sold)
    reply(agent, at(MONDAY, "11:00"), ticket)
    sell(P1={"solution_hours": 0})
    frappe.db.delete("HD Service Level Agreement", {"name": ticket.sla})
    frappe.clear_cache()
    with clock_at(f"{MONDAY}T13:00:00.000001+03:00"):
        receive_mail(sold.email, f"Re: help (#{ticket.name})")
    assert states(ticket.reload()) == ("Met", "Due", "Due")
    frappe.db.delete("HD Service Level Agreement", {"name": ticket.sla})
    frappe.clear_cache()
    agreement.mend()
    assert job(at(MONDAY, "13:30"), ticket) == ("Resolution Due",) * 2


def test_a_request_that_left_the_policy_and_returned_was_paused_meanwhile(sold, agent):
    ticket = open_p1(sold)
    save(agent, at(MONDAY, "11:00"), ticket, customer=make_customer())
    assert not ticket.beesender_admission
    save(agent, at(MONDAY, "11:30"), ticket, status="Replied")
    save(agent, at(MONDAY, "13:30"), ticket, status="Open")
    save(agent, at(MONDAY, "14:00"), ticket, status="Replied")
    save(agent, at(MONDAY, "15:00"), ticket, customer=sold.customer)
    assert ticket.beesender_solution_state == "Paused"
    save(agent, at(MONDAY, "16:00"), ticket, status="Open")
    # Two hours were used until 14:00.
    assert ticket.resolution_by == site_time(at(TUESDAY, "13:00"))
    assert ticket.total_hold_time == 4 * 3600


def test_helpdesks_times_follow_the_site_to_another_zone(sold, agent):
    ticket, solved = open_p1(sold), open_p1(sold)
    save(agent, at(MONDAY, "12:00"), solved, status="Resolved")
    follow_the_clock()
    with site_zone("Asia/Kathmandu"), clock_at(at(MONDAY, "12:10")):
        follow_the_clock()
        for each in (ticket, solved):
            due = site_time(at(MONDAY, "18:00"))
            assert each.reload().resolution_by == due
        assert solved.resolution_date == site_time(at(MONDAY, "12:00"))


@pytest.mark.parametrize(
    ("sent", "state"), [("12:55", "Due"), ("13:05", "Met")], ids=["crossed", "answers"]
)
def test_an_agents_own_mail_answers_only_what_was_asked_before_it_was_sent(
    sold, agent, sent, state
):
    ticket = open_p1(sold)
    reply(agent, at(MONDAY, "11:00"), ticket)
    write(sold, at(MONDAY, "13:00"), ticket)
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Cc"] = agent, sold.email, "support@example.com"
    mail["Subject"], mail["Message-ID"] = f"Re: chats (#{ticket.name})", make_msgid()
    mail["Date"] = format_datetime(datetime.fromisoformat(at(MONDAY, sent)))
    mail.set_content("We have mended it.")
    with clock_at(f"{MONDAY}T13:10:00.000001+03:00"):
        InboundMail(mail.as_bytes(), make_email_account()).process()
    assert states(ticket.reload())[1] == state


def test_a_solution_that_is_imported_is_settled_by_the_priority_of_then(sold, agent):
    sell(P3={"solution_hours": 16})
    with clock_at(at(TUESDAY, "12:00")), session_of(agent):
        ticket = make_ticket(
            sold,
            ticket_type="Incident",
            beesender_priority="P3",
            status="Closed",
            service_level_agreement_creation=site_time(at(MONDAY, "09:00")),
            first_responded_on=site_time(at(MONDAY, "10:00")),
            resolution_date=site_time(at(TUESDAY, "11:00")),
        )
    assert ticket.beesender_solution_state == "Met"
    save(agent, at(TUESDAY, "13:00"), ticket, beesender_priority="P1")
    assert ticket.beesender_solution_state == "Met"
