"""Several held requests are decided in one action, and each has its own answer."""

import frappe

from beesender_support.enforcement.held.several_held import (
    MOST,
    admit_several,
    admit_what_is_taken,
    decide_several,
    decline_several,
)
from beesender_support.enforcement.requests import held_requests
from beesender_support.tests.site.factories import (
    held_mail,
    make_agent,
    make_client,
    make_ticket,
    refused,
    session_of,
)

LOG = "Beesender Admission Log"


def hold(client, number=1):
    """Requests of a seated contact by mail, while the plan is suspended."""
    client.plan.reload().update({"status": "Suspended"}).save()
    tickets = [
        held_mail(client, f"person{each}.{client.email}").name for each in range(number)
    ]
    assert {admission_of(ticket) for ticket in tickets} == {"Held"}
    return [str(each) for each in tickets]


def seat_and_resume(client, *tickets):
    plan = client.plan.reload()
    for ticket in tickets:
        contact = frappe.db.get_value("HD Ticket", ticket, "contact")
        plan.append("authorized_contacts", {"contact": contact})
    plan.update({"status": "Active"}).save()


def admission_of(ticket):
    return frappe.db.get_value("HD Ticket", ticket, "beesender_admission")


def test_each_is_admitted_with_its_promise_and_logged(client):
    tickets = hold(client, 3)
    with session_of(make_agent()):
        outcomes = admit_several(tickets, "They called")
    assert [each["ticket"] for each in outcomes] == tickets
    assert all(each["is_decided"] and not each["words"] for each in outcomes)
    for ticket in tickets:
        assert admission_of(ticket) == "Accepted"
        assert frappe.db.get_value("HD Ticket", ticket, "beesender_terms")
        logged = {"ticket": ticket, "event": "Admitted once", "details": "They called"}
        assert frappe.db.count(LOG, logged) == 1


def test_a_second_caller_reads_who_decided_and_nothing_is_done_twice(client):
    tickets = hold(client, 2)
    admit_several(tickets[:1])
    frappe.clear_messages()
    first, second = admit_several(tickets)
    assert not first["is_decided"]
    assert "Administrator admitted it" in first["words"]
    assert second["is_decided"]
    assert frappe.db.count(LOG, {"ticket": tickets[0], "event": "Admitted once"}) == 1
    # It is an answer of this ticket, and no message of its own.
    assert not frappe.get_message_log()


def test_only_what_the_plan_takes_today_is_admitted(client):
    taken, stranger = hold(client, 2)
    seat_and_resume(client, taken)
    outcomes = {each["ticket"]: each for each in admit_what_is_taken([taken, stranger])}
    assert outcomes[taken]["is_decided"]
    assert admission_of(taken) == "Accepted"
    assert not outcomes[stranger]["is_decided"]
    assert "would still be held today" in outcomes[stranger]["words"]
    assert "not an authorized contact" in outcomes[stranger]["words"]
    assert admission_of(stranger) == "Held"


def test_a_ticket_named_twice_is_decided_once(client):
    [ticket] = hold(client)
    assert [each["is_decided"] for each in admit_several([ticket, ticket])] == [True]


def test_what_one_refuses_undoes_nothing_of_the_others(client):
    first, refusing, last = hold(client, 3)
    frappe.db.set_value("HD Ticket", refusing, "ticket_type", "Removed meanwhile")
    outcomes = admit_several([first, refusing, last])
    assert [each["is_decided"] for each in outcomes] == [True, False, True]
    assert "Removed meanwhile" in outcomes[1]["words"]
    found = [admission_of(each) for each in (first, refusing, last)]
    assert found == ["Accepted", "Held", "Accepted"]


def test_a_fault_in_one_undoes_what_it_wrote_and_is_logged(client):
    first, broken = hold(client, 2)

    def decide(ticket):
        held_requests.admit_once(ticket)
        if str(ticket.name) == broken:
            raise KeyError("of this test")

    outcomes = decide_several([first, broken], decide)
    assert [each["is_decided"] for each in outcomes] == [True, False]
    assert outcomes[1]["words"].startswith(f"Ticket {broken} was not decided")
    assert [admission_of(each) for each in (first, broken)] == ["Accepted", "Held"]
    logged = {"error": ("like", "%KeyError: 'of this test'%")}
    assert frappe.db.exists("Error Log", logged)
    frappe.db.delete("Error Log", logged)


def test_who_may_not_write_a_ticket_decides_nothing_and_learns_nothing(client):
    [ticket] = hold(client)
    with session_of(client.email):
        there, missing = admit_several([ticket, "999999999"])
    assert not there["is_decided"]
    assert not missing["is_decided"]
    assert there["words"].replace(ticket, "") == missing["words"].replace(
        "999999999", ""
    )
    assert admission_of(ticket) == "Held"


def test_a_plain_ticket_is_left_alone(client):
    ticket = str(make_ticket(make_client()).name)
    [outcome] = admit_several([ticket])
    assert outcome["words"] == f"Ticket {ticket} does not wait for admission."


def test_several_are_declined_with_one_reply(client):
    tickets = hold(client, 2)
    with session_of(make_agent()):
        outcomes = decline_several(tickets, "Not under this plan.", "Spam")
    assert all(each["is_decided"] for each in outcomes)
    assert {admission_of(each) for each in tickets} == {"Declined"}


def test_too_many_at_once_are_refused():
    with refused(f"at most {MOST} requests"):
        admit_several(str(each) for each in range(MOST + 1))
