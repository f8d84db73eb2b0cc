"""Made-up people and what they own, committed for a browser to see, and removed again.

Everything belongs to the customers and mail domains named here, so that a run also
finds what an earlier one left when it was cut short.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import frappe
from frappe import _
from frappe.sessions import clear_sessions
from frappe.utils.password import update_password
from helpdesk.helpdesk.doctype.hd_ticket.api import new

from beesender_support.enforcement.plans import seats
from beesender_support.tests.site import factories

ACME, GLOBEX = "Acme Telecom", "Globex Mobile"
ON_BASIC = {"Borealis Net": "bo@borealis.example", "Umbra Cable": "una@umbra.example"}
# Made by the tests that look at its plan.
MERIDIAN, MIA, NOA = "Meridian Cable", "mia@meridian.example", "noa@meridian.example"
CUSTOMERS = (ACME, GLOBEX, MERIDIAN, *ON_BASIC)
DOMAINS = (
    "acme.example",
    "globex.example",
    "meridian.example",
    "borealis.example",
    "umbra.example",
    "helpers.example",
)
JANE, PAT = "jane@acme.example", "pat@acme.example"
BO = ON_BASIC["Borealis Net"]
GLOBEX_CONTACTS = ("kim@globex.example", "lee@globex.example", "max@globex.example")
# Programs that call the intake; each of them is another one.
OF_PROGRAMS = {"user": ("like", "bot-%@helpers.example")}
AGENT, ADMIN = "sam@helpers.example", "alex@helpers.example"
PASSWORD = "a made-up passphrase, 1 of 1"  # noqa: S105 - of made-up people
SUBJECT = "Operators see no chats"
STEPS = "Open the console as an operator. The list of chats is empty."

# Answers are stored without a mail server.
SETTINGS = {"skip_email_workflow": 1}
SETTINGS_BEFORE = "beesender_support_browser_tests_before"


@contextmanager
def made_up_records() -> Iterator[None]:
    despite_deadlocks(remove_made_up_records)
    try:
        despite_deadlocks(make_people)
        yield
    finally:
        frappe.db.rollback()
        despite_deadlocks(remove_made_up_records)


def despite_deadlocks(action: Callable[[], None]) -> None:
    """Do and commit it; again if others who use the site stood in the way."""
    for is_last in (False, False, True):
        try:
            action()
            frappe.db.commit()
        except frappe.QueryDeadlockError:
            frappe.db.rollback()
            if is_last:
                raise
        else:
            return


def make_people() -> None:
    """Jane has a seat on Acme's Premium plan, Pat has none; Globex has no plan; the
    others have Basic and a ticket each."""
    change_settings()
    factories.make_customer(ACME)
    jane = factories.make_contact(ACME, JANE, user=True)
    factories.make_contact(ACME, PAT, user=True)
    factories.make_plan(ACME, [jane], tier="Premium")
    factories.make_customer(GLOBEX)
    for email in GLOBEX_CONTACTS:
        factories.make_contact(GLOBEX, email)
    for customer, email in ON_BASIC.items():
        factories.make_customer(customer)
        contact = factories.make_contact(customer, email, user=True)
        factories.make_plan(customer, [contact])
        raise_ticket(email)
    factories.make_agent(AGENT)
    factories.make_agent(ADMIN)
    frappe.get_doc("User", ADMIN).add_roles("System Manager", "Agent Manager")
    for email in (JANE, PAT, AGENT, ADMIN):
        update_password(email, PASSWORD)


def make_ticket(email: str = JANE, **overrides: object) -> str:
    """The name of a ticket that a client raised in the portal, for a browser to see."""
    name = raise_ticket(email, **overrides)
    frappe.db.commit()
    return name


def raise_ticket(email: str, **overrides: object) -> str:
    request = {"subject": SUBJECT, "description": STEPS, **overrides}
    with factories.session_of(email):
        return new(request).name


@contextmanager
def seated(email: str) -> Iterator[None]:
    """Somebody of Acme has a seat for a while."""
    contact = fresh_contact(email)
    plan = frappe.db.get_value("Beesender Support Plan", {"customer": ACME})
    seats.give(plan, contact)
    frappe.db.commit()
    try:
        yield
    finally:
        frappe.db.rollback()
        unseat(plan, contact)


def unseat(plan: str, contact: str) -> None:
    """As if the contact had never had a seat; one that is ended leaves a row."""
    doc = frappe.get_doc("Beesender Support Plan", plan)
    doc.authorized_contacts = [
        row for row in doc.authorized_contacts if row.contact != contact
    ]
    doc.save()
    frappe.db.commit()


def fresh(doctype: str, name: str):
    """A record as it is stored now, whoever stored it."""
    frappe.db.rollback()
    frappe.clear_document_cache(doctype, name)
    return frappe.get_doc(doctype, name)


def fresh_contact(email: str) -> str:
    frappe.db.rollback()
    return frappe.db.get_value("Contact", {"email_id": email})


def speak(email: str, language: str) -> None:
    """Have somebody read Helpdesk and Desk in this language."""
    frappe.db.rollback()
    frappe.db.set_value("User", email, "language", language, update_modified=False)
    frappe.db.commit()
    frappe.clear_cache(user=email)


def change_settings() -> None:
    before = {
        each: frappe.db.get_single_value("HD Settings", each) for each in SETTINGS
    }
    frappe.db.set_default(SETTINGS_BEFORE, json.dumps(before))
    frappe.db.set_single_value("HD Settings", SETTINGS)


def restore_settings() -> None:
    if before := frappe.db.get_default(SETTINGS_BEFORE):
        frappe.db.set_single_value("HD Settings", json.loads(before))
        frappe.db.set_default(SETTINGS_BEFORE, None)


def remove_made_up_records() -> None:
    for name in made_up_tickets():
        remove_calls(name)
        remove_messages(name)
        remove("HD Ticket", name)
    of_customers = {"customer": ("in", CUSTOMERS)}
    for name in frappe.get_all("Beesender Support Plan", of_customers, pluck="name"):
        remove("Beesender Support Plan", name)
    for name in CUSTOMERS:
        remove("HD Customer", name)
    for doctype, field in (("HD Agent", "user"), ("Contact", "email_id")):
        for name in frappe.get_all(doctype, or_filters=by_domain(field), pluck="name"):
            remove(doctype, name)
    for name in frappe.get_all("User", or_filters=by_domain("name"), pluck="name"):
        clear_sessions(name, force=True)
        remove("User", name)
    restore_settings()


def made_up_tickets() -> list[str]:
    return frappe.get_all(
        "HD Ticket",
        or_filters=[["customer", "in", CUSTOMERS], *by_domain("raised_by")],
        pluck="name",
    )


def by_domain(fieldname: str) -> list[list[str]]:
    return [[fieldname, "like", f"%@{domain}"] for domain in DOMAINS]


def remove_messages(ticket: str) -> None:
    of_ticket = {"reference_doctype": "HD Ticket", "reference_name": ticket}
    delete_rows("Communication", of_ticket)
    for log in ("Beesender Admission Log", "Beesender Notice Log"):
        delete_rows(log, {"ticket": ticket})
    delete_rows("HD Ticket Comment", {"reference_ticket": ticket})


def remove_calls(ticket: str) -> None:
    calls = frappe.get_all(
        "Dynamic Link",
        {"link_doctype": "HD Ticket", "link_name": ticket, "parenttype": "TP Call Log"},
        pluck="parent",
    )
    for name in calls:
        remove("TP Call Log", name)


def remove(doctype: str, name: str) -> None:
    frappe.delete_doc(
        doctype,
        name,
        force=True,
        ignore_permissions=True,
        ignore_missing=True,
        delete_permanently=True,
    )
    remove_traces(doctype, name)


def remove_traces(doctype: str, name: str) -> None:
    """What Frappe writes about a record that came and went."""
    delete_rows(
        "Comment", {"comment_type": "Deleted", "subject": f"{_(doctype)} {name}"}
    )
    if frappe.db.exists("DocType", "Permission Log"):  # from version 16 on
        delete_rows("Permission Log", {"for_doctype": doctype, "for_document": name})
    if doctype == "User":
        delete_rows("Activity Log", {"user": name})
        delete_rows("DefaultValue", {"parent": name})
        delete_rows("Deleted Document", {"deleted_name": name})
        remove_traces("Notification Settings", name)


def delete_rows(doctype: str, filters: dict) -> None:
    """One by one: a search for them while deleting would lock the whole table."""
    for name in frappe.get_all(doctype, filters, pluck="name", order_by=None):
        frappe.db.delete(doctype, {"name": name})


def forget_filters(user: str, doctype: str) -> None:
    """Desk filters a list as its reader did last."""
    frappe.db.delete("__UserSettings", {"user": user, "doctype": doctype})
    frappe.db.commit()
    frappe.cache.hdel("_user_settings", f"{doctype}::{user}")
