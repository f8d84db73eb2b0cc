"""Seats that begin or end by their dates, and plans that are sold: who hears of it, once."""

from contextlib import contextmanager
from email import message_from_string, policy

import frappe
import pytest
from frappe.utils import formatdate

from beesender_support.enforcement.events import schedule
from beesender_support.enforcement.plans import seats
from beesender_support.tests.site.factories import (
    clock_at,
    make_client,
    make_contact,
    make_customer,
    make_plan,
)

# Seats by their dates


@pytest.fixture
def client():
    """Whose plan was entered before all that."""
    with clock_at("2026-11-02T12:00:00+03:00"):
        return make_client(tier="Premium")


def seat(client, contact, **dates):
    client.plan.reload()
    client.plan.append("authorized_contacts", {"contact": contact, **dates})
    client.plan.save()


def hourly_at(*stamps):
    for stamp in stamps:
        with clock_at(stamp):
            schedule.hourly()


def subjects_to(address):
    queued = frappe.get_all(
        "Email Queue Recipient",
        {"recipient": address},
        pluck="parent",
        order_by="creation, parent",
    )
    return [
        message_from_string(
            frappe.db.get_value("Email Queue", each, "message"), policy=policy.default
        )["Subject"]
        for each in queued
    ]


def test_a_seat_that_begins_later_is_announced_when_it_begins_and_when_it_ends(client):
    colleague = make_contact(client.customer, "colleague@example.com")
    with clock_at("2026-11-20T12:00:00+03:00"):
        seat(client, colleague, from_date="2026-11-25", to_date="2026-11-27")
    hourly_at("2026-11-24T23:59:00+03:00")
    assert not subjects_to("colleague@example.com")
    hourly_at("2026-11-25T00:01:00+03:00", "2026-11-25T12:00:00+03:00")
    [given] = subjects_to("colleague@example.com")
    assert given.startswith("You may now send requests")
    hourly_at("2026-11-27T23:59:00+03:00")
    assert len(subjects_to("colleague@example.com")) == 1
    hourly_at("2026-11-28T00:01:00+03:00", "2026-11-29T12:00:00+03:00")
    _given, ended = subjects_to("colleague@example.com")
    assert ended != given
    assert not subjects_to(client.email)


def test_a_seat_given_today_is_announced_by_whoever_gives_it_alone(client):
    colleague = make_contact(client.customer, "colleague@example.com")
    with clock_at("2026-11-25T10:00:00+03:00"):
        seats.give(client.plan.name, colleague)
        schedule.hourly()
    assert len(subjects_to("colleague@example.com")) == 1
    with clock_at("2026-11-25T11:00:00+03:00"):
        seats.end(client.plan.name, colleague)
    hourly_at("2026-11-26T10:00:00+03:00")
    assert len(subjects_to("colleague@example.com")) == 2


def test_a_seat_to_come_that_is_given_early_is_announced_once(client):
    colleague = make_contact(client.customer, "colleague@example.com")
    with clock_at("2026-11-20T12:00:00+03:00"):
        seat(client, colleague, from_date="2026-12-25")
    with clock_at("2026-11-25T10:00:00+03:00"):
        seats.give(client.plan.name, colleague)
    hourly_at("2026-11-25T11:00:00+03:00", "2026-11-26T11:00:00+03:00")
    assert len(subjects_to("colleague@example.com")) == 1


def test_a_last_day_set_into_the_past_is_announced_once(client):
    colleague = make_contact(client.customer, "colleague@example.com")
    with clock_at("2026-11-20T12:00:00+03:00"):
        seats.give(client.plan.name, colleague)
    with clock_at("2026-11-25T10:00:00+03:00"):
        client.plan.reload().authorized_contacts[-1].to_date = "2026-11-24"
        client.plan.save()
    hourly_at("2026-11-25T11:00:00+03:00")
    assert len(subjects_to("colleague@example.com")) == 2


@pytest.mark.parametrize("status", ["Draft", "Suspended"])
def test_on_a_plan_that_is_not_in_force_no_date_is_news(client, status):
    colleague = make_contact(client.customer, "colleague@example.com")
    with clock_at("2026-11-20T12:00:00+03:00"):
        seat(client, colleague, from_date="2026-11-25")
    client.plan.reload().status = status
    client.plan.save()
    hourly_at("2026-11-25T10:00:00+03:00")
    assert not subjects_to("colleague@example.com")


@contextmanager
def importing():
    frappe.flags.in_import = True
    try:
        yield
    finally:
        frappe.flags.in_import = False


def test_what_an_import_says_of_the_last_days_is_no_news_and_what_is_to_come_is(client):
    begun, over, later = (
        make_contact(client.customer, f"{each}@example.com")
        for each in ("begun", "over", "later")
    )
    with clock_at("2026-11-25T10:00:00+03:00"), importing():
        seat(client, begun, from_date="2026-11-24")
        seat(client, over, from_date="2026-11-01", to_date="2026-11-24")
        seat(client, later, from_date="2026-11-27")
    hourly_at("2026-11-25T11:00:00+03:00", "2026-11-26T11:00:00+03:00")
    assert not subjects_to("begun@example.com") + subjects_to("over@example.com")
    hourly_at("2026-11-27T11:00:00+03:00", "2026-11-28T11:00:00+03:00")
    assert len(subjects_to("later@example.com")) == 1
    assert not subjects_to("begun@example.com") + subjects_to("over@example.com")


def test_an_import_takes_no_news_from_the_seats_that_it_leaves_alone(client):
    begun = make_contact(client.customer, "begun@example.com")
    with clock_at("2026-11-20T10:00:00+03:00"):
        seat(client, begun, from_date="2026-11-25")
    with clock_at("2026-11-25T10:00:00+03:00"), importing():
        seat(client, make_contact(client.customer, "other@example.com"))
    hourly_at("2026-11-25T11:00:00+03:00")
    assert len(subjects_to("begun@example.com")) == 1
    assert not subjects_to("other@example.com")


# A plan that is sold


def sell(customer, **plan):
    with clock_at("2026-11-20T12:00:00+03:00"):
        return make_plan(customer, [], **plan)


@pytest.fixture
def managed():
    """A customer whose manager is one of two people."""
    customer = make_customer()
    for email in ("manager@example.com", "member@example.com"):
        make_contact(customer, email)
    doc = frappe.get_doc("HD Customer", customer)
    doc.contacts[0].is_manager = 1
    doc.save()
    return customer


def test_the_managers_of_the_customer_hear_once_of_a_plan_that_is_sold(managed):
    plan = sell(managed, status="Draft", ends_on="2026-12-31")
    assert not subjects_to("manager@example.com")
    for status in ("Active", "Suspended", "Active"):
        with clock_at("2026-11-20T13:00:00+03:00"):
            plan.reload().status = status
            plan.save()
    [subject] = subjects_to("manager@example.com")
    day = formatdate("2020-01-01")
    assert subject == f"The support plan of {managed} starts on {day}"
    assert not subjects_to("member@example.com")


def test_a_renewal_that_starts_by_itself_was_announced_when_it_was_sold(managed):
    sell(managed, starts_on="2027-01-01")
    assert len(subjects_to("manager@example.com")) == 1
    hourly_at("2027-01-01T00:01:00+03:00")
    assert len(subjects_to("manager@example.com")) == 1


def test_nobody_hears_of_a_plan_that_is_over_nor_of_an_import(managed):
    sell(managed, ends_on="2026-11-19")
    with importing():
        sell(managed, starts_on="2026-11-20")
    assert not subjects_to("manager@example.com")
