"""A client raises a well-formed request, and lets support in."""

import re
from contextlib import contextmanager
from datetime import timedelta
from zoneinfo import ZoneInfo

import frappe
import pytest
from frappe.utils.password import update_password
from playwright.sync_api import expect

from beesender_support.api import portal as portal_api
from beesender_support.records.site_time import to_instant
from beesender_support.tests.browser import records
from beesender_support.tests.browser.conftest import LANGUAGES, SCREENS
from beesender_support.tests.browser.pages import AgentTicket, Portal, message
from beesender_support.tests.browser.records import STEPS, SUBJECT
from beesender_support.tests.site import factories

NEW = "/helpdesk/my-tickets/new"
SECRET = "console.acme.example, user ops, password Xy7-unlikely"  # noqa: S105 - made up
PANEL = ".beesender-request"
FAR_AWAY = "Pacific/Kiritimati"
WORDS = {
    "en": {
        "categories": ["Consultation", "Incident", "Paid enhancement request"],
        "P1": "P1 The system is fully down",
        "question": "Steps that lead to the fault:",
        "other question": "What should the product do?",
        "answer": "We will answer by",
        "no promise": "No response time is promised for Paid enhancement request.",
        "details": "Access details, for support agents only",
        "plan": "My support plan",
        "submit": "Submit",
        "subject": "A short description",
    },
    "ru": {
        "categories": ["Консультация", "Инцидент", "Запрос на платную доработку"],
        "P1": "P1 Система полностью",
        "question": "Шаги, которые приводят к сбою:",
        "other question": "Что должен делать продукт?",
        "answer": "Мы ответим до",
        "no promise": "Время ответа не гарантируется: Запрос на платную доработку.",
        "details": "Данные для доступа, только для агентов поддержки",
        "plan": "Мой план поддержки",
        "submit": "Утвердить",
        "subject": "Краткое описание",
    },
}


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_client_chooses_with_the_meaning_at_hand_and_reads_when_we_answer(
    enter, picture, check_accessibility, language, screen
):
    words = WORDS[language]
    consultation, incident, enhancement = words["categories"]
    page = enter(
        records.JANE, NEW, language, viewport=SCREENS[screen], time_zone=FAR_AWAY
    )
    portal = Portal(page, words)
    expect(portal.promise).to_contain_text(words["answer"])
    expect(page.get_by_role("radio", name=incident)).to_be_checked()
    expect(portal.description).to_contain_text(words["question"])
    # Another is in the portal's menu.
    plan = page.locator(PANEL).get_by_role("link", name=words["plan"])
    expect(plan).to_have_attribute("href", "/support-plan")
    check_accessibility(page, PANEL)

    portal.choose(consultation)
    assert portal.offered_priorities() == ["P3", "P4"]
    portal.choose(enhancement)
    expect(portal.promise).to_have_text(words["no promise"])
    expect(portal.description).to_contain_text(words["other question"])
    portal.choose(incident)
    assert portal.offered_priorities() == ["P1", "P2", "P3", "P4"]
    portal.choose(words["P1"])
    portal.write_access_details(words["details"], SECRET)
    page.set_viewport_size(
        {**SCREENS[screen], "height": 1420 if screen == "desk" else 1790}
    )
    picture(page, f"client-new-request{suffix(language, screen)}")

    shown = re.search(r"\d\d:\d\d", portal.promise.inner_text()).group()
    portal.description.fill(STEPS)
    portal.choose(consultation)
    portal.choose(incident)
    expect(portal.description).to_have_text(STEPS)
    portal.choose(words["P1"])
    portal.raise_request(SUBJECT, STEPS)

    page.wait_for_url(re.compile(r"/my-tickets/\d+$"))
    expect(message(page, STEPS)).to_be_visible()
    ticket = records.fresh("HD Ticket", page.url.rsplit("/", 1)[1])
    assert (ticket.ticket_type, ticket.beesender_priority) == ("Incident", "P1")
    assert shown in minutes_before(to_instant(ticket.response_by))
    assert frappe.db.exists("Beesender Access Details", {"ticket": ticket.name})


def test_a_client_answers_by_keyboard_and_reads_priority_and_deadline(
    enter, check_accessibility
):
    """On a phone, in Russian: two plain questions in place of the priority."""
    affected = "The system works only in part"
    with impact_rules(
        ("All operators or the licences", "Either", "P1"),
        (affected, "Yes", "P3"),
        (affected, "No", "P2"),
    ):
        page = enter(
            records.JANE, NEW, "ru", viewport=SCREENS["phone"], time_zone=FAR_AWAY
        )
        portal = Portal(page, WORDS["ru"])
        expect(portal.promise).to_have_text(
            "Ответьте на вопросы выше, и вы увидите, до какого времени мы ответим."
        )
        expect(portal.priorities).to_have_count(0)
        way_round = page.get_by_role("group", name="Есть ли обходной путь?")
        expect(way_round).to_be_hidden()
        what = page.get_by_role("group", name="Что затронуто?")
        what.get_by_role("radio").first.focus()
        page.keyboard.press("Space")
        expect(portal.promise).to_contain_text("P1 Система полностью")
        page.keyboard.press("ArrowDown")
        part = what.get_by_role("radio", name="Система работоспособна лишь частично")
        expect(part).to_be_checked()
        expect(part).to_be_focused()
        expect(portal.promise).to_contain_text("Ответьте на вопросы выше")
        page.keyboard.press("Tab")
        yes = way_round.get_by_role("radio", name="Да")
        expect(yes).to_be_focused()
        page.keyboard.press("Space")
        expect(portal.promise).to_contain_text("P3 Мелкая неисправность")
        page.keyboard.press("ArrowDown")
        expect(way_round.get_by_role("radio", name="Нет")).to_be_focused()
        expect(portal.promise).to_contain_text(
            "P2 Система работоспособна лишь частично"
        )
        expect(portal.promise).to_contain_text("Мы ответим до")
        expect(portal.promise).to_contain_text("Premium")
        check_accessibility(page, PANEL)
        assert page.evaluate(
            "document.documentElement.scrollWidth <= window.innerWidth"
        )
        shown = re.search(r"\d\d:\d\d", portal.promise.inner_text()).group()
        portal.raise_request(SUBJECT, STEPS)
        page.wait_for_url(re.compile(r"/my-tickets/\d+$"))
    ticket = records.fresh("HD Ticket", page.url.rsplit("/", 1)[1])
    assert (ticket.beesender_priority, ticket.priority) == ("P2", "High")
    assert (ticket.beesender_affected, ticket.beesender_way_round) == (affected, "No")
    assert shown in minutes_before(to_instant(ticket.response_by))


def test_an_agent_corrects_what_the_answers_gave_with_a_reason(
    enter, check_accessibility
):
    affected = "One channel or another small fault"
    with impact_rules((affected, "Either", "P3")):
        name = records.make_ticket(ticket_type="Incident", beesender_affected=affected)
        page = enter(records.AGENT, f"/helpdesk/tickets/{name}")
        ticket = AgentTicket(page)
        expect(ticket.detail("What is affected")).to_have_text(affected)
        ticket.choose_action("Change priority or category")
        dialog = page.get_by_role("dialog", name="Change priority or category")
        dialog.get_by_label("Priority").select_option("P1")
        expect(dialog).to_contain_text("so a change needs a reason.")
        why = dialog.get_by_label("Why (for the log)")
        expect(why).to_have_attribute("required", "")
        dialog.get_by_role("button", name="Save").click()
        expect(dialog).to_be_visible()
        check_accessibility(page, "dialog")
        why.fill("All chats are down.")
        dialog.get_by_role("button", name="Save").click()
        expect(ticket.detail("Support priority")).to_contain_text("P1")
    assert records.fresh("HD Ticket", name).beesender_priority == "P1"
    assert frappe.db.exists(
        "Beesender Admission Log",
        {
            "ticket": name,
            "event": "Priority corrected",
            "details": "All chats are down.",
        },
    )


@contextmanager
def impact_rules(*rules):
    """Incident asks what is affected, by these rules, for a while."""
    before = records.fresh("Beesender Category", "Incident")
    change_category(1, rules)
    try:
        yield
    finally:
        change_category(
            before.priority_from_impact,
            [
                (row.affected, row.way_round, row.priority)
                for row in before.impact_rules
            ],
        )


def change_category(is_asked, rules):
    category = records.fresh("Beesender Category", "Incident")
    category.priority_from_impact = is_asked
    category.impact_rules = []
    for affected, way_round, priority in rules:
        rule = {"affected": affected, "way_round": way_round, "priority": priority}
        category.append("impact_rules", rule)
    category.save()
    frappe.db.commit()


def suffix(language, screen):
    return ("-phone" if screen == "phone" else "") + (
        f".{language}" if language != "en" else ""
    )


def minutes_before(due):
    """The minutes in which a page may have promised this, on a clock far away."""
    local = due.astimezone(ZoneInfo(FAR_AWAY))
    return {f"{local - timedelta(minutes=late):%H:%M}" for late in range(3)}


@pytest.mark.parametrize("screen", SCREENS)
def test_who_may_not_ask_is_told_before_writing(
    enter, picture, check_accessibility, screen
):
    page = enter(records.PAT, NEW, viewport=SCREENS[screen])
    notice = page.get_by_role("alert")
    expect(notice).to_contain_text("Pat is not an authorized contact of Acme Telecom.")
    expect(notice).to_contain_text("At Acme Telecom these people may ask: Jane.")
    expect(notice.get_by_role("link")).to_have_attribute("href", "/support-plan")
    expect(Portal(page).subject).to_be_hidden()
    check_accessibility(page, PANEL)
    picture(page, f"client-may-not-ask{suffix('en', screen)}")


def test_a_client_without_a_plan_has_helpdesk_s_own_form(enter):
    email = "nora@globex.example"
    factories.make_contact(records.GLOBEX, email, user=True)
    update_password(email, records.PASSWORD)
    frappe.db.commit()
    page = enter(email, NEW)
    portal = Portal(page)
    portal.subject.fill("A question")
    expect(portal.description).to_be_visible()
    page.wait_for_load_state("networkidle")
    expect(page.locator(PANEL).locator("*")).to_have_count(0)
    portal.raise_request("A question", STEPS)
    page.wait_for_url(re.compile(r"/my-tickets/\d+$"))


def test_an_agent_s_own_form_offers_the_priorities_of_the_chosen_customer(enter):
    with field_on_form("customer"):
        page = enter(records.AGENT, "/helpdesk/tickets/new")
        portal = Portal(page)
        expect(portal.description).to_be_visible()
        expect(page.locator(PANEL).locator("*")).to_have_count(0)
        # Of the customer; that of the contact comes with the app.
        page.get_by_role("button", name="Select an option").first.click()
        page.get_by_role("option", name=records.ACME).click()
        portal.choose("P2")
        expect(portal.promise).to_contain_text("Premium answers P2 within 2 h")
        expect(portal.description).to_have_text("")
        portal.raise_request("Jane called about chats", STEPS)
        page.wait_for_url(re.compile(r"/tickets/\d+"))
    ticket = records.fresh("HD Ticket", re.search(r"/tickets/(\d+)", page.url)[1])
    assert ticket.customer == records.ACME
    assert (ticket.ticket_type, ticket.beesender_priority) == ("Incident", "P2")


@contextmanager
def field_on_form(fieldname):
    template = records.fresh("HD Ticket Template", "Default")
    template.append("fields", {"fieldname": fieldname})
    template.save()
    frappe.db.commit()
    try:
        yield
    finally:
        template = records.fresh("HD Ticket Template", "Default")
        template.fields = [row for row in template.fields if row.fieldname != fieldname]
        template.save()
        frappe.db.commit()


def test_an_agent_reads_what_the_client_gave_and_the_ticket_says_so(
    enter, picture, check_accessibility
):
    ticket = ticket_with_details()
    page = enter(records.AGENT, f"/helpdesk/tickets/{ticket}")
    page.get_by_role("button", name="Access details").click()
    dialog = page.get_by_role("dialog", name="Access details")
    expect(dialog).to_contain_text(SECRET)
    expect(dialog).to_contain_text("Given by Jane on")
    check_accessibility(page, "dialog")
    picture(page, "agent-access-details")
    dialog.get_by_role("button", name="Close").click()
    expect(page.locator("body")).not_to_contain_text(SECRET)
    frappe.db.rollback()
    assert frappe.get_all(
        "HD Ticket Activity",
        {"ticket": ticket, "action": "read the access details"},
        pluck="owner",
    ) == [records.AGENT]


@pytest.mark.parametrize("screen", SCREENS)
def test_a_client_replaces_and_erases_access_details_and_never_reads_them(
    enter, picture, check_accessibility, screen
):
    ticket = ticket_with_details()
    page = enter(
        records.JANE, f"/helpdesk/my-tickets/{ticket}", viewport=SCREENS[screen]
    )
    give = page.get_by_role("button", name="Give access")
    give.click()
    dialog = page.get_by_role("dialog", name="Access details")
    expect(dialog).to_contain_text("Given by Jane on")
    expect(dialog).not_to_contain_text("Xy7-unlikely")
    check_accessibility(page, "dialog")
    picture(page, f"client-access-details{suffix('en', screen)}")
    dialog.get_by_role("textbox").fill("user ops, another password")
    dialog.get_by_role("button", name="Replace").click()
    expect(page.get_by_text("Support can read the access details now.")).to_be_visible()
    give.click()
    dialog.get_by_role("button", name="Erase").click()
    expect(page.get_by_text("The access details are erased.")).to_be_visible()
    frappe.db.rollback()
    assert not frappe.db.exists("Beesender Access Details", {"ticket": ticket})


def ticket_with_details():
    request = {
        "subject": "Operators see no chats",
        "description": STEPS,
        "beesender_access_details": SECRET,
    }
    with factories.session_of(records.JANE):
        name = portal_api.raise_request(request).name
    frappe.db.commit()
    return name
