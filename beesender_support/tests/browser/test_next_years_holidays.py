"""Fifty plans get next year's holidays: what an account manager does, action by action."""

from collections.abc import Iterator

import frappe
import pytest
from frappe.utils import getdate
from playwright.sync_api import expect

from beesender_support.records.sold import sold_plans
from beesender_support.tests.browser import records
from beesender_support.tests.browser.conftest import SCREENS
from beesender_support.tests.site import factories

CALENDAR, PLAN = "Beesender Holiday Calendar", "Beesender Support Plan"
TITLE = "Germany, Bavaria"
PLANS, MOST_ACTIONS = 50, 5


def remove() -> None:
    of_clients = {"customer": ("like", "Holiday Client %")}
    for name in frappe.get_all(PLAN, of_clients, pluck="name"):
        frappe.db.delete("Beesender Plan Calendar", {"parent": name})
        frappe.db.delete(PLAN, {"name": name})
    frappe.db.delete("HD Customer", {"name": ("like", "Holiday Client %")})
    if frappe.db.exists(CALENDAR, TITLE):
        records.remove(CALENDAR, TITLE)


@pytest.fixture(scope="module")
def plans(address) -> Iterator[list[str]]:
    remove()
    year = getdate().year
    frappe.get_doc(
        {
            "doctype": CALENDAR,
            "title": TITLE,
            "country": "DE",
            "region": "BY",
            "language": "de",
            "first_year": year,
            "last_year": year,
            "days": [{"date": f"{year}-01-01", "description": "Neujahr"}],
        }
    ).insert()
    made = [
        factories.make_plan(
            factories.make_customer(f"Holiday Client {number}"),
            [],
            holiday_calendars=[{"calendar": TITLE}],
        ).name
        for number in range(PLANS)
    ]
    frappe.db.commit()
    yield made
    frappe.db.rollback()
    remove()
    frappe.db.commit()


@pytest.mark.parametrize("language", ["en"])
def test_fifty_plans_get_the_next_year_in_at_most_five_actions(
    enter, picture, plans, language
):
    year = getdate().year + 1
    actions = 0

    page = enter(
        records.ADMIN,
        f"/app/beesender-holiday-calendar/{TITLE}",
        language=language,
        viewport=SCREENS["desk"],
    )
    actions += 1
    add = page.get_by_role("button", name=f"Add next year ({year})")
    expect(add).to_be_visible()
    expect(page.locator("[data-fieldname=concern]")).to_contain_text(
        f"Plans that take this calendar: {PLANS}"
    )
    add.click()
    actions += 1
    page.wait_for_function(f"() => cur_frm.doc.last_year === {year}")
    page.wait_for_function("() => cur_frm.doc.days.length > 10")
    picture(page, f"calendar-next-year-{language}-desk")
    page.keyboard.press("Control+s")
    actions += 1
    page.wait_for_function("() => !cur_frm.is_dirty() && !frappe.request.ajax_count")
    assert actions <= MOST_ACTIONS

    frappe.db.rollback()
    for plan in sold_plans.named(plans):
        assert year in {each.day.year for each in plan.holidays}


def test_fifty_plans_take_a_calendar_from_their_list_in_at_most_five_actions(
    enter, picture, plans
):
    for name in plans:
        frappe.db.delete("Beesender Plan Calendar", {"parent": name})
        frappe.db.set_value(PLAN, name, "modified", frappe.utils.now())
    frappe.db.commit()
    records.forget_filters(records.ADMIN, PLAN)
    # A saved list of theirs; ticking and choosing are what has to be done.
    page = enter(
        records.ADMIN,
        "/app/beesender-support-plan/view/list"
        "?customer=%5B%22like%22%2C%22Holiday+Client%25%22%5D",
        viewport=SCREENS["desk"],
    )
    page.locator(".list-row-checkbox").first.wait_for()
    page.locator(".list-paging-area").get_by_text("100", exact=True).click()
    actions = 1
    rows = page.locator(".list-row-container .list-row-checkbox")
    expect(rows).to_have_count(PLANS)
    page.locator(".list-header-subject .list-check-all").check()
    actions += 1
    page.get_by_role("button", name="Actions").click()
    page.locator(".dropdown-menu.show").get_by_text("Use a holiday calendar").click()
    actions += 1
    dialog = page.locator(".modal.show")
    box = dialog.locator("[data-fieldname=calendar] input")
    # The whole name, which is taken with or without a look at the list of choices.
    box.fill(TITLE)
    box.press("Tab")
    actions += 1
    expect(dialog.locator("tbody tr")).to_have_count(PLANS)
    picture(page, "plans-use-calendar")
    dialog.get_by_role("button", name="Use this calendar").click()
    actions += 1
    expect(page.get_by_text(f"Plans that changed: {PLANS}.")).to_be_visible()
    assert actions <= MOST_ACTIONS
    frappe.db.rollback()
    assert (
        frappe.db.count("Beesender Plan Calendar", {"parent": ("in", plans)}) == PLANS
    )
