"""What a manager decides in Desk: on kept mail, and on what a resumed plan would accept."""

from collections.abc import Iterator

import frappe
import pytest
from frappe.email.receive import InboundMail
from playwright.sync_api import expect

from beesender_support.enforcement.mail import pulls
from beesender_support.tests.browser import records
from beesender_support.tests.site import factories
from beesender_support.tests.site.mailbox import compose

LOG, PLAN = "Beesender Admission Log", "Beesender Support Plan"
SUBJECT = "The console shows no chats since noon"
WORDS = {
    "en": ("Make a ticket of it", "Dismiss", "Made a ticket", "Decided by"),
    "ru": ("Создать обращение", "Отклонить", "Создано обращение", "Кто решил"),
}


def remove_tickets(subject: str) -> None:
    frappe.db.rollback()
    for name in frappe.get_all("HD Ticket", {"subject": subject}, pluck="name"):
        records.remove_messages(name)
        records.remove("HD Ticket", name)
    frappe.db.commit()


@pytest.fixture
def kept() -> Iterator[str]:
    """A mail of Jane that could not be registered."""
    account = factories.make_email_account()
    mail = InboundMail(
        bytes(compose(records.JANE, SUBJECT, "Nobody can work.")), account
    )
    pulls.keep(mail, ValueError("the database was away"))
    row = frappe.get_last_doc(LOG, {"event": "Mail kept", "details": SUBJECT}).name
    frappe.db.commit()
    yield row
    remove_tickets(SUBJECT)
    frappe.db.delete(LOG, {"name": row})
    frappe.delete_doc("Email Account", account.name, force=True)
    frappe.db.commit()


@pytest.mark.parametrize("language", WORDS)
def test_a_manager_makes_a_ticket_of_a_kept_mail(
    enter, picture, check_accessibility, kept, language
):
    make, dismiss, made, _decided_by = WORDS[language]
    queue = "/app/beesender-admission-log?queue_state=Open"
    page = enter(records.ADMIN, queue, language)
    expect(page.locator(".list-row").filter(has_text=records.JANE)).to_be_visible()
    suffix = "" if language == "en" else f".{language}"
    picture(page, f"kept-queue{suffix}")
    page.goto(f"/app/beesender-admission-log/{kept}")
    expect(page.get_by_role("button", name=dismiss)).to_be_visible()
    page.get_by_role("button", name=make).click()
    dialog = page.locator(".modal.show")
    expect(dialog.locator("p").first).to_be_visible()
    check_accessibility(page, ".modal.show [data-fieldname=said]")
    picture(page, f"kept-becomes-a-ticket{suffix}")
    dialog.get_by_role("button", name=make).click()
    expect(page.get_by_text(made).first).to_be_visible()
    row = records.fresh(LOG, kept)
    assert row.queue_state == "Made a ticket"
    assert row.queue_decided_by == records.ADMIN
    ticket = records.fresh("HD Ticket", row.ticket)
    assert (ticket.raised_by, ticket.beesender_admission) == (records.JANE, "Accepted")


@pytest.fixture
def suspended() -> Iterator[str]:
    """Acme's plan is suspended while two requests come from Jane; the plan's name."""
    name = frappe.db.get_value(PLAN, {"customer": records.ACME})
    frappe.get_doc(PLAN, name).update({"status": "Suspended"}).save()
    account = factories.make_email_account()
    for number in (1, 2):
        message = compose(records.JANE, SUBJECT, f"Question {number}")
        communication = InboundMail(bytes(message), account).process()
        # Frappe would put the second one on the first, by its subject.
        assert communication.reference_doctype == "HD Ticket"
    held = {"subject": SUBJECT, "beesender_admission": "Held"}
    assert frappe.db.count("HD Ticket", held) == 2
    frappe.get_doc(PLAN, name).update({"status": "Active"}).save()
    frappe.db.commit()
    yield name
    remove_tickets(SUBJECT)
    frappe.delete_doc("Email Account", account.name, force=True)
    frappe.db.commit()


def test_a_resumed_plan_offers_to_admit_what_waits(
    enter, picture, check_accessibility, suspended
):
    page = enter(records.ADMIN, f"/app/beesender-support-plan/{suspended}")
    expect(page.get_by_text("2 held requests would be accepted now.")).to_be_visible()
    picture(page, "plan-admits-held")
    page.get_by_role("button", name="Admit held requests").click()
    dialog = page.locator(".modal.show")
    expect(dialog.get_by_text(SUBJECT).first).to_be_visible()
    check_accessibility(page, ".modal.show [data-fieldname=requests]")
    dialog.locator("[data-fieldname=why] textarea").fill("The plan was resumed.")
    picture(page, "plan-admits-held-dialog")
    dialog.get_by_role("button", name="Admit 2").click()
    expect(page.get_by_text("2 requests are admitted.")).to_be_visible()
    expect(page.get_by_text("2 held requests would be accepted now.")).to_be_hidden()
    frappe.db.rollback()
    accepted = {"subject": SUBJECT, "beesender_admission": "Accepted"}
    assert frappe.db.count("HD Ticket", accepted) == 2
