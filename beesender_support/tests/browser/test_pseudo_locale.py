"""In a language that nobody speaks every text of ours is found that is not marked for
translation, and every one that would be cut off in a longer language."""

import re
from collections.abc import Callable, Iterator

import frappe
import pytest
from playwright.sync_api import Locator, Page, expect

from beesender_support.tests.browser import records
from beesender_support.tests.browser.conftest import PHONE, SCREENS
from beesender_support.tests.browser.pages import Form
from beesender_support.tests.browser.pseudo_locale import LANGUAGE, spoken
from beesender_support.tests.browser.test_agent_admits import held  # noqa: F401

# What people and records say, and what Babel and browsers write by themselves.
DATA = re.compile(
    r"\b(?:[\w.]+@[\w.]+|acme telecom|globex mobile|borealis net|umbra cable|meridian cable|jane|pat|bo|sam|alex|kim"
    r"|lee|max|basic|business|premium|gmt[+-]?\d*|utc|asia/\w+|plan-\d+"
    r"|operators see no chats|please unlock our licences"
    r"|open the console as an operator|the list of chats is empty|p[1-4]"
    r"|(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?"
    r"|january|february|march|april|may|june|july|august|september|october|november"
    r"|december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|and|usd|rub|eur|inr)\b"
)
BRACKETS = re.compile(r"\[[^\[\]]*\]")

# Texts that people read or hear: [text, where], of parts that are shown.
TEXTS = """(parts) => {
    const said = [];
    const where = (node) => node.outerHTML.slice(0, 120);
    for (const part of parts) {
        const walker = document.createTreeWalker(part, NodeFilter.SHOW_TEXT);
        while (walker.nextNode()) {
            const node = walker.currentNode, parent = node.parentElement;
            if (!node.data.trim() || parent.closest("script, style, datalist")) continue;
            if (!parent.checkVisibility({visibilityProperty: true})) continue;
            said.push([node.data.trim(), where(parent)]);
        }
        for (const node of [part, ...part.querySelectorAll("*")]) {
            if (!node.checkVisibility()) continue;
            for (const name of ["aria-label", "title", "placeholder", "alt"]) {
                const text = node.getAttribute(name);
                if (text?.trim()) said.push([text.trim(), where(node)]);
            }
        }
    }
    return said;
}"""
# Elements whose words do not fit, where what does not fit is not shown.
CUT_OFF = """(parts) => parts.flatMap((part) => [part, ...part.querySelectorAll("*")])
    .filter((node) => node.checkVisibility() && node.textContent.trim())
    .filter((node) => {
        const {overflowX, overflowY} = getComputedStyle(node);
        // Said to those who listen only.
        if (node.clientWidth <= 1) return false;
        const hides = (each) => ["hidden", "clip"].includes(each);
        return (hides(overflowX) && node.scrollWidth > node.clientWidth + 1)
            || (hides(overflowY) && node.scrollHeight > node.clientHeight + 1);
    })
    .map((node) => node.outerHTML.slice(0, 160))"""
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def _pseudo(address: str) -> Iterator[None]:
    with spoken():
        yield


pytestmark = pytest.mark.usefixtures("_pseudo")


@pytest.fixture
def look_at() -> Iterator[Callable[[Page, Locator], None]]:
    """``look_at(page, parts)``: nothing in the parts is unmarked or cut off, nor wider than
    the page. All that is found is told at the end."""
    found = []

    def look(page: Page, parts: Locator) -> None:
        expect(parts.first).to_be_visible()
        texts = parts.evaluate_all(TEXTS)
        assert texts
        found.extend(["unmarked", *each] for each in texts if unmarked(each[0]))
        found.extend(["cut off", each] for each in parts.evaluate_all(CUT_OFF))
        if page.evaluate(WIDER) > 0:
            found.append(["wider than its page", page.url])

    yield look
    assert not found


def unmarked(text: str) -> str:
    """What is neither in brackets nor data."""
    rest = text
    while BRACKETS.search(rest):
        rest = BRACKETS.sub(" ", rest)
    return " ".join(re.findall(r"[^\W\d_]+", DATA.sub(" ", rest.lower())))


@pytest.mark.parametrize("screen", SCREENS)
def test_a_client_s_screens(enter, picture, look_at, screen):
    name = records.make_ticket(ticket_type="Incident", beesender_priority="P1")
    page = enter(
        records.JANE, "/helpdesk/my-tickets/new", LANGUAGE, viewport=SCREENS[screen]
    )
    request = page.locator("section.beesender-request")
    expect(request.get_by_role("status")).not_to_be_empty()
    request.locator("summary").click()
    picture(page, f"pseudo-new-{screen}")
    look_at(page, page.locator(".beesender-request"))

    page.goto(f"/helpdesk/my-tickets/{name}")
    box = page.locator("section.beesender-panel")
    expect(box).to_be_visible()
    picture(page, f"pseudo-promise-{screen}")
    look_at(page, box)
    box.get_by_role("button").first.click()
    dialog = page.locator("dialog.beesender-dialog")
    look_at(page, dialog)
    page.keyboard.press("Escape")

    page.goto("/support-plan")
    picture(page, f"pseudo-plan-{screen}")
    look_at(page, page.locator("main"))


@pytest.mark.parametrize("screen", SCREENS)
def test_who_may_not_ask(enter, look_at, screen):
    view = {"viewport": SCREENS[screen]}
    page = enter(records.PAT, "/helpdesk/my-tickets/new", LANGUAGE, **view)
    look_at(page, page.locator("div.beesender-request").first)
    page.goto("/support-plan")
    look_at(page, page.locator("main"))


def test_an_agent_s_panel_and_dialogs(enter, picture, look_at):
    name = records.make_ticket(ticket_type="Incident", beesender_priority="P1")
    page = enter(records.AGENT, f"/helpdesk/tickets/{name}", LANGUAGE)
    look_at(page, page.locator("section.beesender-panel"))
    menu = page.locator("#app-header").get_by_role("button", name="Súppórt")
    menu.click()
    items = page.get_by_role("menuitem")
    expect(items.first).to_be_visible()
    actions = items.all_inner_texts()
    assert not [each for each in actions if unmarked(each)]
    page.keyboard.press("Escape")
    dialog = page.locator("dialog.beesender-dialog")
    for place in range(len(actions)):
        menu.click()
        items.nth(place).click()
        expect(dialog).to_be_visible()
        look_at(page, dialog)
        picture(page, f"pseudo-agent-{place}")
        page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)


def test_the_dialogs_of_a_held_request(enter, look_at, held):  # noqa: F811
    page = enter(records.AGENT, f"/helpdesk/tickets/{held}", LANGUAGE)
    buttons = page.locator("#app-header").get_by_role("button", name=re.compile(r"^\["))
    expect(buttons.nth(1)).to_be_visible()
    dialog = page.locator("dialog.beesender-dialog")
    for button in buttons.all():
        if button.get_attribute("aria-haspopup"):
            continue
        button.click()
        look_at(page, dialog)
        page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)

    page.goto("/helpdesk/tickets")
    decide = page.locator("[data-beesender-part=decide-held]")
    look_at(page, decide)
    decide.click()
    look_at(page, dialog)


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/app/beesender-tier/Basic", ("week_grid", "due_preview", "concern")),
        ("/app/beesender-support-plan/{plan}", ("overview", "timeline", "seats")),
    ],
    ids=["tier", "plan"],
)
def test_what_forms_of_desk_draw(enter, picture, look_at, path, fields):
    frappe.db.rollback()
    plan = frappe.db.get_value("Beesender Support Plan", {"customer": records.ACME})
    page = enter(records.ADMIN, path.format(plan=plan), LANGUAGE)
    form = Form(page)
    for each in fields:
        expect(form.field(each)).not_to_be_empty()
    picture(page, f"pseudo-form-{fields[0]}")
    for each in fields:
        look_at(page, form.field(each))
    labels = page.locator(".layout-main-section").locator(
        ".control-label:visible, .section-head:visible, .help-box:visible"
    )
    assert not [each for each in labels.all_inner_texts() if unmarked(each)]


def test_the_first_steps(enter, look_at):
    page = enter(records.ADMIN, "/app/beesender-support", LANGUAGE, viewport=PHONE)
    steps = page.locator(".first-steps")
    expect(steps.locator("summary")).to_be_visible()
    look_at(page, steps)
