"""A new admin comes from nothing to a served client by the first steps alone."""

import re
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection
from urllib.parse import urlsplit

import frappe
import pytest
from frappe.utils.password import update_password
from playwright.sync_api import Locator, Page, expect

from beesender_support.enforcement.readiness.people import PROGRAM
from beesender_support.enforcement.readiness.sample_records import (
    MARK,
    SAMPLE_DATA,
    TEST_REQUEST,
)
from beesender_support.enforcement.readiness.taking_away import take_away
from beesender_support.tests.browser import records
from beesender_support.tests.browser.conftest import LANGUAGES, PHONE
from beesender_support.tests.browser.pages import AgentTicket, Form, Portal, message
from beesender_support.tests.site.imap import empty_mailbox
from beesender_support.tests.site.smtp import Sink, mail_server

WORKSPACE, BLOCK = "/app/beesender-support", ".custom-block-widget-box"
DOMAIN = "fresh.example"
NEWCOMER, CLIENT = f"olga@{DOMAIN}", f"ivan@{DOMAIN}"
CUSTOMER, ACCOUNT, COUNTRY = "Fresh Bakery", "Fresh Support", "Germany"
PLAN, SETTINGS = "Beesender Support Plan", "Beesender Support Settings"
# Whether it is so is read by the steps; the rest of a site stays as it is.
FLAGS = (
    (PLAN, "status", "Draft"),
    ("HD Agent", "is_active", 0),
    ("Email Account", "enable_outgoing", 0),
    ("Email Account", "default_outgoing", 0),
    ("Email Account", "enable_incoming", 0),
)
# And whether there are any.
ROWS = ("HD Team Member", "Beesender Holiday Calendar", "Beesender Plan Holiday")
QUARTER_OF_AN_HOUR = 15 * 60
ANSWER = "Please restart the console."


@pytest.fixture
def newcomer(address) -> Iterator[str]:
    """Who has just installed the app on a site where nothing is set up."""
    records.despite_deadlocks(remove)
    with nothing_set_up():
        user = {
            "doctype": "User",
            "email": NEWCOMER,
            "first_name": "Olga",
            "send_welcome_email": 0,
            "roles": [{"role": "System Manager"}, {"role": "Agent Manager"}],
        }
        frappe.get_doc(user).insert()
        update_password(NEWCOMER, records.PASSWORD)
        frappe.db.commit()
        frappe.clear_cache()
        yield NEWCOMER
        frappe.db.rollback()
        records.despite_deadlocks(remove)
    frappe.clear_cache()


@contextmanager
def nothing_set_up() -> Iterator[None]:
    """What is set up on the site is put away, and back."""
    kept = [
        (doctype, field, frappe.get_all(doctype, fields=["name", f"{field} as value"]))
        for doctype, field, _away in FLAGS
    ]
    settings = ("reviewed_tiers", "test_request_at")
    values = {each: frappe.db.get_single_value(SETTINGS, each) for each in settings}
    rows_kept = {each: frappe.get_all(each, fields=["*"]) for each in ROWS}
    country = frappe.db.get_default("country")

    def put_away() -> None:
        for doctype, field, away in FLAGS:
            rows = {"name": ("is", "set")}
            frappe.db.set_value(doctype, rows, field, away, update_modified=False)
        frappe.db.set_single_value(SETTINGS, dict.fromkeys(settings))
        frappe.db.delete("View Log", {"reference_doctype": "Beesender Tier"})
        for doctype in ROWS:
            frappe.db.delete(doctype, {"name": ("is", "set")})
        frappe.db.set_default("country", COUNTRY)

    def put_back() -> None:
        for doctype, field, rows in kept:
            for row in rows:
                frappe.db.set_value(
                    doctype, row.name, field, row.value, update_modified=False
                )
        frappe.db.set_single_value(SETTINGS, values)
        for doctype, rows in rows_kept.items():
            for row in rows:
                if not frappe.db.exists(doctype, row.name):
                    frappe.get_doc({"doctype": doctype, **row}).db_insert()
        frappe.db.set_default("country", country)

    records.despite_deadlocks(put_away)
    try:
        yield
    finally:
        frappe.db.rollback()
        records.despite_deadlocks(put_back)


def remove() -> None:
    for purpose in (SAMPLE_DATA, TEST_REQUEST):
        take_away(purpose)
    for name in frappe.get_all("HD Ticket", {"customer": CUSTOMER}, pluck="name"):
        records.remove_messages(name)
        records.remove("HD Ticket", name)
    for name in frappe.get_all(PLAN, {"customer": CUSTOMER}, pluck="name"):
        records.remove(PLAN, name)
    for log in ("Beesender Admission Log", "Beesender Notice Log"):
        records.delete_rows(log, {"customer": CUSTOMER})
    records.remove("HD Customer", CUSTOMER)
    records.delete_rows("User Invitation", {"email": CLIENT})
    to_us = {"recipient": ("like", f"%@{DOMAIN}")}
    for mail in frappe.get_all("Email Queue Recipient", to_us, pluck="parent"):
        records.remove("Email Queue", mail)
    for name in frappe.get_all(
        "Contact", {"email_id": ("like", f"%@{DOMAIN}")}, pluck="name"
    ):
        records.remove("Contact", name)
    records.delete_rows("HD Team Member", {"user": NEWCOMER})
    records.remove("HD Agent", NEWCOMER)
    for email in (NEWCOMER, CLIENT, PROGRAM):
        records.remove("User", email)
    records.remove("Email Account", ACCOUNT)
    records.remove("Beesender Holiday Calendar", COUNTRY)


@pytest.fixture
def servers() -> Iterator[tuple[Sink, int]]:
    """The mail server of the newcomer, and the port of their mailbox."""
    with ExitStack() as opened:
        sink = opened.enter_context(mail_server())
        yield sink, opened.enter_context(empty_mailbox())


class Steps:
    """The first steps on the workspace, by what is done on them."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def step(self, code: str) -> Locator:
        return self.page.locator(f"{BLOCK} [data-step={code}]")

    def click(self, code: str, label: str) -> None:
        self.step(code).get_by_role("button", name=label).first.click()

    def expect_said(self, code: str, text: str | re.Pattern[str]) -> None:
        expect(self.step(code).get_by_role("status")).to_contain_text(text)

    def expect_mark(self, code: str, mark: str) -> None:
        expect(self.step(code).get_by_role("img", name=mark)).to_be_visible()

    def go_to(self, code: str, link: str) -> None:
        self.step(code).get_by_role("link", name=link).click()

    def come_back(self) -> None:
        self.page.goto(WORKSPACE)
        expect(self.step("outgoing")).to_be_visible()


def test_from_nothing_to_a_served_client_in_a_quarter_of_an_hour(
    enter, visit, address, newcomer, servers, picture, monkeypatch
):
    began = time.monotonic()
    sink, mailbox_port = servers
    page = enter(newcomer, WORKSPACE)
    steps = Steps(page)
    for code in ("outgoing", "mailbox", "agents", "tiers", "plans"):
        steps.expect_mark(code, "To do")
    picture(page, "first-hour-begins")

    connect_mail(steps, sink.port, mailbox_port)
    steps.click("outgoing", "Send me a test")
    steps.expect_said("outgoing", f"{ACCOUNT} has sent a mail to {newcomer}.")
    assert sink.to(newcomer)
    steps.click("mailbox", f"Check {ACCOUNT}")
    steps.expect_said("mailbox", "Mails in INBOX: 0.")
    steps.expect_mark("mailbox", "To look at")

    steps.click("agents", "Make me an agent")
    steps.expect_said("agents", "You are an agent.")
    steps.click("agents", "Join it")
    steps.expect_mark("agents", "Done")

    review_tiers(steps)
    steps.click("calendar", "Make one of the site's country")
    steps.expect_said("calendar", f"{COUNTRY} lists")
    steps.expect_mark("calendar", "Done")

    sell_the_first_plan(steps, picture)
    steps.expect_mark("plans", "Done")
    steps.click("test_request", "Make a test request")
    steps.expect_said("test_request", "Support answers by")
    steps.step("test_request").scroll_into_view_if_needed()
    picture(page, "first-hour-test-request")
    steps.click("test_request", "Remove it")
    steps.expect_said("test_request", "The test request is removed")
    steps.expect_mark("test_request", "Done")

    client = visit(where_it_leads(address, invitation_of(CLIENT, sink, monkeypatch)))
    choose_password(client)
    ticket = raise_the_first_request(client)
    agent = enter(newcomer, f"/helpdesk/tickets/{ticket}")
    AgentTicket(agent).reply(ANSWER)
    expect(message(agent, ANSWER)).to_be_visible()
    client.reload()
    expect(message(client, ANSWER)).to_be_visible()
    picture(client, "first-hour-served")
    assert time.monotonic() - began < QUARTER_OF_AN_HOUR


def connect_mail(steps: Steps, smtp_port: int, imap_port: int) -> None:
    page = steps.page
    steps.go_to("outgoing", "Open the e-mail accounts")
    page.get_by_role("button", name="Add Email Account").first.click()
    page.wait_for_function("() => window.cur_frm?.doc?.doctype === 'Email Account'")
    form = Form.__new__(Form)
    form.page = page
    form.fill("email_id", f"support@{DOMAIN}")
    form.fill("email_account_name", ACCOUNT)
    tick(form, "enable_incoming")
    tick(form, "enable_outgoing")
    form.fill("password", "not-used")
    page.get_by_role("tab", name="Incoming").click()
    tick(form, "use_imap")
    form.fill("email_server", "127.0.0.1")
    form.fill("incoming_port", str(imap_port))
    folder = form.field("imap_folder").locator(".grid-body .grid-row").first
    folder.locator("[data-fieldname=append_to]").first.click()
    box = folder.locator("[data-fieldname=append_to] input:visible").first
    box.fill("HD Ticket")
    form.choices().filter(has_text="HD Ticket").first.click()
    page.get_by_role("tab", name="Outgoing").click()
    tick(form, "default_outgoing")
    form.fill("smtp_server", "127.0.0.1")
    form.fill("smtp_port", str(smtp_port))
    tick(form, "no_smtp_authentication")
    page.get_by_role("button", name="Save").first.click()
    page.wait_for_function("() => !cur_frm.is_new() && !cur_frm.is_dirty()")
    steps.come_back()
    steps.expect_mark("outgoing", "Done")


def tick(form: Form, fieldname: str) -> None:
    form.field(fieldname).locator("input[data-fieldtype=Check]").check()


def review_tiers(steps: Steps) -> None:
    buttons = steps.step("tiers").get_by_role("button", name="Reviewed")
    expect(buttons.first).to_be_visible()
    for left in range(buttons.count(), 0, -1):
        expect(buttons).to_have_count(left)
        buttons.first.click()
    steps.expect_mark("tiers", "Done")


def sell_the_first_plan(steps: Steps, picture) -> None:
    page = steps.page
    steps.click("plans", "Sell the first plan")
    dialog = page.locator(".modal.show")
    # Desk puts the focus there once it has filled in what it fills in.
    expect(dialog.locator("[data-fieldname=customer] input")).to_be_focused()
    values = {"customer": CUSTOMER, "contact": "Ivan", "address": "no address"}
    for fieldname, value in values.items():
        dialog.locator(f"[data-fieldname={fieldname}] input").fill(value)
    dialog.locator("[data-fieldname=tier] select").select_option("Business")
    dialog.locator("[data-fieldname=address] input").fill(CLIENT)
    picture(page, "first-hour-first-plan")
    dialog.get_by_role("button", name="Sell").click()
    question = page.locator(".modal.show", has_text="to the portal by mail?")
    question.get_by_role("button", name="Yes").click()
    steps.expect_said("plans", "is sold. Invited:")


def invitation_of(address: str, sink: Sink, monkeypatch) -> str:
    """What the scheduler does, where none runs: mail that waits is sent."""
    frappe.db.rollback()
    monkeypatch.setitem(frappe.flags, "mute_emails", False)
    monkeypatch.setitem(frappe.flags, "testing_email", True)
    waiting = {"recipient": address, "parenttype": "Email Queue"}
    for name in frappe.get_all(
        "Email Queue Recipient", waiting, pluck="parent", order_by="creation"
    ):
        frappe.get_doc("Email Queue", name).send()
    frappe.db.commit()
    texts = [
        mail.get_body(("html", "plain")).get_content() for mail in sink.to(address)
    ]
    links = [
        re.search(r"/api/method/\S+accept_invitation\?key=\w+", each) for each in texts
    ]
    assert any(links), (texts, sink.raw)
    # The last, should an earlier run have left one.
    return next(filter(None, reversed(links)))[0]


def where_it_leads(address: str, path: str) -> str:
    """The path to which an invitation redirects. Frappe names the site's own address,
    which has no port, so no browser of a test could follow it."""
    server = urlsplit(address)
    connection = HTTPConnection("127.0.0.1", server.port, timeout=60)
    try:
        connection.request("GET", path, headers={"Host": server.netloc})
        response = connection.getresponse()
        assert response.status in range(300, 400), response.read()
        led = urlsplit(response.headers["Location"])
    finally:
        connection.close()
    return f"{led.path}?{led.query}"


def choose_password(page: Page) -> None:
    # Key by key: only then does Frappe look how strong it is.
    for box in ("#new_password", "#confirm_password"):
        page.locator(box).press_sequentially(records.PASSWORD)
    page.get_by_role("button", name="Confirm").click()
    page.wait_for_url(re.compile(r"^https?://[^/]+/helpdesk"))


def raise_the_first_request(page: Page) -> str:
    """The number of it."""
    page.goto("/helpdesk/my-tickets/new")
    portal = Portal(page)
    expect(portal.promise).to_contain_text("We will answer by")
    portal.raise_request(records.SUBJECT, records.STEPS)
    page.wait_for_url(re.compile(r"/my-tickets/\d+$"))
    return page.url.rsplit("/", 1)[1]


# Sample data, and the key of a program


@pytest.mark.parametrize("language", LANGUAGES)
def test_sample_data_are_put_in_and_taken_away(
    enter, newcomer, picture, check_accessibility, language
):
    put_in, take = (
        frappe._(text, lang=language) for text in ("Put them in", "Take them away")
    )
    page = enter(newcomer, WORKSPACE, language, viewport=PHONE)
    steps = Steps(page)
    steps.click("samples", put_in)
    samples = steps.step("samples")
    expect(samples.get_by_role("button", name=take)).to_be_visible(timeout=90_000)
    assert page.locator(BLOCK).evaluate("each => each.scrollWidth <= innerWidth")
    check_accessibility(page, BLOCK)
    samples.scroll_into_view_if_needed()
    picture(page, f"first-hour-samples.{language}")
    steps.click("samples", take)
    question = page.locator(".modal.show")
    sample = frappe._("Sample bank", lang=language)
    expect(question).to_contain_text(sample)
    picture(page, f"first-hour-samples-go.{language}")
    question.locator(".btn-primary:visible").click()
    expect(samples.get_by_role("button", name=put_in)).to_be_visible(timeout=90_000)
    frappe.db.rollback()
    assert not frappe.db.exists(MARK, {"purpose": SAMPLE_DATA})
    assert not frappe.db.exists("HD Customer", sample)


def test_the_key_of_a_program_is_shown_once(enter, newcomer, picture):
    page = enter(newcomer, WORKSPACE)
    steps = Steps(page)
    if not steps.step("chatbot").get_by_role("button").count():
        frappe.db.delete("Has Role", {"role": "Beesender Channel"})
        frappe.db.commit()
        steps.come_back()
    steps.click("chatbot", "Make one with a key")
    dialog = page.locator(".modal.show")
    expect(dialog).to_contain_text("The secret is not shown again")
    user = records.fresh("User", PROGRAM)
    secret = user.get_password("api_secret")
    expect(dialog).to_contain_text(secret)
    picture(page, "first-hour-key")
    dialog.get_by_role("button", name="I have copied both").click()
    expect(dialog).to_be_hidden()
    assert secret not in page.content()
    steps.expect_said("chatbot", f"{PROGRAM} has a key.")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_steps_of_a_new_site_can_be_read_on_a_phone(
    enter, newcomer, picture, check_accessibility, language
):
    page = enter(newcomer, WORKSPACE, language, viewport=PHONE)
    block = page.locator(BLOCK)
    expect(block.locator("[data-step=outgoing]")).to_be_visible()
    assert block.evaluate("each => each.scrollWidth <= innerWidth")
    check_accessibility(page, BLOCK)
    picture(page, f"first-hour-on-a-phone.{language}")
