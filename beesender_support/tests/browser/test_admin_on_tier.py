"""What an admin sees of a tier before saving it."""

from typing import NamedTuple

import pytest
from playwright.sync_api import Page, expect

from beesender_support.tests.browser import records
from beesender_support.tests.browser.conftest import SCREENS
from beesender_support.tests.browser.pages import Form, as_shown, parts

# A Friday, half an hour before Basic closes; due on Monday.
REGISTERED, DUE = "2026-11-20T17:30", "2026-11-23 12:30:00"
DUE_AROUND_THE_CLOCK = "2026-11-20 21:30:00"


class Words(NamedTuple):
    monday: str
    closed: str
    around_the_clock: str


WORDS = {
    "en": Words("Monday", "Closed", "Around the clock"),
    "ru": Words("Понедельник", "Закрыто", "Круглосуточно"),
}


def days_of(page: Page):
    return page.locator(".beesender-week li:not([aria-hidden])")


@pytest.mark.parametrize(("language", "screen"), [("en", "phone"), ("ru", "desk")])
def test_an_admin_sees_the_week_and_due_times_of_a_tier_before_saving_it(
    enter, picture, check_accessibility, language, screen
):
    words = WORDS[language]
    before = records.fresh("Beesender Tier", "Basic").modified
    page = enter(
        records.ADMIN,
        "/app/beesender-tier/Basic",
        language=language,
        viewport=SCREENS[screen],
    )
    form = Form(page)
    expect(days_of(page)).to_have_count(7)
    expect(days_of(page).first).to_have_text(f"{words.monday}09:00-18:00")
    expect(days_of(page).last).to_contain_text(words.closed)

    preview = form.field("due_preview")
    zone = preview.locator("input[list]")
    zone.fill("GMT+3")
    zone.press("Tab")
    preview.locator("input[type=datetime-local]").fill(REGISTERED)
    preview.locator("input[type=datetime-local]").press("Tab")
    first = preview.locator("tbody tr").first
    expect(first).to_contain_text("P1")
    expect(first.locator("strong")).to_have_text(as_shown(DUE))
    preview.scroll_into_view_if_needed()
    picture(page, f"tier-preview-{language}-{screen}")

    around_the_clock = form.field("around_the_clock").get_by_role("checkbox").first
    around_the_clock.check()
    expect(days_of(page).first).to_contain_text(words.around_the_clock)
    expect(first.locator("strong")).to_have_text(as_shown(DUE_AROUND_THE_CLOCK))
    around_the_clock.uncheck()
    expect(days_of(page).last).to_contain_text(words.closed)
    form.field("week_grid").scroll_into_view_if_needed()
    picture(page, f"tier-week-{language}-{screen}")
    check_accessibility(page, parts("week_grid", "due_preview", "concern"))
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert records.fresh("Beesender Tier", "Basic").modified == before


def test_an_admin_sees_an_overlap_and_an_empty_week_in_russian(enter, picture):
    page = enter(records.ADMIN, "/app/beesender-tier/Basic", language="ru")
    form = Form(page)
    form.change_row("support_windows", row=1, fieldname="weekday", option="Monday")
    grid = form.field("week_grid")
    expect(grid.locator(".form-message")).to_contain_text(
        "Понедельник 09:00-18:00 пересекается с Понедельник 09:00-18:00"
    )
    expect(days_of(page).first).to_have_text("Понедельник09:00-18:00 (дважды)")
    expect(days_of(page).nth(1)).to_have_text("ВторникЗакрыто")
    picture(page, "tier-overlap-ru")
    windows = form.field("support_windows")
    windows.locator(".grid-heading-row .grid-row-check").check()
    windows.locator(".grid-remove-rows").click()
    expect(days_of(page).first).to_have_text("ПонедельникЗакрыто")
    expect(grid.locator(".form-message")).to_contain_text("рабочего времени")
