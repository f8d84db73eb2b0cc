"""The site widget on a page of another origin, with a strict content security policy."""

import gzip
import os
import re
from base64 import b64decode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_string, policy
from pathlib import Path

import frappe
import pytest
from playwright.sync_api import Page, Route, expect

from beesender_support.screens.public_files import FOLDER
from beesender_support.tests.browser import records
from beesender_support.tests.browser.conftest import DESK, SCREENS
from beesender_support.tests.browser.foreign_pages import foreign_pages
from beesender_support.tests.browser.records import ADMIN, JANE
from beesender_support.tests.site import factories

LOADER = "js/widget.js"
MOST_BYTES = 40_000
LAPTOP = {"width": 900, "height": 720}
MANUAL = '<p>See <a href="https://manual.example/console">the manual</a>.</p>'
# The smallest picture.
PIXEL = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAA"
    "AABJRU5ErkJggg=="
)
CODE, SESSION = "Beesender Widget Code", "Beesender Widget Session"


@pytest.fixture
def pages(address):
    with foreign_pages() as pages:
        widget = frappe.get_doc(
            {
                "doctype": "Beesender Widget",
                "title": "Acme support",
                "allowed_origins": pages.origin,
                "colour": "#1f6feb",
                "colour_in_the_dark": "#6ea8fe",
                "tier": "Basic",
                "time_zone": "GMT+3",
            }
        ).insert()
        account = factories.make_email_account()
        account.db_set({"enable_outgoing": 1, "default_outgoing": 1})
        # What earlier tests sent does not count.
        frappe.db.delete(CODE)
        frappe.cache.delete_keys("beesender_widget:")
        frappe.db.commit()
        pages.site, pages.widget = address, widget.name
        yield pages
        frappe.db.rollback()
        frappe.delete_doc("Beesender Widget", widget.name, force=True)
        account.db_set({"enable_outgoing": 0, "default_outgoing": 0})
        frappe.db.commit()


@pytest.fixture
def open_widget(visit, pages):
    """``open_widget(...)`` opens the page, with its widget there."""

    def open_page(**options) -> Page:
        page = visit("about:blank", **options)
        serve_loader(page)
        page.goto(pages.origin)
        expect(launcher(page)).to_be_visible()
        return page

    return open_page


@pytest.fixture
def rough_page(browser):
    """A page whose network fails, of which its console is full."""
    context = browser.new_context(viewport=DESK, locale="en-US")
    context.set_default_timeout(40_000)
    page = context.new_page()
    serve_loader(page)
    yield page
    context.close()


def serve_loader(page: Page) -> None:
    """A bench may have installed another copy of this app, whose assets it serves."""
    installed = Path(os.environ["SITES_PATH"], "assets/beesender_support", LOADER)
    ours = (FOLDER / LOADER).read_bytes()
    if not installed.exists() or installed.read_bytes() != ours:
        page.route(
            f"**/assets/beesender_support/{LOADER}",
            lambda route: route.fulfill(
                body=ours, content_type="application/javascript"
            ),
        )


def launcher(page: Page):
    return page.locator("[data-beesender-widget] .launcher")


def focused(page: Page) -> str:
    """What has the focus: its own words, or those that label it."""
    return page.evaluate("""() => {
            let node = document.activeElement;
            while (node?.shadowRoot?.activeElement) node = node.shadowRoot.activeElement;
            return (node?.labels?.[0] ?? node)?.textContent?.trim() ?? "";
        }""")


def code_for(email: str) -> str:
    frappe.db.rollback()
    name = frappe.get_all(
        "Email Queue Recipient",
        {"recipient": email},
        pluck="parent",
        order_by="creation desc",
        limit=1,
    )[0]
    text = frappe.db.get_value("Email Queue", name, "message")
    subject = message_from_string(text, policy=policy.default)["Subject"]
    return re.search(r"\d{8}", subject).group()


def sign_in(page: Page, email: str = JANE) -> None:
    """By keyboard alone."""
    launcher(page).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.type(email)
    page.keyboard.press("Enter")
    code = page.locator("input.code")
    expect(code).to_be_focused()
    digits = code_for(email)
    # As some mail programs copy it.
    page.keyboard.insert_text(f"{digits[:4]} {digits[4:]}")
    page.keyboard.press("Enter")
    expect(page.locator("h3")).to_be_visible()


def send_without_answer(page: Page, site: str) -> list[str]:
    """Send a request that reaches the site, and whose answer never arrives; the ids by
    which it was sent."""
    register = "**/api/method/beesender_support.api.widget.register**"
    sent = []

    def lose_answer(route):
        sent.append(route.request.post_data_json["external_id"])
        here = route.request.url.replace(f"//{site}:", "//127.0.0.1:")
        headers = {**route.request.headers, "x-frappe-site-name": site}
        assert route.fetch(url=here, headers=headers).status == 200
        route.abort("connectionreset")

    dialog = page.get_by_role("dialog")
    page.route(register, lose_answer)
    dialog.get_by_role("button", name="Send request").click()
    expect(dialog.get_by_role("alert").first).to_contain_text("There is no connection")
    page.unroute(register)
    return sent


def tab_to(page: Page, words: str, most: int = 40) -> None:
    for _each in range(most):
        if re.search(words, focused(page)):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not lead to {words}, but to {focused(page)}")


def picture_called(name: str) -> dict[str, object]:
    return {"name": name, "mimeType": "image/png", "buffer": PIXEL}


@contextmanager
def holding(page: Page, method: str) -> Iterator[Callable[[], None]]:
    """Calls of a method wait until the function that is given is called."""
    held: list[Route] = []
    address = f"**/api/method/beesender_support.api.widget.{method}?**"
    is_held = True

    def hold(route: Route) -> None:
        if is_held:
            held.append(route)
        else:
            route.continue_()

    def go_on() -> None:
        nonlocal is_held
        is_held = False
        for route in held:
            route.continue_()

    page.route(address, hold)
    yield go_on
    page.unroute(address)


@contextmanager
def saying(page: Page, site: str, words: str) -> Iterator[None]:
    """The site says something new beside its promises."""
    address = "**/api/method/beesender_support.api.widget.new_request?**"

    def change(route: Route) -> None:
        here = route.request.url.replace(f"//{site}:", "//127.0.0.1:")
        headers = {**route.request.headers, "x-frappe-site-name": site}
        answer = route.fetch(url=here, headers=headers)
        offer = answer.json()["message"]
        route.fulfill(response=answer, json={"message": {**offer, "said": words}})

    page.route(address, change)
    yield
    page.unroute(address)


def count_keys(page: Page) -> Callable[[], list[str]]:
    """Which keys the page hears in its own listeners."""
    page.evaluate("""() => {
            window.heard = [];
            for (const kind of ["keydown", "keypress", "keyup"])
                document.addEventListener(kind, ({ key }) => window.heard.push(key));
        }""")
    return lambda: page.evaluate("() => window.heard")


def test_a_request_is_made_and_answered_by_keyboard_alone(
    open_widget, picture, check_accessibility
):
    page = open_widget(viewport=LAPTOP)
    picture(page, "widget-closed")
    launcher(page).focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="Acme support")
    expect(dialog).to_contain_text(re.compile("Support (is open|opens)"))
    picture(page, "widget-email")
    check_accessibility(page)
    # What is wrong is said at its place, and the focus stays there.
    page.keyboard.press("Enter")
    expect(dialog.get_by_text("Please fill in: Your e-mail address")).to_be_visible()
    page.keyboard.type("nobody")
    page.keyboard.press("Enter")
    expect(
        dialog.get_by_text("Give one e-mail address, such as name@example.com.")
    ).to_be_visible()
    assert focused(page) == "Your e-mail address"
    page.keyboard.press("Control+a")
    page.keyboard.type(JANE)
    page.keyboard.press("Enter")
    expect(page.locator("input.code")).to_be_focused()
    right = code_for(JANE)
    page.keyboard.type("000000" if right != "000000" else "000001")
    page.keyboard.press("Enter")
    expect(dialog.get_by_text("This code is not right")).to_be_visible()
    picture(page, "widget-code")
    check_accessibility(page)
    page.keyboard.type(right)
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("heading", name="How can we help?")).to_be_focused()
    picture(page, "widget-home")
    check_accessibility(page)
    tab_to(page, "New request")
    page.keyboard.press("Enter")
    expect(dialog.get_by_role("heading", name="New request")).to_be_focused()
    # Sent at once, it says what is missing.
    tab_to(page, "^Send request$")
    page.keyboard.press("Enter")
    expect(dialog.get_by_text("Please fill in: Subject")).to_be_visible()
    assert focused(page) == "Subject"
    check_accessibility(page)
    page.keyboard.type("Operators see no chats")
    page.keyboard.press("Tab")
    page.keyboard.type("Open the console as an operator.")
    tab_to(page, "^Access details")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("root / a made-up passphrase")
    picture(page, "widget-compose")
    check_accessibility(page)
    tab_to(page, "^Send request$")
    page.keyboard.press("Enter")
    done = dialog.get_by_role("heading", name="Your request is registered")
    expect(done).to_be_focused()
    picture(page, "widget-done")
    check_accessibility(page)
    ticket = dialog.locator(".number").inner_text()
    doc = records.fresh("HD Ticket", ticket)
    assert (doc.raised_by, doc.beesender_channel) == (JANE, "widget")
    assert frappe.db.exists("Beesender Access Details", {"ticket": ticket})
    # An agent answers, and it appears.
    tab_to(page, "Show this request")
    page.keyboard.press("Enter")
    expect(dialog.locator(".message")).to_have_count(1)
    factories.answer(doc, "<p>Restart the <b>console</b>.</p>" + MANUAL, to=JANE)
    frappe.db.commit()
    expect(dialog.locator(".message")).to_have_count(2)
    expect(dialog.get_by_text("Restart the console.")).to_be_visible()
    expect(dialog.get_by_role("status").last).to_contain_text("There is a new answer")
    # Whoever is in a message stays there when another one comes.
    tab_to(page, "the manual")
    factories.answer(doc, "<p>Or call us.</p>", to=JANE)
    frappe.db.commit()
    expect(dialog.locator(".message")).to_have_count(3)
    assert focused(page) == "the manual"
    tab_to(page, "Your message")
    page.keyboard.type("It works now.")
    tab_to(page, "^Send$")
    page.keyboard.press("Enter")
    expect(dialog.locator(".message")).to_have_count(4)
    picture(page, "widget-request")
    check_accessibility(page)
    # Closed, it gives the focus back; opened, it goes on where it was.
    page.keyboard.press("Escape")
    expect(launcher(page)).to_be_focused()
    page.keyboard.press("Enter")
    expect(dialog.get_by_text("It works now.")).to_be_visible()


def test_a_draft_outlives_the_network_and_the_page_and_becomes_one_request(
    rough_page, pages, picture, site
):
    page = rough_page
    page.goto(pages.origin)
    sign_in(page)
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="New request").click()
    dialog.get_by_label("Subject").fill("Kept through it all")
    dialog.locator(".stack textarea:not(.details)").first.fill("Open the console.")
    page.reload()
    launcher(page).click()
    dialog.get_by_role("button", name="New request").click()
    expect(dialog.get_by_label("Subject")).to_have_value("Kept through it all")
    sent = send_without_answer(page, site)
    picture(page, "widget-offline")
    page.context.set_offline(True)
    dialog.get_by_role("button", name="Send request").click()
    expect(dialog.get_by_role("alert").first).to_contain_text("There is no connection")
    page.context.set_offline(False)
    expect(dialog.get_by_role("status").last).to_contain_text("The connection is back.")
    dialog.get_by_role("button", name="Send request").click()
    expect(dialog.locator(".number")).to_be_visible()
    frappe.db.rollback()
    made = frappe.get_all("HD Ticket", {"subject": "Kept through it all"})
    assert len(made) == len(sent) == 1
    dialog.get_by_role("button", name="Back").click()
    expect(dialog.locator(".request").first).to_contain_text("Kept through it all")


def test_a_draft_that_changes_after_a_lost_answer_is_another_request(
    rough_page, pages, site
):
    page = rough_page
    page.goto(pages.origin)
    sign_in(page)
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="New request").click()
    dialog.get_by_label("Subject").fill("No light in hall 1")
    dialog.locator(".stack textarea:not(.details)").first.fill("None at all.")
    send_without_answer(page, site)
    # It is open in another page as well, and there it becomes something else.
    other = page.context.new_page()
    serve_loader(other)
    other.goto(pages.origin)
    launcher(other).click()
    there = other.get_by_role("dialog")
    there.get_by_role("button", name="New request").click()
    expect(there.get_by_label("Subject")).to_have_value("No light in hall 1")
    there.get_by_label("Subject").fill("No light in hall 2")
    there.get_by_role("button", name="Send request").click()
    expect(there.locator(".number")).to_be_visible()
    dialog.get_by_role("button", name="Send request").click()
    expect(dialog.locator(".number")).to_be_visible()
    frappe.db.rollback()
    made = {
        number: frappe.get_all(
            "HD Ticket", {"subject": f"No light in hall {number}"}, pluck="name"
        )
        for number in (1, 2)
    }
    assert [dialog.locator(".number").inner_text()] == list(map(str, made[1]))
    assert [there.locator(".number").inner_text()] == list(map(str, made[2]))
    # Who signs out in one page is out in all.
    there.get_by_role("button", name="Back").click()
    there.get_by_role("button", name="Sign out").click()
    expect(dialog.get_by_label("Your e-mail address")).to_have_value("")


def test_it_speaks_russian_on_a_phone_in_the_dark(
    open_widget, pages, picture, check_accessibility
):
    pages.language = "ru"
    page = open_widget(viewport=SCREENS["phone"], color_scheme="dark")
    expect(launcher(page)).to_contain_text("Поддержка")
    sign_in(page)
    dialog = page.get_by_role("dialog")
    picture(page, "widget-home-phone-ru")
    check_accessibility(page)
    dialog.get_by_role("button", name="Новое обращение").click()
    expect(dialog.get_by_role("textbox", name="Тема")).to_be_visible()
    picture(page, "widget-compose-phone-ru")
    check_accessibility(page)
    for width in (390, 320):
        page.set_viewport_size({"width": width, "height": 844})
        widths = page.evaluate("""() => {
                const { shadowRoot } = document.querySelector("[data-beesender-widget]");
                const view = shadowRoot.querySelector(".view");
                const { scrollWidth } = document.documentElement;
                return [view.scrollWidth - view.clientWidth, scrollWidth - innerWidth];
            }""")
        assert max(widths) <= 0
        # It covers the page.
        box = dialog.bounding_box()
        assert (box["width"], box["height"]) == (width, 844)


def test_nothing_of_the_page_is_touched_and_nobody_else_is_called(open_widget, pages):
    page = open_widget()
    hosts = set()
    page.on("request", lambda request: hosts.add(request.url.split("/")[2]))
    sign_in(page)
    assert hosts <= {pages.site.split("/")[2], pages.origin.split("/")[2]}
    assert page.evaluate(
        "() => [...document.body.children].map((each) => each.tagName)"
    ) == ["MAIN", "SCRIPT", "DIV"]
    assert (
        page.evaluate("() => document.head.querySelectorAll('style, link').length") == 1
    )
    assert page.context.cookies() == []
    kept = page.evaluate("() => Object.keys(localStorage)")
    assert len(kept) == 1


def test_an_admin_sees_it_before_clients_do(enter, pages, picture, check_accessibility):
    page = enter(ADMIN, f"/app/beesender-widget/{pages.widget}")
    frame = page.locator(".beesender-widget-preview")
    expect(frame.get_by_role("dialog", name="Acme support")).to_be_visible()
    expect(page.locator(".beesender-snippet")).to_contain_text(
        f'data-widget="{pages.widget}" async></script>'
    )
    frame.scroll_into_view_if_needed()
    picture(page, "widget-form-preview")
    page.evaluate("""() => {
            window.listeners = [];
            for (const target of [window, document]) {
                const add = target.addEventListener;
                target.addEventListener = function (kind, ...others) {
                    window.listeners.push(kind);
                    return add.call(this, kind, ...others);
                };
            }
        }""")
    # Drawn anew it takes no focus away, and leaves nothing behind.
    russian = page.get_by_role("button", name="Russian")
    russian.focus()
    page.keyboard.press("Enter")
    expect(frame.get_by_text("Чем мы можем помочь?")).to_be_visible()
    expect(russian).to_be_focused()
    expect(russian).to_have_attribute("aria-pressed", "true")
    page.evaluate("cur_frm.set_value('greeting_ru', 'Добрый день!')")
    expect(frame.get_by_text("Добрый день!")).to_be_visible()
    added = page.evaluate("() => window.listeners")
    assert not {"online", "storage", "visibilitychange"} & set(added)
    page.evaluate("cur_frm.set_value('colour', '#zz')")
    expect(frame).to_be_hidden()
    page.evaluate("cur_frm.set_value('colour', '#1f6feb')")
    expect(frame.get_by_text("Добрый день!")).to_be_visible()
    check_accessibility(page, ".beesender-widget-preview")


def test_signing_out_forgets_everything(open_widget):
    page = open_widget()
    sign_in(page)
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Sign out").click()
    expect(dialog.get_by_label("Your e-mail address")).to_have_value("")
    # The site hears of it a little later.
    for _each in range(50):
        frappe.db.rollback()
        if not frappe.db.exists(SESSION, {"address": JANE}):
            break
        page.wait_for_timeout(100)
    assert not frappe.db.exists(SESSION, {"address": JANE})


def test_signing_out_forgets_everything_also_where_the_widget_is_gone(
    rough_page, pages
):
    page = rough_page
    page.goto(pages.origin)
    sign_in(page)
    widget = frappe.get_doc("Beesender Widget", pages.widget)
    widget.enabled = 0
    widget.save()
    frappe.db.commit()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Sign out").click()
    expect(dialog.get_by_label("Your e-mail address")).to_have_value("")
    expect(dialog.get_by_role("alert").first).to_contain_text("Everything is forgotten")
    assert JANE not in page.evaluate("() => JSON.stringify(localStorage)")


def test_nothing_that_is_typed_while_a_message_is_sent_is_lost(open_widget):
    ticket = records.make_ticket()
    page = open_widget()
    sign_in(page)
    dialog = page.get_by_role("dialog")
    dialog.locator(".request").filter(has_text=ticket).click()
    message = dialog.get_by_label("Your message")
    files = dialog.locator("input[type=file]")
    files.set_input_files([picture_called("one.png"), picture_called("no.exe")])
    expect(
        dialog.get_by_text("no.exe is of a type that we do not take.")
    ).to_be_visible()
    message.fill("The first half.")
    with holding(page, "append") as go_on:
        dialog.get_by_role("button", name="Send", exact=True).click()
        expect(dialog.get_by_role("button", name="Sending…")).to_be_visible()
        message.press("End")
        message.press_sequentially(" The other half.")
        files.set_input_files(picture_called("two.png"))
        go_on()
        expect(dialog.locator(".message")).to_have_count(2)
    expect(message).to_have_value("The other half.")
    expect(dialog.locator(".files li")).to_have_text(["two.png"])
    # Files do not outlive the page, and that is said; words do.
    page.reload()
    launcher(page).click()
    dialog.locator(".request").filter(has_text=ticket).click()
    expect(message).to_have_value("The other half.")
    expect(
        dialog.get_by_text("Please choose them again, if they are to be sent: two.png.")
    ).to_be_visible()


def test_a_request_that_is_on_its_way_is_no_reason_to_wait(open_widget):
    page = open_widget()
    sign_in(page)
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="New request").click()
    dialog.get_by_label("Subject").fill("On its way")
    dialog.locator(".stack textarea:not(.details)").first.fill("Open the console.")
    with holding(page, "register") as go_on:
        dialog.get_by_role("button", name="Send request").click()
        dialog.get_by_role("button", name="Back").click()
        dialog.get_by_role("button", name="New request").click()
        dialog.get_by_label("Subject").fill("Another one")
        go_on()
        expect(dialog.get_by_role("status").last).to_contain_text("is registered")
    expect(dialog.get_by_label("Subject")).to_have_value("Another one")
    # What was written meanwhile is a draft of its own.
    page.reload()
    launcher(page).click()
    expect(dialog.locator(".request").first).to_contain_text("On its way")
    dialog.get_by_role("button", name="New request").click()
    expect(dialog.get_by_label("Subject")).to_have_value("Another one")


def test_a_message_that_is_sent_is_said_to_be_also_if_nothing_can_be_read(
    rough_page, pages
):
    ticket = records.make_ticket()
    page = rough_page
    page.goto(pages.origin)
    sign_in(page)
    dialog = page.get_by_role("dialog")
    dialog.locator(".request").filter(has_text=ticket).click()
    message = dialog.get_by_label("Your message")
    message.fill("It works now.")
    page.route("**/api/method/*.widget.request?**", lambda route: route.abort())
    dialog.get_by_role("button", name="Send", exact=True).click()
    expect(dialog.get_by_role("status").last).to_contain_text("Your message is sent.")
    expect(message).to_have_value("")
    expect(dialog.get_by_role("button", name="Send", exact=True)).to_be_enabled()
    expect(dialog.locator(".notice")).to_have_text("")


def test_new_answers_are_counted_on_the_closed_button(
    open_widget, picture, check_accessibility
):
    ticket = records.make_ticket()
    page = open_widget()
    # Contrast is looked at once the dialog is there, and not while it comes.
    page.emulate_media(reduced_motion="reduce")
    page.clock.install()
    page.reload()
    expect(launcher(page)).to_have_accessible_name("Support")
    sign_in(page)
    dialog = page.get_by_role("dialog")
    page.keyboard.press("Escape")
    expect(launcher(page)).to_have_accessible_name("Support")
    factories.answer(records.fresh("HD Ticket", ticket), "<p>Restart it.</p>", to=JANE)
    frappe.db.commit()
    page.clock.fast_forward(61_000)
    expect(launcher(page)).to_have_accessible_name("Support New answers: 1")
    picture(page, "widget-new-answer")
    check_accessibility(page)
    launcher(page).click()
    request = dialog.locator(".request").filter(has_text=ticket)
    expect(request).to_contain_text("New answer")
    check_accessibility(page)
    request.click()
    expect(dialog.get_by_text("Restart it.")).to_be_visible()
    page.keyboard.press("Escape")
    expect(launcher(page)).to_have_accessible_name("Support")
    page.reload()
    launcher(page).click()
    expect(request).to_be_visible()
    expect(request).not_to_contain_text("New answer")


def test_somebody_who_went_elsewhere_is_left_there(open_widget):
    ticket = records.make_ticket()
    page = open_widget()
    sign_in(page)
    dialog = page.get_by_role("dialog")
    with holding(page, "last_requests") as go_on:
        # Until there is something to show it says so, and there is no way back.
        page.reload()
        pressed = count_keys(page)
        launcher(page).click()
        expect(dialog.get_by_text("Loading…")).to_be_visible()
        expect(dialog.get_by_role("button", name="Back")).to_be_hidden()
        go_on()
        expect(dialog.locator(".request").first).to_be_visible()
    with holding(page, "request") as go_on:
        dialog.locator(".request").filter(has_text=ticket).click()
        dialog.get_by_role("button", name="New request").click()
        details = dialog.locator("textarea.details")
        dialog.locator("summary").click()
        details.press_sequentially("root / a made-up passphrase")
        with page.expect_response(lambda response: "widget.request?" in response.url):
            go_on()
        page.wait_for_timeout(300)
    expect(details).to_have_value("root / a made-up passphrase")
    # Shortcuts of the page hear nothing of it.
    assert pressed() == []


def test_a_promise_moves_on_while_somebody_writes(rough_page, pages, site):
    page = rough_page
    page.goto(pages.origin)
    sign_in(page)
    page.clock.install()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="New request").click()
    subject = dialog.get_by_label("Subject")
    subject.press_sequentially("It takes me 45 minutes")
    expect(dialog.get_by_text("We will answer by")).to_be_visible()
    with saying(page, site, "A later promise."):
        page.clock.fast_forward(61_000)
        expect(dialog.get_by_text("A later promise.")).to_be_visible()
    assert focused(page) == "Subject"
    expect(subject).to_have_value("It takes me 45 minutes")
    # Closed for long, it is read anew once it is opened.
    page.keyboard.press("Escape")
    with page.expect_response(lambda response: "new_request" in response.url):
        launcher(page).click()
    expect(dialog.get_by_text("A later promise.")).to_be_hidden()
    expect(subject).to_have_value("It takes me 45 minutes")
    # A session that ends meanwhile takes nothing away until something is sent.
    frappe.db.delete(SESSION)
    frappe.db.commit()
    with page.expect_response(lambda response: "new_request" in response.url):
        page.clock.fast_forward(61_000)
    page.wait_for_timeout(300)
    expect(subject).to_have_value("It takes me 45 minutes")


def test_on_a_page_that_is_not_listed_there_is_nothing(rough_page, pages):
    widget = frappe.get_doc("Beesender Widget", pages.widget)
    widget.allowed_origins = "https://other.example"
    widget.save()
    frappe.db.commit()
    with rough_page.expect_event(
        "requestfailed", lambda request: "widget.page" in request.url
    ):
        rough_page.goto(pages.origin)
    assert rough_page.locator("[data-beesender-widget]").count() == 0


def test_it_is_small():
    names = [FOLDER / LOADER, *sorted((FOLDER / "js/widget").glob("*.js"))]
    shared = ("dom.js", "forms.js", "instants.js", "sentences.js", "turns.js")
    names += [FOLDER / "js/shared" / each for each in shared]
    names.append(FOLDER / "js/helpdesk/request/choice.js")
    size = sum(len(gzip.compress(each.read_bytes())) for each in names)
    assert size < MOST_BYTES
