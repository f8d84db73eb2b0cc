"""A ticket that is promised answers and a solution, on Helpdesk's own screens, from its
registration to its solution."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import frappe
import pytest
from frappe.desk.form import assign_to
from playwright.sync_api import Locator, Page, expect

from beesender_support.tests.browser import records
from beesender_support.tests.browser.conftest import LANGUAGES
from beesender_support.tests.browser.records import AGENT, JANE
from beesender_support.tests.site.factories import session_of

SOLD = {"next_answer_hours": 1, "solution_hours": 8}
# As on most sites, an answer sets a ticket aside.
SETTINGS = {"auto_update_status": 1, "update_status_to": "Replied"}
ALERTS = "/helpdesk/tickets?view=STD-VIEW-SLA-ALERTS"
WORDS = {
    "en": {
        "panel": "Support plan",
        "first": "First answer",
        "next": "Next answer",
        "solution": "Solution",
        "due": r"Due in \d+ (h|min)",
        "answered": r"Answered at once|Fulfilled in .+",
        "paused": r"Paused: (8 h|7 h \d+ min) of 8 h left",
        "solved": r"Solved in .+",
        "withdrawn": r"Closed as Duplicate request: does not count",
        "owed": "Closed: no answer is owed",
        "why": "Why then?",
        "wrote": "The customer wrote again",
        "pause": "Paused while support waited",
        "menu": "Support plan",
        "close": "Close without a solution",
    },
    "ru": {
        "panel": "План поддержки",
        "first": "Первый ответ",
        "next": "Следующий ответ",
        "solution": "Решение",
        "due": r"Осталось \d+ (ч|мин)",
        "answered": r"Ответ дан.*",
        "paused": r"Приостановлено: осталось (8 ч|7 ч \d+ мин) из 8 ч",
        "solved": r"Решено.+",
        "withdrawn": r"Закрыто \(Повторное обращение\): не учитывается",
        "owed": "Закрыто: ответ не требуется",
        "why": "Почему такой срок?",
        "wrote": "Клиент написал снова",
        "pause": "Приостановлено, пока поддержка ждала",
        "menu": "План поддержки",
        "close": "Закрыть без решения",
    },
}


@contextmanager
def changed(doctype: str, name: str, values: dict) -> Iterator[None]:
    frappe.db.rollback()
    before = frappe.db.get_value(doctype, name, list(values), as_dict=True)
    frappe.db.set_value(doctype, name, values)
    frappe.db.commit()
    try:
        yield
    finally:
        frappe.db.rollback()
        frappe.db.set_value(doctype, name, before)
        frappe.db.commit()


def sell(**hours: float | None) -> None:
    """What Premium promises for P3 besides the first answer."""
    tier = records.fresh("Beesender Tier", "Premium")
    for row in tier.response_targets:
        if row.priority == "P3":
            row.update(hours)
    tier.save()
    frappe.db.commit()


@pytest.fixture(scope="module")
def _everything_sold(address: str) -> Iterator[None]:
    with changed("HD Settings", "HD Settings", SETTINGS):
        sell(**SOLD)
        try:
            yield
        finally:
            sell(**dict.fromkeys(SOLD))


def act(user: str, name: str, do: Callable) -> None:
    """What somebody does with the ticket, in a request of its own."""
    ticket = records.fresh("HD Ticket", name)
    with session_of(user):
        do(ticket)
    frappe.db.commit()
    for each in [each for each in frappe.flags if each.startswith("beesender")]:
        frappe.flags.pop(each)


def answer(ticket) -> None:
    ticket.reply_via_agent("We look into it.")


def write_again(ticket) -> None:
    ticket.create_communication_via_contact("And now?")


def move_to(status: str) -> Callable:
    return lambda ticket: ticket.update({"status": status}).save()


class Screens:
    """Where Helpdesk shows how a ticket stands."""

    def __init__(self, enter: Callable, name: str, words: dict, language: str) -> None:
        self.name, self.words = name, words
        self.agent = enter(AGENT, f"/helpdesk/tickets/{name}", language=language)
        self.tickets = enter(AGENT, "/helpdesk/tickets", language=language)
        self.alerts = enter(AGENT, ALERTS, language=language)
        self.portal = enter(JANE, f"/helpdesk/my-tickets/{name}", language=language)

    def reload(self) -> None:
        for page in (self.agent, self.tickets, self.alerts, self.portal):
            page.reload()

    def show(
        self, first: str, solution: str, following: str | None = None, *, alerts: bool
    ) -> None:
        """Every screen shows these states; ``alerts`` is whether SLA Alerts lists it."""
        self.reload()
        for page in (self.agent, self.portal):
            expect_words(badge(page, "First Response"), self.words[first])
            expect_words(badge(page, "Resolution"), self.words[solution])
        part = self.agent.get_by_role("region", name=self.words["panel"])
        expect_words(beside(part, self.words["first"]), self.words[first])
        expect_words(beside(part, self.words["solution"]), self.words[solution])
        if following:
            expect_words(beside(part, self.words["next"]), self.words[following])
        else:
            expect(part.get_by_text(self.words["next"], exact=True)).to_have_count(0)
        row = self.tickets.locator(f'a[href*="/tickets/{self.name}"]').first
        expect(row).to_contain_text(re.compile(self.words[solution]))
        rows = self.alerts.locator(f'a[href*="/tickets/{self.name}"]')
        expect(self.alerts.locator("main, #app")).not_to_have_count(0)
        self.alerts.wait_for_load_state("networkidle")
        expect(rows).to_have_count(1 if alerts else 0)
        for page in (self.agent, self.tickets, self.alerts, self.portal):
            assert "NaN" not in page.locator("body").inner_text()


def expect_words(place: Locator, words: str) -> None:
    expect(place).to_have_text(re.compile(f"^({words})"))


def badge(page: Page, label: str) -> Locator:
    """What stands on Helpdesk's own badge."""
    named = page.locator("#app-header, .border-l").get_by_text(label, exact=True)
    return named.locator("xpath=..").locator("[data-beesender-badge]").first


def beside(part: Locator, term: str) -> Locator:
    return part.get_by_text(term, exact=True).locator("xpath=following-sibling::dd[1]")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.usefixtures("_everything_sold")
def test_helpdesk_s_own_screens_are_right_from_registration_to_solution(
    enter, picture, check_accessibility, language
):
    name = records.make_ticket(ticket_type="Incident", beesender_priority="P3")
    with session_of("Administrator"):
        assign_to.add({"doctype": "HD Ticket", "name": name, "assign_to": [AGENT]})
    frappe.db.commit()
    words = WORDS[language]
    screens = Screens(enter, name, words, language)

    def pictured(step: str) -> None:
        for each in ("agent", "tickets", "alerts", "portal"):
            picture(getattr(screens, each), f"targets-{step}-{each}-{language}")

    screens.show("due", "due", alerts=True)
    pictured("registered")

    act(AGENT, name, answer)
    screens.show("answered", "paused", alerts=False)
    pictured("answered")

    act(JANE, name, write_again)
    screens.show("answered", "due", "due", alerts=True)
    pictured("asked-again")

    page = screens.agent
    page.get_by_role("region", name=words["panel"]).get_by_role(
        "button", name=words["why"]
    ).click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("heading", name=words["first"])).to_be_in_viewport()
    expect(dialog.get_by_text(words["wrote"])).to_be_visible()
    expect(dialog.get_by_role("heading", name=words["solution"])).to_be_visible()
    picture(page, f"targets-why-{language}")
    check_accessibility(page, "dialog.beesender-dialog")
    page.keyboard.press("Escape")

    act(AGENT, name, answer)
    screens.show("answered", "paused", "answered", alerts=False)

    act(AGENT, name, move_to("Resolved"))
    screens.show("answered", "solved", "answered", alerts=False)
    pictured("resolved")

    act(JANE, name, write_again)
    screens.show("answered", "due", "due", alerts=True)

    act(AGENT, name, move_to("Closed"))
    screens.show("answered", "solved", "owed", alerts=False)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.usefixtures("_everything_sold")
def test_an_agent_closes_a_duplicate_without_a_solution(
    enter, picture, check_accessibility, language
):
    name = records.make_ticket(ticket_type="Incident", beesender_priority="P3")
    words = WORDS[language]
    page = enter(AGENT, f"/helpdesk/tickets/{name}", language=language)
    expect_words(badge(page, "Resolution"), words["due"])
    page.locator("#app-header").get_by_role("button", name=words["menu"]).click()
    page.get_by_role("menuitem", name=words["close"]).click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("combobox").select_option("Duplicate request")
    picture(page, f"targets-close-{language}")
    check_accessibility(page, "dialog.beesender-dialog")
    dialog.get_by_role("button", name=words["close"]).click()
    expect_words(badge(page, "Resolution"), words["withdrawn"])
    stored = records.fresh("HD Ticket", name)
    assert (stored.status, stored.beesender_closing_reason) == (
        "Closed",
        "Duplicate request",
    )
    picture(page, f"targets-closed-{language}")


@pytest.mark.usefixtures("_everything_sold")
def test_where_no_solution_is_promised_helpdesk_s_badge_of_one_is_hidden(enter):
    name = records.make_ticket(ticket_type="Incident", beesender_priority="P1")
    page = enter(AGENT, f"/helpdesk/tickets/{name}")
    expect(page.get_by_role("region", name="Support plan")).to_be_visible()
    expect(page.locator("#app-header")).not_to_contain_text(
        "Resolution", use_inner_text=True
    )
    page.locator("#app-header").get_by_role("button", name="Support plan").click()
    expect(page.get_by_role("menuitem", name="Why this deadline?")).to_be_visible()
    expect(page.get_by_role("menuitem", name="Close without")).to_have_count(0)
