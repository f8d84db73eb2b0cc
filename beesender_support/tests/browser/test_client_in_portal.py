"""What a client's contact does in the portal."""

import re
from datetime import timedelta

import frappe
from frappe.utils import now_datetime
from playwright.sync_api import expect

from beesender_support.tests.browser import records
from beesender_support.tests.browser.conftest import QUICK_FILTERS
from beesender_support.tests.browser.pages import Portal, message, minutes_left
from beesender_support.tests.browser.records import STEPS, SUBJECT

PREMIUM_P3 = timedelta(hours=2)


def test_a_client_logs_in_raises_a_request_and_sees_when_support_answers(
    visit, picture
):
    page = visit("/login?redirect-to=/helpdesk/my-tickets")
    page.get_by_placeholder("jane@example.com").fill(records.JANE)
    page.locator("#login_password").fill(records.PASSWORD)
    page.locator(".btn-login:visible").click()
    create = page.get_by_role("button", name="Create")
    create.wait_for()
    # While it is being loaded the list takes its own address back.
    page.wait_for_load_state("networkidle")
    create.click()
    portal = Portal(page)
    portal.raise_request(SUBJECT, STEPS)

    page.wait_for_url(re.compile(r"/my-tickets/\d+$"))
    expect(message(page, STEPS)).to_be_visible()
    first_response = portal.value_of("First Response")
    expect(first_response).to_contain_text(re.compile(r"Due in (1 h 59 min|2 h)"))
    picture(page, "client-ticket")
    ticket = records.fresh("HD Ticket", page.url.rsplit("/", 1)[1])
    assert ticket.response_by - ticket.service_level_agreement_creation == PREMIUM_P3
    assert ticket.customer == records.ACME
    assert (ticket.beesender_tier, ticket.beesender_priority) == ("Premium", "P3")


def test_a_contact_whose_seat_ends_while_writing_is_told_and_loses_nothing(
    enter, picture
):
    with records.seated(records.PAT):
        page = enter(records.PAT, "/helpdesk/my-tickets/new")
        portal = Portal(page)
        expect(portal.promise).to_be_visible()
    portal.raise_request(SUBJECT, STEPS)
    refusal = page.get_by_text(
        "Pat is not an authorized contact of Acme Telecom. An authorized contact can ask"
        " instead, or your account manager can add a seat."
    )
    expect(refusal.first).to_be_visible()
    expect(portal.subject).to_have_value(SUBJECT)
    expect(portal.description).to_have_text(STEPS)
    assert page.url.endswith("/my-tickets/new")
    picture(page, "client-without-seat")
    frappe.db.rollback()
    assert not frappe.db.exists("HD Ticket", {"raised_by": records.PAT})


def test_a_request_without_a_promise_has_no_deadline(enter, picture):
    name = records.make_ticket(
        subject="Export chats to a spreadsheet", ticket_type="Paid enhancement request"
    )
    page = enter(records.JANE, f"/helpdesk/my-tickets/{name}")
    expect(page.get_by_text("Not promised")).to_be_visible()
    expect(page.locator("body")).not_to_contain_text(
        re.compile("Due in|Failed"), use_inner_text=True
    )
    picture(page, "client-without-promise")
    ticket = records.fresh("HD Ticket", name)
    assert (ticket.response_by, ticket.sla, ticket.agreement_status) == (None,) * 3


# Expected to fail: what people see in Helpdesk is not what was promised to them. Each
# turns the run red as soon as it is mended, so that its mark goes.


def test_a_client_is_not_told_that_a_promise_nobody_made_has_failed(enter, picture):
    name = records.make_ticket(subject=SUBJECT)
    page = enter(records.JANE, f"/helpdesk/my-tickets/{name}")
    expect(Portal(page).value_of("First Response")).to_contain_text("Due in")
    expect(page.locator("body")).not_to_contain_text("Failed", use_inner_text=True)


def test_a_client_sees_the_same_deadline_from_any_time_zone(enter, picture):
    name = records.make_ticket(subject=SUBJECT)
    page = enter(
        records.JANE, f"/helpdesk/my-tickets/{name}", time_zone="America/Noronha"
    )
    first_response = Portal(page).value_of("First Response")
    # In our words; until they are there Helpdesk's stand in their place.
    expect(first_response).to_contain_text(re.compile(r"Due in (1 h 59 min|2 h)"))
    picture(page, "client-in-another-zone")
    left = records.fresh("HD Ticket", name).response_by - now_datetime()
    shown = minutes_left(first_response.inner_text())
    assert abs(shown - left.total_seconds() / 60) < 3


def test_a_client_s_list_asks_for_nothing_the_client_may_not_read(enter, picture):
    page = enter(records.JANE, "/api/method/ping")
    refused = []
    page.on(
        "response",
        lambda response: (
            refused.append(response.url)
            if response.status == 403 and QUICK_FILTERS.search(response.url)
            else None
        ),
    )
    page.goto("/helpdesk/my-tickets")
    page.get_by_role("button", name="Create").wait_for()
    page.wait_for_load_state("networkidle", timeout=20_000)
    picture(page, "client-list")
    assert not refused
