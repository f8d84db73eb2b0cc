"""A real browser on the real site, served over HTTP."""

import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import frappe
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect, sync_playwright

from beesender_support.tests.browser import records
from beesender_support.tests.browser.server import log_in, serving
from beesender_support.tests.site import factories
from beesender_support.tests.site.connection import connected

# The first draws no window and loads a page at half the cost.
CHROMIUMS = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
)
NO_CHROMIUM = (
    "These tests need a browser and found none. Install Chromium"
    " (Debian: apt-get install chromium-headless-shell) so that it is on the path."
)
# What a bench without its side services logs, and how Frappe refuses a request. None of
# it comes from this app.
NOISE = re.compile(
    "|".join(
        (
            r"socket\.io|/favicon\.ico",
            r"telemetry\.pulse|pulse_client\.js",
            # A list of agents that Helpdesk asks for, which not every Frappe can join.
            r"frappe\.client\.get_list( OperationalError|.* 500 )",
            # Helpdesk looks for articles with a module of Redis.
            r"helpdesk\.api\.article\.search",
            # The picker of times, in a Frappe that was built with another one.
            r"ControlTime\.set_datepicker",
            r"play\(\) failed because the user didn't interact",
            # Helpdesk scrolls to the last message, also when its tab has gone.
            r"scrollIntoViewIfNeeded",
            # Frappe draws a chart whose page has been left.
            r"removeChild[\s\S]*desk\.bundle",
            r"desk\.bundle[\s\S]*<rect> attribute width: A negative value",
            r"status of 417|/api/method/\S+ Refused$|refusals_in_words",
        )
    )
)
# Known, and shown by a test that is expected to fail until it is mended.
QUICK_FILTERS = re.compile(r"frappe\.desk\.search\.search_link")

# What people look at: a phone and a desk.
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1440, "height": 900}
SCREENS = {"phone": PHONE, "desk": DESK}
LANGUAGES = ("en", "ru")
SERIOUS = ("serious", "critical")

Enter = Callable[..., Page]


@pytest.fixture(scope="session")
def site() -> Iterator[str]:
    with connected() as name:
        yield name


@pytest.fixture(scope="session")
def address(site: str) -> Iterator[str]:
    """Where the site is served; the made-up people are there by then."""
    with (
        records.made_up_records(),
        serving(site, os.environ["SITES_PATH"]) as port,
    ):
        yield f"http://{site}:{port}"


@pytest.fixture
def key(address: str) -> Iterator[str]:
    """``API_KEY:API_SECRET`` of a program that has not asked yet."""
    user = factories.make_channel_user("helpers.example")
    doc = frappe.get_doc("User", user)
    secret = frappe.generate_hash()
    doc.update({"api_key": frappe.generate_hash(), "api_secret": secret})
    doc.save(ignore_permissions=True)
    frappe.db.commit()
    yield f"{doc.api_key}:{secret}"
    frappe.db.rollback()
    frappe.db.delete("Beesender Conversation", records.OF_PROGRAMS)
    frappe.db.commit()
    records.despite_deadlocks(remove_files)


def remove_files() -> None:
    """Those of messages; those of tickets go with them."""
    messages = frappe.get_all(
        "Communication",
        {
            "reference_doctype": "HD Ticket",
            "reference_name": ("in", records.made_up_tickets()),
        },
        pluck="name",
    )
    of_messages = {
        "attached_to_doctype": "Communication",
        "attached_to_name": ("in", messages),
    }
    for name in frappe.get_all("File", of_messages, pluck="name"):
        records.remove("File", name)


@pytest.fixture(scope="session")
def browser(site: str) -> Iterator[Browser]:
    executable = next(filter(None, map(shutil.which, CHROMIUMS)), None)
    if executable is None:
        pytest.fail(NO_CHROMIUM, pytrace=False)
    expect.set_options(timeout=40_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--disable-dev-shm-usage",
                f"--host-resolver-rules=MAP {site} 127.0.0.1",
            ],
        )
        yield browser
        browser.close()


@pytest.fixture
def visit(
    browser: Browser, address: str, pictures: Path, request: pytest.FixtureRequest
) -> Iterator[Enter]:
    """``visit(path)`` opens a page as a guest; what goes wrong in it fails the test."""
    contexts, faults = [], []

    def open_page(
        path: str,
        time_zone: str | None = None,
        cookies: Iterable[dict[str, str]] = (),
        **options: object,
    ) -> Page:
        context = browser.new_context(
            base_url=address,
            viewport=options.pop("viewport", DESK),
            locale="en-US",
            timezone_id=time_zone or frappe.utils.get_system_timezone(),
            **options,
        )
        context.set_default_timeout(40_000)
        contexts.append(context)
        context.add_cookies(list(cookies))
        page = context.new_page()
        listen(page, faults)
        page.goto(path)
        return page

    yield open_page
    for context in contexts:
        if request.node.stash.get(FAILED, False):
            context.pages[0].screenshot(path=pictures / f"{request.node.name}.png")
        context.close()
    assert not [fault for fault in faults if not is_known(fault)]


@pytest.fixture
def enter(visit: Enter, address: str) -> Iterator[Enter]:
    """``enter(email, path)`` opens a page as somebody who has logged in, and who reads
    ``language``."""
    others = set()

    def open_page(
        email: str, path: str, language: str = "en", **options: object
    ) -> Page:
        if language != "en":
            others.add(email)
        # Also in English: a page of the test before may have brought its language back
        # into the cache while it was being closed.
        records.speak(email, language)
        cookies = log_in(address, email, records.PASSWORD)
        # And what that page had still asked for may have come after all this.
        frappe.clear_cache(user=email)
        return visit(path, cookies=cookies, **options)

    yield open_page
    for email in others:
        records.speak(email, "en")


@pytest.fixture(scope="session")
def axe() -> Axe:
    return Axe()


@pytest.fixture
def check_accessibility(axe: Axe) -> Callable[..., None]:
    """``check_accessibility(page, part)`` fails on a serious fault inside ``part``, a CSS
    selector: what is Helpdesk's or Frappe's own is not ours to mend."""

    def check(page: Page, part: str = "body") -> None:
        found = axe.run(page, context={"include": [[part]]}).response["violations"]
        assert not [
            (each["id"], each["help"], [node["target"] for node in each["nodes"]])
            for each in found
            if each["impact"] in SERIOUS
        ]

    return check


@pytest.fixture(scope="session")
def pictures() -> Path:
    """Where screenshots go: $SCREENSHOTS, or a new folder."""
    folder = Path(os.environ.get("SCREENSHOTS") or tempfile.mkdtemp(prefix="pictures-"))
    folder.mkdir(parents=True, exist_ok=True)
    PICTURES.append(folder)
    return folder


@pytest.fixture
def picture(pictures: Path) -> Callable[[Page, str], None]:
    def take(page: Page, name: str) -> None:
        page.mouse.move(0, 0)
        page.screenshot(path=pictures / f"{name}.png", animations="disabled")

    return take


PICTURES: list[Path] = []
FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item):
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report


def pytest_terminal_summary(terminalreporter) -> None:
    for folder in PICTURES:
        terminalreporter.write_line(f"screenshots: {folder}")


def listen(page: Page, faults: list[str]) -> None:
    def note_message(message) -> None:
        if message.type == "error":
            faults.append(f"{message.location.get('url', '')} {message.text}")

    page.on("console", note_message)
    page.on("pageerror", lambda error: faults.append(f"{error.stack or ''} {error}"))


def is_known(fault: str) -> bool:
    return bool(NOISE.search(fault) or QUICK_FILTERS.search(fault))
