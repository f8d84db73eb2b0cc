"""What agents and clients are shown of a ticket's plan, by whom it may be asked."""

from contextlib import nullcontext
from datetime import datetime

import frappe
import pytest

from beesender_support.api import agent, portal
from beesender_support.tests.site.factories import (
    P1_INCIDENT,
    clock_at,
    make_agent,
    make_agent_manager,
    make_client,
    make_contact,
    make_portal_user,
    make_ticket,
    session_of,
    site_time,
)

FRIDAY_1730, MONDAY_0930 = "2026-11-20T17:30:00+03:00", "2026-11-23T09:30:00+03:00"


def ticket_of(client, **overrides):
    with clock_at(FRIDAY_1730):
        return make_ticket(client, **{**P1_INCIDENT, **overrides})


def rows_of(panel: dict) -> dict[str, str]:
    return {row["label"]: row["value"] for row in panel["rows"]}


def held_ticket(client):
    """An agent takes down a request of somebody who has no seat."""
    stranger = make_contact(client.customer, "stranger@example.org")
    seatless = {**client, "contact": stranger, "email": "stranger@example.org"}
    return ticket_of(seatless)


# Why then?


def test_a_client_reads_line_by_line_why_the_answer_is_due_then():
    client = make_client(
        holidays=[{"date": "2026-11-23", "description": "Founders' day"}]
    )
    ticket = ticket_of(client)
    with clock_at("2026-11-24T10:00:00+03:00"), session_of(client.email):
        why = portal.explain_deadline(ticket.name)
    assert [(line["kind"], line["at"], line["words"]) for line in why["lines"]] == [
        ("received", "2026-11-20T14:30:00+00:00", "The request was received"),
        (
            "counted",
            "2026-11-20T14:30:00+00:00",
            "30 min of support time: 30 min of 4 h",
        ),
        (
            "closed",
            "2026-11-20T15:00:00+00:00",
            "Not counted: night, weekend, holiday Founders' day",
        ),
        (
            "counted",
            "2026-11-24T06:00:00+00:00",
            "3 h 30 min of support time: 4 h of 4 h",
        ),
        ("due", "2026-11-24T09:30:00+00:00", "The answer is due"),
    ]
    assert why["due"] == why["lines"][-1]["at"]
    assert why["sentence"] == (
        "Basic answers P1 within 4 h of support time (Mon-Fri 09:00-18:00, GMT+3)."
    )


def test_many_days_alike_are_one_line():
    tier = frappe.get_doc("Beesender Tier", "Basic")
    for row in tier.response_targets:
        row.hours = 36
    tier.save()
    with clock_at("2026-11-23T09:00:00+03:00"):
        ticket = make_ticket(make_client(), **P1_INCIDENT)
        why = portal.explain_deadline(ticket.name)
    (counted,) = [line for line in why["lines"] if line["kind"] == "counted"]
    assert counted["words"] == (
        "36 h of support time on 4 days: 36 h of 36 h. Not counted in between: night"
    )
    assert counted["until"] == why["due"] == "2026-11-26T15:00:00+00:00"


def test_an_answer_stands_where_it_was_given():
    ticket = ticket_of(make_client())
    answered = "2026-11-21T11:00:00+03:00"
    frappe.db.set_value(
        "HD Ticket", ticket.name, "first_responded_on", site_time(answered)
    )
    with clock_at(MONDAY_0930):
        why = portal.explain_deadline(ticket.name)
    kinds = [line["kind"] for line in why["lines"]]
    assert kinds == ["received", "counted", "closed", "answered", "counted", "due"]
    assert datetime.fromisoformat(why["answered"]) == datetime.fromisoformat(answered)


def test_a_category_without_a_promise_says_so_instead_of_a_timeline():
    ticket = ticket_of(make_client(), ticket_type="Paid enhancement request")
    why = portal.explain_deadline(ticket.name)
    assert why["sentence"] == (
        "No response time is promised for Paid enhancement request."
    )
    assert (why["due"], [line["kind"] for line in why["lines"]]) == (None, ["received"])


def test_a_held_request_says_why_it_waits():
    why = portal.explain_deadline(held_ticket(make_client()).name)
    assert (why["label"], why["due"]) == ("Held", None)
    assert "is not an authorized contact of" in why["sentence"]


def test_an_admitted_request_says_when_its_clock_started():
    ticket = held_ticket(make_client())
    with clock_at(MONDAY_0930):
        agent.admit_once(ticket.name)
        why = portal.explain_deadline(ticket.name)
    assert [line["kind"] for line in why["lines"]] == [
        "received",
        "started",
        "counted",
        "due",
    ]


def test_agents_are_told_the_customer_s_zone_and_clients_are_not():
    client = make_client(time_zone="GMT+8")
    frappe.db.set_value("User", client.email, "time_zone", "Europe/Berlin")
    ticket = ticket_of(client)
    of_plan = {"label": "plan: GMT+8", "time_zone": "Etc/GMT-8"}
    of_customer = {"label": "customer: Europe/Berlin", "time_zone": "Europe/Berlin"}
    with session_of(make_agent()):
        zones = portal.promise_in_words(ticket.name)["zones"]
    assert zones == [of_plan, of_customer]
    with session_of(client.email):
        assert portal.promise_in_words(ticket.name)["zones"] == [of_plan]


def test_a_reader_of_russian_gets_the_explanation_in_russian():
    ticket = ticket_of(make_client())
    frappe.local.lang = "ru"
    try:
        with clock_at(MONDAY_0930):
            why = portal.explain_deadline(ticket.name)
    finally:
        frappe.local.lang = "en"
    assert why["label"] == "Осталось 3 ч"
    assert why["lines"][2]["words"] == "Не считается: ночь, выходные"
    assert "пн-пт 09:00-18:00" in why["sentence"]


# Beside the ticket


def test_the_panel_says_what_an_agent_needs_to_know():
    client = make_client(success_manager="Administrator")
    ticket = ticket_of(client)
    with clock_at("2026-11-22T06:50:00+03:00"), session_of(make_agent()):
        panel = agent.ticket_panel(ticket.name)
    rows = rows_of(panel)
    assert rows["Tier"] == "Basic"
    assert rows["Category"] == "Incident"
    assert rows["Support priority"].startswith("P1 · The system is fully down")
    assert rows["Admission"] == "Accepted"
    assert rows["Answers by"] == "portal, e-mail"
    [answers_by] = [row for row in panel["rows"] if row["label"] == "Answers by"]
    channels = answers_by["channels"]
    assert [each["name"] for each in channels] == ["portal", "e-mail"]
    # Frappe 15 has no such icons.
    assert all(each["icon"].startswith("<") for each in channels) or not any(
        each["icon"] for each in channels
    )
    assert rows["Success manager"] == "Administrator"
    assert rows["Support"] == "Closed for this customer, opens in 1 d 2 h"
    assert (panel["is_open"], panel["promise"]["state"]) == (False, "due")


def test_the_panel_of_a_held_request_gives_the_reason_in_words():
    ticket = held_ticket(make_client())
    with clock_at(MONDAY_0930):
        panel = agent.ticket_panel(ticket.name)
    assert "is not an authorized contact of" in rows_of(panel)["Admission"]
    assert rows_of(panel)["Support"] == "Open for this customer now"


def test_there_is_no_panel_on_a_ticket_outside_the_policy():
    ticket = frappe.get_doc(
        {"doctype": "HD Ticket", "subject": "Hello", "description": "Hello"}
    ).insert()
    assert agent.ticket_panel(ticket.name) is None


def test_the_plan_is_shown_as_it_is_sold():
    client = make_client(ends_on="2027-05-31")
    ticket = ticket_of(client)
    with clock_at(MONDAY_0930):
        card = agent.plan_card(ticket.name)
        rows = rows_of(card)
    assert rows["Support hours"] == "Mon-Fri 09:00-18:00, GMT+3"
    assert rows["Answer within"] == "P1: 4 h, P2: 8 h, P3: 8 h, P4: 8 h"
    assert rows["Authorized contacts"] == "1 of 2, 1 free"
    assert rows["Valid"].endswith("Active")
    assert card["link"].endswith(client.plan.name)


def test_only_who_may_read_plans_gets_a_way_to_them():
    ticket = ticket_of(make_client())
    with session_of(make_agent()):
        may_read = frappe.has_permission("Beesender Support Plan", "read")
        assert bool(agent.plan_card(ticket.name)["link"]) == may_read


# Changing priority or category


def test_a_change_is_foreseen_and_then_comes_true():
    ticket = ticket_of(make_client(), beesender_priority="P3")
    with clock_at(MONDAY_0930), session_of(make_agent()):
        preview = agent.preview_change(ticket.name, "Incident", "P1")
        assert preview["after"]["due"] == "2026-11-23T09:30:00+00:00"
        assert preview["before"]["due"] != preview["after"]["due"]
        agent.change_ticket(ticket.name, "Incident", "P1")
        after = portal.promise_in_words(ticket.name)
    assert after["due"] == preview["after"]["due"]
    stored = frappe.get_doc("HD Ticket", ticket.name)
    assert (stored.beesender_priority, stored.priority) == ("P1", "Urgent")


def test_a_preview_says_what_the_category_does_not_allow():
    ticket = ticket_of(make_client())
    preview = agent.preview_change(ticket.name, "Consultation", "P1")
    assert preview["priority"] == "P3"
    assert preview["correction"] == "Consultation allows P3, P4, so P1 became P3."
    disabled = {each["value"]: each["disabled"] for each in preview["priorities"]}
    assert disabled == {"P1": True, "P2": True, "P3": False, "P4": False}


def test_a_category_that_is_none_is_refused_with_a_choice():
    ticket = ticket_of(make_client())
    with pytest.raises(frappe.ValidationError, match="is not a category"):
        agent.change_ticket(ticket.name, "Nonsense", "P1")


# Calls and Skype


def test_a_logged_call_stops_the_clock_at_the_time_of_the_call():
    ticket = ticket_of(make_client(tier="Premium"))
    with clock_at("2026-11-20T19:00:00+03:00"), session_of(make_agent()):
        agent.log_call(ticket.name, "2026-11-20T18:10:00+03:00", "Restarted <it>")
    stored = frappe.get_doc("HD Ticket", ticket.name)
    assert stored.first_responded_on == site_time("2026-11-20T18:10:00+03:00")
    assert stored.agreement_status == "Fulfilled"
    call = frappe.get_last_doc("TP Call Log")
    assert (call.telephony_medium, call.type, call.status) == (
        "Manual",
        "Outgoing",
        "Completed",
    )
    comment = frappe.get_last_doc(
        "HD Ticket Comment", {"reference_ticket": ticket.name}
    )
    assert comment.content == "Restarted &lt;it&gt;"


def test_a_call_that_was_made_before_a_written_answer_was_the_first_one():
    ticket = ticket_of(make_client(tier="Premium"))
    with session_of(make_agent()):
        with clock_at("2026-11-20T22:00:00+03:00"):
            frappe.get_doc("HD Ticket", ticket.name).reply_via_agent("In short: fixed.")
        assert ticket.reload().agreement_status == "Failed"
        with clock_at("2026-11-20T22:10:00+03:00"):
            agent.log_call(ticket.name, "2026-11-20T18:10:00+03:00")
        assert ticket.reload().agreement_status == "Fulfilled"
        with clock_at("2026-11-20T22:20:00+03:00"):
            agent.log_call(ticket.name, "2026-11-20T21:00:00+03:00")
    stored = ticket.reload().first_responded_on
    assert stored == site_time("2026-11-20T18:10:00+03:00")


def test_a_change_on_a_ticket_that_left_the_policy_is_refused_in_words():
    ticket = ticket_of(make_client())
    ticket.db_set("beesender_admission", None)
    with session_of(make_agent()), pytest.raises(frappe.ValidationError, match="plan"):
        agent.preview_change(ticket.name, "Incident", "P1")


@pytest.mark.parametrize(
    ("called_at", "refusal"),
    [
        ("2026-11-20T19:30:00+03:00", "in the future"),
        ("2026-11-20T12:00:00+03:00", "before the request"),
        ("yesterday", "is not a time"),
        ("2026-11-20T18:00:00", "is not a time"),
    ],
)
def test_a_call_at_an_impossible_time_is_refused(called_at, refusal):
    ticket = ticket_of(make_client(tier="Premium"))
    with (
        clock_at("2026-11-20T19:00:00+03:00"),
        pytest.raises(frappe.ValidationError, match=refusal),
    ):
        agent.log_call(ticket.name, called_at)


def test_where_the_plan_has_no_calls_the_panel_says_why_until_a_manager_allows_one():
    ticket = ticket_of(make_client())
    helper, manager = make_agent(), make_agent_manager()
    with session_of(helper):
        phone, _skype = agent.ticket_panel(ticket.name)["answers"]
        assert not phone["may_allow"]
        assert phone["refusal"].startswith(
            "The Basic plan does not include answers by phone. It includes: portal,"
        )
        with pytest.raises(frappe.ValidationError, match="does not include answers"):
            agent.log_call(ticket.name, "2026-11-20T18:00:00+03:00")
    with session_of(manager):
        assert agent.ticket_panel(ticket.name)["answers"][0]["may_allow"]
        agent.allow_channel(ticket.name, "phone", "Their mail is down.")
    with session_of(helper):
        panel = agent.ticket_panel(ticket.name)
        assert panel["answers"][0]["refusal"] is None
        assert rows_of(panel)["Answers by"] == "portal, e-mail, phone"
        agent.log_call(ticket.name, "2026-11-20T18:00:00+03:00")


# Who may ask


QUESTIONS = {
    "explain_deadline": portal.explain_deadline,
    "promise_in_words": portal.promise_in_words,
    "ticket_panel": agent.ticket_panel,
    "plan_card": agent.plan_card,
    "preview_change": lambda ticket: agent.preview_change(ticket, "Incident", "P1"),
    "change_ticket": lambda ticket: agent.change_ticket(ticket, "Incident", "P1"),
    "log_call": lambda ticket: agent.log_call(ticket, FRIDAY_1730),
}
FOR_CLIENTS = ("explain_deadline", "promise_in_words")


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("who", ["a guest", "another customer", "the client"])
def test_only_who_may_see_a_ticket_is_answered(question, who):
    client, other = make_client(tier="Premium"), make_portal_user("other@example.org")
    ticket = ticket_of(client)
    user = {"a guest": "Guest", "another customer": other, "the client": client.email}
    may = who == "the client" and question in FOR_CLIENTS
    with (
        session_of(user[who]),
        nullcontext() if may else pytest.raises(frappe.PermissionError),
    ):
        QUESTIONS[question](ticket.name)
