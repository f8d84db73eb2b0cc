"""A client who lacks a seat asks for one: who hears of it, how often, and who may not."""

from email import message_from_string, policy
from unittest.mock import patch

import frappe
import pytest

from beesender_support.api import portal
from beesender_support.enforcement.plans import seats
from beesender_support.screens.portal import new_request, plan_page
from beesender_support.tests.site.factories import (
    clock_at,
    let_managers_swap_seats,
    make_agent,
    make_client,
    make_contact,
    make_manager,
    make_plan,
    refused,
    session_of,
)

LOG = "Beesender Notice Log"


@pytest.fixture(autouse=True)
def _empty_queue():
    frappe.db.delete("Email Queue")
    frappe.db.delete("Email Queue Recipient")


@pytest.fixture
def acme():
    """A manager with the one seat, a colleague without, and a success manager."""
    let_managers_swap_seats()
    client = make_manager(make_client())
    client.other = f"colleague.{client.email}"
    client.colleague = make_contact(client.customer, client.other, user=True)
    client.success_manager = make_agent()
    client.plan.success_manager = client.success_manager
    client.plan.save()
    return client


def mails_to(address: str) -> list:
    queued = frappe.get_all(
        "Email Queue Recipient", {"recipient": address}, pluck="parent"
    )
    return [
        message_from_string(
            frappe.db.get_value("Email Queue", each, "message"), policy=policy.default
        )
        for each in queued
    ]


def text_of(mail) -> str:
    return mail.get_body(("html",)).get_content()


def ask(user: str, plan: str) -> dict:
    with session_of(user):
        return portal.ask_for_seat(plan)


def page_of(user: str, **asked: str) -> dict:
    with session_of(user):
        return plan_page.page_for(user, **asked)


def test_the_manager_and_the_success_manager_hear_of_it_each_with_their_own_link(acme):
    asked = ask(acme.other, acme.plan.name)
    assert asked["is_told"]
    assert asked["sentence"].startswith("We passed on that you ask for a seat.")
    [of_client], [of_support] = mails_to(acme.email), mails_to(acme.success_manager)
    name = frappe.db.get_value("Contact", acme.colleague, "full_name")
    assert of_client["Subject"].startswith(f"{name} asks for a seat")
    assert f"seat={acme.colleague}" in text_of(of_client)
    assert acme.other in text_of(of_client)
    assert "1 of 2" in text_of(of_client)
    assert "beesender-support-plan" in text_of(of_support)
    assert not mails_to(acme.other)


def test_twice_on_a_day_is_once_and_the_next_day_is_another_time(acme):
    with clock_at("2026-11-25T12:00:00+03:00"):
        assert ask(acme.other, acme.plan.name) == ask(acme.other, acme.plan.name)
    assert len(mails_to(acme.email)) == 1
    with clock_at("2026-11-26T12:00:00+03:00"):
        assert ask(acme.other, acme.plan.name)["is_told"]
    assert len(mails_to(acme.email)) == len(mails_to(acme.success_manager)) == 2


def test_the_manager_sees_who_asks_and_gives_the_seat_once(acme):
    ask(acme.other, acme.plan.name)
    page = page_of(acme.email)
    assert [each["contact"] for each in page["asking"]] == [acme.colleague]
    with session_of(acme.email):
        portal.give_seat(acme.plan.name, acme.colleague)
    assert page_of(acme.email)["asking"] == []
    assert page_of(acme.other)["concerns"] == []


def test_where_nobody_can_be_told_that_is_said():
    client = make_client()
    other = f"colleague.{client.email}"
    make_contact(client.customer, other, user=True)
    asked = ask(other, client.plan.name)
    assert not asked["is_told"]
    assert "account manager" in asked["sentence"]


def test_a_manager_who_may_give_no_seats_is_not_asked_for_one(acme):
    let_managers_swap_seats(may=False)
    assert ask(acme.other, acme.plan.name)["is_told"]
    assert not mails_to(acme.email)
    assert len(mails_to(acme.success_manager)) == 1


def test_where_only_such_a_manager_is_there_nobody_counts_as_told(acme):
    let_managers_swap_seats(may=False)
    acme.plan.reload().success_manager = None
    acme.plan.save()
    assert not ask(acme.other, acme.plan.name)["is_told"]
    assert not mails_to(acme.email)


def test_what_another_tab_asked_meanwhile_counts_as_told(acme):
    """The log's row is read as it is now, not as it was when the request began."""
    ask(acme.other, acme.plan.name)
    statements, sql = [], frappe.db.sql

    def noted(query, *args, **kwargs):
        statements.append(str(query))
        return sql(query, *args, **kwargs)

    with patch.object(frappe.db, "sql", noted):
        assert ask(acme.other, acme.plan.name)["is_told"]
    of_log = [each for each in statements if f"`tab{LOG}`" in each]
    assert "FOR UPDATE" in of_log[-1].upper()


def test_a_kind_that_is_switched_off_tells_nobody(acme):
    notice = frappe.get_doc("Beesender Notice", "seat_asked")
    notice.enabled = 0
    notice.save()
    assert not ask(acme.other, acme.plan.name)["is_told"]
    assert not mails_to(acme.email)


def test_the_button_is_where_a_seat_would_help(acme):
    assert page_of(acme.other)["may_ask_for_seat"]
    assert not page_of(acme.email)["may_ask_for_seat"]
    with session_of(acme.other):
        refused_page = new_request.what_may_be_requested(None)
    assert refused_page["refusal"]
    assert refused_page["seat_on"] == acme.plan.name
    seats.give(acme.plan.name, acme.colleague)
    assert not page_of(acme.other)["may_ask_for_seat"]


def test_a_seat_that_ended_may_be_asked_for_again(acme):
    seats.give(acme.plan.name, acme.colleague)
    seats.end(acme.plan.name, acme.colleague)
    frappe.db.delete("Email Queue")
    frappe.db.delete("Email Queue Recipient")
    assert page_of(acme.other)["may_ask_for_seat"]
    assert ask(acme.other, acme.plan.name)["is_told"]


@pytest.mark.parametrize(
    "change",
    [{"status": "Draft"}, {"status": "Suspended"}, {"ends_on": "2020-06-01"}],
)
def test_a_plan_under_which_nobody_may_ask_has_no_seats_to_ask_for(acme, change):
    acme.plan.reload().update(change)
    acme.plan.save()
    with session_of(acme.other):
        refused_page = new_request.what_may_be_requested(None)
    assert not (refused_page or {}).get("seat_on")
    with refused("need no seat"):
        ask(acme.other, acme.plan.name)
    assert not mails_to(acme.email)


def test_whoever_has_a_seat_asks_for_none(acme):
    with refused("need no seat"):
        ask(acme.email, acme.plan.name)


# Hostile clients


def test_nobody_asks_for_a_seat_of_another_customer_nor_learns_of_its_plans(acme):
    stranger = make_client()
    for plan in (acme.plan.name, "no such plan", "", "%", acme.plan.name.lower() + " "):
        with pytest.raises(frappe.PermissionError):
            ask(stranger.email, plan)
    for user in ("Guest", make_agent()):
        with pytest.raises(frappe.PermissionError):
            ask(user, acme.plan.name)
    assert not frappe.db.exists(LOG, {"kind": "seat_asked"})


def test_a_former_member_asks_for_nothing(acme):
    frappe.db.delete("HD Customer Member", {"contact_name": acme.colleague})
    with pytest.raises(frappe.PermissionError):
        ask(acme.other, acme.plan.name)
    assert not page_of(acme.email)["asking"]


def test_a_name_that_looks_like_markup_is_text(acme):
    contact = frappe.get_doc("Contact", acme.colleague)
    contact.first_name = "<img src=x onerror=alert(1)>"
    contact.save()
    ask(acme.other, acme.plan.name)
    [mail] = mails_to(acme.email)
    assert "<img src=x onerror" not in text_of(mail)


def test_one_person_cannot_flood_anybody(acme):
    with clock_at("2026-11-25T12:00:00+03:00"):
        for _ in range(30):
            ask(acme.other, acme.plan.name)
        with refused("requests a minute"):
            ask(acme.other, acme.plan.name)
    assert len(mails_to(acme.email)) == 1


def test_only_a_post_asks():
    assert frappe.allowed_http_methods_for_whitelisted_func[portal.ask_for_seat] == [
        "POST"
    ]


def test_another_plan_of_the_customer_does_not_help(acme):
    later = make_plan(acme.customer, [], starts_on="2090-01-01", status="Draft")
    with refused("need no seat"):
        ask(acme.other, later.name)
