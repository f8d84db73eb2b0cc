"""What clients do on their page "My support plan"."""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import frappe
import pytest
from frappe.utils.password import update_password
from playwright.sync_api import Locator, Page, expect

from beesender_support.tests.browser import records
from beesender_support.tests.browser.conftest import DESK, LANGUAGES, PHONE, SCREENS
from beesender_support.tests.site import factories

PAGE = "/support-plan"
NIMBUS = "Nimbus Wireless"
NINA, OLGA, PETRA = (f"{name}@nimbus.example" for name in ("nina", "olga", "petra"))
# No clock there ever changes, and it is nobody's idea of the default.
PLAN_ZONE, SAME_ZONE = "GMT+10", "Australia/Brisbane"
FEAST = "Founders' day"
SETTINGS = "Beesender Support Settings"
SWAP = "customer_managers_may_swap_seats"
WORDS = {
    "en": {
        "title": "My support plan",
        "opens": "Opens in",
        "target": "8 h",
        "used": "1 of 2 used",
        "adds": "What Business adds",
        "more": "Answers by mobile phone",
        "add": "Add a contact",
        "give": "Add",
        "given": "Olga is an authorized contact now.",
        "end": "End the seat of Olga",
        "confirm": "End the seat",
        "ended": "The seat of Olga has ended.",
    },
    "ru": {
        "title": "Мой план поддержки",
        "opens": "Откроется через",
        "target": "8 ч",
        "used": "Занято мест: 1 из 2",
        "adds": "Что добавит Business",
        "more": "Ответы по мобильному телефону",
        "add": "Добавить контакт",
        "give": "Добавить",
        "given": "Теперь авторизованный контакт: Olga.",
        "end": "Завершить место: Olga",
        "confirm": "Завершить место",
        "ended": "Место завершено: Olga.",
    },
}


def today_of_plan() -> date:
    return datetime.now(ZoneInfo(SAME_ZONE)).date()


@pytest.fixture(scope="module")
def _nimbus(address: str) -> Iterator[None]:
    """Nina manages a customer whose Basic plan is closed for a holiday right now."""
    allowed = frappe.db.get_single_value(SETTINGS, SWAP)
    records.despite_deadlocks(remove_nimbus)
    records.despite_deadlocks(make_nimbus)
    yield
    frappe.db.rollback()
    records.despite_deadlocks(lambda: factories.let_managers_swap_seats(allowed))
    records.despite_deadlocks(remove_nimbus)


def make_nimbus() -> None:
    factories.make_customer(NIMBUS)
    nina, *_ = (
        factories.make_contact(NIMBUS, email, user=True)
        for email in (NINA, OLGA, PETRA)
    )
    customer = frappe.get_doc("HD Customer", NIMBUS)
    for row in customer.contacts:
        row.is_manager = row.contact_name == nina
    customer.save()
    days = (today_of_plan(), today_of_plan() + timedelta(days=1))
    factories.make_plan(
        NIMBUS,
        [nina],
        time_zone=PLAN_ZONE,
        success_manager=records.AGENT,
        holidays=[{"date": day, "description": FEAST} for day in days],
    )
    update_password(NINA, records.PASSWORD)
    factories.let_managers_swap_seats(True)


def remove_nimbus() -> None:
    of_nimbus = {"customer": NIMBUS}
    for name in frappe.get_all("Beesender Support Plan", of_nimbus, pluck="name"):
        records.remove("Beesender Support Plan", name)
    records.delete_rows("Beesender Admission Log", of_nimbus)
    records.remove("HD Customer", NIMBUS)
    for email in (NINA, OLGA, PETRA):
        for name in frappe.get_all("Contact", {"email_id": email}, pluck="name"):
            records.remove("Contact", name)
        records.clear_sessions(email, force=True)
        records.remove("User", email)


def seated() -> list[str]:
    """Who is seated on the plan today, by address, as stored now."""
    rows = plan_of_nimbus().authorized_contacts
    active = [row.contact for row in rows if not row.to_date]
    return [frappe.db.get_value("Contact", each, "email_id") for each in active]


def plan_of_nimbus():
    frappe.db.rollback()
    name = frappe.db.get_value("Beesender Support Plan", {"customer": NIMBUS})
    return records.fresh("Beesender Support Plan", name)


def card(page: Page, title: str) -> Locator:
    return page.get_by_role("region", name=title)


def hours_waited_for(badge: Locator) -> int:
    """Whole days are told without hours."""
    units = {"d": 24, "h": 1}
    found = re.findall(r"(\d+) (d|h)\b", badge.inner_text())
    assert found, badge.inner_text()
    return sum(int(number) * units[unit] for number, unit in found)


# Reading


@pytest.mark.usefixtures("_nimbus")
@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_client_reads_what_was_promised(
    enter, check_accessibility, picture, language, screen
):
    words = WORDS[language]
    page = enter(NINA, PAGE, language=language, viewport=SCREENS[screen])
    expect(page).to_have_title(words["title"])
    expect(page.get_by_role("heading", level=1)).to_have_text(words["title"])
    expect(page.get_by_role("heading", name="Basic", exact=True)).to_be_visible()
    expect(page.locator("[data-until]")).to_contain_text(words["opens"])
    expect(page.locator(".today")).to_contain_text(FEAST)
    expect(page.get_by_role("row", name=re.compile("^P2"))).to_contain_text(
        words["target"]
    )
    expect(page.get_by_text(words["used"])).to_be_visible()
    expect(page.get_by_role("link", name=records.AGENT)).to_be_visible()
    expect(card(page, words["adds"]).get_by_text(words["more"])).to_be_visible()
    is_wider = "document.documentElement.scrollWidth > window.innerWidth"
    assert not page.evaluate(is_wider)
    check_accessibility(page, "html")
    if screen == "desk":
        height = page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size({"width": 1200, "height": height})
        picture(page, "client-plan" if language == "en" else "client-plan.ru")


@pytest.mark.usefixtures("_nimbus")
def test_hours_are_given_in_the_reader_s_zone_where_it_is_another(enter):
    zone = "America/Phoenix"  # where no clock changes either
    week = enter(NINA, PAGE, time_zone=zone).locator("[data-week]")
    expect(week.get_by_role("columnheader")).to_have_text(
        ["Day", PLAN_ZONE, f"Your time ({zone})"]
    )
    # 09:00-18:00 there is 16:00-01:00 of the day before here.
    open_days = week.get_by_role("row").filter(has_text="09:00\N{EN DASH}18:00")
    assert open_days.count() >= 2
    for row in open_days.all():
        day = date.fromisoformat(row.get_attribute("data-day"))
        before = day - timedelta(days=1)
        expect(row.locator("[data-your-time]")).to_have_text(
            f"{before:%a} 16:00\N{EN DASH}01:00"
        )


@pytest.mark.usefixtures("_nimbus")
def test_hours_are_given_once_where_the_reader_s_zone_is_the_plan_s(enter):
    page = enter(NINA, PAGE, time_zone=SAME_ZONE)
    expect(page.locator("[data-until]")).to_be_visible()
    expect(page.get_by_text(PLAN_ZONE, exact=True)).to_be_visible()
    expect(page.get_by_text("Your time")).to_have_count(0)
    expect(page.get_by_text("In your time zone")).to_have_count(0)


@pytest.mark.usefixtures("_nimbus")
def test_the_wait_until_support_opens_goes_down_while_the_page_is_open(enter):
    page = enter(NINA, "/api/method/ping")
    page.clock.install()
    page.goto(PAGE)
    badge = page.locator("[data-until]")
    before = hours_waited_for(badge)
    page.clock.fast_forward("01:00:30")
    assert before - hours_waited_for(badge) in (1, 2)


def test_a_guest_logs_in_and_comes_back(visit, address):
    page = visit(f"{PAGE}?customer=Acme%20Telecom")
    expect(page).to_have_url(re.compile("/login"))
    page.locator("#login_email").fill(records.JANE)
    page.locator("#login_password").fill(records.PASSWORD)
    page.locator(".btn-login:visible").click()
    expect(page.get_by_role("heading", name="Premium", exact=True)).to_be_visible()
    expect(page).to_have_url(f"{address}{PAGE}?customer=Acme%20Telecom")
    page.get_by_role("link", name="Raise a request").click()
    page.get_by_placeholder("A short description").wait_for()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_contact_without_a_seat_learns_who_may_ask(enter, language):
    page = enter(records.PAT, PAGE, language=language, viewport=PHONE)
    note = page.locator(".concern")
    said = {
        "en": "You are not an authorized contact of this plan",
        "ru": "Вы не авторизованный контакт этого плана",
    }
    expect(note).to_contain_text(said[language])
    expect(note).to_contain_text("Jane")


def test_the_page_follows_the_theme_of_helpdesk_and_without_one_the_browser_s(
    enter, check_accessibility
):
    page = enter(records.JANE, PAGE, color_scheme="dark")
    background = "getComputedStyle(document.body).backgroundColor"
    light = "oklch(1 0 0)"
    assert page.evaluate(background) != light
    check_accessibility(page, "html")
    page.evaluate("localStorage.setItem('theme', 'light')")
    page.reload()
    assert page.evaluate(background) == light


def test_an_agent_is_asked_whose_plan_and_sees_it_as_the_client_does(
    enter, check_accessibility
):
    page = enter(records.AGENT, PAGE)
    expect(page.get_by_role("heading", name="This page is for clients")).to_be_visible()
    check_accessibility(page, "html")
    page.get_by_label("Customer").fill(records.ACME)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Premium", exact=True)).to_be_visible()
    expect(card(page, "Authorized contacts")).to_contain_text("Jane")
    expect(page.get_by_role("link", name="Raise a request")).to_have_count(0)


# Seats


@pytest.mark.usefixtures("_nimbus")
@pytest.mark.parametrize(("language", "screen"), [("en", PHONE), ("ru", DESK)])
def test_a_manager_gives_and_ends_a_seat_by_keyboard(
    enter, check_accessibility, language, screen
):
    words = WORDS[language]
    page = enter(NINA, PAGE, language=language, viewport=screen)
    add = page.get_by_role("button", name=words["add"])
    dialog = page.get_by_role("dialog")

    add.press("Enter")
    expect(dialog).to_be_visible()
    check_accessibility(page, "dialog[open]")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(add).to_be_focused()

    add.press("Enter")
    expect(dialog.get_by_role("combobox")).to_be_focused()
    page.keyboard.press("O")  # as in Olga
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(dialog.get_by_role("button", name=words["give"])).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text(words["given"])
    assert seated() == [NINA, OLGA]

    page.get_by_role("button", name=words["end"]).press("Enter")
    expect(dialog).to_be_visible()
    check_accessibility(page, "dialog[open]")
    dialog.get_by_role("button", name=words["confirm"]).press("Enter")
    expect(page.get_by_role("status")).to_have_text(words["ended"])
    expect(page.get_by_role("status")).to_be_focused()
    assert seated() == [NINA]


@pytest.mark.usefixtures("_nimbus")
def test_what_the_plan_does_not_allow_is_said_in_the_dialog(enter):
    page = enter(NINA, PAGE)
    plan = plan_of_nimbus()
    # A colleague was faster.
    plan.append("authorized_contacts", {"contact": records.fresh_contact(OLGA)})
    plan.save()
    frappe.db.commit()

    page.get_by_role("button", name="Add a contact").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("combobox").select_option(label=f"Petra ({PETRA})")
    dialog.get_by_role("button", name="Add").click()
    expect(dialog.get_by_role("alert")).to_contain_text(
        "3 at a time, but Basic includes 2."
    )
    assert seated() == [NINA, OLGA]
    dialog.get_by_role("button", name="Cancel").click()
    expect(dialog).to_be_hidden()
