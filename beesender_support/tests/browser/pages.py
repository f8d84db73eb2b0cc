"""The pages people use, by what they do on them."""

import re
from contextlib import suppress
from datetime import datetime

from frappe.utils import formatdate, get_datetime
from playwright.sync_api import Locator, Page, TimeoutError, expect


class Portal:
    """Helpdesk's portal, as a client sees it."""

    def __init__(self, page: Page, words: dict[str, str] | None = None) -> None:
        self.page = page
        words = words or {"subject": "A short description", "submit": "Submit"}
        self.subject = page.get_by_placeholder(words["subject"])
        self.submit = page.get_by_role("button", name=words["submit"])
        self.description = page.locator(".ProseMirror")
        self.promise = page.locator(".beesender-request").get_by_role("status")
        self.priorities = page.locator("input[name=beesender-priority]")

    def choose(self, choice: str) -> None:
        """A category or a priority, by how its description begins."""
        self.page.get_by_role("radio", name=re.compile(f"^{choice}")).check()

    def offered_priorities(self) -> list[str]:
        return [each.get_attribute("value") for each in self.priorities.all()]

    def write_access_details(self, summary: str, text: str) -> None:
        self.page.get_by_text(summary).click()
        self.page.locator(".beesender-request textarea").fill(text)

    def raise_request(self, subject: str, description: str) -> None:
        self.subject.fill(subject)
        self.description.fill(description)
        self.submit.click()

    def value_of(self, label: str) -> Locator:
        """What stands beside a label of the ticket's details."""
        return self.page.get_by_text(label, exact=True).locator("xpath=..")


class AgentTicket:
    """A ticket in Helpdesk, as an agent sees it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.header = page.locator("#app-header")
        self.panel = page.get_by_role("region", name="Support plan")

    def detail(self, label: str) -> Locator:
        """What stands beside a label of the plan."""
        exactly = re.compile(f"^{re.escape(label)}$")
        term = self.panel.get_by_role("term").filter(has_text=exactly)
        return term.locator("xpath=following-sibling::dd[1]")

    def choose_action(self, action: str) -> None:
        self.dismiss_toasts()
        self.header.get_by_role("button", name="Support plan").click()
        self.page.get_by_role("menuitem", name=action).click()

    def choose_priority(self, priority: str) -> None:
        self.page.locator("#priority").get_by_role("button").first.click()
        self.page.get_by_role("option", name=priority).first.click()

    def reply(self, message: str) -> None:
        self.page.get_by_role("button", name="Reply", exact=True).click()
        editor = self.page.locator(".comm-area .ProseMirror:visible").first
        editor.fill(message)
        self.page.get_by_role("button", name="Send").click()
        expect(self.page.get_by_role("button", name="Send")).to_be_hidden()

    def dismiss_toasts(self) -> None:
        """Tidy up for a picture."""
        toasts = self.page.locator("[data-sonner-toast] button")
        while toasts.count():
            # One that goes by itself meanwhile needs no click.
            with suppress(TimeoutError):
                toasts.first.click(timeout=2_000)
            self.page.wait_for_timeout(400)


class Form:
    """A form of Desk, as an admin sees it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.dialog = page.locator(".modal.show")
        self.indicator = page.locator(".page-head .indicator-pill:visible")
        self.wait_until_it_rests()

    def wait_until_it_rests(self) -> None:
        """A form goes on fetching and drawing after its address has been reached."""
        self.page.wait_for_function(
            """() => window.cur_frm?.doc && !frappe.request.ajax_count
                && decodeURIComponent(location.pathname).endsWith("/" + cur_frm.doc.name)"""
        )

    def field(self, fieldname: str) -> Locator:
        return self.page.locator(f".frappe-control[data-fieldname={fieldname}]")

    def fill(self, fieldname: str, text: str) -> None:
        box = self.field(fieldname).locator("input")
        box.fill(text)
        box.press("Tab")

    def select(self, fieldname: str, option: str) -> None:
        self.field(fieldname).locator("select").select_option(option)

    def pick(self, fieldname: str, text: str) -> None:
        self._pick(self.field(fieldname).locator("input:visible").first, text)
        self.page.wait_for_function("(field) => cur_frm.doc[field]", arg=fieldname)

    def add_row(self, table: str, fieldname: str, text: str) -> None:
        grid = self.field(table)
        grid.get_by_role("button", name="Add row").click()
        cell = grid.locator(".grid-body .grid-row").last.locator(
            f"[data-fieldname={fieldname}]"
        )
        self._pick(cell.locator("input:visible").first, text)
        self.page.wait_for_function(
            "([table, field]) => cur_frm.doc[table].at(-1)[field]",
            arg=[table, fieldname],
        )

    def change_row(self, table: str, row: int, fieldname: str, option: str) -> None:
        cell = (
            self.field(table)
            .locator(".grid-body .grid-row")
            .nth(row)
            .locator(f"[data-fieldname={fieldname}]")
        )
        cell.first.click()
        cell.locator("select").select_option(option)

    def fill_row(self, table: str, row: int, fieldname: str, text: str) -> None:
        """Type into a cell of a table."""
        cell = (
            self.field(table)
            .locator(".grid-body .grid-row")
            .nth(row)
            .locator(f"[data-fieldname={fieldname}]")
        )
        cell.first.click()
        box = cell.locator("input:visible").first
        box.fill(text)
        box.press("Tab")

    def remove_row(self, table: str, row: int) -> None:
        grid = self.field(table)
        grid.locator(".grid-body .grid-row-check").nth(row).check()
        grid.get_by_role("button", name="Delete").first.click()

    def close_dialog(self) -> None:
        self.dialog.locator(".btn-modal-close").click()
        expect(self.dialog).to_be_hidden()

    def dismiss_toasts(self) -> None:
        """Tidy up for a picture."""
        for toast in self.page.locator(".desk-alert .close").all():
            toast.click()
        expect(self.page.locator(".desk-alert")).to_have_count(0)

    def choices(self) -> Locator:
        """What a picker offers at the moment."""
        return self.page.locator("ul[id^=awesomplete_list]:visible > *")

    def save(self) -> None:
        self.page.get_by_role("button", name="Save", exact=True).first.click()

    def _pick(self, box: Locator, text: str) -> None:
        box.click()
        box.fill(text)
        self.choices().filter(has_text=text).first.click()


def parts(*fieldnames: str) -> str:
    """The selector of several fields of a form in Desk."""
    return ", ".join(
        f".frappe-control[data-fieldname={fieldname}]" for fieldname in fieldnames
    )


def message(page: Page, text: str) -> Locator:
    """The last message of a ticket; Helpdesk shows each in a frame of its own."""
    return page.frame_locator("iframe").last.get_by_text(text)


def minutes_left(text: str) -> int:
    """Whole minutes of the first ``1 d 2 h`` or ``2 h 3 min`` in a text."""
    units = {"d": 24 * 60, "h": 60, "min": 1}
    found = re.search(r"(?:\d+ (?:d|h|min)\b ?)+", text)
    parts = re.findall(r"(\d+) (d|h|min)\b", found[0])
    return sum(int(number) * units[unit] for number, unit in parts)


def as_shown(moment: datetime | str) -> str:
    """A local time as Desk shows it."""
    moment = get_datetime(moment)
    return f"{formatdate(moment.date())} {moment:%H:%M}"
