"""What screens say of a ticket is true, in either language."""

import re
from contextlib import contextmanager

import frappe
import pytest
from helpdesk.helpdesk.doctype.hd_ticket.api import merge_ticket

from beesender_support.api import agent as agent_api
from beesender_support.api import desk, lists, portal
from beesender_support.enforcement.response import ticket_views
from beesender_support.tests.site.factories import (
    P1_INCIDENT,
    clock_at,
    make_agent,
    make_client,
    make_contact,
    make_customer,
    make_plan,
    make_ticket,
    receive_mail,
    session_of,
)


@contextmanager
def speaking_russian():
    frappe.local.lang = "ru"
    try:
        yield
    finally:
        frappe.local.lang = "en"


def label_of(ticket) -> str:
    return portal.promise_in_words(ticket.name)["label"]


def registered(at, client=None, **overrides):
    with clock_at(at):
        return make_ticket(client or make_client(), **{**P1_INCIDENT, **overrides})


def answer_at(at, ticket):
    with clock_at(at), session_of(make_agent()):
        ticket.reload().reply_via_agent("We look into it.", to=ticket.raised_by)


# Answered


@pytest.mark.parametrize(
    ("asked", "answered", "said", "in_russian"),
    [
        (
            "2026-11-20T19:00:00+03:00",
            "2026-11-20T19:08:00+03:00",
            "Answered before support opened",
            "Ответ дан до открытия поддержки",
        ),
        (
            "2026-11-21T12:00:00+03:00",
            "2026-11-22T23:00:00+03:00",
            "Answered before support opened",
            "Ответ дан до открытия поддержки",
        ),
        (
            "2026-11-20T17:30:00+03:00",
            "2026-11-20T20:00:00+03:00",
            "Fulfilled in 30 min of support time",
            "Ответ дан за 30 мин времени поддержки",
        ),
        (
            "2026-11-20T17:59:30+03:00",
            "2026-11-20T20:00:00+03:00",
            "Fulfilled in less than a minute of support time",
            "Ответ дан менее чем за минуту времени поддержки",
        ),
        (
            "2026-11-20T10:00:00+03:00",
            "2026-11-20T10:00:20+03:00",
            "Fulfilled in less than a minute",
            "Ответ дан менее чем за минуту",
        ),
        (
            "2026-11-20T10:00:00+03:00",
            "2026-11-20T11:15:00+03:00",
            "Fulfilled in 1 h 15 min",
            "Ответ дан за 1 ч 15 мин",
        ),
        (
            "2026-11-20T10:00:00+03:00",
            "2026-11-20T14:30:00+03:00",
            "Failed by 30 min",
            "Опоздание на 30 мин",
        ),
        (
            "2026-11-20T17:00:00+03:00",
            "2026-11-24T09:30:00+03:00",
            "Failed by 6 h 30 min of support time",
            "Опоздание на 6 ч 30 мин времени поддержки",
        ),
        (
            "2026-11-20T14:00:00+03:00",
            "2026-11-20T20:00:00+03:00",
            "Answered too late",
            "Ответ дан слишком поздно",
        ),
    ],
)
def test_how_soon_it_was_answered_is_said_by_the_clock_it_was_counted_by(
    asked, answered, said, in_russian
):
    ticket = registered(asked)
    answer_at(answered, ticket)
    assert label_of(ticket) == said
    with speaking_russian():
        assert label_of(ticket) == in_russian


def test_the_last_minute_is_not_said_to_be_over():
    ticket = registered("2026-11-20T10:00:00+03:00")
    with clock_at("2026-11-20T13:59:30+03:00"):
        assert label_of(ticket) == "Due in less than a minute"
    with clock_at("2026-11-20T14:00:10+03:00"):
        assert label_of(ticket) == "Overdue by 1 min"


def test_what_was_closed_without_an_answer_is_neither_due_nor_overdue():
    ticket = registered("2026-11-20T10:00:00+03:00")
    with clock_at("2026-11-20T11:00:00+03:00"), session_of(make_agent()):
        ticket.status = "Closed"
        ticket.save()
    with clock_at("2026-11-21T11:00:00+03:00"):
        assert label_of(ticket) == "Closed without an answer"


def test_a_quarter_of_an_hour_is_called_so_wherever_a_target_is_shown():
    tier = frappe.copy_doc(frappe.get_doc("Beesender Tier", "Basic"))
    tier.tier_name = tier.name = "Quick"
    tier.update({"rank": 15})
    tier.response_targets[0].hours = 0.25
    tier.insert(set_name="Quick")
    client = make_client(tier="Quick")
    with session_of(client.email):
        page = portal.new_request()
    incident = next(each for each in page["categories"] if each["name"] == "Incident")
    p1 = next(each for each in incident["priorities"] if each["code"] == "P1")
    assert p1["promise"] == "Quick answers P1 within 15 min of support time."
    ticket = registered("2026-11-20T10:00:00+03:00", client)
    assert "within 15 min of" in portal.promise_in_words(ticket.name)["sentence"]
    first, *_rest = desk.tier_preview(tier.as_dict(), "GMT+3")["due"]
    assert (first["priority"], first["length"]) == ("P1", "15 min")
    with session_of(make_agent()):
        card = agent_api.plan_card(ticket.name)
    (targets,) = [row for row in card["rows"] if row["label"] == "Answer within"]
    assert targets["value"].startswith("P1: 15 min, P2: 8 h")


# Merged


def test_of_a_merged_ticket_it_is_said_that_it_was_merged():
    client = make_client()
    source = registered("2026-11-20T10:00:00+03:00", client)
    target = registered("2026-11-20T10:00:00+03:00", client)
    with clock_at("2026-11-20T10:30:00+03:00"), session_of(make_agent()):
        merge_ticket(source.name, target.name)
    glance = portal.promise_in_words(source.name)
    assert glance["label"] == f"Merged into #{target.name}"
    assert (glance["state"], glance["due"], glance["answered"]) == ("none", None, None)
    why = portal.explain_deadline(source.name)
    assert [line["kind"] for line in why["lines"]] == ["received"]
    listed = lists.get_list_data(
        "HD Ticket", filters={"name": source.name}, is_default=True
    )
    assert listed["data"][0]["beesender_response_state"] == glance["label"]


# Held


def reason_of(ticket) -> str:
    with session_of(make_agent()):
        return agent_api.held_request(ticket.name)["reason"]


def suspended(client):
    client.plan.reload().update({"status": "Suspended"}).save()
    return receive_mail(client.email, "Help")


def test_a_held_request_says_why_it_was_held_and_what_is_true_now():
    client = make_client()
    ticket = suspended(client)
    assert reason_of(ticket) == f"The support plan of {client.customer} is suspended."
    client.plan.update({"status": "Active"}).save()
    assert reason_of(ticket) == (
        f"It was held because the support plan of {client.customer} was suspended."
        " Today it would be accepted under the Basic plan; it waits until an agent"
        " admits it."
    )
    assert portal.promise_in_words(ticket.name)["sentence"] == reason_of(ticket)
    with session_of(make_agent()):
        reply = agent_api.held_request(ticket.name)["reply"]
    assert "would be accepted" not in reply


def test_a_seat_that_was_given_meanwhile_is_known():
    client = make_client()
    colleague = f"colleague.{client.email}"
    contact = make_contact(client.customer, colleague)
    ticket = receive_mail(colleague, "Help")
    assert "is not an authorized contact" in reason_of(ticket)
    client.plan.reload().append("authorized_contacts", {"contact": contact})
    client.plan.save()
    assert "was not an authorized contact" in reason_of(ticket)
    assert "would be accepted" in reason_of(ticket)


def test_a_declined_request_is_not_judged_by_the_plan_of_today():
    client = make_client()
    ticket = suspended(client)
    with session_of(make_agent()):
        agent_api.decline(ticket.name, "No")
    sentence = portal.promise_in_words(ticket.name)["sentence"]
    assert sentence == (
        f"It was held because the support plan of {client.customer} was suspended."
    )


def test_a_reply_to_decline_is_plain_text_and_sent_as_paragraphs():
    client = make_client()
    ticket = suspended(client)
    with session_of(make_agent()):
        reply = agent_api.held_request(ticket.name)["reply"]
        assert "<" not in reply
        agent_api.decline(ticket.name, f"{reply}\n\nAsk <b>us</b>\nfor a plan.")
    content = frappe.db.get_value(
        "Communication",
        {"reference_name": ticket.name, "sent_or_received": "Sent"},
        "content",
    )
    assert content.count("<p>") == 4
    assert "&lt;b&gt;us&lt;/b&gt;" in content


# Names


@pytest.mark.parametrize("language", ["en", "ru"])
def test_no_sentence_about_a_name_that_ends_in_a_stop_ends_twice(language):
    customer = make_customer(f"Init{frappe.generate_hash(length=6)} Tech.")
    client = frappe._dict(
        customer=customer,
        contact=make_contact(customer, f"{frappe.generate_hash(length=8)}@example.com"),
    )
    plan = make_plan(customer, [client.contact], status="Suspended")
    address = frappe.db.get_value("Contact", client.contact, "email_id")
    ticket = receive_mail(address, "Help")
    frappe.local.lang = language
    try:
        said = [reason_of(ticket), portal.promise_in_words(ticket.name)["sentence"]]
        plan.reload().update({"status": "Active", "authorized_contacts": []}).save()
        said.append(reason_of(ticket))
    finally:
        frappe.local.lang = "en"
    assert all(customer in each for each in said)
    assert not [each for each in said if re.search(r"\.\.", each)]


# Codes


def test_the_view_of_requests_that_wait_names_reason_and_channel():
    ticket = suspended(make_client())
    shipped = frappe.get_doc("HD View", ticket_views.PREFIX + "AWAITING-ADMISSION")
    asked = {
        "filters": {"name": ticket.name},
        "columns": shipped.columns,
        "rows": shipped.rows,
    }
    with session_of(make_agent()):
        (row,) = lists.get_list_data("HD Ticket", **asked)["data"]
        assert row["beesender_admission_reason"] == "Plan suspended"
        assert row["beesender_channel"] == "e-mail"
        with speaking_russian():
            (row,) = lists.get_list_data("HD Ticket", **asked)["data"]
    assert row["beesender_admission_reason"] == "План приостановлен"
    assert row["beesender_channel"] == "электронная почта"
