"""An account manager tries a tier on past tickets, and reads what would have been."""

from typing import NamedTuple

import frappe
import pytest
from frappe.utils import add_days, getdate
from playwright.sync_api import expect

from beesender_support.enforcement.replay import replay_runs
from beesender_support.tests.browser import records
from beesender_support.tests.browser.conftest import SCREENS
from beesender_support.tests.browser.pages import Form


class Words(NamedTuple):
    run: str
    progress: str
    stop: str
    heading: str
    chart: str


WORDS = {
    "en": Words(
        "Run",
        "Tickets judged: 0 of",
        "Stop",
        "By tier",
        "Requests by weekday and hour.",
    ),
    "ru": Words(
        "Запустить",
        "Оценено обращений: 0 из",
        "Остановить",
        "По тарифам",
        "Обращения по дням недели и часам.",
    ),
}


@pytest.fixture
def replay(address):
    """What Premium would have meant for all the made-up customers of these days."""
    frappe.db.rollback()
    doc = frappe.get_doc(
        {
            "doctype": replay_runs.REPLAY,
            "title": "Premium for everybody?",
            "from_date": add_days(getdate(), -7),
            "to_date": add_days(getdate(), 1),
            "time_zone": "GMT+3",
            "draft_tier": "Premium",
        }
    ).insert()
    frappe.db.commit()
    yield doc.name
    frappe.db.rollback()
    records.despite_deadlocks(lambda: remove(doc.name))


def remove(name: str) -> None:
    records.delete_rows("Notification Log", {"document_name": name})
    records.remove(replay_runs.REPLAY, name)


@pytest.mark.parametrize("language", ["en", "ru"])
def test_an_account_manager_tries_a_tier_on_the_past(
    enter, picture, check_accessibility, replay, language
):
    words = WORDS[language]
    page = enter(
        records.ADMIN,
        f"/app/beesender-replay/{replay}",
        language=language,
        viewport=SCREENS["desk"],
    )
    Form(page)
    page.get_by_role("button", name=words.run, exact=True).click()
    expect(page.get_by_text(words.progress)).to_be_visible()
    expect(page.get_by_role("button", name=words.stop, exact=True)).to_be_visible()
    frappe.db.rollback()
    # As a worker does.
    run = frappe.db.get_value(replay_runs.REPLAY, replay, "run")
    replay_runs.run(replay, run)
    shown = page.locator(".replay")
    expect(shown.get_by_role("heading", name=words.heading)).to_be_visible()
    expect(shown.get_by_role("img", name=words.chart)).to_be_visible()
    # Without scrolling sideways.
    too_wide = "(parts) => parts.some((each) => each.scrollWidth > each.clientWidth)"
    assert not shown.locator(".wide:visible").evaluate_all(too_wide)
    shown.evaluate("(part) => part.scrollIntoView()")
    picture(page, f"replay-{language}-desk")
    check_accessibility(page, ".replay")
