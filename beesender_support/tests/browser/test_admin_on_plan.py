"""What an admin does on a plan: looks after seats, imports holidays, re-rates tickets."""

import json
from typing import NamedTuple

import frappe
import holidays
import pytest
from frappe.utils import add_days, formatdate, getdate
from playwright.sync_api import Page, expect

from beesender_support.api import desk
from beesender_support.tests.browser import records
from beesender_support.tests.browser.conftest import SCREENS
from beesender_support.tests.browser.pages import Form, as_shown, parts
from beesender_support.tests.site import factories

PLAN = "Beesender Support Plan"
PEOPLE = [("en", "desk"), ("ru", "phone")]


class Words(NamedTuple):
    over_limit: str
    no_portal_user: str
    not_a_member: str
    ends_soon: str
    share: str
    rerate: str
    tier: str
    overdue: str
    yes: str
    import_: str
    show: str
    add: str
    present: str


WORDS = {
    "en": Words(
        "Over the limit of the tier",
        "No portal user",
        "Becomes a contact of this customer when the plan is saved",
        "Ends within 30 days",
        "5% of the licence price",
        "Re-rate open tickets",
        "Tier: Basic instead of Business",
        "Due after",
        "Yes",
        "Import public holidays",
        "Show holidays",
        "Add to the plan",
        "Already in the plan",
    ),
    "ru": Words(
        "Сверх лимита тарифа",
        "Нет пользователя портала",
        "Станет контактом этого клиента, когда план сохранят",
        "Закончится в течение 30 дней",
        "5% от цены лицензии",
        "Пересчитать открытые обращения",
        "Тариф: Basic вместо Business",
        "Срок после",
        "Да",
        "Загрузить государственные праздники",
        "Показать праздники",
        "Добавить в план",
        "Уже в плане",
    ),
}


@pytest.fixture(scope="module")
def plan(address) -> str:
    """Meridian was on Business with three contacts and is now on Basic, which seats two;
    its plan ends soon, and an older one has ended."""
    kim = records.fresh_contact(records.GLOBEX_CONTACTS[0])
    factories.make_customer(records.MERIDIAN)
    mia = factories.make_contact(records.MERIDIAN, records.MIA, user=True)
    noa = factories.make_contact(records.MERIDIAN, records.NOA)
    factories.make_plan(
        records.MERIDIAN, [mia], starts_on="2024-03-01", ends_on="2025-02-28"
    )
    today = getdate()
    sold = factories.make_plan(
        records.MERIDIAN,
        [],
        tier="Business",
        starts_on="2025-03-01",
        ends_on=add_days(today, 20),
        licence_price=120_000,
        currency="EUR",
        authorized_contacts=[
            {"contact": mia},
            {"contact": noa, "to_date": add_days(today, 10)},
            {"contact": kim, "from_date": add_days(today, -2)},
        ],
        holidays=[{"date": f"{today.year}-01-01", "description": "New year"}],
    )
    frappe.db.commit()
    move(sold.name, "Basic")
    # Saving a plan makes members of its contacts; somebody took this one away since.
    frappe.db.delete(
        "HD Customer Member", {"parent": records.MERIDIAN, "contact_name": kim}
    )
    frappe.db.commit()
    return sold.name


def move(plan: str, tier: str) -> None:
    """Sell another tier to the customer of a plan."""
    doc = records.fresh(PLAN, plan)
    doc.tier = tier
    doc.save()
    frappe.db.commit()


def enter_plan(enter, plan, language, screen) -> Form:
    page = enter(
        records.ADMIN,
        f"/app/beesender-support-plan/{plan}",
        language=language,
        viewport=SCREENS[screen],
    )
    return Form(page)


@pytest.mark.parametrize(("language", "screen"), PEOPLE)
def test_an_admin_sees_what_is_off_with_seats_dates_and_fee(
    enter, picture, check_accessibility, plan, language, screen
):
    words = WORDS[language]
    form = enter_plan(enter, plan, language, screen)
    seats = form.field("seats").locator("tbody tr")
    expect(seats).to_have_count(3)
    mia, noa, kim = (seats.nth(row) for row in range(3))
    # How the seat stands, and whether its contact is in the portal: nothing is off.
    expect(mia.locator(".indicator-pill")).to_have_count(2)
    expect(noa).to_contain_text(words.no_portal_user)
    expect(noa).to_contain_text(words.ends_soon)
    expect(kim).to_contain_text(words.over_limit)
    expect(kim).to_contain_text(words.not_a_member)

    timeline = form.field("timeline")
    expect(timeline.locator("li")).to_have_count(2)
    expect(timeline.locator(".form-message")).to_contain_text("20")
    expect(timeline).to_contain_text(formatdate("2026-03-01"))

    expect(form.field("fee")).to_contain_text(words.share)
    form.fill("licence_price", "200000")
    expect(form.field("fee").locator(".control-value")).to_contain_text("10")
    timeline.scroll_into_view_if_needed()
    picture(form.page, f"plan-timeline-{language}-{screen}")
    form.field("seats").scroll_into_view_if_needed()
    picture(form.page, f"plan-seats-{language}-{screen}")
    check_accessibility(form.page, parts("seats", "timeline", "overview"))
    assert fits(form.page)
    assert records.fresh(PLAN, plan).licence_price == 120_000


@pytest.mark.parametrize(("language", "screen"), [("en", "phone"), ("ru", "desk")])
def test_an_admin_imports_the_public_holidays_that_apply(
    enter, picture, check_accessibility, plan, language, screen
):
    words, year = WORDS[language], getdate().year
    code, name = {"en": ("DE", "Germany"), "ru": ("RU", "Россия")}[language]
    known = sorted(holidays.country_holidays(code, years=year))
    form = enter_plan(enter, plan, language, screen)
    before = len(records.fresh(PLAN, plan).holidays)
    form.page.get_by_role("button", name=words.import_).click()
    dialog = form.dialog
    dialog.locator("select[data-fieldname=country]").select_option(label=name)
    dialog.get_by_role("button", name=words.show).click()
    rows = dialog.locator("tbody tr")
    expect(rows).to_have_count(len(known))
    expect(rows.first).to_contain_text(words.present)
    expect(rows.first.get_by_role("checkbox")).to_be_disabled()
    rows.nth(1).get_by_role("checkbox").uncheck()
    picture(form.page, f"plan-holidays-{language}-{screen}")
    check_accessibility(form.page, ".modal.show .beesender-table")
    dialog.get_by_role("button", name=words.add).click()
    expect(dialog).to_be_hidden()

    assert len(records.fresh(PLAN, plan).holidays) == before
    form.page.keyboard.press("Control+s")
    form.page.wait_for_function(
        "() => !cur_frm.is_dirty() && !frappe.request.ajax_count"
    )
    dates = [row.date for row in records.fresh(PLAN, plan).holidays]
    new = [day for day in known if day not in (known[0], known[1])]
    assert dates[before:] == new
    remove_holidays(plan)


def remove_holidays(plan: str) -> None:
    doc = records.fresh(PLAN, plan)
    doc.holidays = doc.holidays[:1]
    doc.save()
    frappe.db.commit()


@pytest.mark.parametrize(("language", "screen"), PEOPLE)
def test_an_admin_re_rates_an_open_ticket_after_seeing_before_and_after(
    enter, picture, check_accessibility, plan, language, screen
):
    words = WORDS[language]
    move(plan, "Business")
    ticket = records.make_ticket(records.MIA, ticket_type="Incident")
    due_before = records.fresh("HD Ticket", ticket).response_by
    move(plan, "Basic")
    [expected] = [
        row
        for row in desk.rerating_preview(PLAN, plan)["tickets"]
        if row["ticket"] == str(ticket)
    ]
    assert expected["before"]["site"] == due_before != expected["after"]["site"]

    form = enter_plan(enter, plan, language, screen)
    press(form.page, words.rerate, screen)
    row = form.dialog.locator(f"tr[data-ticket='{ticket}']")
    expect(row).to_contain_text(as_shown(expected["before"]["local"]))
    expect(row).to_contain_text(as_shown(expected["after"]["local"]))
    expect(row).to_contain_text(words.tier)
    picture(form.page, f"plan-rerate-{language}-{screen}")
    check_accessibility(form.page, ".modal.show .beesender-stacked")
    assert fits(form.page)
    form.dialog.locator("textarea").fill("Downgraded at renewal")
    form.dialog.locator(
        ".modal-footer .btn-primary, .modal-header .btn-primary"
    ).locator("visible=true").first.click()
    form.page.get_by_role("button", name=words.yes, exact=True).click()
    expect(row).to_be_hidden()

    doc = records.fresh("HD Ticket", ticket)
    assert doc.response_by == expected["after"]["site"]
    assert doc.beesender_tier == "Basic"
    logged = frappe.get_all(
        "Beesender Admission Log",
        {"ticket": ticket, "event": "Re-rated"},
        ["actor", "details", "before"],
    )
    assert [(each.actor, each.details) for each in logged] == [
        (records.ADMIN, "Downgraded at renewal")
    ]
    assert json.loads(logged[0].before)["tier"] == "Business"


def press(page: Page, label: str, screen: str) -> None:
    """A button of the form, which on a phone is in its menu."""
    if screen == "phone":
        page.locator(".page-actions .menu-btn-group:visible button").first.click()
        page.locator(".dropdown-menu.show").get_by_text(label).click()
    else:
        page.get_by_role("button", name=label).click()


def fits(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")
