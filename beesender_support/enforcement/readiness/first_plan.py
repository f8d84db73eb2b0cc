"""Makes what a new site lacks by one click: the first plan with its customer and contact,
all of them or none, and a calendar of public holidays."""

from collections.abc import Iterable, Mapping
from typing import TypedDict

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import escape_html

from beesender_support.enforcement.people import new_contacts
from beesender_support.policy.readiness.first_plan import FirstPlan
from beesender_support.records.people.contacts import contact_with_address

PLAN, CUSTOMER, CALENDAR = (
    "Beesender Support Plan",
    "HD Customer",
    "Beesender Holiday Calendar",
)
SAVEPOINT = "beesender_first_plan"


class Sold(TypedDict):
    """Names of what was made, or was there and is used."""

    customer: str
    contact: str
    plan: str


def sell(first: FirstPlan, calendar: str | None = None) -> Sold:
    """With the permissions of the session; whatever is refused, nothing is made."""
    frappe.db.savepoint(SAVEPOINT)
    try:
        customer = _customer(first.customer)
        contact = _contact(first, customer)
        plan = frappe.get_doc(
            {
                "doctype": PLAN,
                "customer": customer,
                "tier": first.tier.name,
                "time_zone": first.time_zone,
                "starts_on": first.starts_on,
                "status": "Active",
                "authorized_contacts": [{"contact": contact}],
                "holiday_calendars": [{"calendar": calendar}] if calendar else [],
            }
        ).insert()
    except Exception:
        frappe.db.rollback(save_point=SAVEPOINT)
        raise
    return {"customer": customer, "contact": contact, "plan": str(plan.name)}


def _customer(name: str) -> str:
    """One of this name that has no plan yet is taken."""
    if there := frappe.db.exists(CUSTOMER, name):
        if frappe.db.exists(PLAN, {"customer": there}):
            frappe.throw(_("{0} has a plan already.").format(escape_html(name)))
        return str(there)
    doc = frappe.get_doc({"doctype": CUSTOMER, "customer_name": name})
    return str(doc.insert().name)


def _contact(first: FirstPlan, customer: str) -> str:
    """Frappe makes a contact of everybody who writes, so there may be one; nobody else's
    gets a seat."""
    new_contacts.refuse_what_reaches_nobody(first.address, phone="")
    if there := contact_with_address(first.address):
        new_contacts.refuse_if_of_others(there, customer)
        return there
    doc: Document = frappe.get_doc(
        {
            "doctype": "Contact",
            "first_name": first.contact,
            "email_ids": [{"email_id": first.address, "is_primary": 1}],
        }
    )
    return str(doc.insert().name)


def make_calendar(
    title: str, country: str, years: tuple[int, int], days: Iterable[Mapping]
) -> str:
    """The name of a calendar of a country; of one that is there already, the same."""
    if frappe.db.exists(CALENDAR, title):
        return title
    doc = frappe.get_doc(
        {
            "doctype": CALENDAR,
            "title": title,
            "country": country,
            "first_year": years[0],
            "last_year": years[1],
            "days": [
                {
                    "date": each["date"],
                    "description": each["description"],
                    "is_working_day": int(each["is_working_day"]),
                }
                for each in days
            ],
        }
    )
    return str(doc.insert().name)
