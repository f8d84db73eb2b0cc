"""What an account manager does at the end of a year: renews one plan, and all of them."""

import frappe
import pytest
from frappe.utils import add_days, getdate
from playwright.sync_api import expect

from beesender_support.tests.browser import records
from beesender_support.tests.browser.conftest import SCREENS
from beesender_support.tests.browser.pages import Form
from beesender_support.tests.site import factories

PLAN = "Beesender Support Plan"
WORDS = {
    "en": {
        "renew": "Renew",
        "make": "Make the draft",
        "gap": "no plan is in force for 12 h",
        "open": "Open the renewal",
        "fee": "In all",
        "actions": "Actions",
        "yes": "Yes",
        "made": "drafts are made.",
        "there": "It was there already.",
    },
    "ru": {
        "renew": "Продлить",
        "make": "Создать черновик",
        "gap": "12 ч не действует ни один план",
        "open": "Открыть продление",
        "fee": "Всего",
        "actions": "Действия",
        "yes": "Да",
        "made": "Создано черновиков",
        "there": "Он уже был.",
    },
}
# Of this file alone: others keep theirs until the suite ends.
CUSTOMER, DOMAIN = "Harbour Post", "harbour-post.example"
PEOPLE = [("en", "desk"), ("ru", "phone")]


@pytest.fixture
def plan(address):
    """The year of a plan ends in three weeks, in the easternmost zone that is sold."""
    factories.make_customer(CUSTOMER)
    mia = factories.make_contact(CUSTOMER, f"mia@{DOMAIN}", user=True)
    noa = factories.make_contact(CUSTOMER, f"noa@{DOMAIN}")
    today = getdate()
    sold = factories.make_plan(
        CUSTOMER,
        [],
        tier="Business",
        time_zone="GMT+10",
        starts_on=add_days(today, 21 - 365),
        ends_on=add_days(today, 20),
        licence_price=120_000,
        currency="EUR",
        authorized_contacts=[
            {"contact": mia},
            {"contact": noa, "to_date": add_days(today, 20)},
        ],
    )
    frappe.db.commit()
    yield sold.name
    frappe.db.rollback()
    for name in frappe.get_all(
        PLAN, {"customer": CUSTOMER}, order_by="creation desc", pluck="name"
    ):
        frappe.delete_doc(PLAN, name, force=True)
    frappe.delete_doc("HD Customer", CUSTOMER, force=True)
    for contact in (mia, noa):
        frappe.delete_doc("Contact", contact, force=True)
    frappe.db.commit()


@pytest.mark.parametrize(("language", "screen"), PEOPLE)
def test_a_plan_is_renewed_from_its_form(
    enter, picture, check_accessibility, plan, language, screen
):
    words = WORDS[language]
    page = enter(
        records.ADMIN,
        f"/app/beesender-support-plan/{plan}",
        language=language,
        viewport=SCREENS[screen],
    )
    form = Form(page)
    expect(form.field("fee_lines")).to_contain_text(words["fee"])
    form.field("fee_lines").scroll_into_view_if_needed()
    picture(page, f"plan-fee-{language}-{screen}")
    page.evaluate("cur_frm.custom_buttons[__('Renew')].click()")
    dialog = form.dialog
    expect(dialog).to_contain_text("Noa")
    expect(dialog.locator("tbody tr")).not_to_have_count(0)
    dialog.locator("[data-fieldname=time_zone] input").fill("GMT-2")
    dialog.locator("[data-fieldname=time_zone] input").press("Tab")
    expect(dialog).to_contain_text(words["gap"])
    page.wait_for_timeout(500)
    picture(page, f"plan-renew-{language}-{screen}")
    check_accessibility(page, ".modal.show .frappe-control[data-fieldname=preview]")
    dialog.get_by_role("button", name=words["make"]).click()
    page.wait_for_function(
        "(old) => cur_frm?.doc?.renews === old && !frappe.request.ajax_count", arg=plan
    )
    renewal = records.fresh(PLAN, page.evaluate("cur_frm.doc.name"))
    assert (renewal.status, renewal.renews, renewal.time_zone) == (
        "Draft",
        plan,
        "GMT-2",
    )
    assert len(renewal.authorized_contacts) == 1
    page.wait_for_timeout(500)
    picture(page, f"plan-renewal-{language}-{screen}")
    assert records.fresh(PLAN, plan).renewed_by == renewal.name


def test_chosen_plans_are_renewed_from_the_list(enter, picture, plan):
    words = WORDS["ru"]
    page = enter(
        records.ADMIN,
        "/app/beesender-support-plan/view/list" f"?name={plan}",
        language="ru",
        viewport=SCREENS["desk"],
    )
    for was_there in (False, True):
        page.locator(".list-row-checkbox").first.wait_for()
        page.locator(".list-row-container .list-row-checkbox").first.check()
        page.get_by_role("button", name=words["actions"]).click()
        page.locator(".dropdown-menu.show").get_by_text(
            words["renew"], exact=True
        ).click()
        picture(page, f"plans-renew-question-{was_there}")
        page.locator(".modal.show").get_by_role("button", name=words["yes"]).click()
        outcome = page.locator(".modal.show", has_text=words["made"])
        expect(outcome.locator("tbody tr")).to_have_count(1)
        page.wait_for_timeout(500)
        picture(page, f"plans-renewed-{was_there}")
        if was_there:
            expect(outcome).to_contain_text(words["there"])
        else:
            expect(outcome).to_contain_text("Noa")
            page.goto(page.url)
    assert frappe.db.count(PLAN, {"renews": plan}) == 1
