"""What an admin does in Desk."""

import re
from collections.abc import Iterator

import frappe
import pytest
from playwright.sync_api import expect

from beesender_support.records.site_time import now
from beesender_support.records.sold import plan_values
from beesender_support.screens.desk import plan_form
from beesender_support.tests.browser import records
from beesender_support.tests.browser.pages import Form

OFFERED_ZONES = ["GMT+1", "GMT+2", "GMT+3", "GMT+8", "GMT+10", "GMT-2"]


def test_an_admin_sees_whom_a_tier_concerns_and_cannot_save_overlapping_windows(
    enter, picture
):
    before = records.fresh("Beesender Tier", "Basic").as_dict()
    concern = plan_form.tier_concern("Basic")
    page = enter(records.ADMIN, "/app/beesender-tier/Basic")
    form = Form(page)
    expect(form.field("concern")).to_contain_text(
        f"Active plans with this tier: {concern['plans']}. Open tickets:"
        f" {concern['open_tickets']}; they keep the terms they were registered with"
        " until they are re-rated, a change applies to new ones."
    )
    for customer in records.ON_BASIC:
        expect(form.field("concern").get_by_role("link")).to_contain_text([customer])
    form.field("concern").scroll_into_view_if_needed()
    form.field("week_grid").scroll_into_view_if_needed()
    picture(page, "tier-form")

    form.change_row("support_windows", row=1, fieldname="weekday", option="Monday")
    # Before anything is saved, in the words it would be refused with.
    expect(form.field("week_grid")).to_contain_text(
        "Monday 09:00-18:00 overlaps Monday 09:00-18:00. Join the two or shorten one."
    )
    form.save()
    expect(form.dialog).to_contain_text(
        "Monday 09:00-18:00 overlaps Monday 09:00-18:00. Join the two or shorten one."
    )
    picture(page, "tier-overlap")
    after = records.fresh("Beesender Tier", "Basic").as_dict()
    assert after.modified == before.modified
    assert [row.weekday for row in after.support_windows] == [
        row.weekday for row in before.support_windows
    ]


def test_the_zone_picker_offers_the_zones_sold_first_and_any_other_after(
    enter, picture
):
    page = enter(records.ADMIN, "/app/beesender-support-plan/new")
    form = Form(page)
    # Desk opens the choices of the first field by itself.
    expect(form.choices().first).to_be_visible()
    form.field("customer").locator("input").press("Escape")
    form.field("time_zone").locator("input").click()
    expect(form.choices().nth(5)).to_have_text(OFFERED_ZONES[5])
    assert form.choices().all_inner_texts()[:6] == OFFERED_ZONES
    picture(page, "plan-zones")
    form.pick("time_zone", "Europe/Berlin")
    expect(form.field("time_zone").locator("input")).to_have_value("Europe/Berlin")


@pytest.fixture
def _globex_is_sold_nothing() -> Iterator[None]:
    """Others look at Globex as a customer without a plan."""
    yield
    for name in plans_of_globex():
        records.remove("Beesender Support Plan", name)
    frappe.db.commit()


@pytest.mark.usefixtures("_globex_is_sold_nothing")
def test_an_admin_sells_a_plan_and_sees_fee_seats_and_the_next_opening(enter, picture):
    page = enter(records.ADMIN, "/app/beesender-support-plan/new")
    form = Form(page)
    form.pick("customer", records.GLOBEX)
    form.pick("tier", "Basic")
    form.pick("time_zone", "GMT+3")
    form.select("status", "Active")
    form.fill("licence_price", "120000")
    for email in records.GLOBEX_CONTACTS:
        form.add_row("authorized_contacts", "contact", email)
    form.save()
    expect(form.dialog).to_contain_text(
        "Authorized contacts: 3 at a time, but Basic includes 2. End a seat or choose a"
        " higher tier."
    )
    picture(page, "plan-too-many-contacts")
    assert not plans_of_globex()
    form.close_dialog()
    form.remove_row("authorized_contacts", row=2)
    form.save()
    page.wait_for_url(re.compile(r"/PLAN-\d+$"))
    expect(form.field("overview")).to_contain_text("2 of 2 seats are used today.")
    expect(form.field("overview")).to_contain_text(opening_of(plans_of_globex()[0]))
    expect(form.field("fee")).to_contain_text(re.compile(r"6\D?000\D00"))
    form.dismiss_toasts()
    form.field("customer").scroll_into_view_if_needed()
    picture(page, "plan-form")


def plans_of_globex() -> list[str]:
    frappe.db.rollback()
    return frappe.get_all(
        "Beesender Support Plan", {"customer": records.GLOBEX}, pluck="name"
    )


def opening_of(plan: str) -> str:
    calendar = plan_values.plan_of(
        frappe.get_doc("Beesender Support Plan", plan)
    ).calendar
    if calendar.is_open(now()):
        return "Support is open now."
    opening = calendar.next_open(now()).astimezone(calendar.zone)
    day = frappe.utils.formatdate(opening.date())
    return f"It opens on {day} {opening:%H:%M} in the plan's time zone"


@pytest.fixture
def logged() -> Iterator[list[str]]:
    """Two rows of the log, with codes for a reason and a channel."""
    ticket = records.make_ticket(subject="Codes have names")
    rows = [
        frappe.get_doc(
            {
                "doctype": "Beesender Admission Log",
                "event": "Held",
                "ticket": ticket,
                "reason": reason,
                "channel": channel,
            }
        ).insert(ignore_permissions=True)
        for reason, channel in (("unknown_sender", "email"), ("no_plan", "chatbot"))
    ]
    frappe.db.commit()
    yield [row.name for row in rows]
    for row in rows:
        row.delete()
    frappe.db.commit()


def test_codes_are_shown_by_their_names_in_lists_and_on_every_form(enter, logged):
    records.forget_filters(records.ADMIN, "Beesender Admission Log")
    page = enter(records.ADMIN, "/app/beesender-admission-log")
    for reason in ("Unknown sender", "No plan"):
        expect(page.locator(".list-row", has_text=reason).first).to_be_visible()
    for name, reason, channel in (
        (logged[0], "Unknown sender", "e-mail"),
        (logged[1], "No plan", "chatbot"),
    ):
        page.evaluate(
            "(name) => frappe.set_route('Form', 'Beesender Admission Log', name)", name
        )
        form = Form(page)
        expect(form.field("reason").locator(".control-value")).to_have_text(reason)
        expect(form.field("channel").locator(".control-value")).to_have_text(channel)
