"""Fifty plans get next year's holidays: what an account manager does, action by action."""

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


@pytest.fixture(scope="module")
def plans(address) -> list[str]:
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
    return made


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
