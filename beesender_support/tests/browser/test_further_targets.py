"""An admin sells more than the first answer, and a client reads what that is."""

from collections.abc import Iterator

import frappe
import pytest
from playwright.sync_api import expect

from beesender_support.tests.browser import records
from beesender_support.tests.browser.conftest import SCREENS
from beesender_support.tests.browser.pages import Form, Portal, as_shown, parts

TIER, PLAN = "Beesender Tier", "Beesender Support Plan"
SOLD = "Special"
# A Friday, half an hour before support closes; eight support hours later is Monday.
REGISTERED, SOLVED_BY = "2026-11-20T17:30", "2026-11-23 16:30:00"
WORDS = {
    "en": {
        "solution": "Solution",
        "within": ["First answer within", "Next answer within", "Solution within"],
        "length": "8 h",
        "pauses": "The time in which we wait for you does not count.",
        "answer": "We will answer by",
        "solve": "We will solve it by",
        "subject": "A short description",
        "submit": "Submit",
        "P1": "P1",
    },
    "ru": {
        "solution": "Решение",
        "within": [
            "Первый ответ в течение",
            "Следующий ответ в течение",
            "Решение в течение",
        ],
        "length": "8 ч",
        "pauses": "Время, пока мы ждём вас, не считается.",
        "answer": "Мы ответим до",
        "solve": "Мы решим до",
        "subject": "Краткое описание",
        "submit": "Утвердить",
        "P1": "P1",
    },
}


@pytest.fixture
def special(address: str) -> Iterator[str]:
    """Acme's plan has a tier of its own, with the hours of Basic."""
    records.despite_deadlocks(make_special)
    yield SOLD
    frappe.db.rollback()
    records.despite_deadlocks(remove_special)


def make_special() -> None:
    remove_special()
    tier = frappe.copy_doc(frappe.get_doc(TIER, "Basic"))
    tier.rank = 9_000
    tier.insert(set_name=SOLD)
    sell_to_acme(SOLD)


def remove_special() -> None:
    sell_to_acme("Premium")
    if frappe.db.exists(TIER, SOLD):
        records.remove(TIER, SOLD)


def sell_to_acme(tier: str) -> None:
    plan = frappe.get_doc(PLAN, {"customer": records.ACME})
    plan.tier = tier
    plan.save()


@pytest.mark.parametrize(("language", "screen"), [("en", "desk"), ("ru", "phone")])
def test_an_admin_sells_a_solution_and_the_client_reads_by_when(
    special, enter, picture, check_accessibility, language, screen
):
    words, viewport = WORDS[language], SCREENS[screen]
    page = enter(records.ADMIN, f"/app/beesender-tier/{special}", language)
    form = Form(page)
    preview = form.field("due_preview")
    zone = preview.locator("input[list]")
    zone.fill("GMT+3")
    zone.press("Tab")
    preview.locator("input[type=datetime-local]").fill(REGISTERED)
    preview.locator("input[type=datetime-local]").press("Tab")
    heads = preview.locator("thead th")
    expect(heads).to_have_count(3)
    form.fill_row("response_targets", 0, "next_answer_hours", "4")
    form.fill_row("response_targets", 0, "solution_hours", "8")
    expect(heads).to_have_count(5)
    expect(heads.last).to_have_text(words["solution"])
    first = preview.locator("tbody tr").first
    expect(first.locator("td").last.locator("strong")).to_have_text(as_shown(SOLVED_BY))
    preview.scroll_into_view_if_needed()
    picture(page, f"targets-tier-{language}")
    check_accessibility(page, parts("due_preview"))
    page.keyboard.press("Control+s")
    expect(form.indicator.filter(has_text="Not Saved")).to_have_count(0)
    page.wait_for_function("() => !cur_frm.is_dirty()")
    stored = records.fresh(TIER, special).response_targets[0]
    assert (stored.next_answer_hours, stored.solution_hours) == (4, 8)

    plan = enter(records.JANE, "/support-plan", language, viewport=viewport)
    targets = plan.locator("section[aria-labelledby=targets]")
    expect(targets.locator("thead th")).to_have_count(5)
    for heading in words["within"]:
        expect(targets).to_contain_text(heading)
    expect(targets.locator("tbody tr").first).to_contain_text(words["length"])
    expect(targets).to_contain_text(words["pauses"])
    targets.scroll_into_view_if_needed()
    picture(plan, f"targets-plan-page-{language}-{screen}")
    check_accessibility(plan, "section[aria-labelledby=targets]")
    assert plan.evaluate("document.documentElement.scrollWidth <= innerWidth")

    new = enter(records.JANE, "/helpdesk/my-tickets/new", language, viewport=viewport)
    portal = Portal(new, words)
    expect(portal.promise).to_contain_text(words["answer"])
    expect(portal.promise).not_to_contain_text(words["solve"])
    portal.choose(words["P1"])
    expect(portal.promise).to_contain_text(words["solve"])
    portal.promise.scroll_into_view_if_needed()
    picture(new, f"targets-new-request-{language}-{screen}")
    check_accessibility(new, ".beesender-request")
